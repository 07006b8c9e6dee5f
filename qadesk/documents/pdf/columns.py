"""The columns of a page: which of its parts are read one after another, also where they were drawn across."""

from __future__ import annotations

import itertools
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from qadesk.documents.pdf.clause_numbers import list_numbers
from qadesk.documents.pdf.pieces import Piece
from qadesk.documents.pdf.rows import WIDE_GAP, Line, lines_from_top, usual_height
from qadesk.documents.pdf.rules import RulingLines

_MAX_PIECES = 8_000  # a page with more is a drawing
_MAX_CUTS = 60
_FEW_LINES = 14  # of which a column of prose fills some
_NEAR_EDGE, _FILLED = 0.15, 0.45  # of the width of a column; of its lines
_FEW_BESIDE, _OVER = 3, 0.9  # lines with text on both sides of a gutter; of the width of a column
_LEAST_ALONE, _FULL, _RUNNING = 8, 0.8, 0.4  # lines of prose; of the width of their column; of them begin small
_CENTRAL = 0.3  # of the width of the page: a gutter is not nearer to its sides
_WIDE = 1.6  # of the height: a gap between lines that ends a column
_SIGN = 2  # characters: of fewer are bullets
_OFF = 0.06  # of the height: base lines that differ more are not those of one row
_NUMERIC = re.compile(r"[\W\d_]*+\w?[\W\d_]*+")


@dataclass(slots=True)
class Gutter:
    """A stretch of white from ``low`` to ``high`` across the lines ``first`` to ``last``.

    ``both`` of them have text on both sides, the last of these is ``last_both``.
    """

    low: float
    high: float
    first: int
    last: int
    last_both: int
    both: int = 1

    @property
    def middle(self) -> float:
        """The x of the line that divides the columns."""
        return (self.low + self.high) / 2


def regions(lines: Sequence[Line], rules: RulingLines) -> list[list[Line]]:
    """The parts of a page in reading order: each is a column, or what stands over or between columns, in lines.

    ``rules``: the ruling lines of the page. No column ends within a ruled table.
    """
    pending = [list(lines)]
    is_drawing = sum(len(line.pieces) for line in lines) > _MAX_PIECES
    parts: list[list[Line]] = []
    cuts = 0
    while pending:
        part = pending.pop()
        gutter = _best_gutter(part, rules) if cuts < _MAX_CUTS and not is_drawing else None
        if gutter is None:
            parts.append(part)
        else:
            cuts += 1
            pending += [lines_from_top(pieces) for pieces in reversed(_cut(part, gutter)) if pieces]
    return parts


def _cut(lines: Sequence[Line], gutter: Gutter) -> list[list[Piece]]:
    """The pieces above the columns, of the first, of the second and below them."""
    start, end = _start_of_columns(lines, gutter), _end_of_columns(lines, gutter)
    inside = [piece for line in lines[start:end] for piece in line.pieces]
    left = [piece for piece in inside if (piece.left + piece.right) / 2 < gutter.middle]
    right = [piece for piece in inside if (piece.left + piece.right) / 2 >= gutter.middle]
    if sum(piece.is_rtl for piece in inside) * 2 > len(inside):
        left, right = right, left
    above = [piece for line in lines[:start] for piece in line.pieces]
    return [above, left, right, [piece for line in lines[end:] for piece in line.pieces]]


def _start_of_columns(lines: Sequence[Line], gutter: Gutter) -> int:
    """The number of the first line of the columns: one may begin higher up, or its lines stand at other heights."""
    start = gutter.first
    while start and not any(piece.left < gutter.high and piece.right > gutter.low for piece in lines[start - 1].pieces):
        if lines[start - 1].bottom - lines[start].top > _WIDE * lines[start].height:
            break
        start -= 1
    return start


def _end_of_columns(lines: Sequence[Line], gutter: Gutter) -> int:
    """The number of the first line below the columns: the longer column goes on until there is a gap."""
    end = gutter.last_both + 1
    while end <= gutter.last and lines[end - 1].bottom - lines[end].top < _WIDE * lines[end].height:
        end += 1
    return end


def _best_gutter(lines: Sequence[Line], rules: RulingLines) -> Gutter | None:
    """The gutter between columns whose lines stand at other heights, or between prose; that along the most lines."""
    if len(lines) < 2 or all(len(line.pieces) == 1 for line in lines):
        return None
    height = usual_height(lines)
    gutters = [gutter for gutter in _gutters(lines, height, rules) if gutter.both > 1]
    gutters = [gutter for gutter in gutters if not _is_in_ruled_rows(lines, gutter, rules)]
    for gutter in sorted(gutters, key=lambda gutter: -gutter.both)[:4]:
        if _is_beside_rules(lines, gutter, rules):
            return gutter
    for gutter in sorted(gutters, key=lambda gutter: gutter.first - gutter.last)[:8]:
        if _has_own_base_lines(lines, gutter) or _is_beside_prose(lines, gutter):
            return gutter
    for gutter in sorted(gutters, key=lambda gutter: -gutter.both)[:8]:
        if _divides_prose(lines, gutter):
            return gutter
    return None


