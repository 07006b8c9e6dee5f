"""The text that the appearances of annotations show: forms, notes and stamps as pdfium draws them on a page."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qadesk.documents.letter_boxes import letter_boxes
from qadesk.documents.pdf.page_characters import degrees

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

_MAX_OBJECTS = 20_000  # of the appearances of a page
_MAX_CHARACTERS = 200_000  # of a page
_TALLEST, _WIDEST_LETTER = 16.0, 0.65
"""Points of a line of a value that fills its field, and the usual width of a letter as a share of its line's height."""


class Fragment(NamedTuple):
    """A line of text on a page and its box, in points of the page before its rotation.

    ``angle``: how far the text is turned clockwise, in whole degrees.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    angle: int = 0


def boxes_of_letters(fragment: Fragment) -> NDArray[np.float64]:
    """The boxes of the letters of ``fragment``, (n, 4) left, bottom, right, top: equal parts of the line.

    The box of a value without an appearance is that of its field: of that only as much as such letters take.
    """
    left, bottom, right, top = fragment[1:5]
    count, runs_down = len(fragment.text), fragment.angle % 180 == 90
    begin, end = (top, bottom) if runs_down else (left, right)
    if fragment.angle in (180, 270):
        begin, end = end, begin
    height = min(right - left if runs_down else top - bottom, _TALLEST)
    length = min(abs(end - begin), _WIDEST_LETTER * height * count)
    end = begin + (length if end > begin else -length)
    return letter_boxes(fragment[1:5], count, axis=int(runs_down), begin=begin, end=end)


class _Character(NamedTuple):
    """A character of the appearance number ``owner``; a ``box`` of None is that of a space between words."""

    text: str
    owner: int
    box: tuple[float, float, float, float] | None
    angle: int


def drawn_texts(document: PdfDocument, page: PdfPage, page_index: int, kept: Iterable[int]) -> list[list[Fragment]]:
    """The lines that each of the annotations ``kept`` of ``page`` shows, in their order; none for what pdfium hides.

    Takes all annotations out of the page ``page_index`` of ``document`` and puts those ``kept`` into its content, in
    memory; ``page`` and its text pages stay as they are. Empty if that fails.
    """
    from pypdfium2 import PdfiumError, raw

    chosen = set(kept)
    before = raw.FPDFPage_CountObjects(page)
    for index in reversed(range(raw.FPDFPage_GetAnnotCount(page))):
        if index not in chosen:
            raw.FPDFPage_RemoveAnnot(page, index)
    if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) != raw.FLATTEN_SUCCESS:
        return []
    try:
        with closing(document[page_index]) as flat:
            for number in range(before):
                raw.FPDFPageObj_SetIsActive(raw.FPDFPage_GetObject(flat, number), False)
            owners, count = _owners(flat, before)
            with closing(flat.get_textpage()) as textpage:
                return _lines(_characters(textpage, owners), count)
    except PdfiumError:
        return []


def _owners(page: PdfPage, first: int) -> tuple[dict[int, int], int]:
    """The number of the appearance that each text object is in, by its address, and how many appearances there are.

    pdfium makes one object of a page of them, from ``first`` on, with a part for each appearance.
    """
    from pypdfium2 import raw

    owners: dict[int, int] = {}
    appearances = [
        part
        for number in range(first, raw.FPDFPage_CountObjects(page))
        for part in _parts(raw.FPDFPage_GetObject(page, number))
    ]
    waiting = list(enumerate(appearances))[::-1]
    for _ in range(_MAX_OBJECTS):
        if not waiting:
            break
        owner, part = waiting.pop()
        if raw.FPDFPageObj_GetType(part) == raw.FPDF_PAGEOBJ_TEXT:
            owners[ctypes.addressof(part.contents)] = owner
        else:
            waiting += [(owner, inner) for inner in _parts(part)]
    return owners, len(appearances)


def _parts(form: Any) -> Iterator[Any]:
    from pypdfium2 import raw

    if raw.FPDFPageObj_GetType(form) == raw.FPDF_PAGEOBJ_FORM:
        for number in range(min(raw.FPDFFormObj_CountObjects(form), _MAX_OBJECTS)):
            yield raw.FPDFFormObj_GetObject(form, number)


def _characters(textpage: PdfTextPage, owners: Mapping[int, int]) -> Iterator[_Character]:
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    for index in range(min(raw.FPDFText_CountChars(textpage), _MAX_CHARACTERS)):
        text = chr(min(raw.FPDFText_GetUnicode(textpage, index), 0x10FFFF))
        handle = raw.FPDFText_GetTextObject(textpage, index)
        if raw.FPDFText_IsGenerated(textpage, index) == 1 or not handle:
            yield _Character(text, -1, None, 0)
            continue
        raw.FPDFText_GetLooseCharBox(textpage, index, box)
        angle = degrees(raw.FPDFText_GetCharAngle(textpage, index))
        edges = (box.left, box.bottom, box.right, box.top)
        yield _Character(text, owners.get(ctypes.addressof(handle.contents), -1), edges, angle)


def _lines(characters: Iterable[_Character], count: int) -> list[list[Fragment]]:
    """The characters of each of the ``count`` appearances as lines."""
    texts: list[list[Fragment]] = [[] for _ in range(count)]
    line: list[_Character] = []

    def end_line() -> None:
        fragment = _fragment(line)
        if fragment:
            texts[line[0].owner].append(fragment)
        line.clear()

    for character in characters:
        if character.box is None:
            if character.text in "\r\n":
                end_line()
            elif line:
                line.append(character)
        elif character.owner >= 0:
            if line and line[0].owner != character.owner:
                end_line()
            line.append(character)
    end_line()
    return texts


def _fragment(line: list[_Character]) -> Fragment | None:
    text = "".join(character.text for character in line).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = " ".join("".join(character if character >= " " else " " for character in text).split())
    boxes = [character.box for character in line if character.box is not None]
    if not text or not boxes:
        return None
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return Fragment(text, min(lefts), min(bottoms), max(rights), max(tops), line[0].angle)
