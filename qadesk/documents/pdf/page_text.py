"""The text of one PDF page as pdfium numbers its characters, and of what kinds they are."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qadesk.documents.pdf.pdfium_calls import of_characters

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

Codes = NDArray[np.uint32]
Indices = NDArray[np.intp]
Mask = NDArray[np.bool_]

LEFT_OUT = "\ufdd0"
"""Stands for a character that is no part of the text (the second half of a surrogate pair, a hidden one)."""

HYPHEN_MARKS = "\x02\ufffe\xad"
"""What pdfium writes in place of a hyphen at the end of a line within a word; also the soft hyphen."""

FIRST_WIDE = 0x2E80
"""From this code point on there are scripts without spaces between words, which may be written downwards."""

TO_PRINT = dict.fromkeys((9, 11, 12, 133, 8232, 8233), " ") | {0xF0B7: "•", 0xF0A7: "▪", 0xF0D8: "➢"}
"""What is printed in place of characters, by their codes."""
TO_PRINT |= {ord(mark): "-" for mark in HYPHEN_MARKS}

VISIBLE, HYPHEN, REPLACED, UNKNOWN, RTL, WIDE, NEWLINE, HIDDEN = (1 << bit for bit in range(8))
"""Kinds of characters: neither white space nor left out; one of ``HYPHEN_MARKS``; in ``TO_PRINT``; without a meaning;
of a script that runs from right to left; from ``FIRST_WIDE`` on; a line end; ``LEFT_OUT``."""

_SPACES = [*range(9, 14), 32, 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF]
_LEAST_ROOM = 1024


class PageText:
    """The characters of a page, one for each index that FPDFText_GetUnicode takes. ``codes``: their code points."""

    __slots__ = ("_kinds", "_present", "codes", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.codes: Codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        self._kinds = _kinds().take(self.codes, mode="clip")
        self._present = int(np.bitwise_or.reduce(self._kinds))

    def has(self, kind: int) -> bool:
        """Whether any of the characters is of the ``kind`` (or of one of several)."""
        return self._present & kind != 0

    def are(self, kind: int) -> Mask:
        """(n,): which of the characters are of the ``kind`` (or of one of several)."""
        return np.asarray((self._kinds & kind) != 0)


@cache
def _kinds() -> NDArray[np.uint8]:
    """The kinds by code point; the last one is that of all code points from U+10000 on."""
    kinds = np.full(0x10001, VISIBLE, np.uint8)
    kinds[[*_SPACES, *range(0x2000, 0x200C), ord(LEFT_OUT)]] = 0
    kinds[[ord(mark) for mark in HYPHEN_MARKS]] |= HYPHEN
    kinds[[*TO_PRINT]] |= REPLACED
    kinds[[*range(9), *range(14, 32), 0xFFFD, 0xFFFE, 0xFFFF]] |= UNKNOWN
    for low, high in ((0x590, 0x900), (0xFB1D, 0xFE00), (0xFE70, 0xFEFF)):
        kinds[low:high] |= RTL
    kinds[FIRST_WIDE:] |= WIDE
    kinds[ord("\n")] |= NEWLINE
    kinds[ord(LEFT_OUT)] |= HIDDEN
    return kinds


def page_text(textpage: PdfTextPage) -> PageText:
    """The text of ``textpage``."""
    from pypdfium2 import raw

    count = raw.FPDFText_CountChars(textpage)
    if count <= 0:
        return PageText("")
    buffer = _utf16_room(max(_LEAST_ROOM, 1 << (count + 1).bit_length()))
    written = raw.FPDFText_GetText(textpage, 0, count, buffer)
    units = np.frombuffer(buffer, np.uint16, max(0, written - 1))
    if len(units) == count and not ((units & 0xF800) == 0xD800).any():
        return PageText(units.tobytes().decode("utf-16-le"))
    codes = of_characters("FPDFText_GetUnicode", ctypes.c_uint, textpage, range(count))
    return PageText("".join(_paired(codes)))


@cache
def _utf16_room(count: int) -> Any:
    return (ctypes.c_ushort * count)()


def _paired(codes: Sequence[int]) -> list[str]:
    """One string of one character for each code; a pair of surrogates is the character and ``LEFT_OUT``."""
    characters = []
    for number, code in enumerate(codes):
        after = codes[number + 1] if number + 1 < len(codes) else 0
        if 0xD800 <= code < 0xDC00 and 0xDC00 <= after < 0xE000:
            characters.append(chr(0x10000 + ((code - 0xD800) << 10) + after - 0xDC00))
        elif (0xDC00 <= code < 0xE000 and number and 0xD800 <= codes[number - 1] < 0xDC00) or code == 0:
            characters.append(LEFT_OUT)
        elif 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            characters.append("\ufffd")
        else:
            characters.append(chr(code))
    return characters


def any_between(mask: Mask, ends: Indices, starts: Indices) -> Mask:
    """(n,): whether ``mask`` is set anywhere from ``ends[n]`` to before ``starts[n]``.

    ``ends[n] <= starts[n] <= ends[n + 1]``, and all of them are indices of ``mask``.
    """
    if not len(ends):
        return np.zeros(0, np.bool_)
    bounds = np.stack((ends, starts), axis=1).ravel()
    return np.asarray(np.logical_or.reduceat(mask, bounds)[::2] & (ends < starts))
