"""Makes paragraphs of lines that are of no special kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qadesk.structure import Block
from qadesk.structure.plain.text_lines import PlainLine

_STAMP = re.compile(r"[\[(<]?(?:\d{2,4}[-/.]\d\d[-/.]\d{2,4}|[A-Z]\w\w {1,2}\d{1,2}|\d\d:\d\d(?::\d\d)?)[T ,\])]")
_LEADER = "...."
_SHORT = 80
_MOST_LINES = 30  # that a verse or an address may have


def paragraphs_of(lines: Sequence[PlainLine], wraps: Sequence[int]) -> Iterator[Block]:
    """The paragraphs that ``lines`` are, between which there is no empty line. ``wraps``: as ``wraps_of`` says.

    A sentence that was wrapped is a paragraph. Of the other lines, those that belong together (a verse, an address)
    are one, and lines that say something each by itself (of a log, of a list) are one each.
    """
    single: list[PlainLine] = []
    index = 0
    while index < len(lines):
        end = index + 1
        while end < len(lines) and wraps[end - 1]:
            end += 1
        if end == index + 1:
            single.append(lines[index])
        else:
            yield from _singles(single)
            single = []
            yield Block("paragraph", lines[index].start, lines[end - 1].end, is_wrapped=True)
        index = end
    yield from _singles(single)


def _singles(lines: Sequence[PlainLine]) -> Iterator[Block]:
    if lines and _belong_together(lines):
        yield Block("paragraph", lines[0].start, lines[-1].end)
    else:
        yield from (Block("paragraph", line.start, line.end) for line in lines)


def _belong_together(lines: Sequence[PlainLine]) -> bool:
    if len(lines) > _MOST_LINES or any(line.right > _SHORT or _LEADER in line.text for line in lines):
        return False
    statements = sum(line.is_sentence_end or _STAMP.match(line.text) is not None for line in lines)
    return statements < max(2, len(lines) - 1)
