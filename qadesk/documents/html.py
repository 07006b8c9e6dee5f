"""Web pages: the words that a browser would show. No script runs, no style sheet or picture is fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import BinaryIO

from qadesk.documents.encoding import decode
from qadesk.documents.parsed import Beat, Parsed, Writer
from qadesk.errors import DocumentError

_START = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.{0,500}?-->\s*)?<(!doctype html|html)[\s>]", re.I | re.S
)
_LABEL = re.compile(rb"""<(?:meta|\?xml)\s[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_HUGE_NUMBER = re.compile(r"&#[0-9]{1000,};?")  # Python refuses to convert it
_SPACES = re.compile(r"[ \t\n\r\f]+")  # not the no-break space

# What a browser with scripts does not show.
_HIDDEN = frozenset((
    "audio", "canvas", "datalist", "iframe", "noembed", "noframes", "noscript", "object", "rp", "script", "style",
    "template", "title", "video",
))  # fmt: skip
_PARAGRAPHS = frozenset((
    "blockquote", "dl", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul",
))  # fmt: skip
_BLOCKS = frozenset((
    "address", "article", "aside", "body", "caption", "center", "dd", "details", "dialog", "div", "dt", "fieldset",
    "figcaption", "footer", "form", "header", "hgroup", "legend", "li", "listing", "main", "menu", "nav", "optgroup",
    "option", "search", "section", "select", "summary", "tbody", "textarea", "tfoot", "thead", "tr", "xmp",
))  # fmt: skip
_VERBATIM = frozenset(("listing", "pre", "textarea", "xmp"))


def looks_like_html(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is a web page."""
    return _START.match(head) is not None


def read(file: BinaryIO, name: str, beat: Beat) -> Parsed:
    """The visible text of ``file``. Raises ``DocumentError``."""
    data = file.read()
    found = _LABEL.search(data, 0, 4096)
    decoded = decode(data, found[1].decode("ascii", "replace") if found else "")
    if decoded is None:
        raise DocumentError(f"{name} is not a web page: it does not hold text.", "Open a file that holds text.")
    page = _Page(name, beat)
    page.feed(_HUGE_NUMBER.sub("\ufffd", decoded.text))
    page.close()
    return Parsed(page.out.text, notes=(decoded.note,) if decoded.note else ())


class _Page(HTMLParser):
    """Follows the tags one by one: there is no tree, so depth costs nothing."""

    def __init__(self, name: str, beat: Beat) -> None:
        super().__init__(convert_charrefs=True)
        self.out = Writer(name)
        self._beat = beat
        self._hidden = ""  # the element that hides what is in it
        self._hidden_depth = 0
        self._verbatim = 0
        self._space = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._beat()
        if self._hidden:
            self._hidden_depth += tag == self._hidden
        elif tag in _HIDDEN:
            self._hidden, self._hidden_depth = tag, 1
        elif tag == "br":
            self._space = False
            self.out.line()
        elif tag in ("td", "th"):
            self._space = False
            self.out.cell()
        else:
            self._edge(tag)
            if tag == "tr":
                self.out.row()
            self._verbatim += tag in _VERBATIM

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._hidden_depth -= tag == self._hidden
            if not self._hidden_depth:
                self._hidden = ""
            return
        self._edge(tag)
        if tag in _VERBATIM:
            self._verbatim = max(0, self._verbatim - 1)

    def _edge(self, tag: str) -> None:
        breaks = 2 if tag in _PARAGRAPHS else 1 if tag in _BLOCKS else 0
        if breaks:
            self._space = False
            self.out.block(breaks)

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._verbatim:
            lines = data.replace("\r\n", "\n").replace("\r", "\n")
            # The line end after <pre> is there for the author's eye only.
            self.out.write(lines.removeprefix("\n") if self.out.is_at_line_start else lines)
            return
        collapsed = _SPACES.sub(" ", data)
        words = collapsed.strip(" ")
        self._space = self._space or collapsed.startswith(" ")
        if words:
            self.out.write(f" {words}" if self._space and not self.out.is_at_line_start else words)
            self._space = collapsed.endswith(" ")

    def parse_html_declaration(self, i: int) -> int:
        # The library takes <![ for a marked section of SGML, and stops with an error at one it does not know.
        # To a browser it is a comment.
        if self.rawdata.startswith("<![", i):
            return int(self.parse_bogus_comment(i))
        return int(super().parse_html_declaration(i))
