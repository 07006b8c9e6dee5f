from __future__ import annotations

from pathlib import Path

import pytest

from qadesk.library.chunk_groups import ChunkGroup, pack_group
from qadesk.library.compression import compress
from qadesk.library.passage_cutting import cut_passages
from qadesk.library.text_chunks import Chunk, Rest, pack_chunk, pack_rest, unpack_document
from qadesk.records import Document, Page
from qadesk.structure import Block, Cell, OutlineEntry
from qadesk.structure.character_map import CharacterMap, Run
from qadesk.structure.plain import blocks_of

PATH = Path("/somewhere/a.txt")


def _chunks(document: Document) -> list[Chunk]:
    blocks = document.blocks or blocks_of(document.text)
    return [Chunk(pack_chunk(document.text, blocks, part)) for part in cut_passages(document.text, blocks)]


def _there_and_back(document: Document) -> Document:
    rest, runs = pack_rest(document)
    row = Rest(compress(rest), compress(runs), len(document.text))
    return unpack_document(row, _chunks(document), document.title, PATH)


def _long_table() -> tuple[str, Block]:
    lines = ["Year\tStaff of the house\tNotes"] + [f"{number}\tno. {number}\t" for number in range(4000)]
    text = "\n".join(lines)
    rows, at = [], 0
    for number, line in enumerate(lines):
        cells = []
        for column, content in enumerate(line.split("\t")):
            cells.append(Cell(at, at + len(content), column, is_header=not number))
            at += len(content) + 1
        rows.append(tuple(cells))
    return text, Block("table", 0, len(text), rows=tuple(rows))


def test_a_document_comes_back_as_it_was():
    text = "Rent\n\nThe rent is 900 a month.\n\nPets\n\nNone. \ud83d\n"
    blocks = (
        Block("heading", 0, 4, 1), Block("paragraph", 6, 30), Block("heading", 32, 36, 2), Block("paragraph", 38, 45),
    )  # fmt: skip
    document = Document(
        text, "a.txt", "pdf", PATH, (Page(1, "i", 0, 31), Page(2, "2", 31, len(text), "slide")), ("A note.",), blocks,
        (OutlineEntry("Rent", 1, 0),), CharacterMap([Run(0, 1, 5, 4), Run(32, 2, 0, 4)]), ((0, 1), (6, 0)), (2,), (1,),
    )  # fmt: skip
    again = _there_and_back(document)
    assert again == document
    assert again.characters == document.characters
    assert (again.rows, again.scans) == (document.rows, document.scans)


@pytest.mark.parametrize("text", ["", "  ", "One paragraph.", "\n\nA line end before and after.\n"])
def test_a_text_without_blocks_comes_back_without(text: str):
    document = Document(text, "a.txt", "text", PATH)
    assert _there_and_back(document) == document


def test_blocks_that_chunks_cut_are_whole_again():
    table, block = _long_table()
    end = "It is " + "very, very " * 9000 + "long. " * 5000
    text = f"{table}\n\n{end.strip()}"
    document = Document(text, "a.txt", "text", PATH, blocks=(block, Block("paragraph", len(table) + 2, len(text))))
    assert len(_chunks(document)) > 8
    assert _there_and_back(document) == document


def test_passages_of_a_table_hold_its_header_and_their_rows_as_one_block():
    text, table = _long_table()
    document = Document(text, "a.txt", "text", PATH, blocks=(table,))
    seen = []
    for chunk in _chunks(document):
        for number in range(len(chunk)):
            passage, blocks, pieces = chunk.passage(number)
            (block,) = blocks
            assert passage == chunk.body(number)
            assert [passage[cell.start : cell.end] for cell in block.rows[0]] == ["Year", "Staff of the house", "Notes"]
            assert all(cell.is_header for cell in block.rows[0])
            seen += [passage[row[0].start : row[0].end] for row in block.rows[1:]]
            assert all(passage[at : at + length] == text[start : start + length] for at, start, length in pieces)
    assert seen == [str(number) for number in range(4000)]


def test_blocks_of_a_passage_are_those_of_its_text():
    sentences = "Sentence one is here. " * 100
    text = f"Rent\n\n{sentences.strip()}\n\nWho pays: tenants"
    start = len(text) - len("Who pays: tenants")
    blocks = (
        Block("heading", 0, 4, 1), Block("paragraph", 6, start - 2), Block("pair", start, len(text), body=start + 10),
    )  # fmt: skip
    (chunk,) = _chunks(Document(text, "a.txt", "text", PATH, blocks=blocks))
    passages = [chunk.passage(number) for number in range(len(chunk))]
    for passage, parts, _ in passages:
        assert (parts[0].kind, passage[parts[0].start : parts[0].end]) == ("heading", "Rent")
        assert all(passage[part.start : part.end].strip() == passage[part.start : part.end] for part in parts)
    passage, parts, _ = passages[-1]
    assert (parts[-1].kind, passage[parts[-1].body :]) == ("pair", "tenants")


def test_a_group_gives_the_passages_of_its_chunks():
    text, table = _long_table()
    parts = cut_passages(text, [table])
    packed = [pack_chunk(text, [table], part) for part in parts]
    chunks = [Chunk(data) for data in packed]
    group = ChunkGroup(pack_group([len(chunk) for chunk in chunks], packed))
    assert len(chunks) > 2
    assert [chunk.start for chunk in group.chunks()] == [chunk.start for chunk in chunks]
    assert [group.passage(number) for number in range(len(group))] == [
        chunk.passage(number) for chunk in chunks for number in range(len(chunk))
    ]
    assert group.body(len(group) - 1) == chunks[-1].body(len(chunks[-1]) - 1)


@pytest.mark.parametrize("damage", [lambda data: data[:-3], lambda data: data[:9] + b"x" + data[10:], lambda _: b""])
def test_a_damaged_group_is_an_error(damage):
    document = Document("One paragraph.", "a.txt", "text", PATH)
    (chunk,) = cut_passages(document.text, blocks_of(document.text))
    data = pack_group([1], [pack_chunk(document.text, blocks_of(document.text), chunk)])
    with pytest.raises(ValueError, match=r"checksum"):
        ChunkGroup(damage(data))
