"""Reads the pieces of one page of a PDF file from pdfium."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qadesk.documents.pdf.page_characters import HYPHEN_MARKS, Words, of_characters, text_of, words_of
from qadesk.documents.pdf.pieces import Piece, groups, pieces_of
from qadesk.documents.pdf.shadows import is_doubled, without_shadows

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

_TEXT_CONTROLS = {*"\t\n\v\f\r"}


@dataclass(slots=True)
class PagePieces:
    """The pieces of a page, a list for each direction of text, that with the most text first.

    ``unreadable``: how many of its characters are not known.
    """

    directions: list[list[Piece]]
    unreadable: int = 0


def read_page(page: PdfPage, textpage: PdfTextPage) -> PagePieces:
    """The pieces of ``page``, as far as it is inside of the page's crop box."""
    text = text_of(textpage)
    repaired = _repaired(textpage, text)
    words = words_of(textpage, text, [*repaired], by_character=is_doubled(text))
    words = without_shadows(_inside(page, words), text)
    directions = [pieces_of(textpage, text, part, repaired) for _, part in groups(words)]
    unreadable = sum(piece.text.count("\ufffd") for pieces in directions for piece in pieces)
    return PagePieces([pieces for pieces in directions if pieces], unreadable)


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
