from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

import qadesk
from qadesk import documents, paths
from qadesk.documents import formats
from qadesk.documents.formats import FORMATS, Format, by_kind, format_of
from qadesk.errors import DocumentError
from qadesk.records import Document

ROOT = Path(qadesk.__file__).parents[1]
READER = """
from qadesk.documents.parsing import Parsed, Source

def read(source: Source) -> Parsed:
    source.heartbeat()
    return Parsed(source.file.read().decode().removeprefix("TOY").upper())
"""
ROW = """
from qadesk.documents.formats import Format

TOY = Format(
    kind="toy",
    title="Toy document",
    short_title="Toy",
    title_in_list="Toy",
    suffixes=(".toy",),
    mime_types=("application/x-toy",),
    apple_types=("org.example.toy",),
    open_with=(".toy",),
    module="toy",
    sniff=lambda head, _has_suffix: head.startswith(b"TOY"),
    has_signature=True,
)
"""


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.txt", b"text", "text"),
        ("a.LOG", b"text", "text"),
        ("a.csv", b"a,b", "csv"),
        ("a.TSV", b"a\tb", "csv"),
        ("a.tab", b"a\tb", "csv"),
        ("a.md", b"# text", "markdown"),
        ("a.Markdown", b"# text", "markdown"),
        ("a.rst", b"text", "rst"),
        ("a.TEX", b"text", "tex"),
        ("a.ltx", b"%PDF-1.7", "pdf"),
        ("a.htm", b"<p>text", "html"),
        ("a.MHT", b"MIME-Version: 1.0", "html"),
        ("a.pdf", b"%PDF-1.7", "pdf"),
        ("a.pdf", b"junk\n%PDF-1.7", "pdf"),
        ("a.pdf", b"%\xe2\xe3\xcf\xd3\n1 0 obj\n<<", "pdf"),
        ("a.docx", b"PK\x03\x04", "docx"),
        # a wrong name
        ("a.txt", b"%PDF-1.7", "pdf"),
        ("a.docx", b"%PDF-1.7", "pdf"),
        ("a.txt", b"A PDF begins with %PDF-1.7", "text"),
        ("a.txt", b"<!doctype html><p>source", "text"),
        # an unknown name, or none
        ("a.xyz", b"text", "text"),
        ("README", b"text", "text"),
        ("download", b"<!DOCTYPE html><p>text", "html"),
        ("download", b"From: <Saved by Blink>\nContent-Type: multipart/related;", "html"),
        ("a.eml", b"From: Ida\nContent-Type: multipart/related;", "eml"),
        ("a.rtf", b"{\\rtf1", "rtf"),
        ("a.doc", b"\r\n{\\rtf1", "rtf"),
        ("a.docx", b"{\\rtf1", "rtf"),
        ("a.mbox", b"From x Mon May  3 10:00:00 2021\nFrom: a@b", "mbox"),
        ("Inbox", b"From - Mon May 03 10:00:00 2021\r\nX-Mozilla-Status: 0001\r\n", "mbox"),
        ("notes", b"From here on: text\nNote: more", "text"),
        ("1620.M5P6.host:2,S", b"Return-Path: <a@b>\nDate: Mon\nFrom: a@b\n\ntext", "eml"),
        ("notes", b"Date: Monday\nFrom: Ida\n\ntext", "text"),
        ("a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "msg"),
        ("a", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "__substg1.0_".encode("utf-16-le"), "msg"),
        (".md", b"text", "text"),
    ],
)
def test_format_of(name: str, head: bytes, kind: str) -> None:
    assert format_of(Path(name), BytesIO(head)).kind == kind


