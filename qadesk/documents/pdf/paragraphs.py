"""Joins the lines of a column into paragraphs, list items and lines that stand alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from statistics import median

from qadesk.documents.pdf.column_sides import ColumnSides, is_full, is_justified, sides_of
from qadesk.documents.pdf.drafts import Draft, break_after, draft_of
from qadesk.documents.pdf.markers import is_caption, stamp_form
from qadesk.documents.pdf.rows import Line
from qadesk.structure.plain.key_lines import is_key_line

_AT_SIDE = 1.0  # points: between the right sides of a paragraph and its column
_OPEN = ",;"  # what a sentence goes on after
_LONG_LINE = 45  # characters: what a shorter line says does not go on in a line that looks like a key


def paragraphs(lines: Sequence[Line], page: int) -> list[Draft]:
    """The drafts that ``lines``, one column of the page with the number ``page``, make."""
    sides = sides_of(lines)
    drafts = []
    for group in _groups(lines):
        for entry in (entry for part in _indented(group, sides) for entry in _entries(part)):
            for draft in _drafts(entry, sides, page):
                draft.column_right = sides.right
                drafts.append(draft)
    return drafts


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines one under the other, of one size and weight and without a larger gap."""
    usual = _usual_gap(lines)
    group: list[Line] = []
    for line in lines:
        if group and _is_apart(group[-1], line, usual):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _usual_gap(lines: Sequence[Line]) -> float:
    """The gap between lines of a paragraph as a share of the height: between those that a sentence runs over."""
    pairs = [(a, (a.bottom - b.top) / a.height, b) for a, b in itertools.pairwise(lines)]
    inside = [gap for before, gap, after in pairs if after.is_small and not before.is_sentence_end]
    if inside:
        return min(1.5, median(inside))
    return min(0.4, median([gap for _, gap, _ in pairs])) if pairs else 0.0


def _is_apart(before: Line, after: Line, usual: float) -> bool:
    gap = (before.bottom - after.top) / min(before.height, after.height)
    if gap > usual + 0.33 or before.top < after.bottom:
        return True
    sizes = sorted((before.size, after.size))
    is_other_weight = before.is_bold != after.is_bold and not _runs_on(before, after)
    return sizes[1] > 1.13 * sizes[0] or is_other_weight


def _runs_on(before: Line, after: Line) -> bool:
    """Whether a sentence clearly goes on from line to line."""
    if after.is_small and not before.is_sentence_end:
        return True
    return before.is_divided or before.text[-2:] in (" -", " –", " —")


def _indented(group: Sequence[Line], sides: ColumnSides) -> Iterator[list[Line]]:
    """``group`` cut into paragraphs whose first line is indented, and what is between them."""
    if not any(map(sides.begins, group[1:])):
        yield list(group)
        return
    sides = _own_sides(group, sides)
    part: list[Line] = []
    for line in group:
        if part and _is_cut(part, line, sides):
            yield part
            part = []
        part.append(line)
    yield part


def _entries(group: Sequence[Line]) -> Iterator[list[Line]]:
    """``group`` cut into its entries if they begin with times of one form, as in a chat or a programme."""
    form = stamp_form(group[0].text)
    starts = [0]
    for number, (before, line) in enumerate(itertools.pairwise(group if form else ()), 1):
        if before.text[-1] not in _OPEN and stamp_form(line.text) == form:
            starts.append(number)
    for low, high in itertools.pairwise([*starts, len(group)]):
        yield list(group[low:high])


def _is_cut(part: Sequence[Line], line: Line, sides: ColumnSides) -> bool:
    """Whether an indented paragraph ends before ``line``, or begins with it; ``part`` is before it."""
    last = part[-1]
    if sides.begins(line):
        return not last.is_divided and (not part[0].marker or not sides.is_full(last, line))
    return sides.begins(part[0]) and not _runs_on(last, line) and not sides.is_full(last, line)


def _own_sides(group: Sequence[Line], sides: ColumnSides) -> ColumnSides:
    """The sides of a ``group``, which are those of the column unless it is prose, perhaps narrower than its column."""
    small = sum([line.is_small for line in group[1:]])
    if small < 0.3 * (len(group) - 1):
        return ColumnSides(sides.right, indent=sides.indent)
    right = max(line.right for line in group)
    is_at_side = sides.is_justified and sides.right - right < _AT_SIDE and not group[0].marker
    return ColumnSides(right, is_at_side or is_justified(group, right), sides.indent)


