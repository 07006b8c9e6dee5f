"""What is typed into the forms of a PDF file, notes typed onto its pages, and stamps.

They are no part of a page's content, so the text that pdfium finds on the page does not have them. Read is what their
appearances show (``appearances``); where there is none with text their value, and of a choice what was chosen. No
script of the file runs: the form is never told that anything happened.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from qadesk.documents.pdf.appearances import Fragment, drawn_texts
from qadesk.documents.pdf.file_objects import FileObjects
from qadesk.documents.pdf.layer_states import AnnotationLayers

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

CHECK_MARKS = "☐☒"
RADIO_MARKS = "○◉"

_MAX_ANNOTATIONS = 5_000  # of a page
_MAX_CHARACTERS = 500_000  # of the values of a page
_MAX_APPEARANCE = 20_000_000  # bytes of the appearances of a page, at two for each character
_MAX_OPTIONS = 1_000  # of a field
_MAX_PARTS = 1_000  # of an appearance, looked at for text
_LINE_HEIGHT = 14  # points, of a value without an appearance
_IS_COMB = 1 << 24  # a text field with a box for each character
_IS_PASSWORD = 1 << 13


@dataclass(slots=True)
class _PageReading:
    """What is known of a page so far. ``drawn``: annotations whose appearance has text, with their boxes and values."""

    angle: int
    fragments: list[Fragment] = field(default_factory=list)
    drawn: dict[int, tuple[Sequence[float], str]] = field(default_factory=dict)
    characters: int = _MAX_CHARACTERS  # that may still be read
    appearance: int = _MAX_APPEARANCE

    def add(self, text: str, box: Sequence[float]) -> None:
        """Add the lines of ``text``, which stand in ``box`` one under the other."""
        lines = [" ".join(line.split()) for line in text[: self.characters].split("\n") if line.strip()]
        self.characters = max(0, self.characters - len(text))
        for line, part in zip(lines, _parts(box, len(lines), self.angle), strict=True):
            self.fragments.append(Fragment(line, *part, self.angle))


class TypedText:
    """Reads the typed text of the pages of a document, one after another. To be closed before the document is."""

    def __init__(self, document: PdfDocument, objects: FileObjects) -> None:
        self._document = document
        self._layers = AnnotationLayers(objects)
        self._handle: Any = None
        self._config: Any = None

    def close(self) -> None:
        """End the use of the document's form."""
        from pypdfium2 import raw

        if self._handle:
            raw.FPDFDOC_ExitFormFillEnvironment(self._handle)
        self._handle = self._config = None

    @property
    def _form(self) -> Any:
        from pypdfium2 import raw

        if not self._handle:
            self._config = raw.FPDF_FORMFILLINFO(version=2)  # without the functions that scripts would need
            self._handle = raw.FPDFDOC_InitFormFillEnvironment(self._document, self._config)
        return self._handle

    def fragments(self, page: PdfPage, page_index: int) -> list[Fragment]:
        """The lines of the annotations of ``page``, which is page ``page_index`` of the document, counted from 0.

        To be called when all else of the page is read: pdfium puts the annotations into the page of the document, in
        memory. ``page`` and its text pages stay as they are, but loaded anew it has more characters at its end.
        """
        from pypdfium2 import raw

        count = min(raw.FPDFPage_GetAnnotCount(page), _MAX_ANNOTATIONS)
        if count <= 0:
            return []
        reading = _PageReading(-page.get_rotation() % 360)
        layered = self._read_all(page, range(count), reading, with_layers=False)
        if layered:
            shown = sorted({*layered} - self._layers.hidden(page_index, layered))
            self._read_all(page, shown, reading, with_layers=True)
        if reading.drawn:
            reading.drawn = dict(sorted(reading.drawn.items()))
            texts = drawn_texts(self._document, page, page_index, reading.drawn)
            _add_drawn(texts, reading)
        return reading.fragments

    def _read_all(
        self, page: PdfPage, indices: Iterable[int], reading: _PageReading, *, with_layers: bool
    ) -> list[int]:
        """Read annotations of ``page``; those that are in layers are not read but returned, unless ``with_layers``."""
        from pypdfium2 import raw

        layered = []
        for index in indices:
            annotation = raw.FPDFPage_GetAnnot(page, index)
            if not annotation:
                continue
            if raw.FPDFAnnot_GetSubtype(annotation) not in _textless() and reading.characters > 0:
                if not with_layers and raw.FPDFAnnot_HasKey(annotation, b"OC"):
                    layered.append(index)
                else:
                    self._read(annotation, index, reading)
            raw.FPDFPage_CloseAnnot(annotation)
        return layered

    def _read(self, annotation: Any, index: int, reading: _PageReading) -> None:
        from pypdfium2 import raw

        if raw.FPDFAnnot_GetFlags(annotation) & (raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW):
            return
        box = _box(annotation)
        value, is_read_as_value = "", False
        subtype = raw.FPDFAnnot_GetSubtype(annotation)
        if subtype == raw.FPDF_ANNOT_WIDGET and self._form:
            value, is_read_as_value = _field_value(self._form, annotation)
        elif subtype == raw.FPDF_ANNOT_FREETEXT:
            value = _string(raw.FPDFAnnot_GetStringValue, annotation, b"Contents")
        if not is_read_as_value and _shows_text(annotation, reading):
            reading.drawn[index] = box, value
        else:
            reading.add(value, box)


