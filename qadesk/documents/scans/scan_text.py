"""What text recognition found on a page: its words with their places, as it is kept in a file and used by readers."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qadesk.documents.letter_boxes import letter_boxes

VERSION = 1
"""Of the form in which it is kept: a result of another one is made again."""

_MAX_WORDS = 200_000


class ScanLine(NamedTuple):
    """The base line of a line of text, from its first to its last word, and how large its letters are (as a font is).

    All in points, from the upper left corner of the page as it is shown.
    """

    left: float
    left_base: float
    right: float
    right_base: float
    size: float


class ScanWord(NamedTuple):
    """A word and the box of its ink, in points from the upper left corner of the page; ``line`` is the number of its.

    ``confidence`` is 0 to 100, as Tesseract gives it.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    line: int
    confidence: float


@dataclass(frozen=True)
class ScanText:
    """The words of a page that is ``width`` by ``height`` points, line after line.

    ``angle``: its text is turned by so many degrees clockwise: 0, 90, 180 or 270. The lines are those of the page
    turned back.
    """

    width: float
    height: float
    words: tuple[ScanWord, ...] = ()
    lines: tuple[ScanLine, ...] = ()
    angle: int = 0

    @cached_property
    def starts(self) -> list[int]:
        """Where each word begins in ``text``."""
        starts, length = [], 0
        for word in self.words:
            starts.append(length)
            length += len(word.text) + 1
        return starts

    @property
    def text(self) -> str:
        """All words with a space between them. Its offsets are the indices of the page's characters."""
        return " ".join(word.text for word in self.words)

    def boxes(self) -> NDArray[np.float32]:
        """The boxes of the characters of ``text``: (n, 4) left, top, right, bottom; those of spaces are empty.

        The letters of a word have equal shares of its box.
        """
        boxes = np.zeros((len(self.text), 4), np.float32)
        for start, word in zip(self.starts, self.words, strict=True):
            boxes[start : start + len(word.text)] = _shares(word, self.angle)
        return boxes

    def to_json(self) -> str:
        """The text as a string that ``from_json`` reads."""
        values = {
            "version": VERSION,
            "size": [self.width, self.height],
            "angle": self.angle,
            "lines": [[round(value, 2) for value in line] for line in self.lines],
            "words": [[word.text, *(round(value, 2) for value in word[1:])] for word in self.words],
        }
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> ScanText:
        """What ``to_json`` gave. Raises ``ValueError`` for anything else."""
        try:
            values = json.loads(text)
            if values["version"] != VERSION or values["angle"] not in (0, 90, 180, 270):
                raise ValueError("of another version")
            lines = tuple(ScanLine(*_numbers(row)) for row in values["lines"])
            words = tuple(_word(row, len(lines)) for row in values["words"][:_MAX_WORDS])
            width, height = _numbers(values["size"])
        except (TypeError, KeyError, OverflowError, RecursionError) as error:
            raise ValueError("not the text of a scan") from error
        return cls(width, height, words, lines, values["angle"])


def _shares(word: ScanWord, angle: int) -> NDArray[np.float64]:
    """(n, 4): the box of ``word`` divided among its letters, along the direction in which it runs."""
    axis = int(angle % 180 == 90)
    begin, end = (word.top, word.bottom) if axis else (word.left, word.right)
    if angle in (180, 270):
        begin, end = end, begin
    return letter_boxes(word[1:5], len(word.text), axis=axis, begin=begin, end=end)


def _word(row: Sequence[Any], lines: int) -> ScanWord:
    text, *numbers = row
    left, top, right, bottom, line, confidence = _numbers(numbers)
    word = ScanWord(str(text), left, top, right, bottom, int(line), confidence)
    if not word.text or " " in word.text or not 0 <= word.line < lines:
        raise ValueError("an invalid word")
    return word


def _numbers(values: Sequence[Any]) -> list[float]:
    numbers = [float(value) for value in values]
    if not all(map(math.isfinite, numbers)):
        raise ValueError("a number that is none")
    return numbers
