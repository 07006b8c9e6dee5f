"""Tesseract, as far as QADesk uses it: a picture of a page in shades of grey becomes its words with their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from math import atan2, pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qadesk.documents.quarter_turns import turned_box
from qadesk.documents.scans.page_source import PageError
from qadesk.documents.scans.scan_text import ScanLine, ScanText, ScanWord

Grey = NDArray[np.uint8]

LONGEST = 60.0
"""Seconds for one page."""

_POINTS = 72
_ROWS = 0.9
"""Height of a row, from descenders to ascenders, of a font of size 1."""
_WORDS_OF_NOISE, _LETTERS_OF_NOISE = 30.0, 20.0
"""Confidences: words below the first one without two letters or digits, and all below the second, are specks."""
_TURNED = 60.0
"""A page that was read with less confidence may stand on its head or on its side."""


class Tesseract:
    """Reads pages in ``languages``, as 'eng+deu', whose files are in ``folder``. Raises ``PageError``."""

    def __init__(self, folder: str, languages: str) -> None:
        import tesserocr

        self._names = tesserocr
        try:
            self._api = tesserocr.PyTessBaseAPI(path=folder, lang=languages, psm=tesserocr.PSM.AUTO)
        except RuntimeError as error:
            raise PageError(f"the files of the languages {languages} cannot be used") from error

    def close(self) -> None:
        """Free its memory."""
        self._api.End()

    def read(self, picture: Grey, scale: float) -> ScanText:
        """The words of ``picture``, (height, width), of which ``scale`` pixels are a point."""
        best = self._read_upright(picture, scale, 0)
        if _confidence(best) < _TURNED:
            best = max((best, *(self._read_upright(picture, scale, angle) for angle in (90, 270, 180))), key=_letters)
        return best

    def _read_upright(self, picture: Grey, scale: float, angle: int) -> ScanText:
        """The words of ``picture``, whose text is turned by ``angle`` degrees clockwise, or as Tesseract says then."""
        text, quarters = self._read_turned(picture, scale, angle)
        return self._read_turned(picture, scale, (angle + 90 * quarters) % 360)[0] if quarters else text

    def _read_turned(self, picture: Grey, scale: float, angle: int) -> tuple[ScanText, int]:
        """The words of ``picture`` turned back by ``angle``, and by how many quarters most of them still are turned.

        Tesseract reads text that runs downwards or upwards too, but gives its lines as those of the picture.
        """
        size = picture.shape[1] / scale, picture.shape[0] / scale
        upright = np.ascontiguousarray(np.rot90(picture, angle // 90))
        height, width = upright.shape
        self._api.SetImageBytes(upright.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(round(scale * _POINTS))
        if not self._api.Recognize(round(LONGEST * 1000)):
            raise PageError("the page took too long to read")
        words: list[ScanWord] = []
        lines: list[ScanLine] = []
        turns: Counter[int] = Counter()
        for text, box, confidence, line in self._tesseract_words():
            if line is not None:
                lines.append(ScanLine(*(value / scale for value in line)))
            left, top, right, bottom = (value / scale for value in box)
            place = turned_box((left, top, right, bottom), angle // 90, width / scale, height / scale)
            words.append(ScanWord(text, *place, len(lines) - 1, confidence))
            turns[_quarters(lines[-1])] += len(text)
        self._api.Clear()
        return ScanText(*size, _with_pronouns(words), tuple(lines), angle), turns.most_common(1)[0][0] if turns else 0

    def _tesseract_words(self) -> Iterator[tuple[str, Sequence[int], float, Sequence[float] | None]]:
        """Each word with its box in pixels and its confidence; the first one of a line with the line, others None."""
        levels = self._names.RIL
        iterator = self._api.GetIterator()
        line: Sequence[float] | None = None
        while iterator is not None:
            if iterator.IsAtBeginningOf(levels.TEXTLINE):
                line = _line_of(iterator, levels)
            if not iterator.Empty(levels.WORD):
                text = "".join(iterator.GetUTF8Text(levels.WORD).split())
                confidence = iterator.Confidence(levels.WORD)
                if text and not _is_speck(text, confidence):
                    yield text, iterator.BoundingBox(levels.WORD), confidence, line
                    line = None
            if not iterator.Next(levels.WORD):
                return


def _line_of(iterator: Any, levels: Any) -> tuple[float, ...]:
    """The numbers of a ``ScanLine`` in pixels."""
    row = iterator.RowAttributes()
    (left, left_base), (right, right_base) = iterator.Baseline(levels.TEXTLINE)
    return left, left_base, right, right_base, max(1.0, row["row_height"] / _ROWS)


def _quarters(line: ScanLine) -> int:
    """By how many quarters clockwise the direction in which ``line`` runs is turned."""
    return round(atan2(line.right_base - line.left_base, line.right - line.left) / (pi / 2)) % 4


def _with_pronouns(words: Sequence[ScanWord]) -> tuple[ScanWord, ...]:
    """``words`` with 'I' where a stroke was read before a word in small letters: in most fonts it is one."""
    pairs = zip_longest(words, words[1:])
    return tuple(
        word._replace(text=f"I{word.text[1:]}")
        if word.text[:2] in ("|", "|'", "|’") and after and after.line == word.line and after.text[0].islower()
        else word
        for word, after in pairs
    )


def _is_speck(text: str, confidence: float) -> bool:
    letters = sum(map(str.isalnum, text))
    return confidence < (_LETTERS_OF_NOISE if letters > 1 else _WORDS_OF_NOISE)


def _confidence(text: ScanText) -> float:
    """The mean confidence of the letters; that of a good page where there are none."""
    count = sum(len(word.text) for word in text.words)
    return _letters(text) * 100 / count if count else 100.0


def _letters(text: ScanText) -> float:
    """How many letters are likely right."""
    return sum(len(word.text) * word.confidence for word in text.words) / 100
