"""Numbers of list items and clauses that stand in a column of their own, far left of their text."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from qadesk.documents.pdf.grid_cells import is_figure
from qadesk.documents.pdf.key_pairs import Clause
from qadesk.documents.pdf.markers import is_marker
from qadesk.documents.pdf.rows import Line

_FARTHEST = 8.0  # of the height: between a number and its text
_NEAR = 3.0  # points between the left sides of texts in one column
_LONG = 40  # characters: a text of so many is no cell of a row that stands alone
_LONGEST = 12  # characters of a number
_PARTS = re.compile(r"(\d{1,3}(?:\.\d{1,3}){0,4})\.?")
_SIGNS = "-–—*o·"  # in the first cell of a table they say that there is nothing


class _Number(NamedTuple):
    """The number at a ``place``: the index of its line, and of its piece.

    ``clause``: its parts, () for a letter or a bullet. ``is_sure``: it can be nothing but the number of a list item, as
    "1." and "(a)", while "2.1" may be an amount.
    """

    place: tuple[int, int]
    clause: Clause
    is_sure: bool


@dataclass(frozen=True, slots=True)
class _NumberedLine:
    """A line that begins with a ``number``, its first ``count`` pieces, and the ``cells`` behind it."""

    index: int
    line: Line
    number: _Number
    count: int
    cells: Sequence[Line]

    @property
    def is_row(self) -> bool:
        """Whether the number is the first cell of a row of a table: a figure stands behind it, or several cells."""
        return len(self.cells) > 1 or is_figure(self.cells[0].text)

    @property
    def column(self) -> int:
        """Where the text begins, the same for all in one column."""
        return round(self.cells[0].left / _NEAR)


def join_numbers(lines: Sequence[Line]) -> None:
    """Join numbers with the text behind them where ``lines`` of one column are list items, and no rows of a table.

    A few items may look like rows: there are wide spaces in justified text.
    """
    numbered = [one for index, line in enumerate(lines) if len(line.pieces) > 1 for one in _numbered(index, line)]
    if not numbered:
        return
    sure = _sure([one.number for one in numbered])
    clauses = [one for one in numbered if one.number.clause]
    if len(clauses) == 1 and (len(clauses[0].cells[0].text) > _LONG or _hangs(clauses[0], lines)):
        sure.add(clauses[0].number.place)
    rows = Counter(one.column for one in numbered if one.is_row)
    columns = Counter(one.column for one in numbered)
    for one in numbered:
        if one.number.place in sure and 2 * rows[one.column] < columns[one.column]:
            one.line.join_number(one.count)


def list_numbers(lines: Sequence[Line]) -> dict[int, set[int]]:
    """The indices of the pieces that are numbers before their text, by the index of the line among ``lines``."""
    columns: dict[int, list[_Number]] = defaultdict(list)
    for index, line in enumerate(lines):
        for at, (piece, after) in enumerate(pairwise(line.pieces)):
            number = _number(piece.text, (index, at))
            if number and after.left - piece.right < _FARTHEST * line.height and not is_figure(after.text):
                columns[round(piece.left)].append(number)
    numbers: dict[int, set[int]] = defaultdict(set)
    for column in columns.values():
        for index, at in _sure(column):
            numbers[index].add(at)
    return numbers


def _number(text: str, place: tuple[int, int]) -> _Number | None:
    """The number that the ``text`` at the ``place`` is; None if it is none."""
    if len(text) > _LONGEST or text in _SIGNS:
        return None
    match = _PARTS.fullmatch(text)
    if not match and not is_marker(text):
        return None
    clause = tuple(map(int, match[1].split("."))) if match else ()
    return _Number(place, clause, len(clause) < 2 and not text.isdigit())


def _sure(numbers: Sequence[_Number]) -> set[tuple[int, int]]:
    """The places of those of the ``numbers``, one below the other, that are nothing else."""
    sure = {number.place for number in numbers if number.is_sure}
    for one, other in pairwise([number for number in numbers if number.clause]):
        if _follows(one.clause, other.clause) and max(len(one.clause), len(other.clause)) > 1:
            sure |= {one.place, other.place}
    return sure


def _numbered(index: int, line: Line) -> Iterator[_NumberedLine]:
    """The ``line`` if it begins with a number, and the text stands behind a gap."""
    pieces = line.pieces
    number = _number(pieces[0].text, (index, 0))
    if number is None:
        return
    count = 1
    while count + 1 < len(pieces) and is_marker(pieces[count].text):  # as in "2.1 (a) The tenant"
        count += 1
    if pieces[count].left - pieces[count - 1].right < _FARTHEST * line.height:
        yield _NumberedLine(index, line, number, count, Line(pieces[count:]).cells())


def _follows(one: Clause, other: Clause) -> bool:
    """Whether the clause ``other`` may be the next after ``one``: 2.2 or 2.1.1 or 3 or 3.1 after 2.1."""
    depth = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    before = one[depth] if depth < len(one) else 0
    return len(other) > depth and other[depth] == before + 1 and all(part == 1 for part in other[depth + 1 :])


def _hangs(one: _NumberedLine, lines: Sequence[Line]) -> bool:
    """Whether the text behind the number goes on in the next line, right below it."""
    if one.index + 1 == len(lines):
        return False
    after = lines[one.index + 1]
    return after.is_small and not one.line.is_sentence_end and abs(after.left - one.cells[0].left) < _NEAR
