"""``qadesk.documents.read`` on real files of every format."""

from __future__ import annotations

import time
from pathlib import Path

import docx
import pytest
from pdf_files import PASSWORD, encrypted_pdfs, make_pdf

from qadesk import documents
from qadesk.documents.formats import encoding_can_be_chosen
from qadesk.errors import Cancelled, DocumentError, EncodingNeeded, PasswordNeeded
from qadesk.records import Document, Page
from qadesk.structure import Block


@pytest.mark.parametrize(("name", "kind"), [("a.txt", "text"), ("a.other", "text")])
def test_text(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / name
    path.write_bytes("\ufeff# Héllo\r\nworld\n".encode())
    document = documents.read(path)
    assert (document.text, document.title, document.kind) == ("# Héllo\r\nworld\n", name, kind)
    assert (document.path, document.pages, document.notes) == (path, (), ())


def test_html(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<title>Not this</title><p>One</p><p>Two", encoding="utf-8")
    blocks = (Block("paragraph", 0, 3), Block("paragraph", 5, 8))
    assert documents.read(path) == Document("One\n\nTwo", "page.html", "html", path, blocks=blocks)


def test_pdf(tmp_path: Path) -> None:
    path = tmp_path / "two pages.pdf"
    path.write_bytes(make_pdf([["One"], [], ["Two"]]))
    document = documents.read(path)
    assert document == Document(
        "One\n\nTwo",
        "two pages.pdf",
        "pdf",
        path,
        (Page(1, "1", 0, 3), Page(2, "2", 3, 3), Page(3, "3", 5, 8)),
        blocks=(Block("paragraph", 0, 3), Block("paragraph", 5, 8)),
        scans=(2,),
    )
    page = document.page_at(document.text.index("Two"))
    assert page is not None
    assert page.number == 3


def test_docx(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    letter = docx.Document()
    letter.add_paragraph("Dear reader,")
    letter.add_paragraph("good bye.")
    letter.save(str(path))
    blocks = (Block("paragraph", 0, 12), Block("paragraph", 14, 23))
    assert documents.read(path) == Document("Dear reader,\n\ngood bye.", "letter.docx", "docx", path, blocks=blocks)


def test_docx_with_structure_through_the_child_process(tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    report = docx.Document()
    report.add_heading("The lighthouse", 1)
    report.add_paragraph("Built by hand", style="List Number")
    table = report.add_table(2, 2)
    for index, text in enumerate(("Year", "Event", "1854", "Built")):
        table.cell(index // 2, index % 2).text = text
    report.save(str(path))
    document = documents.read(path)
    assert document.text == "The lighthouse\n\n1. Built by hand\n\nYear\tEvent\n1854\tBuilt"
    assert [block.kind for block in document.blocks] == ["heading", "item", "table"]
    assert [entry.title for entry in document.outline] == ["The lighthouse"]


def test_a_password_is_asked_for_and_opens(tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    path.write_bytes(encrypted_pdfs()["AES-256"])
    with pytest.raises(PasswordNeeded) as missing:
        documents.read(path)
    assert not missing.value.wrong
    with pytest.raises(PasswordNeeded) as wrong:
        documents.read(path, password="guess")
    assert wrong.value.wrong
    assert documents.read(path, password=PASSWORD).text == "The lamp was lit in 1854."


def test_a_relative_path_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.html").write_text("<p>x", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert documents.read(Path("a.html")).path == tmp_path / "a.html"


@pytest.mark.parametrize(("name", "data"), [("a.txt", b" \r\n\t\n"), ("a.html", b"<p> </p><script>x</script>")])
def test_a_file_without_a_word(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DocumentError, match=f"'{name}' holds no text"):
        documents.read(tmp_path / name)


@pytest.mark.parametrize("name", ["a.txt", "a.pdf"])
def test_cancelled(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(make_pdf([["x"]]) if name == "a.pdf" else b"x")
    with pytest.raises(Cancelled):
        documents.read(tmp_path / name, cancelled=lambda: True)


def test_the_largest_size_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"12345")
    assert documents.read(tmp_path / "a.txt", max_bytes=5).text == "12345"
    with pytest.raises(DocumentError, match=r"'a.txt' has .* MB"):
        documents.read(tmp_path / "a.txt", max_bytes=4)


def test_a_small_pdf_opens_fast(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(make_pdf([["x"]]))
    documents.read(tmp_path / "a.pdf")  # the first start reads the libraries from the disk
    start = time.monotonic()
    documents.read(tmp_path / "a.pdf")
    assert time.monotonic() - start < 2  # 0.2 s on a free machine


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_the_encoding_can_be_chosen(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes("Łódź".encode("cp1250"))
    document = documents.read(path, encoding="Windows-1250")
    assert document.text == "Łódź"
    assert document.notes == ()
    assert encoding_can_be_chosen(document)


def test_an_encoding_that_cannot_be_chosen_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    with pytest.raises(DocumentError, match="knows no encoding called 'rot13'"):
        documents.read(tmp_path / "a.txt", encoding="rot13")
    (tmp_path / "a.pdf").write_bytes(make_pdf([["text"]]))
    with pytest.raises(DocumentError, match=r"'a\.pdf' has no encoding that can be chosen"):
        documents.read(tmp_path / "a.pdf", encoding="UTF-8")
    assert not encoding_can_be_chosen(documents.read(tmp_path / "a.pdf"))
    assert not encoding_can_be_chosen(Document("text", "a"))


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.unknown"])
def test_what_may_be_text_needs_its_encoding(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"<p>Caf\x82 \x84\x94\x81 \xe1" * 3)
    with pytest.raises(EncodingNeeded, match="does not hold text"):
        documents.read(path)
    assert "CafВ" in documents.read(path, encoding="IBM866").text
    path.write_bytes(b"GIF89a" + bytes(range(256)) * 4)
    with pytest.raises(DocumentError, match="does not hold text") as excinfo:
        documents.read(path)
    assert not isinstance(excinfo.value, EncodingNeeded)
