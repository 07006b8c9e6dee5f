"""What counts as useful, by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import everyday
import pytest
from everyday import Outcome
from measure import Questions
from tiny_run import Make

from qadesk.qa.calibration import Calibration, Logistic
from qadesk.records import LabeledExample

Fix = Callable[[Sequence[LabeledExample], Mapping[str, tuple[int, float]]], Questions]


@pytest.mark.parametrize(
    ("span", "gold", "accepted"),
    [
        ("2 September 2025", "September 2025", True),
        ("36 months", "12 months", False),
        ("the blue door", "blue door", True),
        ("a door of the old house", "blue door", False),
        ("ﬁve euros", "five euros", True),
    ],
)
def test_a_span_is_right_by_half_of_its_words_and_its_figures(span: str, gold: str, accepted: bool) -> None:
    assert everyday.is_accepted(span, [gold]) == accepted


def test_useful_is_the_right_answer_or_the_right_refusal() -> None:
    """The odds of an answer are e^m; where 80 % have one, four times that."""
    rows = [Outcome("table", True, 1.0), Outcome("table", False, 1.0), Outcome("", False, -1.0)]
    summary = everyday.summary(rows, Calibration(), None)
    assert summary["useful"] == pytest.approx(2 / 3)
    assert summary["top"] == 0.5
    assert summary["kinds"] == {"table": [1, 2]}
    assert summary["auc"] == 1.0
    assert everyday.summary(rows, Calibration(), 0.8)["useful"] == pytest.approx(1 / 3)  # -1 + ln 4 is above 0


def test_equal_weights_tell_nothing_apart() -> None:
    assert everyday.auc([1.0, 2.0], [1.0, 2.0]) == 0.5
    assert everyday.auc([2.0], [1.0, 3.0]) == 0.5


def test_only_everyday_documents_are_counted(example: Make, fixed: Fix) -> None:
    examples = [
        example("Who ?", "The man .", "man", title="Mixed"),
        example("When ?", "The man .", title="Mixed"),
        example("What ?", "The man .", "man", title="Town"),
    ]
    questions = fixed(examples, {"Who ?": (1, 6.0), "When ?": (1, 0.0), "What ?": (0, 6.0)})
    questions.everyday = frozenset({"Mixed"})
    rows = everyday.outcomes(questions, Calibration(1.0, Logistic(1.0, 4.0)))
    assert [(row.kind, row.is_right) for row in rows] == [("paragraph", True), ("", False)]
