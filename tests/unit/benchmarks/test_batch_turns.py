"""The rows that batch jobs are measured with, and the table of what was measured."""

from __future__ import annotations

import json
from pathlib import Path

from markdown_tables import cells

from benchmarks.batch import BatchTurn, summary, write_rows


def test_rows_are_short_and_hold_the_answer(tmp_path: Path) -> None:
    context = "one two three four five six seven eight nine ten"
    answers = [{"text": "eight", "answer_start": context.index("eight")}]
    questions = [{"id": "1", "question": "Which?", "answers": answers, "is_impossible": False}]
    data = {"version": "2", "data": [{"title": "T", "paragraphs": [{"context": context, "qas": questions}]}]}
    (tmp_path / "squad.json").write_text(json.dumps(data), encoding="utf-8")
    for words, expected in (3, "seven eight nine"), (20, context), (0, context):
        write_rows(tmp_path / "in.jsonl", tmp_path / "squad.json", 2, words)
        rows = [json.loads(line) for line in (tmp_path / "in.jsonl").read_text(encoding="utf-8").splitlines()]
        assert rows == [{"id": number, "question": "Which?", "context": expected} for number in range(2)]


def test_scaling_is_by_worker() -> None:
    memory = (10_000_000, 12_000_000, 11_000_000)
    turns = [
        BatchTurn("1 workers", 50.0, 49.0, 20.0, memory, 1000, "a"),
        BatchTurn("2 workers", 90.0, 48.0, 11.0, memory, 1000, "a"),
    ]
    text = summary(turns)
    assert cells(text.partition("\n\n")[0])[2] == ["2 workers", "90.0", "0.90", "48.0", "11.0", "10.0", "12.0", "11.0"]
    assert text.endswith("All outputs are the same, byte for byte.")
    assert "2 outputs" in summary([turns[0], BatchTurn("2 workers", 90.0, 48.0, 11.0, memory, 1000, "b")])
