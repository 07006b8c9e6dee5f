"""What is predicted, and how sure the reader is of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qadesk import paths
from qadesk.app.reading.evaluate import evaluate, score
from qadesk.labels.dataset import Dataset
from qadesk.progress import finish
from qadesk.qa.engine import open_reader
from qadesk.records import Answer, Answers, GoldSpan, LabeledExample
from qadesk.structure import Block

TEXT = "The man bought milk."


def example(key: str, *answers: str) -> LabeledExample:
    spans = tuple(GoldSpan(TEXT.index(text), TEXT.index(text) + len(text), text) for text in answers)
    return LabeledExample(key, "Who?", TEXT, "Town", spans, not answers)


def says(text: str, confidence: float, no_answer: float | None) -> Answers:
    start = TEXT.index(text)
    span = Answer(start, start + len(text), text, confidence, confidence, confidence, 1.0, 1.0, 0.0)
    return Answers("Who?", (span,), no_answer, 1, 1)


def test_no_answer_is_predicted_where_it_is_likelier_than_an_answer() -> None:
    """Not where it is likelier than the best span: several may share the chance of an answer."""
    evaluation = score(
        [example("a", "man"), example("b"), example("c", "milk")],
        [says("man", 0.3, 0.4), says("milk", 0.2, 0.6), says("milk", 0.5, 0.5)],
    )
    assert evaluation.predictions == {"a": "man", "b": "", "c": "milk"}
    assert evaluation.spans == {"a": "man", "b": "milk", "c": "milk"}
    assert evaluation.confidences == {"a": 0.3, "b": 0.6, "c": 0.5}
    assert evaluation.report.exact == 100
    assert evaluation.report.ece == pytest.approx((0.7 + 0.4 + 0.5) / 3)
    assert evaluation.report.best_f1 == 100


def test_where_all_have_answers_there_is_no_threshold() -> None:
    evaluation = score([example("a", "man"), example("b", "milk")], [says("man", 0.9, None), says("man", 0.8, None)])
    assert evaluation.report.best_f1 is None
    assert evaluation.report.exact == 50
    assert evaluation.no_answer == {"a": 0.0, "b": 0.0}


def test_a_context_is_read_with_its_blocks() -> None:
    """No answer goes over the border of a block: "Anna Berg" is none where each word is one."""
    text = "Anna Berg bought the mill."
    plain = LabeledExample("plain", "Who bought the mill?", text, "Mill", (GoldSpan(0, 9, "Anna Berg"),), False)
    parted = replace(plain, id="parted", blocks=(Block("paragraph", 0, 4), Block("paragraph", 5, 26)))
    reader = open_reader(paths.bundled_model_dir(), device="cpu")
    evaluation = finish(evaluate(reader, Dataset("", (plain, parted), ())))
    assert evaluation.spans["plain"] == "Anna Berg"
    assert evaluation.spans["parted"] in ("Anna", "Berg")
