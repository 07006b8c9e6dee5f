"""The words around an answer, and which questions want a whole sentence."""

from __future__ import annotations

import time

from qadesk.app.excerpts import Excerpt, excerpt
from qadesk.records import Document
from qadesk.structure.plain import blocks_of


def around(text: str, answer: str) -> Excerpt:
    start = text.index(answer)
    return excerpt(Document(text, "a", blocks=blocks_of(text)), start, start + len(answer))


def test_an_answer_stands_in_its_sentence() -> None:
    text = "Heating is on from May. Tenants may keep\none cat (e.g. a small one) at home. Dogs are not allowed."
    assert around(text, "one cat") == Excerpt("Tenants may keep ", "one cat", " (e.g. a small one) at home.")


def test_a_sentence_ends_at_its_block() -> None:
    text = "The rent\n\n1. It is 900 euros\n2. It is due on Monday\n"
    assert around(text, "900 euros").text == "It is 900 euros"


def test_a_cell_stands_in_its_row() -> None:
    text = "Bill\tPaid by\tAmount\nCouncil tax\tThe tenants\t148\nWater\tThe landlord\t20"
    assert around(text, "tenants") == Excerpt("Council tax | The ", "tenants", " | 148")


def test_a_long_sentence_is_cut_on_both_sides() -> None:
    words = " ".join(f"word{number}" for number in range(200))
    part = around(words, "word100")
    assert part.before.startswith("…")
    assert part.after.endswith("…")
    assert len(part.text) < 260


def test_a_text_without_blocks_has_sentences_too() -> None:
    document = Document("One thing. Two things! Three.", "a")
    assert excerpt(document, 11, 14) == Excerpt("", "Two", " things!")


def test_a_book_without_a_sentence_takes_no_time() -> None:
    document = Document("a " * 1_000_000, "a")
    begin = time.process_time()
    excerpt(document, 1_000_000, 1_000_001)
    assert time.process_time() - begin < 1
