"""Parts of documents, cut at the borders of blocks."""

from __future__ import annotations

from random import Random

from excerpts import crop_blocks, elsewhere
from tiny_run import an_example

PARAGRAPHS = [
    " ".join(f"word{number}{letter}" for letter in "abcdefghijklmnopqrstuvwxyz") + "." for number in range(12)
]
TABLE = "Item\tPrice\nMilk\t2\nBread\t3"
TEXT = "\n\n".join([*PARAGRAPHS[:6], TABLE, *PARAGRAPHS[6:]])


def test_a_table_is_cropped_whole_with_its_header() -> None:
    for seed in range(30):
        cropped = crop_blocks(an_example("What costs 3?", TEXT, "Bread"), Random(seed))
        assert TABLE in cropped.context
        assert 50 <= len(cropped.context.split()) < 270
        assert all(answer.stands_in(cropped.context) for answer in cropped.answers)
        assert cropped.context.split("\n\n")[0] in (*PARAGRAPHS, TABLE)


def test_a_question_is_put_to_a_part_that_does_not_answer_it() -> None:
    for seed in range(30):
        other = elsewhere(an_example("Which word?", TEXT, "word3c"), Random(seed))
        assert other is not None
        assert other.is_impossible
        assert other.answers == ()
        assert "word3c" not in other.context


def test_a_short_document_has_no_other_part() -> None:
    assert elsewhere(an_example("Who?", "The man bought milk.", "man"), Random(1)) is None