def _is_beside_rules(lines: Sequence[Line], gutter: Gutter, rules: RulingLines) -> bool:
    """Whether ruling lines go over all of the column left or right of a long gutter, and end there."""
    if not rules.across:
        return False
    low, high = min(line.left for line in lines), max(line.right for line in lines)
    if gutter.both < _FEW_BESIDE or not low < gutter.middle - _CENTRAL * (high - low) < high - 2 * _CENTRAL * (
        high - low
    ):
        return False
    stretch = lines[gutter.first : gutter.last + 1]
    between = rules.between(stretch[0].top, stretch[-1].bottom)
    for is_right in (False, True):
        pieces = [
            piece
            for line in stretch
            for piece in line.pieces
            if (piece.left + piece.right >= 2 * gutter.middle) == is_right
        ]
        left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
        wide = [rule for rule in between if min(rule.high, right) - max(rule.low, left) > _OVER * (right - left)]
        inner = [rule for rule in wide if (rule.low > gutter.middle if is_right else rule.high < gutter.middle)]
        if len(inner) > 2 and len(inner) == len(wide):
            return True
    return False


def _is_in_ruled_rows(lines: Sequence[Line], gutter: Gutter, rules: RulingLines) -> bool:
    """Whether a ruling line goes across a short gutter, right above or below the text beside it, as in a table."""
    if not rules.across or gutter.both > _FEW_LINES:
        return False
    first, last = lines[gutter.first], lines[gutter.last_both]
    above = rules.between(first.top + WIDE_GAP * first.height, first.middle)
    below = rules.between(last.middle, last.bottom - WIDE_GAP * last.height)
    return any(rule.low < gutter.low and rule.high > gutter.high for rule in (*above, *below))


def _spans(line: Line, rules: RulingLines, numbers: Container[int]) -> list[tuple[float, float]]:
    """From where to where the pieces of the line are; a ruled table is one piece.

    One of the ``numbers`` of list items is one piece with the text behind it.
    """
    spans = []
    for index, piece in enumerate(line.pieces):
        if index in numbers:
            spans.append((piece.left, line.pieces[index + 1].left))
            continue
        area = rules.area_at((piece.left + piece.right) / 2, piece.middle) if rules.areas else None
        spans.append((min(piece.left, area.left), max(piece.right, area.right)) if area else (piece.left, piece.right))
    return sorted(spans)


def _gutters(lines: Sequence[Line], height: float, rules: RulingLines) -> list[Gutter]:
    """All stretches of white between pieces, each over as many lines as it has; no ruling line goes across."""
    active: list[Gutter] = []
    closed: list[Gutter] = []
    numbers = list_numbers(lines)
    for number, line in enumerate(lines):
        spans = _spans(line, rules, numbers.get(number, ()))
        if number and active and rules.across:
            across = [rule[1:] for rule in rules.between(lines[number - 1].middle, line.middle)]
            crossed = [g for g in active if any(low < g.low and high > g.high for low, high in across)]
            closed += crossed
            active = [gutter for gutter in active if gutter not in crossed]
        still = []
        for gutter in active:
            if _narrow(gutter, spans, 0.6 * height):
                gutter.last = number
                if spans[0][0] < gutter.middle < spans[-1][1]:
                    gutter.last_both = number
                    gutter.both += 1
                still.append(gutter)
            else:
                closed.append(gutter)
        active = still
        right = spans[0][1]
        for start, end in spans[1:]:
            is_wide = start - right > WIDE_GAP * height
            if is_wide and not any(gutter.low < start and right < gutter.high for gutter in active):
                active.append(Gutter(right, start, number, number, number))
            right = max(right, end)
    return closed + active


def _narrow(gutter: Gutter, spans: Sequence[tuple[float, float]], least: float) -> bool:
    """Take ``spans`` from the gutter. Returns whether it is still as wide as ``least``."""
    low, high = gutter.low, gutter.high
    for start, end in spans:
        if end <= low or start >= high:
            continue
        if start - low >= high - end:
            high = start
        else:
            low = end
        if high - low < least:
            return False
    gutter.low, gutter.high = low, high
    return True


def _has_own_base_lines(lines: Sequence[Line], gutter: Gutter) -> bool:
    """Whether most lines left and right of a long gutter stand at other heights, as the cells of a row do not.

    So columns are known of which one holds a table or a list, where no text runs on from line to line.
    """
    stretch = lines[gutter.first : gutter.last_both + 1]
    if gutter.last - _start_of_columns(lines, gutter) + 1 < 0.5 * len(lines) or _has_rows_of_cells(stretch, gutter):
        return False
    pairs = list(_pieces_beside(lines[_start_of_columns(lines, gutter) : gutter.last + 1], gutter))
    if len(pairs) < 4 or min(sum(len(pair[side].text) for pair in pairs) for side in (0, 1)) < _SIGN * len(pairs):
        return False
    return sum(_are_off(left, right) for left, right in pairs) >= 0.6 * len(pairs)


