"""Blocks of questions in turns, and the tables of throughput and latency."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from markdown_tables import cells

from benchmarks import workloads
from benchmarks.texts import Question


class FakePeer:
    """Answers with its name; appends its name and the number of questions to ``calls``."""

    device = "cpu"

    def __init__(self, name: str, calls: list[tuple[str, int]]) -> None:
        self.name = name
        self._asked = calls

    def ask(self, question: str, text: str) -> str:
        return self.ask_many([(question, text)])[0]

    def ask_many(self, items: Sequence[tuple[str, str]]) -> list[str]:
        self._asked.append((self.name, len(items)))
        return [f"{question} by {self.name}" for question, _ in items]


def test_blocks_are_asked_in_turns_and_answers_stay_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workloads, "settle", lambda: None)
    calls: list[tuple[str, int]] = []
    peers = [FakePeer("a", calls), FakePeer("b", calls)]
    questions = [Question(str(number), "text") for number in range(5)]
    seconds, answers = workloads.ask_blocks(peers, questions, 2, lambda what: None)
    warm_up = [("a", 2), ("b", 2)]
    assert calls == [*warm_up, ("a", 2), ("b", 2), ("b", 2), ("a", 2), ("b", 1), ("a", 1)]
    assert answers["b"] == [f"{number} by b" for number in range(5)]
    assert {name: len(times) for name, times in seconds.items()} == {"a": 3, "b": 3}


def test_throughput_agreement_and_marks() -> None:
    questions = [Question("1", "", ("Ada",)), Question("2", "", ("in 1843",))]
    seconds = {"a": [2.0, 2.0], "b": [4.0, 4.0], "c": [1.0, 0.5]}
    answers = {"a": ["Ada", "x"], "b": ["Ada", "1843"], "c": ["Ada", "in 1843"]}
    rows = cells(workloads.many_table(seconds, answers, questions, "a", "b"))
    assert rows[1] == ["a", "0.5", "1.00 ×", "1.00–1.00", "2.00 ×", "50.0%", "50.00", "50.00"]
    assert rows[3] == ["c", "1.3", "2.67 ×", "2.00–4.00", "5.33 ×", "50.0%", "100.00", "100.00"]
    assert rows[2][5:] == ["100.0%", "50.00", "83.33"]


def test_without_known_answers_there_are_no_marks() -> None:
    rows = cells(workloads.many_table({"a": [1.0]}, {"a": ["x"]}, [Question("1", "")], "a", "a"))
    assert rows[1][-2:] == ["-", "-"]


def test_latencies() -> None:
    first = {"a": [0.1, 0.1, 0.2], "c": [0.05, 0.05, 0.05]}
    rows = cells(workloads.single_table(first, {"a": [0.1], "c": [0.02]}))
    assert rows[1] == ["a", "100.0", "190.0", "1.00 ×", "100.0", "100.0", "1.00 ×"]
    assert rows[2] == ["c", "50.0", "50.0", "0.50 ×", "20.0", "20.0", "0.20 ×"]
