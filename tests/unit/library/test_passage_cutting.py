from __future__ import annotations

import pytest

from qadesk.library.passage_cutting import CHUNK, body_of, cut_passages
from qadesk.structure import Block, Cell
from qadesk.structure.plain import blocks_of


def _bodies(text: str, blocks: tuple[Block, ...] | None = None) -> list[str]:
    return [
        body_of(text, pieces)
        for chunk in cut_passages(text, blocks_of(text) if blocks is None else blocks)
        for pieces in chunk.passages
    ]


def _sentences(count: int, word: str = "word") -> str:
    return " ".join(f"Sentence {number} has some more {word}s in it." for number in range(count))


def _table(text: str, header: bool = True) -> Block:
    """The block of a text that is all table, tabs between cells."""
    rows, at = [], 0
    for number, line in enumerate(text.split("\n")):
        cells = []
        for column, content in enumerate(line.split("\t")):
            cells.append(Cell(at, at + len(content), column, is_header=header and not number))
            at += len(content) + 1
        rows.append(tuple(cells))
    return Block("table", 0, len(text), rows=tuple(rows))


def test_short_paragraphs_are_joined_up_to_150_words():
    text = "\n\n".join(_sentences(5) for _ in range(12))  # 40 words each
    assert [len(body.split()) for body in _bodies(text)] == [120] * 4


def test_a_long_paragraph_is_cut_at_sentence_ends_into_equal_parts():
    bodies = _bodies(_sentences(60))
    assert len(bodies) == 4
    assert all(100 <= len(body.split()) <= 150 and body.endswith("it.") for body in bodies)


def test_a_sentence_without_end_is_cut_at_spaces():
    bodies = _bodies("word " * 1000)
    assert all(len(body.split()) <= 190 for body in bodies)
    assert sum(len(body.split()) for body in bodies) == 1000


def test_letters_without_spaces_are_cut_anywhere():
    text = "漢" * 10_000
    bodies = _bodies(text)
    assert "".join(bodies) == text
    assert max(map(len, bodies)) <= 2_400


def test_each_passage_begins_with_the_heading_above_it():
    text = f"Rent\n\n{_sentences(60)}\n\nPets\n\n{_sentences(30)}"
    blocks = tuple(
        Block("heading" if len(content) < 9 else "paragraph", start, start + len(content), int(len(content) < 9))
        for content in ("Rent", _sentences(60), "Pets", _sentences(30))
        if (start := text.index(content, 0 if content != _sentences(30) else text.index("Pets"))) >= 0
    )
    bodies = _bodies(text, blocks)
    assert [body.split("\n")[0] for body in bodies] == ["Rent"] * 4 + ["Pets"] * 2


def test_headings_at_the_end_belong_to_what_follows():
    text = f"{_sentences(15)}\n\nPets\n\n{_sentences(10)}"
    at = text.index("Pets")
    blocks = (
        Block("paragraph", 0, at - 2), Block("heading", at, at + 4, 1), Block("paragraph", at + 6, len(text)),
    )  # fmt: skip
    assert [body[:4] for body in _bodies(text, blocks)] == ["Sent", "Pets"]


def test_a_table_is_cut_between_rows_and_its_header_is_repeated():
    text = "Bill\tPaid by\n" + "\n".join(f"Council tax {number}\tTenants of the house" for number in range(100))
    bodies = _bodies(text, (_table(text),))
    assert len(bodies) > 4
    assert all(body.startswith("Bill\tPaid by\n") and body.endswith("house") for body in bodies)
    rows = [line for body in bodies for line in body.split("\n")[1:]]
    assert rows == text.split("\n")[1:]


def test_a_row_that_is_too_long_is_cut_inside_and_no_chunk_ends_there():
    row = f"{_sentences(8000)}\tmore"
    text = row + "\n" + "\n".join(f"row {number}\thas some words in it" for number in range(100))
    chunks = cut_passages(text, (_table(text, header=False),))
    assert len(chunks) == 2
    assert chunks[0].end > len(row)
    assert len(chunks[0].passages) > 300


def test_repeated_page_footers_are_left_out():
    parts = [(_sentences(6), "paragraph"), ("Confidential", "footer"), (_sentences(6), "paragraph"),
             ("Confidential", "footer"), (_sentences(2), "paragraph")]  # fmt: skip
    text, blocks = "", []
    for content, kind in parts:
        blocks.append(Block(kind, len(text), len(text) + len(content)))  # type: ignore[arg-type]
        text += content + "\n"
    (body,) = _bodies(text, tuple(blocks))
    assert body.count("Confidential") == 1
    assert body.count("Sentence") == 14


@pytest.mark.parametrize("text", ["", " \n ", "one", "\n\n one \n\n"])
def test_chunks_are_the_whole_text(text: str):
    assert "".join(text[chunk.start : chunk.end] for chunk in cut_passages(text, blocks_of(text))) == text


def test_chunks_of_a_long_text_follow_one_another():
    text = "\n\n".join(_sentences(12, f"w{number}") for number in range(600))
    chunks = cut_passages(text, blocks_of(text))
    assert len(chunks) > 5
    assert [chunk.start for chunk in chunks[1:]] == [chunk.end for chunk in chunks[:-1]]
    assert "".join(text[chunk.start : chunk.end] for chunk in chunks) == text
    assert all(CHUNK <= chunk.end - chunk.start < CHUNK + 3_000 for chunk in chunks[:-1])