def has_typed_text(page: PdfPage) -> bool:
    """Whether there may be typed text on ``page``."""
    from pypdfium2 import raw

    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        subtype = raw.FPDFAnnot_GetSubtype(annotation) if annotation else raw.FPDF_ANNOT_LINK
        if annotation:
            raw.FPDFPage_CloseAnnot(annotation)
        if subtype not in _textless():
            return True
    return False


@cache
def _textless() -> frozenset[int]:
    """The kinds of annotations whose appearances show no text of the page: symbols, and windows that open."""
    from pypdfium2 import raw

    return frozenset(
        (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP, raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_FILEATTACHMENT,
         raw.FPDF_ANNOT_SOUND, raw.FPDF_ANNOT_MOVIE, raw.FPDF_ANNOT_HIGHLIGHT, raw.FPDF_ANNOT_UNDERLINE,
         raw.FPDF_ANNOT_STRIKEOUT, raw.FPDF_ANNOT_SQUIGGLY, raw.FPDF_ANNOT_INK)
    )  # fmt: skip


def _field_value(form: Any, annotation: Any) -> tuple[str, bool]:
    """The value of a field, and whether it is to be read instead of the appearance."""
    from pypdfium2 import raw

    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        marks = CHECK_MARKS if kind == raw.FPDF_FORMFIELD_CHECKBOX else RADIO_MARKS
        return marks[_is_checked(form, annotation)], True
    if kind not in (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX):
        return "", False
    if kind != raw.FPDF_FORMFIELD_TEXTFIELD:
        chosen = _chosen(form, annotation)
        if chosen:
            return "\n".join(chosen), kind == raw.FPDF_FORMFIELD_LISTBOX
    flags = raw.FPDFAnnot_GetFormFieldFlags(form, annotation)
    if kind == raw.FPDF_FORMFIELD_TEXTFIELD and flags & _IS_PASSWORD:
        return "", True
    value = _string(raw.FPDFAnnot_GetFormFieldValue, form, annotation)
    return value, bool(value.strip() and kind == raw.FPDF_FORMFIELD_TEXTFIELD and flags & _IS_COMB)


def _is_checked(form: Any, annotation: Any) -> bool:
    from pypdfium2 import raw

    state = _string(raw.FPDFAnnot_GetStringValue, annotation, b"AS")
    if state:
        return state != "Off"
    value = _string(raw.FPDFAnnot_GetFormFieldValue, form, annotation)
    return value not in ("", "Off") and value == _string(raw.FPDFAnnot_GetFormFieldExportValue, form, annotation)


