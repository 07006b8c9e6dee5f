"""Recognises tables in plain text whose columns are aligned by spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from qadesk.structure.plain.key_lines import is_key_line
from qadesk.structure.plain.table_blocks import MOST_CELLS, Finding, Span, is_border, stripped, table_block
from qadesk.structure.plain.text_lines import PlainLine

_WIDEST = 400
_GAP = re.compile(r" {2,}")
_INFINITE = 1 << 30


def aligned_table(text: str, lines: Sequence[PlainLine], first: int) -> Finding:
    """Lines with at least two spaces between their parts, always in the same columns."""
    if not _may_be_row(lines[first]):
        return None, first + 1
    common, end, count = _free(lines[first]), first + 1, 0
    while end < len(lines) and count < MOST_CELLS and _may_be_row(lines[end]) and not lines[end].is_first:
        shared = _shared(common, _free(lines[end]))
        if len(shared) <= _outer(shared):
            break
        common, end, count = shared, end + 1, count + len(shared)
    part = lines[first:end]
    gaps = common[_outer(common) - 1 : -1]
    if len(part) < 2 or not _is_plain(part, gaps):
        return None, end
    rows = [_cells(line, gaps) for line in part if not is_border(line)]
    return table_block(text, rows, part, is_border(part[1])), end


def _may_be_row(line: PlainLine) -> bool:
    return line.right <= _WIDEST and "\t" not in line.text and "  " in line.text


def _gaps(line: PlainLine) -> list[Span]:
    """The columns that each run of spaces inside ``line`` takes."""
    return [(line.indent + match.start(), line.indent + match.end()) for match in _GAP.finditer(line.text)]


def _free(line: PlainLine) -> list[Span]:
    """The columns without text in ``line``: before it, at its runs of spaces, and after it."""
    return [(-1, line.indent), *_gaps(line), (line.indent + len(line.text), _INFINITE)]


def _shared(left: Sequence[Span], right: Sequence[Span]) -> list[Span]:
    """The columns, at least two together, that are free in both."""
    spans, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        low, high = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if high - low > 1:
            spans.append((low, high))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return spans


def _outer(spans: Sequence[Span]) -> int:
    """How many of ``spans`` are before or after all lines."""
    return 1 + (spans[0][0] < 0)


def _is_plain(lines: Sequence[PlainLine], gaps: Sequence[Span]) -> bool:
    """Whether the runs of spaces in ``lines`` are plainly there to align columns, and not for full justification."""
    if all(is_key_line(line.text) for line in lines):
        return False
    runs = [run for line in lines for run in _gaps(line)]
    aligned = sum(any(low < end and start < high for low, high in gaps) for start, end in runs)
    full = sum(sum(end > start for start, end in _cells(line, gaps)) > 1 for line in lines)
    is_wide = len(lines) > 2 or len(gaps) > 1 or gaps[0][1] - gaps[0][0] > 2
    return is_wide and aligned >= 0.7 * len(runs) and full >= 0.7 * len(lines)


def _cells(line: PlainLine, gaps: Sequence[Span]) -> list[Span]:
    """The cells of ``line`` between the ``gaps``; an empty one is where its text would be, or at the line's end."""
    cuts = [min(max(0, cut - line.indent), len(line.text)) for cut in (0, *(high for _, high in gaps), _INFINITE)]
    return [stripped(line.text[low:high], line.start + low) for low, high in pairwise(cuts)]
