"""Reads the pieces of one page of a PDF file from pdfium."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from qadesk.documents.pdf.page_characters import (
    HYPHEN_MARKS,
    Codes,
    Words,
    codes_of,
    of_characters,
    text_of,
    words_of,
)
from qadesk.documents.pdf.pieces import Piece, directions_of, pieces_of
from qadesk.documents.pdf.rows import Line, lines_of
from qadesk.documents.pdf.shadows import without_shadows

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

_TEXT_CONTROLS = {*"\t\n\v\f\r"}


@dataclass(slots=True)
class PagePieces:
    """What is on a page: ``lines`` in the direction of most of its text, from the top down, and pieces in others.

    ``unreadable``: how many of its characters are not known.
    """

    lines: list[Line] = field(default_factory=list)
    others: list[list[Piece]] = field(default_factory=list)
    unreadable: int = 0


def read_page(page: PdfPage, textpage: PdfTextPage) -> PagePieces:
    """What is on ``page``, as far as it is inside of the page's crop box."""
    text = text_of(textpage)
    codes = codes_of(text)
    repaired = _repaired(textpage, text)
    words = _inside(page, words_of(textpage, codes, [*repaired]))
    result = _arranged(textpage, text, codes, words, repaired)
    if any(line.overlaps for line in result.lines):
        words = _inside(page, words_of(textpage, codes, [*repaired], by_character=True))
        result = _arranged(textpage, text, codes, without_shadows(words, codes), repaired)
    return result


def _arranged(textpage: PdfTextPage, text: str, codes: Codes, words: Words, repaired: Mapping[int, str]) -> PagePieces:
    directions = [pieces_of(textpage, text, codes, part, repaired) for part in directions_of(words)]
    directions = [pieces for pieces in directions if pieces]
    unreadable = sum(piece.text.count("\ufffd") for pieces in directions for piece in pieces) if repaired else 0
    return PagePieces(lines_of(directions[0]), directions[1:], unreadable) if directions else PagePieces()


def _repaired(textpage: PdfTextPage, text: str) -> Mapping[int, str]:
    """What the characters are to be read as whose code is none: U+FFFD where it is not known."""
    codes = {*text}
    if not any((code < " " and code not in _TEXT_CONTROLS) or code in "\ufffd\ufffe\uffff" for code in codes):
        return {}
    odd = [n for n, c in enumerate(text) if (c < " " and c not in _TEXT_CONTROLS) or c in "\ufffd\ufffe\uffff"]
    is_hyphen = of_characters("FPDFText_IsHyphen", ctypes.c_int, textpage, odd)
    indices = [n for n, hyphen in zip(odd, is_hyphen, strict=True) if not (text[n] in HYPHEN_MARKS and hyphen == 1)]
    return dict.fromkeys(indices, "\ufffd")


def _inside(page: PdfPage, words: Words) -> Words:
    """The words whose middle is inside of the page."""
    left, bottom, right, top = page.get_bbox()
    x = (words.boxes[:, 0] + words.boxes[:, 2]) / 2
    y = (words.boxes[:, 1] + words.boxes[:, 3]) / 2
    is_inside = (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
    return words if is_inside.all() else words.chosen(np.flatnonzero(is_inside))
