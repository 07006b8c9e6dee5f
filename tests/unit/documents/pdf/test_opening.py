from __future__ import annotations

import io
from contextlib import closing

import pypdfium2
import pytest
from pdf_files import PASSWORD, encrypted_pdfs, make_pdf
from pypdfium2 import raw

from qadesk.documents.parsing import Source
from qadesk.documents.pdf.opening import load_pdf

PLAIN = make_pdf([["The lamp."], ["The oil."]])


def pages(data: bytes, password: str | None = None) -> list[str]:
    with closing(load_pdf(Source(io.BytesIO(data), "'x'", password=password))) as document:
        return [page.get_textpage().get_text_range() for page in document]


def refusal(data: bytes) -> int:
    with pytest.raises(pypdfium2.PdfiumError) as excinfo:
        pages(data)
    return int(excinfo.value.err_code)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        PLAIN.replace(b"%PDF-1.7", b"%"),
        b"\0" * 800 + PLAIN,
        b"From: a@b\n" * 500 + PLAIN,
        PLAIN.replace(b"/Root 1 0 R", b"/Root 1 0 R/ID[<9\xa4I"),
        PLAIN[: PLAIN.rindex(b"trailer")],
        PLAIN[: PLAIN.rindex(b"xref\n0")],
        PLAIN.replace(b"%PDF-1.7", b"%").replace(b"/Root 1 0 R", b"/ID[<9\xa4I"),
    ],
)
def test_files_that_lack_their_beginning_or_end(data: bytes) -> None:
    assert pages(data) == ["The lamp.", "The oil."]


def test_files_that_are_none() -> None:
    for data in (b"x", b"plain text, no PDF", b"%PDF-1.7\n", b"1 0 obj<</Type/Catalog>>endobj", PLAIN[:60]):
        assert refusal(data) == raw.FPDF_ERR_FORMAT


def test_a_file_cut_off_in_the_middle_opens_as_far_as_it_goes() -> None:
    with closing(load_pdf(Source(io.BytesIO(PLAIN[:600]), "'x'"))) as document:
        assert len(document) == 2
        assert document[0].get_textpage().get_text_range() == "The lamp."


def test_encrypted_files() -> None:
    for data in encrypted_pdfs().values():
        assert refusal(data) == raw.FPDF_ERR_PASSWORD
        assert pages(data, PASSWORD) == ["The lamp was lit in 1854."]
        assert pages(data.replace(b"%PDF-", b"%abc-"), PASSWORD) == ["The lamp was lit in 1854."]
        assert refusal(data.replace(b"%PDF-", b"%abc-")) == raw.FPDF_ERR_PASSWORD
