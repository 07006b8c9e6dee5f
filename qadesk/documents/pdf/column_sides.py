"""The sides of a column of text: where its full lines end, and where the first lines of its paragraphs begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from qadesk.documents.pdf.rows import Line

_NEAR = 1.0  # points between the left sides of lines that begin at one place
_LEAST_INDENT, _MOST_INDENT = 0.7, 4.0  # of the height
_SAME_END = 0.75  # points: the ends of full lines of justified text
_REGULAR = 0.8  # of the lines: are as they would be with an indent, or in justified text
_LEAST_FULL = 4  # lines that tell that text is justified


@dataclass(frozen=True, slots=True)
class ColumnSides:
    """The ``right`` side of a column in points.

    ``is_justified``: all lines end there but the last of a paragraph. ``indent``: where the first lines of paragraphs
    begin in points, None if they have no indent.
    """

    right: float
    is_justified: bool = False
    indent: float | None = None

    def is_full(self, line: Line, after: Line) -> bool:
        """Whether the paragraph of ``line`` may go on in the line ``after``: there was no room for its first word."""
        if self.is_justified and not line.is_rtl:
            return line.right > self.right - 0.2 * line.height
        return is_full(line, after, self.right)

    def begins(self, line: Line) -> bool:
        """Whether ``line`` has the indent of the first line of a paragraph."""
        return self.indent is not None and _begins_at(line, self.indent)


def sides_of(lines: Sequence[Line]) -> ColumnSides:
    """The sides of the column that ``lines`` are in."""
    right = max(line.right for line in lines)
    return ColumnSides(right, is_justified(lines, right), _indent(lines))


def is_full(line: Line, after: Line, right: float) -> bool:
    """Whether the first word of the line ``after`` would not have found room behind ``line``, up to ``right``."""
    word = after.text.split(maxsplit=1)[0]
    width = (after.right - after.left) * (len(word) + 1) / max(1, len(after.text))
    room = (
        right - line.right if line.left < after.left + 3 * line.height else right - after.left - line.right + line.left
    )
    return room < width


def is_justified(lines: Sequence[Line], right: float) -> bool:
    """Whether the lines that a sentence runs over end at ``right``."""
    ends = [before.right for before, after in pairwise(lines) if after.is_small and not before.is_sentence_end]
    full = sum(abs(end - right) < _SAME_END for end in ends)
    return full >= max(_LEAST_FULL, _REGULAR * len(ends))


def _indent(lines: Sequence[Line]) -> float | None:
    """Where the first lines of paragraphs begin, in points; None if they have no indent.

    Behind one of them at least, the text goes on further to the left.
    """
    margin = _usual_left([line for line in lines if line.is_small and not line.is_rtl])
    if margin is None:
        return None
    indented = [
        line
        for line in lines
        if _LEAST_INDENT * line.height < line.left - margin < _MOST_INDENT * line.height and not line.marker
    ]
    indent = _usual_left([line for line in indented if not line.is_small])
    if indent is None or sum(_begins_at(line, indent) for line in lines) < 2:
        return None
    going_on, regular = 0, int(_begins_at(lines[0], indent))
    for before, line in pairwise(lines):
        is_at_margin = abs(line.left - margin) < _NEAR
        going_on += _begins_at(before, indent) and is_at_margin and line.is_small and not before.is_sentence_end
        is_end = before.is_sentence_end or before.left > margin + _NEAR or before.right < line.right
        regular += _begins_at(line, indent) and is_end
    count = sum(abs(line.left - indent) < _NEAR for line in indented)
    return indent if going_on and regular >= _REGULAR * count else None


def _begins_at(line: Line, indent: float) -> bool:
    return abs(line.left - indent) < _NEAR and not line.is_small and not line.marker and not line.is_rtl


def _usual_left(lines: Sequence[Line]) -> float | None:
    """Where most of the ``lines`` begin, in points; None if there are none."""
    places = Counter(round(line.left) for line in lines)
    if not places:
        return None
    place = places.most_common(1)[0][0]
    return next(line.left for line in lines if round(line.left) == place)
