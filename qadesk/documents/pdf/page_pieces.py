"""Reads the pieces of one page of a PDF file from pdfium."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from qadesk.documents.pdf.appearances import Fragment
from qadesk.documents.pdf.drawn_bullets import drawn_bullets
from qadesk.documents.pdf.file_objects import FileObjects
from qadesk.documents.pdf.forms import TypedText
from qadesk.documents.pdf.glyph_names import GlyphNames
from qadesk.documents.pdf.glyphless import Glyphless
from qadesk.documents.pdf.layers import has_hidden, hidden_objects
from qadesk.documents.pdf.page_characters import Words, words_of
from qadesk.documents.pdf.page_objects import PageObjects, page_objects
from qadesk.documents.pdf.page_text import UNKNOWN, PageText, page_text
from qadesk.documents.pdf.pdfium_calls import of_characters
from qadesk.documents.pdf.pieces import Piece, directions_of, pieces_of, turned
from qadesk.documents.pdf.rows import Line, lines_from_top
from qadesk.documents.pdf.rules import RulingLines, ruling_lines
from qadesk.documents.pdf.shadows import is_doubled, without_shadows

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage


@dataclass(slots=True)
class PagePieces:
    """What is on a page: ``lines`` in the direction of most of its text, from the top down, and those in others.

    ``unreadable``: how many of its characters are not known. ``is_upright``: the ``lines`` are not turned on the page.
    ``rules``: the ruling lines among the ``lines``.
    """

    lines: list[Line] = field(default_factory=list)
    others: list[list[Line]] = field(default_factory=list)
    unreadable: int = 0
    is_upright: bool = True
    rules: RulingLines = field(default_factory=RulingLines)

    @property
    def letters(self) -> int:
        """How many characters the lines in the main direction have."""
        return sum(len(line.text) for line in self.lines)


class PageReader:
    """Reads the pages of a document, which is open from ``file``. To be closed before the document is."""

    def __init__(self, document: PdfDocument, file: BinaryIO) -> None:
        objects = FileObjects(document)
        self._typed = TypedText(document, objects)
        self._glyphless = Glyphless()
        self._names = GlyphNames(objects)
        self._has_hidden = has_hidden(document, file)

    def close(self) -> None:
        """End the use of the document."""
        self._typed.close()

    def read(self, page: PdfPage, textpage: PdfTextPage, index: int) -> PagePieces:
        """What is on ``page``, the number ``index`` from 0, as far as it is inside of the page's crop box."""
        characters = self._characters(page, textpage, index)
        words = characters.words(by_character=bool(characters.glyphless))
        characters.find_rules(words)
        pieces = characters.pieces(words)
        drawn = [*characters.glyphless, *drawn_bullets(characters.objects, words)]
        fragments = [*drawn, *self._typed.fragments(page, index)]
        firsts = typed_firsts(len(characters.text.text), fragments, len(drawn))
        lines = _lines(pieces, fragments, firsts)
        has_shadows = any(len(line.pieces) > 1 and line.overlaps for part in lines.values() for line in part)
        if has_shadows or is_doubled(words, characters.text.codes):
            words = without_shadows(characters.words(by_character=True), characters.text.codes)
            lines = _lines(characters.pieces(words), fragments, firsts)
        angles = sorted(lines, key=lambda angle: -sum(len(line.text) for line in lines[angle]))
        ordered = [lines[angle] for angle in angles]
        has_unknown = bool(characters.repaired)
        unreadable = sum(line.text.count("\ufffd") for part in ordered for line in part) if has_unknown else 0
        if not ordered:
            return PagePieces()
        rules = characters.rules if angles[0] == characters.direction else RulingLines()
        return PagePieces(ordered[0], ordered[1:], unreadable, angles[0] == 0, rules)

    def _characters(self, page: PdfPage, textpage: PdfTextPage, index: int) -> _Characters:
        text = page_text(textpage)
        repaired: dict[int, str] = {}
        if unknown := _unknown(textpage, text):
            repaired = dict.fromkeys(unknown, "\ufffd") | self._names.texts(index, textpage, unknown)
        hidden = hidden_objects(page) if self._has_hidden else set()
        objects = page_objects(page)
        glyphless = self._glyphless.fragments(page, textpage, objects)
        return _Characters(page, textpage, text, repaired, hidden, glyphless, objects)


