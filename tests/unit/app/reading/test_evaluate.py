"""What is predicted, and how sure the reader is of it."""

from __future__ import annotations

import pytest

from qadesk.app.reading.evaluate import score
from qadesk.records import Answer, Answers, GoldSpan, LabeledExample

TEXT = "The man bought milk."


def example(key: str, *answers: str) -> LabeledExample:
    spans = tuple(GoldSpan(TEXT.index(each), TEXT.index(each) + len(each), each) for each in answers)
    return LabeledExample(key, "Who?", TEXT, "Town", spans, not answers)


def says(text: str, confidence: float, no_answer: float | None) -> Answers:
    start = TEXT.index(text)
    span = Answer(start, start + len(text), text, confidence, confidence, confidence, 1.0, 1.0, 0.0)
    return Answers("Who?", (span,), no_answer, 1, 1)


def test_no_answer_is_predicted_where_it_is_likelier_than_an_answer() -> None:
    """Not where it is likelier than the best span: several may share the chance of an answer."""
    found = score(
        [example("a", "man"), example("b"), example("c", "milk")],
        [says("man", 0.3, 0.4), says("milk", 0.2, 0.6), says("milk", 0.5, 0.5)],
    )
    assert found.predictions == {"a": "man", "b": "", "c": "milk"}
    assert found.spans == {"a": "man", "b": "milk", "c": "milk"}
    assert found.confidences == {"a": 0.3, "b": 0.6, "c": 0.5}
    assert found.report.exact == 100
    assert found.report.ece == pytest.approx((0.7 + 0.4 + 0.5) / 3)
    assert found.report.best_f1 == 100


def test_where_all_have_answers_there_is_no_threshold() -> None:
    found = score([example("a", "man"), example("b", "milk")], [says("man", 0.9, None), says("man", 0.8, None)])
    assert found.report.best_f1 is None
    assert found.report.exact == 50
    assert found.no_answer == {"a": 0.0, "b": 0.0}
