"""The questions that fine-tuning replays: parts of our own documents."""

from __future__ import annotations

from pathlib import Path

from documents import read_documents
from replay import as_squad, chosen

FILE = """
Prices of a laundry
Washing and ironing at Alder Lane, all prices in pounds, for each piece, with collection in the town.
Shirts cost 2.80 to wash.
-----
Q: what does a shirt cost
A: 2.80
N: do they clean leather
"""


def test_a_document_gives_a_question_of_each_kind(tmp_path: Path) -> None:
    path = tmp_path / "documents.txt"
    path.write_text(FILE, encoding="utf-8")
    examples = list(chosen(read_documents(path)))
    assert [example.is_impossible for example in examples] == [False, True]
    assert all(example.id.startswith("replay-") for example in examples)
    assert all(span.stands_in(example.context) for example in examples for span in example.answers)
    rows = as_squad(examples)["data"]
    assert isinstance(rows, list)
    assert [row["paragraphs"][0]["qas"][0]["question"] for row in rows] == [example.question for example in examples]
