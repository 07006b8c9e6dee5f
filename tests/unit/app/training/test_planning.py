"""Planning a run: its data, base model and configuration; and the warnings."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest
from training_data import TEXTS, example, examples

from qadesk import paths
from qadesk.app.training import planning
from qadesk.app.training.planning import Plan, plan, warnings
from qadesk.app.training.unanswered import is_made
from qadesk.errors import DataError, ModelError
from qadesk.qa import models
from qadesk.qa.expectation import share_of
from qadesk.records import GoldSpan, LabeledExample
from qadesk.settings import Settings
from qadesk.train.config import PRESETS


def test_a_fifth_is_set_aside() -> None:
    run_plan = plan(examples(), TEXTS)
    assert {row.id for row in (*run_plan.train, *run_plan.evaluation)} == {row.id for row in examples()}
    assert len(run_plan.evaluation) == 2
    assert (run_plan.by, run_plan.unlabelled, run_plan.left_out) == ("question", TEXTS, 0)
    assert run_plan.base == str(paths.bundled_model_dir())
    assert run_plan.config == dataclasses.replace(PRESETS["balanced"], epochs=15)  # a few labels: more often
    assert plan(examples(), TEXTS, overrides={"epochs": "2"}).config.epochs == 2
    assert run_plan == plan(examples(), TEXTS)


def test_questions_without_an_answer_are_made_for_what_is_set_aside() -> None:
    run_plan = plan(examples(), TEXTS)
    assert run_plan.evaluation_extras
    assert run_plan.evaluation_questions == (*run_plan.evaluation, *run_plan.evaluation_extras)
    assert all(is_made(row) and row.is_impossible for row in run_plan.evaluation_extras)
    assert {row.context for row in run_plan.evaluation_extras} <= {row.context for row in run_plan.evaluation}
    assert run_plan.expected == share_of("usually")
    everything = (*run_plan.train, *run_plan.train_extras)
    assert all(is_made(row) for row in run_plan.train_extras)
    assert 0.2 < sum(row.is_impossible for row in everything) / len(everything) < 0.35
    assert not {row.context for row in run_plan.train_extras} - {row.context for row in run_plan.train}
    settings = Settings()
    settings.set("qa.expected", "surely")  # then the reader never says that there is no answer
    assert (plan(examples(), TEXTS).evaluation_extras, plan(examples(), TEXTS).expected) == ((), 1.0)


def test_an_evaluation_part_can_be_given() -> None:
    run_plan = plan(examples()[:4], (), evaluation=examples()[4:6])
    assert [row.id for row in run_plan.train] == ["t1", "t2", "t3", "t4"]
    assert [row.id for row in run_plan.evaluation] == ["m1", "m2"]
    assert (run_plan.by, run_plan.evaluation_extras) == ("file", ())
    assert run_plan.unlabelled == (TEXTS[0],)  # the labelled context


def test_options_effort_and_settings_make_the_configuration() -> None:
    settings = Settings()
    settings.set("model.device", "cpu")
    settings.set("model.threads", 3)
    run_plan = plan(examples(), (), effort="quick", overrides={"learning_rate": "1e-5"}, seed=7)
    config = dataclasses.replace(PRESETS["quick"], epochs=5, learning_rate=1e-5, seed=7, device="cpu", threads=3)
    assert run_plan.config == config
    assert plan(examples(), (), overrides={"device": "cuda", "threads": "1", "seed": "2"}).config.device == "cuda"
    settings.set("model.device", "openvino")  # which cannot train
    assert plan(examples(), ()).config.device == "auto"
    with pytest.raises(DataError, match="rate"):
        plan(examples(), (), overrides={"learningrate": "1"})


def test_unusable_labels_are_left_out() -> None:
    tower = TEXTS[0]
    bad = [
        example("q", "?!", tower, "1862"),
        example("x", "Who?", "…", None, "Dots"),
        LabeledExample("s", "Who built it?", tower, "tower", (GoldSpan(3, 8, "other"),), False),
    ]
    long = example("l", "who " * 430, tower, "1862")
    run_plan = plan([*bad, *examples(), long], ())
    assert run_plan.left_out == 4
    assert len(run_plan.train) + len(run_plan.evaluation) == len(examples())
    assert warnings(run_plan)[0] == (
        "4 labels are left out. 'q': The question has no words in it. 'x': The document has no words in it. "
        "'s': Its answer does not stand in the text at its offset. And 1 more."
    )
    assert "its 432 tokens" in run_plan.problems[-1].what


def test_unusable_labels_of_a_given_evaluation_part_are_left_out_too() -> None:
    run_plan = plan(examples()[:4], (), evaluation=[*examples()[4:6], example("q", "?!", TEXTS[0], "1862")])
    assert [row.id for row in run_plan.evaluation] == ["m1", "m2"]
    assert warnings(run_plan)[0] == "1 label is left out. 'q': The question has no words in it."


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_labels_are_an_error(count: int) -> None:
    with pytest.raises(DataError, match="too few labels") as excinfo:
        plan(examples()[:count], ())
    assert "at least two" in excinfo.value.hint


def test_a_model_without_weights_cannot_be_trained(tmp_path: Path) -> None:
    graph_only = tmp_path / "graph only"
    shutil.copytree(paths.bundled_model_dir(), graph_only, ignore=shutil.ignore_patterns("*.safetensors"))
    with pytest.raises(ModelError, match="only a finished graph"):
        plan(examples(), (), base=str(graph_only))
    with pytest.raises(ModelError, match="There is no folder"):
        plan(examples(), (), base=str(tmp_path / "nowhere"))


def test_the_model_in_use_is_the_default_base(home: Path) -> None:
    folder = home / "data" / "models" / "mine"
    shutil.copytree(paths.bundled_model_dir(), folder)
    Settings().set("model.folder", "mine")
    assert plan(examples(), ()).base == str(folder)


def test_warnings_in_sentences() -> None:
    answerable = [row for row in examples() if not row.is_impossible]
    one = [dataclasses.replace(row, title="One") for row in answerable if row.context == TEXTS[0]]
    text = " ".join(warnings(plan(one, ())))
    for part in ("only 3 labels", "not in this document", "to the documents that it learns from", "Only 1 question is"):
        assert part in text
    many = [
        dataclasses.replace(row, id=f"{row.id}-{n}", context=f"{row.context} {n}", title=f"{row.title} {n}")
        for n in range(6)
        for row in examples()
    ]
    assert warnings(plan(many, ())) == []


def test_the_parameter_count_of_the_bundled_model() -> None:
    model = models.inspect(paths.bundled_model_dir())
    weights = model.safetensors[0].stat().st_size
    assert planning.parameter_count(model) == pytest.approx(weights / 2, rel=0.01)  # in half precision
    assert isinstance(plan(examples(), ()), Plan)
