"""What holds for the readers of all formats that are ZIP archives: slices lie in the text, and damage is an error."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import pytest
from book_files import book_file, entry
from hypothesis import given, settings
from hypothesis import strategies as st
from odf_files import NUMBERED, cell, h, li, odf_file, p, row, style, ul
from slide_files import body, frame, para, shape, slide_file, title

from qadesk.documents.formats import by_kind
from qadesk.documents.parsing import Parsed, Source
from qadesk.errors import DocumentError
from qadesk.structure import units

WORDS = st.text(st.sampled_from("ab 1.:-\t\n\u2022ü\ufb01\U0001f600"), max_size=20).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;")
)
_NOTE = (
    '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
    "<text:note-body>{}</text:note-body></text:note>"
)
_BOX = "<draw:frame><draw:text-box>{}</draw:text-box></draw:frame>"
_WIDE = 'table:number-columns-spanned="2"'
_ODF_PIECES = (
    p, h, lambda text: ul(li(p(text), ul(li(p(text))))), lambda text: p(text + _NOTE.format(p(text))),
    lambda text: p(text + _BOX.format(p(text))), lambda text: p(text, "B"),
    lambda text: f"<table:table>{row(cell(text), cell(text, _WIDE))}"
    f"{row(cell(text), '<table:covered-table-cell/>', cell(''))}</table:table>",
)  # fmt: skip
_SLIDE_PIECES = (
    title, lambda text: body(para(text), para(text, 1)), lambda text: shape(para(text), at=(1, 2, 3, 4)),
    lambda text: shape(para(text), place='type="ftr"'),
    lambda text: frame(f"<a:tbl><a:tr><a:tc><a:txBody>{para(text)}</a:txBody></a:tc></a:tr></a:tbl>"),
)  # fmt: skip
_PAGE_PIECES = (
    "<h1>{}</h1>", "<p id='x'>{}</p>", "<ol><li>{}</li></ol>", "<pre>{}</pre>", "<table><tr><th>{0}<td>{0}</table>",
)  # fmt: skip


def _odf(pieces: list[tuple[int, str]]) -> bytes:
    body = "".join(_ODF_PIECES[number % len(_ODF_PIECES)](text) for number, text in pieces)
    return odf_file(body, NUMBERED + style("B", 'fo:font-weight="bold"'))


def _slides(pieces: list[tuple[int, str]]) -> bytes:
    shapes = [_SLIDE_PIECES[number % len(_SLIDE_PIECES)](text) for number, text in pieces]
    slides = ["".join(shapes[start : start + 3]) for start in range(0, len(shapes), 3)]
    return slide_file(*slides, notes={1: shape(para("note"), place='type="body"')})


def _book(pieces: list[tuple[int, str]]) -> bytes:
    pages = [_PAGE_PIECES[number % len(_PAGE_PIECES)].format(text) for number, text in pieces]
    table = "".join(entry(f"c{number}", f"p{number}.xhtml#x") for number in range(1, len(pages) + 1, 2))
    return book_file(*(pages or ["<p>a</p>"]), contents=table or entry("a", "p1.xhtml"))


MAKERS = {"odt": _odf, "pptx": _slides, "epub": _book}


def read(kind: str, data: bytes) -> Parsed:
    return by_kind(kind).read(Source(io.BytesIO(data), "'x'"))


def check(result: Parsed) -> None:
    """Blocks lie in the text in order with nothing but white space between them; so do pages, which cover it."""
    text, end = result.text, 0
    for block in result.blocks:
        assert end <= block.start <= block.body <= block.end <= len(text)
        assert not text[end : block.start].strip()
        assert text[block.start : block.end].strip()
        end = block.end
    assert not text[end:].strip()
    for start, stop in units(result.blocks):
        assert 0 <= start < stop <= len(text)
    end = 0
    for page in result.pages:
        assert end <= page.start <= page.end <= len(text)
        assert not text[end : page.start].strip()
        end = page.end
    assert not result.pages or not text[end:].strip()
    assert all(0 <= item.start < len(text) for item in result.outline)


@pytest.mark.parametrize("kind", MAKERS)
@settings(max_examples=40, deadline=None)
@given(pieces=st.lists(st.tuples(st.integers(0, 9), WORDS), max_size=9))
def test_every_block_and_page_is_a_slice_of_the_text(kind: str, pieces: list[tuple[int, str]]) -> None:
    check(read(kind, MAKERS[kind](pieces)))


SAMPLE = [(number, f"text {number}") for number in range(9)]


def unpacked(data: bytes) -> bytes:
    """The same archive without compression, so that changed bytes change what is in it."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for member in old.infolist():
            new.writestr(member.filename, old.read(member))
    return file.getvalue()


def mended(data: bytes, changed: bytes) -> bytes:
    """The archive ``data`` with the contents of its parts as far as they are in ``changed``, and right checksums."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for member in old.infolist():
            start = member.header_offset + 30 + len(member.filename)
            new.writestr(member.filename, changed[start : start + member.file_size])
    return file.getvalue()


@pytest.mark.parametrize("kind", MAKERS)
@settings(max_examples=100, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), max_size=6), is_mended=st.booleans())
def test_changed_bytes_are_read_or_refused(kind: str, changes: list[tuple[int, int]], is_mended: bool) -> None:
    data = unpacked(MAKERS[kind](SAMPLE))
    changed = bytearray(data)
    for place, value in changes:
        changed[place % len(data)] = value
    with suppress(DocumentError):  # any other error is a failure
        check(read(kind, mended(data, bytes(changed)) if is_mended else bytes(changed)))


@pytest.mark.parametrize("kind", MAKERS)
def test_a_file_cut_at_any_length_is_refused(kind: str) -> None:
    data = MAKERS[kind](SAMPLE)
    for size in range(0, len(data), 37):
        with pytest.raises(DocumentError, match="'x' is damaged or incomplete"):
            read(kind, data[:size])


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("other", MAKERS)
def test_the_wrong_content_is_refused(kind: str, other: str) -> None:
    if kind != other:
        with pytest.raises(DocumentError) as excinfo:
            read(kind, MAKERS[other](SAMPLE))
        assert excinfo.value.hint


def test_an_archive_in_an_archive_is_not_opened() -> None:
    inner = MAKERS["odt"](SAMPLE)
    for _ in range(20):
        inner = odf_file(p("outer"), parts={"Object 1": inner, "inner.odt": inner})
    assert read("odt", inner).text == "outer"
