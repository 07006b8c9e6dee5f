"""Recognises rows of cells in plain text: between tabs, between vertical bars, and between commas."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qadesk.structure.plain.table_blocks import Finding, Span, end_of_rows, is_border, stripped, table_block
from qadesk.structure.plain.text_lines import PlainLine

_MAX_COLUMNS = 500
_FIELD = re.compile(r'[ ]?"((?:[^"]|"")*)"(?=,|\Z)|([^,]*)')


def tab_table(text: str, lines: Sequence[PlainLine], first: int) -> Finding:
    """A table with tabs between its cells."""

    def cells(line: PlainLine) -> int:
        tabs = text.count("\t", line.raw_start, line.raw_end)
        mark = line.mark if tabs == 1 else None
        return tabs + 1 if 0 < tabs < _MAX_COLUMNS and not (mark and "\t" in line.text[: mark.length]) else 0

    if "\t" not in lines[first].text:
        return None, first + 1
    end = end_of_rows(lines, first, cells)
    part = lines[first:end]
    is_pairs = all(line.text.count("\t") == 1 and line.text.split("\t")[0].rstrip().endswith(":") for line in part)
    if sum("\t" in line.text for line in part) < 2 or is_pairs:
        return None, end
    rows = [_divided(text[line.raw_start : line.raw_end], "\t", line.raw_start) for line in part]
    return table_block(text, rows, part), end


def bar_table(text: str, lines: Sequence[PlainLine], first: int) -> Finding:
    """A table with vertical bars between its cells, and perhaps lines of dashes between its rows."""

    def cells(line: PlainLine) -> int:
        bars = line.text.count("|")
        return bars + 1 if 0 < bars < _MAX_COLUMNS or (line.text.startswith("+") and is_border(line)) else 0

    if not cells(lines[first]):
        return None, first + 1
    end = end_of_rows(lines, first, cells)
    part = lines[first:end]
    rows = [line for line in part if not is_border(line)]
    is_framed = all(line.text.startswith("|") and line.text.endswith("|") for line in rows)
    is_even = len({line.text.count("|") for line in rows}) == 1 and (len(rows) > 2 or len(part) > len(rows))
    if len(rows) < 2 or not (is_framed or is_even):
        return None, end
    below = part[part.index(rows[0]) + 1]
    return table_block(text, [_bar_cells(line) for line in rows], part, is_border(below)), end


def _bar_cells(line: PlainLine) -> list[Span]:
    """The cells of a row. A bar at its beginning or end is a frame."""
    start, text = line.start, line.text
    if text.startswith("|"):
        start, text = start + 1, text[1:]
    return _divided(text.removesuffix("|"), "|", start)


def _divided(text: str, separator: str, start: int) -> list[Span]:
    """The cells of ``text``, which begins at the offset ``start``, between the separators."""
    cells = []
    for part in text.split(separator):
        cells.append(stripped(part, start))
        start += len(part) + 1
    return cells


def comma_table(text: str, lines: Sequence[PlainLine], first: int) -> Finding:
    """Lines of values between commas, as many in each: the rows of a CSV file."""

    def cells(line: PlainLine) -> int:
        commas = line.text.count(",")
        return commas + 1 if 0 < commas < _MAX_COLUMNS and 2 * line.text.count(", ") <= commas else 0

    if not cells(lines[first]):
        return None, first + 1
    end = end_of_rows(lines, first, cells)
    part = lines[first:end]
    rows = [_fields(line) for line in part]
    lengths = {len(row) for row in rows}
    if len(lengths) != 1 or len(rows) < (3 if max(lengths) > 2 else 4):
        return None, end
    return table_block(text, rows, part), end


def _fields(line: PlainLine) -> list[Span]:
    fields: list[Span] = []
    position = 0
    while position <= len(line.text) and (match := _FIELD.match(line.text, position)):
        low, high = match.span(1) if match[1] is not None else match.span(2)
        fields.append(stripped(line.text[low:high], line.start + low))
        position = match.end() + 1
    return fields