def _chosen(form: Any, annotation: Any) -> list[str]:
    """The options that are chosen, as they are shown."""
    from pypdfium2 import raw

    options = range(min(raw.FPDFAnnot_GetOptionCount(form, annotation), _MAX_OPTIONS))
    chosen = [index for index in options if raw.FPDFAnnot_IsOptionSelected(form, annotation, index)]
    return [_string(raw.FPDFAnnot_GetOptionLabel, form, annotation, index) for index in chosen]


def _shows_text(annotation: Any, reading: _PageReading) -> bool:
    """Whether the appearance of ``annotation`` has text. A very large one is not looked at."""
    from pypdfium2 import raw

    if reading.appearance <= 0:
        return False
    reading.appearance -= raw.FPDFAnnot_GetAP(annotation, raw.FPDF_ANNOT_APPEARANCEMODE_NORMAL, None, 0)
    if reading.appearance < 0:
        return False
    count = min(raw.FPDFAnnot_GetObjectCount(annotation), _MAX_PARTS)
    waiting = [raw.FPDFAnnot_GetObject(annotation, number) for number in range(count)]
    for part in waiting:  # grows under way
        kind = raw.FPDFPageObj_GetType(part)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            return True
        if kind == raw.FPDF_PAGEOBJ_FORM:
            count = min(raw.FPDFFormObj_CountObjects(part), _MAX_PARTS - len(waiting))
            waiting += [raw.FPDFFormObj_GetObject(part, number) for number in range(count)]
    return False


def _add_drawn(texts: Sequence[Sequence[Fragment]], reading: _PageReading) -> None:
    """Add what the appearances show; the value where that says more (a field too short for what was typed)."""
    is_matching = len(texts) == len(reading.drawn)
    everything = "" if is_matching else _squeezed("".join(line.text for lines in texts for line in lines))
    pairs = zip(reading.drawn.values(), texts if is_matching else [()] * len(reading.drawn), strict=True)
    for (box, value), lines in pairs:
        typed, seen = _squeezed(value), _squeezed("".join(line.text for line in lines))
        is_cut = seen in typed and typed != seen and typed not in everything
        if is_cut:
            reading.add(value, box)
        else:
            reading.fragments += lines
    if not is_matching:
        reading.fragments += [line for lines in texts for line in lines]


def _parts(box: Sequence[float], count: int, angle: int) -> list[tuple[float, float, float, float]]:
    """The boxes of ``count`` lines within ``box``, the upper ones first; ``angle`` as in ``Fragment``."""
    left, bottom, right, top = box
    room = right - left if angle in (90, 270) else top - bottom
    height = room if count == 1 else min(room / max(1, count), _LINE_HEIGHT)
    parts = []
    for number in range(count):
        near, far = number * height, (number + 1) * height
        if angle == 90:
            parts.append((right - far, bottom, right - near, top))
        elif angle == 180:
            parts.append((left, bottom + near, right, bottom + far))
        elif angle == 270:
            parts.append((left + near, bottom, left + far, top))
        else:
            parts.append((left, top - far, right, top - near))
    return parts


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _box(annotation: Any) -> tuple[float, float, float, float]:
    from pypdfium2 import raw

    rectangle = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(annotation, rectangle)
    left, right = sorted((rectangle.left, rectangle.right))
    bottom, top = sorted((rectangle.bottom, rectangle.top))
    return left, bottom, right, top


def _string(function: Callable[..., int], *arguments: Any) -> str:
    """The string that a function of pdfium returns in a buffer of UTF-16, its line ends as "\\n"."""
    size = function(*arguments, None, 0)
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    function(*arguments, buffer, size)
    text = bytes(buffer)[: max(0, size - 2)].decode("utf-16-le", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
