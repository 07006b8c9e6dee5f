"""From times and answers to tables; memory; what a card's kernels cover."""

from __future__ import annotations

import mmap
from collections.abc import Sequence

import pytest

from benchmarks import card, growth, long_text, memory, workloads
from benchmarks.fresh import QuestionTiming, TextMeasurement
from benchmarks.texts import Question


class FakePeer:
    """Answers with its name; keeps what it was asked."""

    device = "cpu"

    def __init__(self, name: str, calls: list[tuple[str, int]]) -> None:
        self.name = name
        self._asked = calls

    def ask(self, question: str, text: str) -> str:
        return self.ask_many([(question, text)])[0]

    def ask_many(self, items: Sequence[tuple[str, str]]) -> list[str]:
        self._asked.append((self.name, len(items)))
        return [f"{question} by {self.name}" for question, _ in items]


def cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if "---" not in line]


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


def test_an_answer_that_never_came_counts_as_never() -> None:
    timings = {
        "c": [
            QuestionTiming(0.2, 5.0, True, 9),
            QuestionTiming(None, 6.0, False, 9),
            QuestionTiming(0.4, 7.0, False, 9),
        ]
    }
    row = cells(long_text.long_table(timings, {"c": 1.0}, {"c": 120_000_000}))[1]
    assert row == ["c", "1.00", "0.40", "inf", "6.00", "7.00", "1 of 3", "120.0"]


def test_the_end_is_compared_on_the_questions_that_all_were_asked() -> None:
    timings = {
        "a": [QuestionTiming(10.0, 10.0, True, 0)],
        "c": [QuestionTiming(0.1, 4.0, True, 9), QuestionTiming(0.1, 99.0, False, 9)],
    }
    rows = cells(long_text.compared_table(timings, "a", 1))
    assert rows[1:] == [["a", "10.00", "1.00 ×", "1"], ["c", "4.00", "0.40 ×", "1"]]


def test_growth_of_time_and_memory() -> None:
    def reading(seconds: float, memory_above: int, size: int) -> TextMeasurement:
        return TextMeasurement(0.1, memory_above, 0, size, (QuestionTiming(0.3, seconds, True, 20),))

    report = growth.growth_table({10: reading(1.0, 80_000_000, 20_000), 100: reading(10.0, 81_000_000, 220_000)})
    rows = cells(report.partition("\n\n")[0])
    assert rows[1][:8] == ["10", "20", "0.10", "0.30", "1.00", "50.0", "100.0", "+0.0%"]
    assert rows[1][-2:] == ["-", "-"]
    assert rows[2][-4:] == ["0.2", "81.0", "5.0 ×", "-"]
    assert "100.00 ms a page" in report
    assert "1.000th power" in report


@pytest.mark.parametrize("resettable", [True, False])
def test_a_peak_is_seen_though_it_is_gone_at_the_end(resettable: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not resettable:
        monkeypatch.setattr(memory, "_reset_mark", lambda: False)
    # Not an array: that may reuse what the process holds already.
    with memory.Peak() as peak, mmap.mmap(-1, 64_000_000) as block:
        for at in range(0, len(block), mmap.PAGESIZE):
            block[at] = 1
        peak._done.wait(0.05)
    assert 60e6 < peak.above < 90e6


def test_kernels_at_the_same_time_count_once() -> None:
    assert card.covered([(0, 4), (10, 12), (3, 6), (4, 5)]) == 8
    assert card.covered([]) == 0
