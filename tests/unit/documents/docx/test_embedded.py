"""Embedded documents (altChunk) and diagrams."""

from __future__ import annotations

import pytest
from word_files import NAMESPACES, blocks, paragraph, parsed, word_file

CHUNK = '<w:altChunk r:id="c"/>'


def with_chunk(data: bytes, path: str = "chunk.html", body: str = "") -> bytes:
    return word_file(body or paragraph("before") + CHUNK + paragraph("after"), embedded={"c": ("aFChunk", path, data)})


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("chunk.html", b"<html><body><p>The key is kept by <b>Jonas Lind</b>.</p></body></html>"),
        ("chunk.dat", b"<p>The key is kept by Jonas Lind.</p>"),
        ("chunk.txt", b"The key is kept by Jonas Lind."),
        ("chunk.docx", word_file(paragraph("The key is kept by Jonas Lind."))),
        ("my chunk.htm", b"<p>The key is kept by Jonas Lind."),
    ],
)
def test_embedded_documents_stand_where_they_are_embedded(path: str, data: bytes) -> None:
    result = parsed(with_chunk(data, path))
    assert result.text.split("\n\n") == ["before", "The key is kept by Jonas Lind.", "after"]
    assert result.notes == ()


def test_a_document_of_nothing_but_an_embedded_one() -> None:
    assert parsed(with_chunk(b"<h1>Keys</h1><p>x", body=CHUNK)).text == "Keys\n\nx"


def test_blocks_of_an_embedded_document_are_blocks() -> None:
    inner = word_file(paragraph("Keys", '<w:pStyle w:val="Heading1"/>') + paragraph("Rent: 900 euros"))
    assert [block[0] for block in blocks(with_chunk(inner, "chunk.docx"))] == [
        "paragraph", "heading", "pair", "paragraph",
    ]  # fmt: skip


def test_an_embedded_document_in_a_cell() -> None:
    body = f"<w:tbl><w:tr><w:tc>{CHUNK}</w:tc><w:tc>{paragraph('b')}</w:tc></w:tr></w:tbl>"
    assert parsed(with_chunk(b"<p>a", body=body)).text == "a\tb"


@pytest.mark.parametrize(
    ("path", "data", "note"),
    [
        ("c.rtf", b"{\\rtf1{\\pict 0}}", "An embedded document could not be read: 'x' holds only pictures."),
        ("c.docx", b"PK\x03\x04 and no more", "An embedded document could not be read: 'x' is damaged or incomplete."),
    ],
)
def test_what_cannot_be_read_is_told(path: str, data: bytes, note: str) -> None:
    result = parsed(with_chunk(data, path))
    assert (result.text, result.notes) == ("before\n\nafter", (note,))


def test_a_part_outside_the_document_is_not_fetched() -> None:
    result = parsed(
        word_file(
            CHUNK + paragraph("after"),
            embedded={"c": ('aFChunk" TargetMode="External', "x.html", b"<p>no")},
        )
    )
    assert result.text == "after"
    assert result.notes == ("A part of the text lies in another file and was left out.",)


def test_documents_in_documents_end_somewhere() -> None:
    data = word_file(paragraph("deepest"))
    for depth in range(6):
        data = word_file(paragraph(f"depth {depth}") + CHUNK, embedded={"c": ("aFChunk", "c.docx", data)})
    result = parsed(data)
    assert result.text.split("\n\n") == ["depth 5", "depth 4", "depth 3", "depth 2"]
    assert result.notes == ("Embedded documents were left out: they are too large or lie too deep in one another.",)


def test_a_part_that_is_embedded_twice_is_read_once() -> None:
    assert parsed(with_chunk(b"<p>once", body=CHUNK + CHUNK)).text == "once"


# Diagrams


def point(text: str, kind: str = "node") -> str:
    return f'<dgm:pt type="{kind}"><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>'


def test_the_words_of_a_diagram_come_below_its_paragraph() -> None:
    points = point("Order") + point("no", "sibTrans") + point("Pay")
    data = f"<dgm:dataModel {NAMESPACES}><dgm:ptLst>{points}</dgm:ptLst></dgm:dataModel>"
    drawing = '<w:r><w:drawing><a:graphicData><dgm:relIds r:dm="d"/></a:graphicData></w:drawing></w:r>'
    body = f"<w:p><w:r><w:t>Steps</w:t></w:r>{drawing}</w:p>{paragraph('after')}"
    result = parsed(word_file(body, embedded={"d": ("diagramData", "diagrams/any.xml", data.encode())}))
    assert result.text == "Steps\n\nOrder\nPay\n\nafter"
