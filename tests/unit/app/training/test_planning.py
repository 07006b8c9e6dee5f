"""What a run is made of, and its folder."""

from __future__ import annotations

import dataclasses
import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from training_data import TEXTS, example, examples

from qadesk import paths
from qadesk.app.training import planning
from qadesk.app.training.planning import Plan, begin, plan, read, warnings
from qadesk.errors import DataError, ModelError
from qadesk.labels.squad_files import read_squad
from qadesk.qa import models
from qadesk.records import GoldSpan, LabeledExample
from qadesk.settings import Settings
from qadesk.train.config import PRESETS


def test_a_fifth_is_set_aside_in_whole_documents() -> None:
    made = plan(examples(), TEXTS)
    assert {each.id for each in (*made.train, *made.evaluation)} == {each.id for each in examples()}
    assert not {each.title for each in made.train} & {each.title for each in made.evaluation}
    assert len(made.evaluation) in (3, 4)
    assert (made.by, made.unlabelled, made.left_out) == ("document", TEXTS, 0)
    assert made.base == str(paths.bundled_model_dir())
    assert made.config == PRESETS["balanced"]
    assert made == plan(examples(), TEXTS)


def test_questions_to_measure_with_can_be_given() -> None:
    made = plan(examples()[:4], (), evaluation=examples()[4:6])
    assert [each.id for each in made.train] == ["t1", "t2", "t3", "t4"]
    assert [each.id for each in made.evaluation] == ["m1", "m2"]
    assert made.by == "file"
    assert made.unlabelled == (TEXTS[0],)  # no others were given


def test_options_effort_and_settings_are_heeded() -> None:
    settings = Settings()
    settings.set("model.device", "cpu")
    settings.set("model.threads", 3)
    made = plan(examples(), (), effort="quick", overrides={"learning_rate": "1e-5"}, seed=7)
    wanted = dataclasses.replace(PRESETS["quick"], learning_rate=1e-5, seed=7, device="cpu", threads=3)
    assert made.config == wanted
    assert plan(examples(), (), overrides={"device": "cuda", "threads": "1", "seed": "2"}).config.device == "cuda"
    settings.set("model.device", "openvino")  # which cannot train
    assert plan(examples(), ()).config.device == "auto"
    with pytest.raises(DataError, match="rate"):
        plan(examples(), (), overrides={"learningrate": "1"})


def test_what_cannot_be_used_is_left_out() -> None:
    tower = TEXTS[0]
    bad = [
        example("q", "?!", tower, "1862"),
        example("x", "Who?", "…", None, "Dots"),
        LabeledExample("s", "Who built it?", tower, "tower", (GoldSpan(3, 8, "other"),), False),
    ]
    made = plan([*bad, *examples()], ())
    assert made.left_out == 3
    assert len(made.train) + len(made.evaluation) == len(examples())
    assert warnings(made)[0].startswith("3 labels are left out")


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_labels_are_told(count: int) -> None:
    with pytest.raises(DataError, match="too few labels") as caught:
        plan(examples()[:count], ())
    assert "at least two" in caught.value.hint


def test_a_model_without_weights_cannot_be_trained(tmp_path: Path) -> None:
    graph_only = tmp_path / "graph only"
    shutil.copytree(paths.bundled_model_dir(), graph_only, ignore=shutil.ignore_patterns("*.safetensors"))
    with pytest.raises(ModelError, match="only a finished graph"):
        plan(examples(), (), base=str(graph_only))
    with pytest.raises(ModelError, match="There is no folder"):
        plan(examples(), (), base=str(tmp_path / "nowhere"))


def test_the_model_in_use_is_the_one_to_start_from(home: Path) -> None:
    mine = home / "data" / "models" / "mine"
    shutil.copytree(paths.bundled_model_dir(), mine)
    Settings().set("model.folder", "mine")
    assert plan(examples(), ()).base == str(mine)


def test_warnings_in_sentences() -> None:
    answerable = [each for each in examples() if not each.is_impossible]
    one = [dataclasses.replace(each, title="One") for each in answerable if each.context == TEXTS[0]]
    found = " ".join(warnings(plan(one, ())))
    for words in ("only 3 labels", "not in this document", "from one document", "Only 1 questions"):
        assert words in found
    many = [
        dataclasses.replace(each, id=f"{each.id}-{n}", question=f"{n} {each.question}")
        for n in range(6)
        for each in examples()
    ]
    assert warnings(plan(many, ())) == []


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = plan(examples(), TEXTS, overrides={"seed": "5"}, effort="thorough")
    run = begin(made, tmp_path / "run")
    found = read(run)
    assert found.plan == dataclasses.replace(made, base=str(Path(made.base).resolve()))
    assert found.base_name == "QADesk reader 2"
    assert [path.name for path in tmp_path.iterdir() if path.name != "qadesk home"] == ["run"]
    assert planning.data_fingerprint(run) == planning.data_fingerprint(begin(made, tmp_path / "again"))
    other = begin(dataclasses.replace(made, train=made.train[1:]), tmp_path / "other")
    assert planning.data_fingerprint(run) != planning.data_fingerprint(other)


TITLES = st.sampled_from(["", "A", "B"])


@given(st.lists(st.tuples(TITLES, st.sampled_from(TEXTS), st.booleans()), min_size=1, max_size=12))
def test_examples_keep_their_order_and_words(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, bool]]
) -> None:
    made = []
    for number, (title, text, is_impossible) in enumerate(rows):
        spans = () if is_impossible else (GoldSpan(4, 10, text[4:10]), GoldSpan(0, 3, text[:3]))
        made.append(LabeledExample(f"{number}", f"What is {number}?", text, title, spans, is_impossible))
    path = tmp_path_factory.mktemp("squad") / "x.json"
    planning.write_json(path, planning.as_squad(made))
    found = read_squad(path)
    assert list(found.examples) == made
    assert found.problems == ()
    assert list(path.parent.iterdir()) == [path]


def test_each_run_has_a_folder_of_its_own() -> None:
    made = plan(examples(), ())
    first, second, third = begin(made), begin(made), begin(made)
    assert len({first, second, third}) == 3
    assert {path.parent for path in (first, second, third)} == {paths.runs_dir()}
    with pytest.raises(DataError, match="already a folder"):
        begin(made, first)


def test_too_little_room_is_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**9, 10**9, 10**8))
    with pytest.raises(DataError, match=r"too little room on the disk.* 0\.1 GB are free"):
        begin(plan(examples(), ()), tmp_path / "runs" / "run")
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_run_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = plan(examples(), ())

    def full(path: Path, _content: object) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(planning, "write_json", full)
    with pytest.raises(DataError, match="could not be written"):
        begin(made, tmp_path / "runs" / "run")
    assert list((tmp_path / "runs").iterdir()) == []


@pytest.mark.parametrize("name", ["plan.json", "train.json", "unlabelled.json"])
def test_a_damaged_run_is_told(tmp_path: Path, name: str) -> None:
    run = begin(plan(examples(), ()), tmp_path / "run")
    (run / name).write_text("{")
    with pytest.raises(DataError):
        read(run)
    with pytest.raises(DataError, match="holds no training run"):
        read(tmp_path / "nowhere")


def test_the_parameters_of_the_bundled_model() -> None:
    model = models.inspect(paths.bundled_model_dir())
    weights = model.safetensors[0].stat().st_size
    assert planning.parameters(model) == pytest.approx(weights / 2, rel=0.01)  # in half precision
    assert isinstance(plan(examples(), ()), Plan)
