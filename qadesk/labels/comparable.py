"""A text as it is compared with another reading of the same document: without what readers of files may change.

Two readings of one file differ in white space and line ends, in bullets and printed numbers of list items, in the marks
of Markdown with the targets of its links, in hyphens where words were divided, in ligatures and combining characters.
None of that is compared. Letters (upper case is not lower case), digits, currencies and per cent are, and in numbers
the signs that change them: 10.5 is not 105, -5 is not 5.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from functools import cached_property, lru_cache
from itertools import pairwise

from qadesk.structure.line_ends import LINE_ENDS

_PIECES = re.compile(
    r"[0-9A-Za-z]+|[^\x00-\x7f]+|[$%]"
    r"|[-+.,:](?=[0-9])|(?<=[0-9])[-+.,:](?=\s{1,3}[0-9])"  # signs of numbers, some of which go on in the next line
    r"|(?P<mark>"  # in Markdown: targets of links, as ](target) and ][name], and tags and characters of HTML
    r"""\]\([^()\s]{0,2000}(?:\s(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'))?\)|\]\[[^\[\]\n]{0,99}\]"""
    r"|</?[A-Za-z][^<>:]{0,200}>|&(?:[A-Za-z]{2,9}|#[0-9]{1,7});)"
)
_NUMBER = re.compile(  # of a list item: 1. (a) iv) 2.1
    r"^[^\w\r\n]{0,9}(?:\d{1,3}[.):]|\d{1,3}(?:\.\d{1,3}){1,8}(?:[.):]|(?=[\t ]+[A-Z]))"
    r"|(?:[A-Za-z]|[ivxlcIVXLC]{1,6})[.)])(?=[\t ]+\S)",
    re.M,
)
_SIGNS = "\u2212"  # minus: the only sign of a number that is not ASCII


class ComparableText:
    """``text``: the characters of ``source`` that are compared, and where each of them is in it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._starts = array("I")  # for each character of ``text`` the offset in ``source``
        parts: list[str] = []
        without_numbers = _NUMBER.sub(lambda match: " " * len(match[0]), source)
        for match in _PIECES.finditer(without_numbers):
            piece = match[0]
            if match.lastgroup:  # a mark
                continue
            if piece.isascii() or (piece.isalpha() and unicodedata.is_normalized("NFKD", piece)):
                self._starts.extend(range(*match.span()))
                parts.append(piece)
            else:
                for offset, character in enumerate(piece, match.start()):
                    part = _compared(character)
                    self._starts.extend((offset,) * len(part))
                    parts.append(part)
        self.text = "".join(parts)

    def index_at(self, offset: int) -> int:
        """The index in ``text`` of the first character that is at ``offset`` of ``source`` or behind it."""
        return bisect_left(self._starts, offset)

    def offset_at(self, index: int) -> int:
        """The offset in ``source`` of a character of ``text``; the end of ``source`` for the end of ``text``."""
        return self._starts[index] if index < len(self._starts) else len(self.source)

    def end_before(self, index: int) -> int:
        """The offset in ``source`` of the end of the character before ``index``, with its combining characters."""
        end = self._starts[index - 1] + 1
        while end < len(self.source) and unicodedata.combining(self.source[end]):
            end += 1
        return end

    def signs_at(self, index: int) -> str:
        """The characters of ``source`` between those before ``index`` and at it."""
        return self.source[self.end_before(index) if index else 0 : self.offset_at(index)]

    def is_boundary(self, index: int) -> bool:
        """Whether a word of ``source`` ends before ``index``, or another begins there."""
        if not 0 < index < len(self._starts):
            return True
        end, start = self._starts[index - 1] + 1, self._starts[index]
        return end < start or not (self.source[end - 1].isalnum() and self.source[start].isalnum())

    @cached_property
    def lines(self) -> list[tuple[int, int]]:
        """The start and end indices of the lines that have a character, in order."""
        starts = (match.end() for match in re.finditer(rf"\A|[{LINE_ENDS}]+", self.source))
        indices = dict.fromkeys(self.index_at(start) for start in starts)
        indices.pop(len(self._starts), None)
        return list(pairwise([*indices, len(self._starts)]))

    def line_number(self, index: int) -> int:
        """Which of ``lines`` the character at ``index`` is in, -1 if there are no lines."""
        return bisect_right(self.lines, index, key=lambda line: line[0]) - 1


@lru_cache(maxsize=4096)
def _compared(character: str) -> str:
    """What is compared of a character that is not ASCII: its letters and digits, '' for none."""
    if character in _SIGNS:
        return character
    return "".join(part for part in unicodedata.normalize("NFKD", character) if _is_compared(part))


def _is_compared(part: str) -> bool:
    """Without accents, which may be written in two ways. Vowel signs of Indian scripts are marks of class 0."""
    category = unicodedata.category(part)
    return category[0] in "LN" or category == "Sc" or (category[0] == "M" and not unicodedata.combining(part))
