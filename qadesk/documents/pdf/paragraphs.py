"""Joins the lines of a column into paragraphs, list items and lines that stand alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from statistics import median

from qadesk.documents.pdf.drafts import Draft, break_after, draft_of
from qadesk.documents.pdf.markers import is_caption
from qadesk.documents.pdf.rows import Line
from qadesk.structure.plain.key_lines import is_key_line


def paragraphs(lines: Sequence[Line], page: int) -> list[Draft]:
    """The drafts that ``lines``, one column of the page with the number ``page``, make."""
    right = max(line.right for line in lines)
    drafts = []
    for group in _groups(lines):
        for draft in _drafts(group, right, page):
            draft.column_right = right
            drafts.append(draft)
    return drafts


def is_full(line: Line, after: Line, right: float) -> bool:
    """Whether the first word of the line ``after`` would not have found room behind ``line``, up to ``right``."""
    word = after.text.split(maxsplit=1)[0]
    width = (after.right - after.left) * (len(word) + 1) / max(1, len(after.text))
    room = (
        right - line.right if line.left < after.left + 3 * line.height else right - after.left - line.right + line.left
    )
    return room < width


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


def _drafts(group: Sequence[Line], right: float, page: int) -> Iterator[Draft]:
    own_right = max(line.right for line in group)
    small = sum([line.is_small for line in group[1:]])
    if small >= 0.3 * (len(group) - 1):  # prose, perhaps narrower than its column
        right = own_right
    has_keys = _are_key_lines(group)
    if has_keys or _are_single_lines(group, right):
        draft = draft_of("paragraph", group, page)
        for number, (one, other) in enumerate(itertools.pairwise(group)):
            if has_keys:
                is_open = not _is_key(other) and (_runs_on(one, other) or is_full(one, other, right))
            else:
                is_open = right > own_right and is_full(one, other, right)
            draft.breaks[number] = " " if is_open else "\n"
        yield draft
        return
    lines: list[Line] = []
    for line in group:
        if lines and _begins_paragraph(lines, line, right):
            yield _paragraph(lines, page)
            lines = []
        lines.append(line)
    yield _paragraph(lines, page)


def _are_key_lines(group: Sequence[Line]) -> bool:
    """Whether most of the lines are a key and its value."""
    if len(group) < 2 or any(line.marker for line in group):
        return False
    return 2 * sum(map(_is_key, group)) > len(group)


def _is_key(line: Line) -> bool:
    return ":" in line.text and is_key_line(line.text)


def _are_single_lines(group: Sequence[Line], right: float) -> bool:
    """Whether each line stands for itself, as in an address."""
    if len(group) < 2 or any(line.marker for line in group):
        return False
    if 3 * sum([line.is_sentence_end for line in group[:-1]]) >= len(group):
        return False
    pairs = itertools.pairwise(group)
    single = sum(not _runs_on(before, after) and not is_full(before, after, right) for before, after in pairs)
    return 2 * single > len(group) - 1


def _begins_paragraph(lines: Sequence[Line], line: Line, right: float) -> bool:
    """Whether ``line`` is the first of a paragraph, and not the next of the one that ``lines`` begin."""
    last = lines[-1]
    if last.is_divided:
        return False
    if line.marker and (_is_marked(lines, line) or not last.text[-1:].isalpha()):
        return True
    if line.is_small:
        return False
    if (last.is_sentence_end and is_caption(line.text)) or not is_full(last, line, right):
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
