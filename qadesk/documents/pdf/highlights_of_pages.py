"""Highlight annotations for a copy of a PDF: made on its pages, and the copy as bytes."""

from __future__ import annotations

import ctypes
from contextlib import closing, suppress
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qadesk.documents.open_file import without_surrogates
from qadesk.documents.scans.page_source import PageError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

Corners = NDArray[np.float64]

_BEST, _OTHER = (255, 205, 40), (140, 195, 255)
"""Red, green and blue of the best answer to a question, and of its others."""
_OPACITY = 130  # of 255
_NARROW = 2.0
_LONGEST_NOTE = 4000  # characters
_AUTHOR = "QADesk"


def add_highlight(page: PdfPage, lines: Corners, note: str, *, is_best: bool) -> None:
    """A highlight on ``lines``, (n, 2, 2): their lower left and upper right corners in the page's own coordinates.

    ``note`` is what a viewer shows beside it. Raises ``PageError``.
    """
    from pypdfium2 import raw

    annotation = raw.FPDFPage_CreateAnnot(page.raw, raw.FPDF_ANNOT_HIGHLIGHT)
    if not annotation:
        raise PageError("pdfium makes no annotation")
    try:
        for line in lines.reshape(-1, 4).tolist():
            raw.FPDFAnnot_AppendAttachmentPoints(annotation, raw.FS_QUADPOINTSF(*_quad(*line)))
        left, bottom = map(float, lines[:, 0].min(0))
        right, top = map(float, lines[:, 1].max(0))
        raw.FPDFAnnot_SetRect(annotation, raw.FS_RECTF(left, top, right, bottom))
        raw.FPDFAnnot_SetColor(annotation, raw.FPDFANNOT_COLORTYPE_Color, *(_BEST if is_best else _OTHER), _OPACITY)
        raw.FPDFAnnot_SetStringValue(annotation, b"Contents", _wide(note[:_LONGEST_NOTE]))
        raw.FPDFAnnot_SetStringValue(annotation, b"T", _wide(_AUTHOR))
        raw.FPDFAnnot_SetFlags(annotation, raw.FPDF_ANNOT_FLAG_PRINT)
    finally:
        raw.FPDFPage_CloseAnnot(annotation)


def _quad(left: float, bottom: float, right: float, top: float) -> tuple[float, ...]:
    """The corners of a line: beginning and end of its upper edge, then of its lower one.

    Viewers round its beginning and end. A line that is high and narrow is taken for one that runs upwards.
    """
    if top - bottom > _NARROW * (right - left):
        return left, bottom, left, top, right, bottom, right, top
    return left, top, right, top, left, bottom, right, bottom


def saved_copy(document: PdfDocument, password: str | None) -> bytes:
    """The bytes of ``document`` as it is now: those of the file with what is new behind them.

    A file that pdfium could only read by mending it is written anew. What is written must open again, and have as many
    pages. Raises ``PageError``.
    """
    from pypdfium2 import PdfDocument, PdfiumError, raw

    for flags in (raw.FPDF_INCREMENTAL, raw.FPDF_NO_INCREMENTAL):
        buffer = BytesIO()
        with suppress(PdfiumError):
            document.save(buffer, flags=flags)
            with closing(PdfDocument(buffer.getvalue(), password=password)) as copy:
                if len(copy) == len(document):
                    return buffer.getvalue()
    raise PageError("pdfium cannot write it")


def _wide(text: str) -> Any:
    """``text`` as a string of pdfium: UTF-16 with a zero at its end."""
    data = without_surrogates(text).replace("\0", "\ufffd").encode("utf-16-le") + b"\0\0"
    from pypdfium2 import raw

    return ctypes.cast(ctypes.create_string_buffer(data), ctypes.POINTER(raw.FPDF_WCHAR))
