"""Writes the questions that fine-tuning replays: ``resources/replay.json``, parts of our own documents.

    replay.py OUT.json

A training of the user's keeps the reader near its answers to them (``qadesk.train.objective``, distillation loss). Of
each document there are at most two: one with an answer and one without. None of them is in the general set or in a
development split.
"""

from __future__ import annotations

import argparse
import json
import random as randomness
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from documents import FOLDER, read_documents
from excerpts import crop_blocks

from qadesk.records import LabeledExample

_SEED = 20261130
_DOCUMENTS = 240
_WORDS = 160  # of a part at most


def chosen(examples: Iterable[LabeledExample]) -> Iterator[LabeledExample]:
    """Parts of ``_DOCUMENTS`` documents, each with a question or two; the same ones each time."""
    random = randomness.Random(_SEED)
    by_document: dict[str, list[LabeledExample]] = {}
    for example in examples:
        by_document.setdefault(example.context, []).append(example)
    for context in random.sample(sorted(by_document), min(_DOCUMENTS, len(by_document))):
        for is_impossible in (False, True):
            rows = [row for row in by_document[context] if row.is_impossible is is_impossible]
            part = crop_blocks(random.choice(rows), random) if rows else None
            if part and 15 <= len(part.context.split()) <= _WORDS and (is_impossible or part.answers):
                yield replace(part, id=f"replay-{part.id}")


def as_squad(examples: Iterable[LabeledExample]) -> dict[str, object]:
    """``examples`` as SQuAD 2.0 JSON."""
    rows = [
        {
            "title": example.title,
            "paragraphs": [
                {
                    "context": example.context,
                    "qas": [
                        {
                            "id": example.id,
                            "question": example.question,
                            "answers": [{"text": span.text, "answer_start": span.start} for span in example.answers],
                            "is_impossible": example.is_impossible,
                        }
                    ],
                }
            ],
        }
        for example in examples
    ]
    return {"version": "2.0", "data": rows}


def main() -> None:
    """Write the file that is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parsed = parser.parse_args()
    examples = [row for path in sorted(FOLDER.glob("*.txt")) for row in read_documents(path)]
    content = as_squad(chosen(examples))
    parsed.out.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