@dataclass(slots=True)
class _Characters:
    """The characters of a page, and what is known of some of them."""

    page: PdfPage
    textpage: PdfTextPage
    text: PageText
    repaired: Mapping[int, str]
    hidden: set[int]
    glyphless: list[Fragment]
    objects: PageObjects
    rules: RulingLines = field(default_factory=RulingLines)
    direction: int = 0  # of the rules, as of text, in degrees clockwise

    def words(self, *, by_character: bool) -> Words:
        """The words whose middle is inside of the page, without those of hidden objects."""
        words = words_of(self.textpage, self.text, [*self.repaired], by_character=by_character)
        left, bottom, right, top = self.page.get_bbox()
        x = (words.boxes[:, 0] + words.boxes[:, 2]) / 2
        y = (words.boxes[:, 1] + words.boxes[:, 3]) / 2
        is_shown = (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
        if self.hidden:
            owners = of_characters("FPDFText_GetTextObject", ctypes.c_void_p, self.textpage, words.starts.tolist())
            is_shown &= np.array([owner not in self.hidden for owner in owners], np.bool_)
        return words if is_shown.all() else words.chosen(is_shown)

    def find_rules(self, words: Words) -> None:
        """Find the ruling lines for the direction of most of the ``words``."""
        if len(words):
            self.direction = int(np.bincount(words.angles).argmax())
        self.rules = ruling_lines(self.objects, self.page.get_size(), self.direction)

    def pieces(self, words: Words) -> dict[int, list[Piece]]:
        """The pieces by the direction of their text, in degrees clockwise."""
        cuts = self._after_glyphless(words)
        pieces = {}
        for angle, part in directions_of(words):
            own = cuts + self.rules.cuts(part) if angle == self.direction else cuts
            pieces[angle] = pieces_of(self.textpage, self.text, part, repaired=self.repaired, cuts=own)
        return pieces

    def _after_glyphless(self, words: Words) -> list[int]:
        """The first characters of words that stand behind a character without a glyph."""
        cuts: list[int] = []
        for fragment in self.glyphless:
            near = 0.3 * max(1.0, fragment.top - fragment.bottom)
            is_after = np.abs(words.boxes[:, 0] - fragment.right) < near
            is_after &= np.abs(words.boxes[:, 1] - fragment.bottom) < near
            cuts += words.starts[is_after].tolist()
        return cuts


def typed_firsts(count: int, fragments: Sequence[Fragment], drawn: int) -> list[int]:
    """The index of the first character of each of the ``fragments`` of a page with ``count`` characters.

    Typed text has the indices behind those of the page's own; the first ``drawn`` of the fragments have none (-1).
    """
    lengths = [len(fragment.text) for fragment in fragments[drawn:]]
    return [-1] * drawn + list(accumulate(lengths, initial=count))[:-1] if lengths else [-1] * drawn


def _lines(
    pieces: dict[int, list[Piece]], fragments: Sequence[Fragment], firsts: Sequence[int]
) -> dict[int, list[Line]]:
    """The lines of the ``pieces`` in each direction, to which ``fragments`` with their ``firsts`` are added."""
    for fragment, first in zip(fragments, firsts, strict=True):
        box = turned(np.array([fragment[1:5]], np.float64), fragment.angle)[0].tolist()
        height = max(0.1, box[3] - box[1])
        mapped = len(fragment.text) if first >= 0 else 0
        piece = Piece(fragment.text, box[0], box[1], box[2], box[3], height, first, mapped, height / 1.17)
        pieces.setdefault(fragment.angle, []).append(piece)
    return {angle: lines_from_top(part) for angle, part in pieces.items() if part}


def _unknown(textpage: PdfTextPage, text: PageText) -> list[int]:
    """The indices of the characters whose codes are none."""
    if not text.has(UNKNOWN):
        return []
    odd = np.flatnonzero(text.are(UNKNOWN)).tolist()
    is_hyphen = of_characters("FPDFText_IsHyphen", ctypes.c_int, textpage, odd)
    pairs = zip(odd, is_hyphen, strict=True)
    return [n for n, hyphen in pairs if not (text.codes[n] in (2, 0xFFFE) and hyphen == 1)]