def _drafts(group: Sequence[Line], sides: ColumnSides, page: int) -> Iterator[Draft]:
    if len(group) > 1 and sides.begins(group[0]) and _is_prose(group, sides):
        yield _paragraph(group, page)
        return
    own_right = max(line.right for line in group)
    sides = _own_sides(group, sides)
    has_keys = _are_key_lines(group)
    if has_keys or _are_single_lines(group, sides):
        draft = draft_of("paragraph", group, page)
        for number, (one, other) in enumerate(itertools.pairwise(group)):
            if has_keys:
                is_open = _goes_on_with_value(one, other, sides)
            else:
                is_open = sides.right > own_right and sides.is_full(one, other)
            draft.breaks[number] = " " if is_open else "\n"
        yield draft
        return
    lines: list[Line] = []
    for line in group:
        if lines and _begins_paragraph(lines, line, sides):
            yield _paragraph(lines, page)
            lines = []
        lines.append(line)
    yield _paragraph(lines, page)


def _is_prose(lines: Sequence[Line], sides: ColumnSides) -> bool:
    """Whether each of the ``lines`` goes on with the one before."""
    return all(_runs_on(one, other) or sides.is_full(one, other) for one, other in itertools.pairwise(lines))


def _are_key_lines(group: Sequence[Line]) -> bool:
    """Whether most of the lines are a key and its value."""
    if len(group) < 2 or any(line.marker for line in group):
        return False
    return 2 * sum(map(_is_key, group)) > len(group)


def _goes_on_with_value(line: Line, after: Line, sides: ColumnSides) -> bool:
    """Whether the value in ``line`` goes on in the line ``after``, which may look like a key, too."""
    is_open = is_full(line, after, sides.right)
    if _is_key(after):
        return is_open and after.is_small and not line.is_sentence_end and len(line.text) > _LONG_LINE
    return is_open or _runs_on(line, after)


def _is_key(line: Line) -> bool:
    return ":" in line.text and is_key_line(line.text)


def _are_single_lines(group: Sequence[Line], sides: ColumnSides) -> bool:
    """Whether each line stands for itself, as in an address."""
    if len(group) < 2 or any(line.marker for line in group):
        return False
    if 3 * sum([line.is_sentence_end for line in group[:-1]]) >= len(group):
        return False
    pairs = itertools.pairwise(group)
    single = sum(not _runs_on(before, after) and not sides.is_full(before, after) for before, after in pairs)
    return 2 * single > len(group) - 1


def _begins_paragraph(lines: Sequence[Line], line: Line, sides: ColumnSides) -> bool:
    """Whether ``line`` is the first of a paragraph, and not the next of the one that ``lines`` begin."""
    last = lines[-1]
    if last.is_divided:
        return False
    if line.marker and (_is_marked(lines, line) or not last.text[-1:].isalpha()):
        return True
    if line.is_small:
        return False
    if (last.is_sentence_end and is_caption(line.text)) or not sides.is_full(last, line):
        return not _runs_on(last, line)
    return _is_indented(lines, line)


def _is_indented(lines: Sequence[Line], line: Line) -> bool:
    """Whether ``line`` begins further to the right than the lines before it, or hangs out to the left of them."""
    least = 0.7 * line.height
    indent = line.left - min(other.left for other in lines[-2:])
    if len(lines) == 1:  # what hangs under a first line is no new paragraph
        return indent > least and lines[0].is_sentence_end and not lines[0].marker
    step = lines[-1].left - lines[-2].left
    if indent > least:
        return abs(step) < least and not line.is_rtl
    return indent < -least and step <= least and _hangs(lines)


def _is_marked(lines: Sequence[Line], line: Line) -> bool:
    """Whether ``line`` begins a list, or goes on with one: the text above ends, or stands at another place."""
    first = lines[0]
    return first.marker > 0 or lines[-1].is_sentence_end or abs(line.left - lines[-1].left) > 0.5 * line.height


def _hangs(lines: Sequence[Line]) -> bool:
    """Whether all lines after the first begin further to the right than it, as in a list of references."""
    return all(line.left > lines[0].left + 0.7 * line.height for line in lines[1:])


def _paragraph(lines: Sequence[Line], page: int) -> Draft:
    marker = lines[0].marker
    draft = draft_of("item" if marker else "paragraph", lines, page)
    draft.marker = marker
    draft.breaks = [break_after(line) for line in lines[:-1]]
    return draft
