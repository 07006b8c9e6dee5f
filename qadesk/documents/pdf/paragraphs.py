"""Joins the lines of a column into paragraphs, list items and lines that stand alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from statistics import median

from qadesk.documents.pdf.drafts import DIVIDED, Draft, draft_of
from qadesk.documents.pdf.markers import is_caption, marker_length
from qadesk.documents.pdf.rows import Line, ends_divided

_ENDS = ".!?:;…。！？"
_CLOSING = "\"'”’»)]"


def paragraphs(lines: Sequence[Line], page: int) -> list[Draft]:
    """The drafts that ``lines``, one column of the page with the number ``page``, make."""
    right = max(line.right for line in lines)
    drafts = []
    for group in _groups(lines):
        for draft in _drafts(group, right, page):
            draft.column_right = right
            drafts.append(draft)
    return drafts


def ends_sentence(text: str) -> bool:
    """Whether ``text`` ends as a sentence does."""
    return text.rstrip(_CLOSING)[-1:] in tuple(_ENDS)


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
    inside = [gap for before, gap, after in pairs if after.text[0].islower() and not ends_sentence(before.text)]
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
    if ends_divided(before) or before.text[-2:] in (" -", " –", " —"):
        return True
    return after.text[0].islower() and not ends_sentence(before.text)


def _drafts(group: Sequence[Line], right: float, page: int) -> Iterator[Draft]:
    own_right = max(line.right for line in group)
    small = sum(line.text[0].islower() for line in group[1:])
    if small >= 0.3 * (len(group) - 1):  # prose, perhaps narrower than its column
        right = own_right
    if _are_single_lines(group, right):
        draft = draft_of("paragraph", group, page)
        pairs = itertools.pairwise(group)
        draft.breaks = [" " if right > own_right and is_full(one, other, right) else "\n" for one, other in pairs]
        yield draft
        return
    lines: list[Line] = []
    for line in group:
        if lines and _begins_paragraph(lines, line, right):
            yield _paragraph(lines, page)
            lines = []
        lines.append(line)
    yield _paragraph(lines, page)


def _are_single_lines(group: Sequence[Line], right: float) -> bool:
    """Whether each line stands for itself, as in an address."""
    if len(group) < 2 or any(marker_length(line.text) for line in group):
        return False
    pairs = list(itertools.pairwise(group))
    single = sum(not _runs_on(before, after) and not is_full(before, after, right) for before, after in pairs)
    return 2 * single > len(pairs) and 3 * sum(ends_sentence(line.text) for line in group[:-1]) < len(group)


def _begins_paragraph(lines: Sequence[Line], line: Line, right: float) -> bool:
    """Whether ``line`` is the first of a paragraph, and not the next of the one that ``lines`` begin."""
    last = lines[-1]
    is_small = line.text[0].islower()
    if ends_divided(last):
        return False
    if marker_length(line.text) and (_is_marked(lines, line) or not last.text[-1:].isalpha()):
        return True
    if not is_small and ((is_caption(line.text) and ends_sentence(last.text)) or not is_full(last, line, right)):
        return not _runs_on(last, line)
    return _is_indented(lines, line) and not is_small


def _is_indented(lines: Sequence[Line], line: Line) -> bool:
    """Whether ``line`` begins further to the right than the lines before it, or hangs out to the left of them."""
    least = 0.7 * line.height
    indent = line.left - min(other.left for other in lines[-2:])
    if len(lines) == 1:  # what hangs under a first line is no new paragraph
        return indent > least and ends_sentence(lines[0].text) and not marker_length(lines[0].text)
    step = lines[-1].left - lines[-2].left
    if indent > least:
        return abs(step) < least and not line.is_rtl
    return indent < -least and step <= least and _hangs(lines)


def _is_marked(lines: Sequence[Line], line: Line) -> bool:
    """Whether ``line`` begins a list, or goes on with one: the text above ends, or stands at another place."""
    first = lines[0]
    return (
        marker_length(first.text) > 0
        or ends_sentence(lines[-1].text)
        or abs(line.left - lines[-1].left) > 0.5 * line.height
    )


def _hangs(lines: Sequence[Line]) -> bool:
    """Whether all lines after the first begin further to the right than it, as in a list of references."""
    return all(line.left > lines[0].left + 0.7 * line.height for line in lines[1:])


def _paragraph(lines: Sequence[Line], page: int) -> Draft:
    marker = marker_length(lines[0].text)
    draft = draft_of("item" if marker else "paragraph", lines, page)
    draft.marker = marker
    draft.breaks = [DIVIDED if ends_divided(line) else " " for line in lines[:-1]]
    return draft
