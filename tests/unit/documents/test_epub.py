"""The reader of e-books."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from book_files import XHTML, book_file, entry, page_source, point

from qadesk import documents
from qadesk.documents import epub
from qadesk.documents.parsing import Parsed, Source
from qadesk.errors import DocumentError


def read(data: bytes) -> Parsed:
    return epub.read(Source(io.BytesIO(data), "'a.epub'"))


def chapters(data: bytes) -> list[tuple[str, str]]:
    """The labels of the chapters, and their texts on one line."""
    result = read(data)
    assert [page.number for page in result.pages] == list(range(1, len(result.pages) + 1))
    assert {page.unit for page in result.pages} <= {"chapter"}
    return [(page.label, " ".join(result.text[page.start : page.end].split())) for page in result.pages]


def test_pages_are_read_in_the_order_of_the_spine() -> None:
    spine = '<itemref idref="p2"/><itemref idref="p1"/><itemref idref="p2"/><itemref idref="none"/>'
    data = book_file("<h1>One</h1><p>first<br/>line</p>", "<h2>Two</h2><ul><li>item</li></ul>", spine=spine)
    result = read(data)
    assert result.text == "Two\n\n• item\n\nOne\n\nfirst\nline"
    assert [(block.kind, block.level) for block in result.blocks] == [
        ("heading", 2), ("item", 1), ("heading", 1), ("paragraph", 0),
    ]  # fmt: skip
    assert chapters(data) == [("1", "Two • item"), ("2", "One first line")]


@pytest.mark.parametrize("is_old", [False, True])
def test_chapters_are_named_by_the_table_of_contents(is_old: bool) -> None:
    line = point if is_old else entry
    table = "".join([
        line("Chapter 1: The storm", "p2.xhtml", line("Wind", "p2.xhtml#w")),
        line("CHAPTER II", "p3.xhtml"),
        line("Chapters of my life", "./p5.xhtml"),
        line("Gone", "https://example.org/"), line("Lost", "p99.xhtml"), line(" ", "p1.xhtml"),
    ])  # fmt: skip
    pages = ("<p>A title page</p>", "<p>a</p><h3 id='w'>Wind</h3>", "<p>b</p>", "<p>b goes on</p>", "<p>c</p>")
    data = book_file(*pages, **({"old_contents": table} if is_old else {"contents": table}))
    assert chapters(data) == [
        ("front matter", "A title page"), ("1: The storm", "a Wind"), ("II", "b b goes on"),
        ("Chapters of my life", "c"),
    ]  # fmt: skip


def test_chapters_within_a_part_begin_where_their_element_is() -> None:
    page = "<p>Front</p><div id='c1'><h2>I</h2>one</div><h2><a id='c2'/>II</h2><p>two<a id='c3'/></p><p>three</p>"
    table = entry("Book", "p1.xhtml", *(entry(f"Part {number}", f"p1.xhtml#c{number}") for number in (1, 2, 3)))
    assert chapters(book_file(page, contents=table)) == [
        ("Book", "Front"), ("Part 1", "I one"), ("Part 2", "II two"), ("Part 3", "three"),
    ]  # fmt: skip


def test_chapters_without_their_element_begin_where_their_title_is() -> None:
    page = "<p>Front</p><h2>The wind</h2><p>The tide</p><p>one</p><p>The tide rose.</p>"
    table = "".join(entry(title, f"p1.xhtml#{title[-4:]}") for title in ("The wind", "The tide", "The rain"))
    assert chapters(book_file(page, contents=table)) == [
        ("front matter", "Front"), ("The wind", "The wind"), ("The tide", "The tide one The tide rose."),
    ]  # fmt: skip


def test_sections_of_chapters_are_no_chapters() -> None:
    pages = [f"<h1>{number}</h1><h2 id='s'>section</h2><p>text</p>" for number in range(6)]
    table = "".join(entry(str(number), f"p{number}.xhtml", entry("s", f"p{number}.xhtml#s")) for number in range(1, 7))
    assert [label for label, _ in chapters(book_file(*pages, contents=table))] == ["1", "2", "3", "4", "5", "6"]


def test_chapters_in_parts_of_a_book_are_chapters() -> None:
    pages = [f"<p>{number}</p>" for number in range(1, 9)]
    table = "".join(
        entry(f"Part {part}", f"p{first}.xhtml", *(entry(str(n), f"p{n}.xhtml") for n in range(first + 1, first + 4)))
        for part, first in (("A", 1), ("B", 5))
    )
    assert [label for label, _ in chapters(book_file(*pages, contents=table))] == [
        "Part A", "2", "3", "4", "Part B", "6", "7", "8",
    ]  # fmt: skip


def test_the_table_is_the_outline_where_headings_are_not_marked() -> None:
    table = entry("Wind", "p1.xhtml") + entry("Rain", "p2.xhtml", entry("Drops", "p2.xhtml#d"))
    result = read(book_file("<p>a</p>", "<p>b</p><p id='d'>c</p>", contents=table))
    assert [(item.title, item.level, item.start) for item in result.outline] == [
        ("Wind", 1, 0), ("Rain", 1, 3), ("Drops", 2, 6),
    ]  # fmt: skip
    assert read(book_file("<h1>a</h1>", "<p>b</p>", contents=table)).outline == ()


def test_a_long_title_is_shortened_in_the_label() -> None:
    ((label, _),) = chapters(book_file("<p>a</p>", contents=entry("long " * 40, "p1.xhtml")))
    assert label.startswith("long long")
    assert len(label) <= 60


def test_a_table_that_cannot_be_read_is_none() -> None:
    old = book_file("<p>a</p>", old_contents="<navPoint>&nbsp;</navPoint>")
    assert chapters(old) == [("1", "a")]
    entities = '<!DOCTYPE ncx [<!ENTITY a SYSTEM "file:///etc/passwd">]><ncx>&a;</ncx>'
    assert chapters(book_file("<p>a</p>", old_contents=point("A", "p1.xhtml"), parts={"text/toc.ncx": entities})) == [
        ("1", "a")
    ]


def test_parts_that_are_missing_or_no_text() -> None:
    more = '<itemref idref="p1"/><itemref idref="m"/><itemref idref="s"/>'
    opf = (
        f'<package><manifest><item id="p1" href="p1.xhtml" media-type="{XHTML}"/>'
        f'<item id="m" href="missing.xhtml" media-type="{XHTML}"/>'
        '<item id="s" href="s.svg" media-type="image/svg+xml"/>'
        f"</manifest><spine>{more}</spine></package>"
    )
    result = read(book_file("<p>a</p>", parts={"text/book.opf": opf, "text/s.svg": "<svg>no</svg>"}))
    assert (result.text, result.notes) == ("a", ("A part of the book is missing.",))


def test_names_with_other_characters() -> None:
    opf = (
        '<package><manifest><item id="a" href="../Text/Kapitel%20%C3%A4.html" media-type="text/html"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    page = "<meta charset=utf-8><p>über"
    assert read(book_file(parts={"text/book.opf": opf, "Text/Kapitel ä.html": page})).text == "über"


def test_what_is_hidden_and_scripts_are_left_out() -> None:
    page = '<p>a</p><script>document.write("b")</script><p hidden="hidden">c</p>'
    assert read(book_file(f'{page}<style>.x{{display:none}}</style><p class="x">d</p>')).text == "a"


def test_an_encrypted_book_is_refused() -> None:
    encrypted = (
        '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData><e:EncryptionMethod Algorithm="{}"/>'
        '<e:CipherData><e:CipherReference URI="{}"/></e:CipherData></e:EncryptedData></encryption>'
    )
    aes, font = "http://www.w3.org/2001/04/xmlenc#aes128-cbc", "http://www.idpf.org/2008/embedding"
    for algorithm, part in ((font, "fonts/a.otf"), (font, "text/p1.xhtml"), (aes, "images/a.png")):
        assert read(book_file("<p>a</p>", parts={"META-INF/encryption.xml": encrypted.format(algorithm, part)})).text
    with pytest.raises(DocumentError, match=r"'a\.epub' is an encrypted book") as excinfo:
        read(book_file("<p>a</p>", parts={"META-INF/encryption.xml": encrypted.format(aes, "text/p1.xhtml")}))
    assert "DRM" in excinfo.value.hint


@pytest.mark.parametrize(
    "parts",
    [
        {"META-INF/container.xml": "<container/>"},
        {"META-INF/container.xml": '<container><rootfile full-path="none.opf"/></container>'},
        {"text/book.opf": "<package><manifest/><spine/></package>"},
    ],
)
def test_another_archive_is_refused(parts: dict[str, str]) -> None:
    with pytest.raises(DocumentError, match=r"not an e-book \(EPUB\)"):
        read(book_file("<p>a</p>", parts=parts))


def test_through_the_child_process(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(book_file("<h1>A wrong name</h1><p>text</p>", contents=entry("One", "p1.xhtml")))
    document = documents.read(tmp_path / "a.zip")
    assert (document.kind, document.text) == ("epub", "A wrong name\n\ntext")
    assert [page.name for page in document.pages] == ["chapter One"]
    (tmp_path / "b.epub").write_bytes(book_file("<img src='a.png'/>", parts={"text/x.xhtml": page_source("x")}))
    with pytest.raises(DocumentError, match="holds no text"):
        documents.read(tmp_path / "b.epub")