def _pieces_beside(lines: Sequence[Line], gutter: Gutter) -> Iterator[tuple[Piece, Piece]]:
    """The pieces next to a gutter that stand beside one another, in one line or in two neighbours."""
    left_before: Piece | None = None
    right_before: Piece | None = None
    for line in lines:
        left, right = _nearest_pieces(line, gutter)
        if left and right:
            yield left, right
        elif left and right_before and not left_before and right_before.bottom < left.top:
            yield left, right_before
        elif right and left_before and not right_before and left_before.bottom < right.top:
            yield left_before, right
        left_before, right_before = left, right


def _nearest_pieces(line: Line, gutter: Gutter) -> tuple[Piece | None, Piece | None]:
    """The pieces of ``line`` next to a gutter, left and right of it."""
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    for piece in line.pieces:
        sides[piece.left + piece.right >= 2 * gutter.middle].append(piece)
    left = max(sides[0], key=lambda piece: piece.right, default=None)
    return left, min(sides[1], key=lambda piece: piece.left, default=None)


def _is_beside_prose(lines: Sequence[Line], gutter: Gutter) -> bool:
    """Whether prose fills the column left of a gutter of the whole page, and goes on below the end of the right one.

    Text below a table would go over the place of the gutter.
    """
    low, high = min(line.left for line in lines), max(line.right for line in lines)
    alone = lines[gutter.last_both + 1 : gutter.last + 1]
    is_long = len(alone) >= _LEAST_ALONE and gutter.last - gutter.first + 1 > _OVER * len(lines)
    if not is_long or abs(gutter.middle - (low + high) / 2) > _CENTRAL / 2 * (high - low):
        return False
    pieces = [max(line.pieces, key=lambda piece: len(piece.text)) for line in alone]
    ends = [line.right for line in alone]
    left = min(line.left for line in alone)
    if max(ends) > gutter.low or median(ends) < left + _FULL * (gutter.low - left):
        return False
    return _share_that_runs_on(pieces) >= _RUNNING


def _are_off(one: Piece, other: Piece) -> bool:
    """Whether two pieces have neither the lower nor the upper side at one height, nor the middle, as cells of a row."""
    steps = (one.bottom - other.bottom, one.top - other.top, one.middle - other.middle)
    return min(map(abs, steps)) > _OFF * min(one.height, other.height)


def _divides_prose(lines: Sequence[Line], gutter: Gutter) -> bool:
    """Whether text runs on from line to line on both sides, as it does not in the columns of a table."""
    stretch = lines[gutter.first : gutter.last_both + 1]
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    for line in stretch:
        for cell in sorted(line.cells(), key=lambda cell: cell.left):
            piece = max(cell.pieces, key=lambda piece: len(piece.text))
            sides[cell.left > gutter.middle].append(piece)
    if min(map(len, sides)) < 2 or _has_rows_of_cells(stretch, gutter):
        return False
    length = min(sum(len(piece.text) for piece in side) / len(side) for side in sides)
    if max(_share_of_numbers(side) for side in sides) > 0.35 or length < 12:
        return False
    if len(stretch) <= _FEW_LINES and not _are_filled(stretch, gutter):
        return False
    running = min(map(_share_that_runs_on, sides))
    return running >= 0.4 or (running >= 0.15 and length >= 22) or (length >= 32 and len(stretch) >= 6)


def _share_of_numbers(pieces: Sequence[Piece]) -> float:
    return sum(_NUMERIC.fullmatch(piece.text) is not None for piece in pieces) / len(pieces)


def _are_filled(lines: Sequence[Line], gutter: Gutter) -> bool:
    """Whether many lines of both columns end near the right side of their column, as those of prose do."""
    for is_right in (False, True):
        parts = [
            [piece for piece in line.pieces if (piece.left + piece.right >= 2 * gutter.middle) == is_right]
            for line in lines
        ]
        if any(piece.is_rtl for part in parts for piece in part):
            continue
        ends = [max(piece.right for piece in part) for part in parts if part]
        left, right = min(piece.left for part in parts for piece in part), max(ends)
        if sum(end >= right - _NEAR_EDGE * (right - left) for end in ends) < _FILLED * len(ends):
            return False
    return True


def _share_that_runs_on(pieces: Sequence[Piece]) -> float:
    """The share of pieces, but for the first, that begin with a small letter or a letter that has no size."""
    letters = [next((c for c in piece.text if c.isalpha()), "") for piece in pieces[1:]]
    return sum(letter == letter.lower() != "" for letter in letters) / max(1, len(letters))


def _has_rows_of_cells(lines: Sequence[Line], gutter: Gutter) -> bool:
    """Whether white goes across both columns again and again, as between rows of a table with long cells."""
    gaps = [before.bottom - after.top for before, after in itertools.pairwise(lines)]
    least = median(gaps) + 0.4 * usual_height(lines)
    starts = [number for number, gap in enumerate(gaps, 1) if gap > least]
    if len(starts) < 2 or len(lines) > 5 * (len(starts) + 1):
        return False
    full = [lines[n] for n in starts if lines[n].text[:1] != lines[n].text[:1].lower()]
    pairs = [pair for line in full for pair in _pieces_beside([line], gutter)]
    return sum(not _are_off(left, right) for left, right in pairs) >= 0.7 * len(starts)