@pytest.mark.parametrize(
    ("name", "head", "sentence"),
    [
        ("a.pdf", b"text", "'a.pdf' is not a PDF, although its name says so"),
        ("a.docx", b"text", "'a.docx' is not a Word document, although its name says so"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "'a.docx' is protected by a password"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "'a.doc' is an old Word"),
        ("a.xlsx", b"text", "'a.xlsx' is not an Excel workbook, although its name says so"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "'a.xlsx' is protected by a password"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "'a.xls' is an old Excel file"),
        ("a.pptx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "'a.pptx' is protected by a password"),
        ("a.ppt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old PowerPoint file"),
        ("a.odt", b"text", "'a.odt' is not an OpenDocument text, although its name says so"),
        ("a.rtf", b"text", "'a.rtf' is not a Rich Text document"),
        ("a.msg", b"text", "'a.msg' is not a Message of Outlook"),
    ],
)
def test_other_formats_are_refused_with_advice(name: str, head: bytes, sentence: str) -> None:
    with pytest.raises(DocumentError, match=sentence) as excinfo:
        format_of(Path(name), BytesIO(head))
    assert any(suffix in excinfo.value.hint for suffix in (".docx", ".xlsx", ".pptx", ".txt"))


@pytest.mark.parametrize(
    ("head", "is_html"),
    [
        (b"<!DOCTYPE html>", True),
        (b"\xef\xbb\xbf \n<HTML lang=en>", True),
        (b'<?xml version="1.0"?>\n<!-- saved -->\n<html>', True),
        (b"<htmlx>", False),
        (b"In <html> files", False),
        (b"<p>text", False),
    ],
)
def test_a_web_page_without_a_suffix(head: bytes, is_html: bool) -> None:
    assert format_of(Path("a"), BytesIO(head)).kind == ("html" if is_html else "text")


def test_only_a_file_named_so_may_have_other_bytes_before_the_header_of_a_pdf() -> None:
    head = b"HTTP/1.1 200 OK\n\n%PDF-1.4\n"
    assert format_of(Path("a"), BytesIO(head)).kind == "text"
    assert format_of(Path("a.pdf"), BytesIO(head)).kind == "pdf"
    with pytest.raises(DocumentError, match="is not a PDF"):
        format_of(Path("a.pdf"), BytesIO(b" " * 1024 + b"%PDF-1.4\n"))


def test_kinds_and_suffixes_are_listed_once() -> None:
    kinds = [row.kind for row in FORMATS]
    suffixes = [suffix for row in FORMATS for suffix in row.suffixes]
    assert len(kinds) == len(set(kinds))
    assert len(suffixes) == len(set(suffixes))
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)
    assert all(set(row.open_with) <= set(row.suffixes) for row in FORMATS)
    assert all(row.sniff or row.media_types for row in FORMATS if row.has_signature)
    assert all(row.has_signature and row.main_member for row in FORMATS if row.media_types)


def test_an_unknown_kind_is_an_error() -> None:
    assert by_kind("docx").suffixes == (".docx",)
    with pytest.raises(ValueError, match="'punched cards'"):
        by_kind("punched cards")


def test_the_table_imports_no_reader() -> None:
    program = "import sys, qadesk.documents.formats; print(*sys.modules, sep='\\n')"
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True, cwd=ROOT)
    modules = set(process.stdout.split())
    assert "qadesk.documents.formats" in modules
    assert not modules & ({row.module for row in FORMATS} | {"pypdfium2", "markdown_it", "pyexpat", "PySide6"})


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Format:
    """A format that is added as every format is: one module with a reader, and one row in the table."""
    (tmp_path / "toy.py").write_text(READER, encoding="utf-8")
    namespace: dict[str, Format] = {}
    exec(ROW, namespace)  # the text of the row is run again in the child process
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "toy", raising=False)
    monkeypatch.setattr(formats, "FORMATS", (*FORMATS, namespace["TOY"]))
    (tmp_path / "a.toy").write_bytes(b"TOY text")
    return namespace["TOY"]


def test_a_format_is_one_row_and_one_module(toy: Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "FORMATS", (*FORMATS, replace(toy, isolated=False)))
    path = tmp_path / "a.toy"
    assert documents.read(path) == Document(" TEXT", "a.toy", "toy", path)
    (tmp_path / "b.txt").write_bytes(b"TOY by its signature")
    assert documents.read(tmp_path / "b.txt").kind == "toy"
    path.write_bytes(b"no toy")
    with pytest.raises(DocumentError, match=r"'a\.toy' is not a Toy document"):
        documents.read(path)
    (tmp_path / "a.txt").write_bytes(b"\0\1\2")
    with pytest.raises(DocumentError) as excinfo:
        documents.read(tmp_path / "a.txt")
    assert excinfo.value.hint == f"QADesk opens {formats.titles_in_list()} files."
    assert excinfo.value.hint.endswith(" and Toy files.")


@pytest.mark.usefixtures("toy")
def test_an_isolated_format_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(tmp_path)!r}]\n"
    add = "from qadesk.documents import formats, parser_child\nformats.FORMATS += (TOY,)\nparser_child.main()"
    monkeypatch.setattr(paths, "own_command", lambda: [sys.executable, "-c", begin + ROW + add])
    path = tmp_path / "a.toy"
    assert documents.read(path) == Document(" TEXT", "a.toy", "toy", path)
    assert "toy" not in sys.modules


@pytest.mark.usefixtures("toy")
def test_a_child_without_the_row_refuses_the_kind(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"'a\.toy' could not be read") as excinfo:
        documents.read(tmp_path / "a.toy")
    assert "no document format is called 'toy'" in excinfo.value.detail
