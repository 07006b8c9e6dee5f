"""Opening PDF files, also those that pdfium refuses for want of a header or of a whole trailer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qadesk.documents.parsing import Source
from qadesk.errors import DocumentError, PasswordNeeded

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfiumError

_OBJECT = re.compile(rb"(\d{1,10})\s{1,9}(\d{1,5})\s{1,9}obj\b")
_MAX_CATALOGS = 20


def open_pdf(source: Source) -> PdfDocument:
    """The document in ``source``, as the file has it or repaired. Raises ``DocumentError``, ``PasswordNeeded``."""
    from pypdfium2 import PdfiumError

    try:
        return load_pdf(source)
    except PdfiumError as error:
        raise _cannot_load(source, error) from error


def load_pdf(source: Source) -> PdfDocument:
    """As ``open_pdf``, but raises ``PdfiumError`` if pdfium opens the file neither as it is nor repaired."""
    from pypdfium2 import PdfDocument, PdfiumError, raw

    data = source.file.read()  # pdfium asks for a few hundred bytes at a time
    try:
        return PdfDocument(data, password=source.password)
    except PdfiumError as error:
        if error.err_code != raw.FPDF_ERR_FORMAT:
            raise
        for repaired in _repaired(data):
            source.heartbeat()
            try:
                return PdfDocument(repaired, password=source.password)
            except PdfiumError as another:
                if another.err_code == raw.FPDF_ERR_PASSWORD:
                    raise
        raise


def _repaired(data: bytes) -> Iterator[bytes]:
    """The bytes of a file with a header where it has none, then also with a new trailer in place of its last."""
    if b"%PDF-" not in data[:1024]:
        data = b"%PDF-1.7\n" + data
        yield data
    if b"/Encrypt" in data:  # without its trailer it could not be read
        return
    root = _catalog(data)
    if root:
        end = data.rfind(b"trailer")
        body = data if end < 0 else data[:end]
        yield b"%s\ntrailer\n<</Root %s R>>\n%%%%EOF\n" % (body, root)


def _catalog(data: bytes) -> bytes:
    """The number of the last catalog of a file, as "1 0"; empty if none is seen."""
    end = len(data)
    for _ in range(_MAX_CATALOGS):
        end = data.rfind(b"/Catalog", 0, end)
        if end < 0:
            break
        objects = _OBJECT.findall(data, max(0, end - 500), end)
        if objects:
            return b" ".join(objects[-1])
    return b""


def _cannot_load(source: Source, error: PdfiumError) -> DocumentError:
    from pypdfium2 import raw

    name = source.name
    if error.err_code == raw.FPDF_ERR_PASSWORD:
        if source.password:
            return PasswordNeeded(f"The password does not open {name}.", "Check it and type it again.", wrong=True)
        return PasswordNeeded(f"{name} is protected by a password.", "Type the password to open it.")
    if error.err_code == raw.FPDF_ERR_SECURITY:
        return DocumentError(
            f"{name} is protected in a way that QADesk cannot open.",
            "Open it in the program it was made for, and print or save it as an ordinary PDF.",
        )
    return DocumentError(
        f"{name} is damaged or incomplete, or has no pages.",
        "Get the file again, or open it in a PDF viewer and print it to a new PDF.",
        str(error),
    )
