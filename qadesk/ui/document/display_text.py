"""The text as the widget is given it: one character for each of the document, so that offsets can be converted.

    document      Rent is due\\nmonthly.     2.1 Notice      2019<TAB>47\\n2020<TAB>38
    widget        Rent is due monthly.       2.1<TAB>Notice  2019<LS>47\\n2020<LS>38

So a wrapped paragraph is one paragraph of the widget, the tab after a number can be set to any width, and a row of a
table is one paragraph of the widget, in which LS, a line separator (U+2028), begins a new line: each cell has lines of
its own, which the layout puts side by side.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from unicodedata import bidirectional

from qadesk.structure import Block
from qadesk.structure.line_ends import LINE_ENDS

LONG_LINE = 16_000
MOST_COLUMNS = 20
"""A table of more columns is shown as lines with tabs: there is no room for a word in a column."""

_LINE_SEPARATOR = "\u2028"
_NO_WIDTH = "\u200b"
_WRAP = re.compile(r" ?\n[ \t]*")
_RARE_ENDS = LINE_ENDS.strip("\r\n")
_REPLACED = re.compile(
    f"[\x00-\x08\x0e-\x1b\x1f\x7f{_RARE_ENDS}\ufeff"  # control characters, line ends, byte-order mark
    "\ufffc-\uffff\ufdd0-\ufdef\ud800-\udfff]"  # reserved by Qt, noncharacters, surrogates
)


def display_text(text: str, blocks: Iterable[Block] = (), start: int = 0, end: int | None = None) -> str:
    """``text[start:end]`` as the widget is given it: one character for each, except that ``\\r\\n`` is one line end.

    Lines of more than 16,000 characters are broken at a space, or between cells: Qt lays out whole lines at once and
    would freeze.
    """
    lines = "".join(_pieces(text, blocks, start, len(text) if end is None else end)).split("\n")
    return "\n".join(_broken(line) if len(line) > LONG_LINE else line for line in lines)


def column_count(table: Block) -> int:
    """How many columns ``table`` has."""
    return max((cell.column + cell.span for row in table.rows for cell in row), default=0)


def has_tab(text: str, block: Block) -> bool:
    """Whether the space after the number or bullet of the list item ``block`` is shown as a tab.

    Not before words that are written from right to left, where a tab of Qt has no width.
    """
    is_spaced = block.kind == "item" and block.start < block.body < block.end and text[block.body - 1] == " "
    return is_spaced and bidirectional(text[block.body]) not in ("R", "AL")


def _pieces(text: str, blocks: Iterable[Block], first: int, last: int) -> Iterator[str]:
    has_pairs = text.find("\r\n", first, last) >= 0
    plain_text = "" if has_pairs else _plain(text[first:last])  # at once, which is quicker, where all offsets stay

    def part(start: int, end: int) -> str:
        return _plain(text[start:end]) if has_pairs else plain_text[start - first : end - first]

    before = first
    for start, end, join in _joined_spans(text, blocks):
        if start < before or end > last or (has_pairs and (_is_in_pair(text, start) or _is_in_pair(text, end))):
            continue
        yield part(before, start)
        yield join(part(start, end))
        before = end
    yield part(before, last)


def _joined_spans(text: str, blocks: Iterable[Block]) -> Iterator[tuple[int, int, Callable[[str], str]]]:
    """The spans that are shown otherwise, with what makes of each as many characters that are shown."""
    for block in blocks:
        if block.rows and column_count(block) <= MOST_COLUMNS:
            yield from ((row[0].start, row[-1].end, _cells_as_lines) for row in block.rows if row)
            continue
        if has_tab(text, block):
            yield block.body - 1, block.body, _space_as_tab
        if block.is_wrapped:
            yield block.body, block.end, _lines_as_one


def _cells_as_lines(row: str) -> str:
    return row.replace("\t", _LINE_SEPARATOR).replace("\n", _LINE_SEPARATOR)


def _space_as_tab(_space: str) -> str:
    return "\t"


def _lines_as_one(lines: str) -> str:
    """Each line end with the indentation behind it as one space; what is too much has no width."""
    if not any(pair in lines for pair in ("\n ", " \n", "\n\t")):
        return lines.replace("\n", " ")  # the same, quicker
    return _WRAP.sub(lambda match: " " + _NO_WIDTH * (len(match[0]) - 1), lines)


def _is_in_pair(text: str, offset: int) -> bool:
    """Whether ``offset`` is between the two characters of a line end, which are one in the widget."""
    return text[max(0, offset - 1) : offset + 1] == "\r\n"


def _plain(text: str) -> str:
    return _REPLACED.sub(_replacement, text.replace("\r\n", "\n").replace("\r", "\n"))


def _replacement(match: re.Match[str]) -> str:
    character = match[0]
    if character in _RARE_ENDS:
        return "\n"
    if character == "\ufeff":
        return "\u2060"  # has no width either
    return " " if character < "\ud800" and character != "\x00" else "\ufffd"


def _broken(line: str) -> str:
    pieces = []
    for part in line.split(_LINE_SEPARATOR):
        start = 0
        while (space := part.find(" ", start + LONG_LINE)) >= 0:
            pieces.append(part[start:space])
            start = space + 1
        pieces.append(part[start:])
    return "\n".join(pieces)
