"""Divides a web page into tags and text as the HTML standard's tokenizer does, in linear time.

What is inside the elements of ``RAW`` and ``ESCAPABLE_RAW`` is text up to their end tag, whatever it looks like. A page
in XML has self-closing tags and CDATA sections everywhere, one in HTML only within SVG and MathML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from types import MappingProxyType
from typing import NamedTuple

RAW = frozenset(("iframe", "noembed", "noframes", "noscript", "style", "xmp"))
ESCAPABLE_RAW = frozenset(("textarea", "title"))  # with character references

_SPACE = r"\t\n\f\r "
_NAME_END = rf"[{_SPACE}/>]"
_TEXT = re.compile(r"(?:[^<]+|<(?![A-Za-z/!?]))+")
_TAG_NAME = re.compile(rf"[A-Za-z][^{_SPACE}/>]*")
_BETWEEN_ATTRIBUTES = re.compile(rf"[{_SPACE}/]+")
_ATTRIBUTE = re.compile(
    rf"""([^{_SPACE}/>][^{_SPACE}/>=]*)(?:[{_SPACE}]*=[{_SPACE}]*(?:"([^"]*)"|'([^']*)'|(?!["'])([^{_SPACE}>]*)))?"""
)
_OPEN_QUOTE = re.compile(rf"""[{_SPACE}]*=[{_SPACE}]*["']""")
_COMMENT_END = re.compile(r"--!?>")
_SCRIPT_MARK = re.compile(rf"<!--|-->|<(/?)script(?={_NAME_END})", re.I)
_HUGE_NUMBER = re.compile(r"&#[0-9]{1000,};?|&#[xX][0-9a-fA-F]{1000,};?")  # Python refuses to convert it
_VALUE_REFERENCE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[A-Za-z][A-Za-z0-9]*(?:;|(?![=A-Za-z0-9])))")

_USED = frozenset((
    "aria-controls", "aria-hidden", "checked", "class", "colspan", "encoding", "hidden", "href", "id", "list", "media",
    "open", "reversed", "role", "rowspan", "span", "start", "style", "type", "value",
))  # fmt: skip


_SELECTED = re.compile(r"\[\s*([A-Za-z][\w-]{0,60})")  # an attribute in a style sheet
_MAX_SELECTED = 1000


class Tag(NamedTuple):
    """A start or end tag. ``attributes`` has only those that the reader uses, the first of each name."""

    name: str
    is_end: bool = False
    attributes: Mapping[str, str] = MappingProxyType({})
    is_self_closing: bool = False


class Tokenizer:
    """Iterates over the tags (``Tag``) and texts (``str``) of a page.

    Whoever takes the tags sets ``is_foreign`` while the current element is one of SVG or MathML. The text of an element
    of ``RAW`` or ``ESCAPABLE_RAW`` comes between its tags; that of a script is left out. Tags keep the attributes that
    style sheets before them name, too.
    """

    def __init__(self, page: str, *, is_xml: bool = False) -> None:
        self.is_foreign = False
        self._page = page
        self._is_xml = is_xml
        self._at = 0
        self._used = set(_USED)

    def __iter__(self) -> Iterator[Tag | str]:
        page = self._page
        while self._at < len(page):
            if text := _TEXT.match(page, self._at):
                self._at = text.end()
                yield _decoded(text[0])
                continue
            was_foreign = self.is_foreign
            token = self._markup()
            if token:
                yield token
            if isinstance(token, Tag) and not (token.is_end or was_foreign or self._is_closed(token)):
                yield from self._raw_text(token.name)

    def _is_closed(self, tag: Tag) -> bool:
        return self._is_xml and tag.is_self_closing

    def _markup(self) -> Tag | str | None:
        """What begins with the "<" at the current place. None for what is not shown."""
        page, start = self._page, self._at
        is_end = page.startswith("/", start + 1)
        if name := _TAG_NAME.match(page, start + 1 + is_end):
            return self._tag(name, is_end)
        if page.startswith("<!--", start):
            self._at = _comment_end(page, start + 4)
        elif page.startswith("<![CDATA[", start) and (self.is_foreign or self._is_xml):
            return self._until("]]>", start + 9)
        elif page.startswith(("<!", "<?"), start) or (is_end and start + 2 < len(page)):
            self._until(">", start + 2)  # a declaration, or a comment that is none
        else:
            self._at = start + 1 + is_end
            return page[start : self._at]
        return None

    def _until(self, mark: str, start: int) -> str:
        """The text from ``start`` up to ``mark``; goes on behind that."""
        end = self._page.find(mark, start)
        self._at = len(self._page) if end < 0 else end + len(mark)
        return self._page[start : end if end >= 0 else len(self._page)]

    def _tag(self, name: re.Match[str], is_end: bool) -> Tag | None:
        """The tag with ``name``. None, and nothing after it, where it does not end."""
        page, at = self._page, name.end()
        attributes: dict[str, str] = {}
        while not page.startswith(">", at):
            between = _BETWEEN_ATTRIBUTES.match(page, at)
            at = between.end() if between else at
            attribute = _ATTRIBUTE.match(page, at)
            if not attribute:
                break
            at = attribute.end()
            key = attribute[1].lower()
            if attribute.lastindex == 1 and _OPEN_QUOTE.match(page, at):
                at = len(page)  # the value never ends
            elif key in self._used and key not in attributes:
                value = attribute[attribute.lastindex or 1] if attribute.lastindex != 1 else ""
                attributes[key] = _VALUE_REFERENCE.sub(lambda match: _decoded(match[0]), value)
        self._at = at + 1
        if at >= len(page):
            return None
        return Tag(name[0].lower(), is_end, attributes, page[at - 1] == "/")

    def _raw_text(self, name: str) -> Iterator[Tag | str]:
        """The text of the element ``name`` if it has nothing but text, and its end tag."""
        start = self._at
        if name == "script":
            self._at = _script_end(self._page, start)
        elif name == "plaintext":
            self._at = len(self._page)
            yield self._page[start:]
        elif name in RAW or name in ESCAPABLE_RAW:
            end = re.compile(rf"</{name}(?={_NAME_END})", re.I).search(self._page, start)
            self._at = end.start() if end else len(self._page)
            text = self._page[start : self._at]
            if name == "style":
                self._use_selected(text)
            if text:
                yield _decoded(text) if name in ESCAPABLE_RAW else text

    def _use_selected(self, sheet: str) -> None:
        for match in _SELECTED.finditer(sheet):
            if len(self._used) < _MAX_SELECTED:
                self._used.add(match[1].lower())


def _decoded(source: str) -> str:
    """``source`` with its character references decoded."""
    if "&" not in source:
        return source
    return unescape(_HUGE_NUMBER.sub("\ufffd", source))


def _comment_end(page: str, start: int) -> int:
    for mark in (">", "->"):  # <!--> and <!--->
        if page.startswith(mark, start):
            return start + len(mark)
    end = _COMMENT_END.search(page, start)
    return end.end() if end else len(page)


def _script_end(page: str, start: int) -> int:
    """Where the end tag of a script begins. One inside ``<!-- <script>`` ends only that."""
    is_comment = is_inner = False
    while mark := _SCRIPT_MARK.search(page, start):
        start = mark.end()
        if mark[0] == "<!--":
            is_comment = True
            start -= 2  # the same hyphens end it in <!-->
        elif mark[0] == "-->":
            is_comment = is_inner = False
        elif mark[1] and not is_inner:
            return mark.start()
        elif is_comment:
            is_inner = not mark[1]
    return len(page)
