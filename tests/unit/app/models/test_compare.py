"""Two models on one data set: scores, which is better and whether that is certain, and where they differ."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from generators import drive

from qadesk import paths
from qadesk.app.models import compare as module
from qadesk.app.models.compare import ComparedQuestion, ModelComparison, compare
from qadesk.errors import DataError, ModelError
from qadesk.labels.dataset import Dataset, Problem
from qadesk.labels.label_files import read_dataset
from qadesk.progress import Progress, finish
from qadesk.records import GoldSpan, LabeledExample
from qadesk.settings import Settings
from qadesk.train.metrics import Report

TEXT = "The tower was built by Thomas Reeve. It was finished in 1862."


def example(number: int, *golds: str) -> LabeledExample:
    spans = tuple(GoldSpan(TEXT.find(gold), TEXT.find(gold) + len(gold), gold) for gold in golds)
    return LabeledExample(str(number), f"Question {number}?", TEXT, "t", spans, not golds)


def comparison_of(
    first: list[str], second: list[str], golds: list[str], not_asked: tuple[Problem, ...] = ()
) -> ModelComparison:
    """The comparison of two lists of predictions."""
    examples = [example(number, *([gold] if gold else [])) for number, gold in enumerate(golds)]
    report = Report(0.0, 0.0, len(golds), None, None)
    predictions = [{str(number): text for number, text in enumerate(texts)} for texts in (first, second)]
    evaluations = [
        SimpleNamespace(report=report, predictions=by_id, seconds=1.0, not_asked=not_asked) for by_id in predictions
    ]
    return module._comparison(("A", "B"), evaluations, examples)  # type: ignore[arg-type]


def test_the_difference_and_its_margin() -> None:
    comparison = comparison_of(["Thomas Reeve"] * 5 + [""] * 5, ["Thomas Reeve"] * 10, ["Thomas Reeve"] * 10)
    assert comparison.difference == 50.0
    # five differences of 0 and five of 100: standard deviation 100 * sqrt(10 / 4 / 9), over sqrt(10), times 1.96
    assert comparison.margin == pytest.approx(32.667, abs=0.001)
    assert comparison.summary == "'B' is better than 'A' by 50.0 ± 32.7: F1 0.0 and 0.0 on 10 questions."
    assert [row.is_changed for row in comparison.rows] == [False] * 5 + [True] * 5


def test_a_question_that_neither_was_asked_is_named_once() -> None:
    problem = Problem("0", "The question has no words in it.")
    assert comparison_of(["", "x"], ["", "x"], ["", "x"], (problem,)).not_asked == (problem,)


def test_the_first_can_be_better() -> None:
    comparison = comparison_of(["1862"] * 20, ["1862"] * 10 + ["x"] * 10, ["1862"] * 20)
    assert comparison.difference == -50.0
    assert comparison.summary.startswith("'A' is better than 'B' by 50.0 ± ")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["1862"] * 12, ["1862"] * 12),  # the same
        (["1862"] * 11 + ["x"], ["1862"] * 12),  # one more right: chance
        (["x"] * 9, ["1862"] * 9),  # too few to tell
    ],
)
def test_a_difference_by_chance_is_not_called_better(first: list[str], second: list[str]) -> None:
    assert comparison_of(first, second, ["1862"] * len(first)).summary.startswith("Neither is better for certain: F1 ")


def test_changed_questions_are_sorted_by_the_difference() -> None:
    golds = ["Thomas Reeve", "1862", "", "1862"]
    comparison = comparison_of(["Thomas", "x", "", "1862"], ["Thomas Reeve", "1862", "y", "1862"], golds)
    assert [(row.first, row.second) for row in comparison.changed] == [
        ("x", "1862"),
        ("", "y"),
        ("Thomas", "Thomas Reeve"),
    ]
    assert comparison.changed[-1] == ComparedQuestion(
        "0", "Question 0?", ("Thomas Reeve",), "Thomas", "Thomas Reeve", pytest.approx(2 / 3), 1.0
    )


def test_two_real_models_and_their_progress(tmp_path: Path) -> None:
    other_folder = tmp_path / "other"
    other_folder.mkdir()
    for path in paths.bundled_model_dir().iterdir():
        (other_folder / path.name).symlink_to(path)
    (other_folder / "qadesk.json").unlink()
    (other_folder / "qadesk.json").write_text('{"name": "Other\\nname", "unanswerable": false}')
    dataset = Dataset("2.0", (example(0, "Thomas Reeve"), example(1, "1862"), example(2)), ())
    steps, comparison = drive(compare(paths.bundled_model_dir(), other_folder, dataset, Settings()))
    assert comparison.names == ("QADesk reader 7", "Other name")
    assert [report.total for report in comparison.reports] == [3, 3]
    assert comparison.margin is None
    assert steps[0] == Progress("Loading", 0, 0)
    assert steps[-1].done == steps[-1].total == 6
    assert max(step.done for step in steps if "QADesk" in step.what) <= 3


def test_the_general_questions_can_be_read() -> None:
    assert len(read_dataset(paths.general_set_path()).examples) >= 100


def test_what_cannot_be_compared() -> None:
    dataset = Dataset("", (example(0, "1862"),), ())
    bundled = paths.bundled_model_dir()
    with pytest.raises(DataError, match="with itself"):
        finish(compare(bundled, bundled / ".." / bundled.name, dataset, Settings()))
    with pytest.raises(DataError, match="no questions"):
        finish(compare(bundled, bundled.parent, Dataset("", (), ()), Settings()))
    with pytest.raises(ModelError):
        finish(compare(bundled, bundled.parent, dataset, Settings()))
