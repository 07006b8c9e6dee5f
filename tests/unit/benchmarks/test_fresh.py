"""The timing of a question: until the right answer is first shown, until the end, and whether it stays."""

from __future__ import annotations

import time
from collections.abc import Generator

import pytest

from benchmarks.facts import Fact
from benchmarks.fresh import QuestionTiming, follow
from qadesk.progress import Progress
from qadesk.records import Answer, Answers, Reading

FACT = Fact("The otter was named Bristlewig.", "What was the otter called?", "Bristlewig")


def answers(text: str, notice: str = "") -> Answers:
    spans = (Answer(0, len(text), text, 0.5, 0.6, 0.6, 5.0, 5.0, 1.0),) if text else ()
    return Answers(FACT.question, spans, 0.1, 3, 3, notice=notice)


class FakeReader:
    """Shows one best answer after another; None is a reading without a ranking."""

    def __init__(self, best_texts: list[str | None], last: Answers) -> None:
        self._shown = best_texts
        self._last = last

    def answer(self, question: str, text: str) -> Generator[Reading, None, Answers]:
        assert (question, text) == (FACT.question, "text")
        for best in self._shown:
            time.sleep(0.01)
            yield Reading(Progress("Reading", 1, 3), None if best is None else answers(best))
        time.sleep(0.01)
        return self._last


def timing_of(best_texts: list[str | None], last: str) -> QuestionTiming:
    return follow(FakeReader(best_texts, answers(last)), FACT, "text")


def test_the_first_right_answer_counts_though_others_come_between() -> None:
    timing = timing_of([None, "an otter", "named Bristlewig", "an otter"], "Bristlewig")
    assert timing.right is not None
    assert 0.03 <= timing.right < timing.end
    assert timing.end >= 0.05
    assert (timing.stays, timing.windows) == (True, 3)


def test_right_at_the_end_only() -> None:
    timing = timing_of(["", "an otter"], "Bristlewig")
    assert timing.right == timing.end
    assert timing.stays


def test_shown_but_replaced() -> None:
    timing = timing_of(["Bristlewig"], "an otter")
    assert timing.right is not None
    assert not timing.stays


@pytest.mark.parametrize("last", ["", "an otter"])
def test_never_right(last: str) -> None:
    assert timing_of([None, "an otter"], last).right is None


def test_the_time_of_a_device_that_failed_is_not_taken() -> None:
    with pytest.raises(RuntimeError, match="failed"):
        follow(FakeReader([], answers("Bristlewig", notice="The device 'cuda' failed.")), FACT, "text")
