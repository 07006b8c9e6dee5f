"""The objects of a PDF file that pdfium does not hand out, read by pypdf."""

from __future__ import annotations

import logging
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdfium2 import PdfDocument


class FileObjects:
    """The objects of a document, in a copy that pdfium writes when first asked: whole and without encryption.

    Reading a damaged object raises one of ``damage()``.
    """

    def __init__(self, document: PdfDocument) -> None:
        self._document = document
        self._reader: PdfReader | None = None
        self._is_unreadable = False

    def page(self, page_index: int) -> Any:
        """The dictionary of a page, counted from 0."""
        return self._opened().pages[page_index]

    def catalog(self) -> Any:
        """The dictionary of the document."""
        return self._opened().root_object

    def _opened(self) -> PdfReader:
        from pypdf import PdfReader
        from pypdfium2 import PdfiumError, raw

        if self._is_unreadable:
            raise ValueError("a file that pypdf does not read")
        if self._reader is None:
            self._is_unreadable = True
            logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns of each fault of a file
            copy = BytesIO()
            try:
                self._document.save(copy, flags=raw.FPDF_REMOVE_SECURITY)
            except PdfiumError as error:
                raise ValueError(str(error)) from error
            reader = PdfReader(copy)
            reader.pages[0]  # walks through the tree of pages
            self._reader, self._is_unreadable = reader, False
        return self._reader


def damage() -> tuple[type[Exception], ...]:
    """What reading the objects of a damaged file raises."""
    from pypdf.errors import PyPdfError

    return (PyPdfError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def resolved(value: Any) -> Any:
    """The object that ``value`` is or refers to."""
    return value.get_object() if hasattr(value, "get_object") else value
