"""The reader of web pages: the text that a browser would show. No script runs, nothing is fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from qadesk.documents.encoding import decode
from qadesk.documents.parsing import Heartbeat, Parsed, Source
from qadesk.documents.writer import Writer
from qadesk.errors import DocumentError

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


def read(source: Source) -> Parsed:
    """The visible text of ``source``. Raises ``DocumentError``."""
    data = source.file.read()
    label = _LABEL.search(data, 0, 4096)
    decoded = decode(data, label[1].decode("ascii", "replace") if label else "", source.encoding)
    if decoded is None:
        raise DocumentError(f"{source.name} is not a web page: it does not hold text.", "Open a file that holds text.")
    parser = _PageParser(source.name, source.heartbeat)
    parser.feed(_HUGE_NUMBER.sub("\ufffd", decoded.text))
    parser.close()
    return Parsed(parser.writer.text, (), (decoded.note,) if decoded.note else (), parser.writer.blocks)


class _PageParser(HTMLParser):
    """Writes the visible text tag by tag. It builds no tree, so the depth of nesting costs nothing."""

    def __init__(self, name: str, heartbeat: Heartbeat) -> None:
        super().__init__(convert_charrefs=True)
        self.writer = Writer(name)
        self._heartbeat = heartbeat
        self._hidden = ""  # the outermost element whose contents are not shown
        self._hidden_depth = 0  # how many elements of that name are open
        self._verbatim = 0  # how many elements that keep white space are open
        self._space = False  # whether white space comes before the next word

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._heartbeat()
        if self._hidden:
            if tag == self._hidden:
                self._hidden_depth += 1
        elif tag in _HIDDEN:
            self._hidden, self._hidden_depth = tag, 1
        elif tag == "br":
            self._space = False
            self.writer.line()
        elif tag in ("td", "th"):
            self._space = False
            self.writer.cell()
        else:
            self._break_at(tag)
            if tag == "table":
                self.writer.start_table()
            if tag == "tr":
                self.writer.row()
            if tag in _VERBATIM:
                self._verbatim += 1

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag == self._hidden:
                self._hidden_depth -= 1
            if not self._hidden_depth:
                self._hidden = ""
            return
        if tag == "table":
            self.writer.end_table()
        self._break_at(tag)
        if tag in _VERBATIM:
            self._verbatim = max(0, self._verbatim - 1)

    def _break_at(self, tag: str) -> None:
        breaks = 2 if tag in _PARAGRAPHS else 1 if tag in _BLOCKS else 0
        if breaks:
            self._space = False
            self.writer.block(breaks)

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._verbatim:
            lines = data.replace("\r\n", "\n").replace("\r", "\n")
            # Browsers do not show a line end right after <pre>.
            self.writer.write(lines.removeprefix("\n") if self.writer.is_at_line_start else lines)
            return
        collapsed = _SPACES.sub(" ", data)
        words = collapsed.strip(" ")
        self._space = self._space or collapsed.startswith(" ")
        if words:
            self.writer.write(f" {words}" if self._space and not self.writer.is_at_line_start else words)
            self._space = collapsed.endswith(" ")

    def parse_html_declaration(self, i: int) -> int:
        # A browser treats <![ as a comment; the library treats it as a marked section of SGML and raises an error for
        # an unknown one.
        if self.rawdata.startswith("<![", i):
            return int(self.parse_bogus_comment(i))
        return int(super().parse_html_declaration(i))
