"""Recognises lines that end only because they were full, in a text that was wrapped at a width.

A line was full if the first word of the next one had no room in it. That is plain where it holds for line after line;
in verses, addresses, logs and lists the next word nearly always had room.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qadesk.structure.plain.text_lines import PlainLine
from qadesk.structure.plain.titles import is_capitals

_WIDEST = 160
_NARROWEST = 30
_NARROW = 60


def wraps_of(lines: Sequence[PlainLine]) -> bytearray:
    """For each line 1 if it goes on in the next one, else 0."""
    wraps = bytearray(len(lines))
    page = _page_width(lines)
    for start, end in _groups(lines):
        joints = [index for index in range(start, end - 1) if _is_joint(lines[index], lines[index + 1])]
        if joints:
            _mark(lines, joints, page, wraps)
            _divide(lines, start, end, wraps)
    return wraps


def _groups(lines: Sequence[PlainLine]) -> Iterator[tuple[int, int]]:
    """The runs of lines without an empty line between them."""
    start = 0
    for index in range(1, len(lines)):
        if lines[index].is_first:
            yield start, index
            start = index
    yield start, len(lines)


def _is_joint(line: PlainLine, following: PlainLine) -> bool:
    """Whether ``line`` may go on in ``following``: both look like running text."""
    if line.right < _NARROWEST or following.mark or not (_is_prose(line) and _is_prose(following)):
        return False
    return is_capitals(following.text) or not is_capitals(line.text)


def _is_prose(line: PlainLine) -> bool:
    return line.right <= _WIDEST and not line.text.startswith(("|", ">")) and "\t" not in line.text


def _page_width(lines: Sequence[PlainLine]) -> int | None:
    """The width that most of the text is wrapped at; None if it is not."""
    rights: Counter[int] = Counter()
    open_starts = 0
    for line, following in pairwise(lines):
        if not following.is_first and not following.mark:
            rights[min(line.right, _WIDEST + 1)] += 1
            open_starts += following.goes_on
    total = rights.total()
    if total < 8 or open_starts < 0.4 * total:
        return None
    width, seen = 0, 0
    for width in sorted(rights):
        seen += rights[width]
        if seen >= 0.95 * total:
            break
    near = sum(count for right, count in rights.items() if 0.8 * width <= right <= width)
    return width if _NARROWEST < width <= _WIDEST and near >= 0.6 * total else None


def _is_full(line: PlainLine, following: PlainLine, width: int) -> bool:
    return line.right + 1 + following.first_width > width


def _mark(lines: Sequence[PlainLine], joints: list[int], page: int | None, wraps: bytearray) -> None:
    """Set the flags of the ``joints`` of a group: the lines that may go on in the next one."""
    pairs = [(lines[index], lines[index + 1]) for index in joints]
    widest = max(max(line.right, following.right) for line, following in pairs)
    width = page if page and widest <= page + 3 else widest
    full = [_is_full(line, following, width) for line, following in pairs]
    if width == page:
        is_wrapped = any(full)
    elif len(pairs) == 1:
        is_wrapped = _is_plain_pair(*pairs[0])
    else:
        is_wrapped = _is_plain_group(pairs, full, width)
    if is_wrapped:
        for index, (line, following), is_full in zip(joints, pairs, full, strict=True):
            is_cut = following.goes_on and not line.is_clause_end and line.right > 0.6 * width
            wraps[index] = is_full or is_cut


def _is_plain_pair(line: PlainLine, following: PlainLine) -> bool:
    """Whether two lines alone are plainly a sentence that was wrapped."""
    fits = 40 <= line.right <= 120 and following.right <= line.right + 10
    return fits and following.goes_on and not line.is_clause_end


def _is_plain_group(pairs: list[tuple[PlainLine, PlainLine]], full: list[bool], width: int) -> bool:
    open_starts = sum(following.goes_on for _, following in pairs)
    enough = 0.33 if width >= _NARROW else 0.5  # in verses and addresses each line begins with a capital letter
    is_open = open_starts >= enough * len(pairs)
    loose = sum(not is_full and not line.is_clause_end for (line, _), is_full in zip(pairs, full, strict=True))
    return is_open and sum(full) >= 0.6 * len(full) and loose <= 0.25 * len(full)


def _divide(lines: Sequence[PlainLine], start: int, end: int, wraps: bytearray) -> None:
    """Clear the flags before lines that begin a paragraph by their indentation alone."""
    indents = [line.indent for line in lines[start:end]]
    base = min(indents)
    is_hanging = indents[0] == base < indents[1] and 2 * indents.count(base) <= len(indents)
    for index in range(start + 1, end):
        indent = lines[index].indent
        starts = indent == base if is_hanging else base + 2 <= indent != lines[index - 1].indent
        if starts and not lines[index - 1].mark:
            wraps[index - 1] = 0
