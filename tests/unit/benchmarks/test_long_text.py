"""The tables of a long text: questions never answered right, and those that all peers were asked."""

from __future__ import annotations

from markdown_tables import cells

from benchmarks import long_text
from benchmarks.fresh import QuestionTiming


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
