from __future__ import annotations

from pathlib import Path

import pytest

from qadesk.documents.formats import SUFFIXES, kind_of
from qadesk.errors import DocumentError


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.txt", b"text", "text"),
        ("a.LOG", b"text", "text"),
        ("a.csv", b"a,b", "text"),
        ("a.md", b"# text", "markdown"),
        ("a.Markdown", b"# text", "markdown"),
        ("a.htm", b"<p>text", "html"),
        ("a.pdf", b"%PDF-1.7", "pdf"),
        ("a.pdf", b"junk\n%PDF-1.7", "pdf"),
        ("a.docx", b"PK\x03\x04", "docx"),
        # a wrong name
        ("a.txt", b"%PDF-1.7", "pdf"),
        ("a.docx", b"%PDF-1.7", "pdf"),
        ("a.pdf", b"PK\x03\x04", "docx"),
        ("a.txt", b"A PDF begins with %PDF-1.7", "text"),
        ("a.txt", b"<!doctype html><p>source", "text"),
        # an unknown name, or none
        ("a.xyz", b"text", "text"),
        ("README", b"text", "text"),
        ("download", b"<!DOCTYPE html><p>text", "html"),
        (".md", b"text", "text"),
    ],
)
def test_kind_of(name: str, head: bytes, kind: str) -> None:
    assert kind_of(Path(name), head) == kind


@pytest.mark.parametrize(
    ("name", "head", "sentence"),
    [
        ("a.pdf", b"text", "'a.pdf' is not a PDF, although its name says so"),
        ("a.docx", b"text", "'a.docx' is not a Word document, although its name says so"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "'a.docx' is protected by a password"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "'a.doc' is an old Word"),
        ("a.rtf", b"{\\rtf1", "'a.rtf' is an RTF file"),
    ],
)
def test_other_formats_are_refused_with_advice(name: str, head: bytes, sentence: str) -> None:
    with pytest.raises(DocumentError, match=sentence) as caught:
        kind_of(Path(name), head)
    assert ".docx" in caught.value.hint or ".txt" in caught.value.hint


def test_each_suffix_is_listed_once_and_with_its_dot() -> None:
    suffixes = [suffix for group in SUFFIXES.values() for suffix in group]
    assert len(suffixes) == len(set(suffixes))
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)
