"""The lines of a plain text that hold anything, with what the recognition of structure asks of each."""

from __future__ import annotations

import re
from typing import NamedTuple

from qadesk.structure.line_ends import LINE_ENDS
from qadesk.structure.plain.item_marks import ItemMark, mark_of

MAX_LINES = 300_000
"""So many lines are looked at; the text after them is one paragraph."""

_LINE = re.compile(rf"\S[^{LINE_ENDS}]*")
_SPACES = "".join(
    character for character in map(chr, range(0x3001)) if character.isspace() and character not in LINE_ENDS
)
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\U00020000-\U0003fffd]"
)
_CLOSING = "\"'”’»)]"
_OPENING = "\"'“‘«([„"


class PlainLine(NamedTuple):
    """A line ``text[start:end]``, without white space at its ends; ``raw_start`` and ``raw_end`` are with it.

    ``indent`` and ``right`` are columns, from 0: where it begins and ends; a wide character takes two. ``is_first``:
    an empty line or nothing comes before. ``mark``: the number or bullet that it begins with.
    """

    text: str
    start: int
    end: int
    raw_start: int
    raw_end: int
    indent: int
    right: int
    is_first: bool
    mark: ItemMark | None

    @property
    def is_sentence_end(self) -> bool:
        """Whether it ends as a sentence does."""
        return self.text[-4:].rstrip(_CLOSING).endswith((".", "!", "?", "。", "！", "？", "…", "։", "।"))

    @property
    def is_clause_end(self) -> bool:
        """Whether it ends as a sentence or a part of one does that may stand alone."""
        return self.is_sentence_end or self.text.endswith((":", ";"))

    @property
    def goes_on(self) -> bool:
        """Whether it begins within a sentence, or in a script without capital letters."""
        first = self.text[:3].lstrip(_OPENING)[:1]
        return first.isalpha() and not first.isupper()

    @property
    def first_width(self) -> int:
        """The columns of the first piece of text that a line end may come after."""
        return 2 if _WIDE.match(self.text) else len(self.text.split(None, 1)[0])


def filled_lines(text: str) -> list[PlainLine]:
    """The first ``MAX_LINES`` lines of ``text`` that are not only white space."""
    lines: list[PlainLine] = []
    before = 0  # where the line before ends
    for match in _LINE.finditer(text):
        start, raw_end = match.span()
        gap = text[before:start]
        content = match[0].rstrip()
        lead = gap[len(gap.rstrip(_SPACES)) :]
        indent = len(lead.expandtabs(8)) if lead else 0
        right = indent + len(content) + (0 if content.isascii() else len(_WIDE.findall(content)))
        is_first = not lines or (gap != "\n" and _count_ends(gap) > 1)
        spans = start, start + len(content), start - len(lead), raw_end
        lines.append(PlainLine(content, *spans, indent, right, is_first, mark_of(content)))
        before = raw_end
        if len(lines) == MAX_LINES:
            break
    return lines


def _count_ends(gap: str) -> int:
    return sum(map(gap.count, LINE_ENDS)) - gap.count("\r\n") + gap.count("\u2029")
