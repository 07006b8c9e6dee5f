"""The folder of a run: created whole or not at all, and read again."""

from __future__ import annotations

import dataclasses
import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from training_data import TEXTS
from training_data import examples as small_labels

from qadesk import paths
from qadesk.app.training import run_folder
from qadesk.app.training.planning import plan
from qadesk.app.training.run_folder import create, read_plan
from qadesk.errors import DataError
from qadesk.labels.label_files import read_dataset
from qadesk.records import GoldSpan, LabeledExample
from qadesk.structure import Block
from qadesk.train import process_group


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    run_plan = plan(small_labels(), TEXTS, overrides={"seed": "5"}, effort="thorough")
    run = create(run_plan, tmp_path / "run")
    saved_plan = read_plan(run)
    assert saved_plan.plan == dataclasses.replace(run_plan, base=str(Path(run_plan.base).resolve()))
    assert saved_plan.base_name == "QADesk reader 7"
    assert [path.name for path in tmp_path.iterdir() if path.name != "qadesk home"] == ["run"]
    assert run_folder.data_fingerprint(run) == run_folder.data_fingerprint(create(run_plan, tmp_path / "again"))
    other_run = create(dataclasses.replace(run_plan, train=run_plan.train[1:]), tmp_path / "other")
    assert run_folder.data_fingerprint(run) != run_folder.data_fingerprint(other_run)


def test_another_number_of_processes_can_go_on_with_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_group, "find_spec", lambda _name: "there")
    run = create(plan(small_labels(), TEXTS, processes=2), tmp_path / "run")
    before = read_plan(run)
    assert before.plan.processes == 2
    run_folder.change_processes(run, 3)
    assert read_plan(run) == dataclasses.replace(before, plan=dataclasses.replace(before.plan, processes=3))
    with pytest.raises(DataError, match="9 processes cannot train together"):
        run_folder.change_processes(run, 9)
    assert read_plan(run).plan.processes == 3


def test_an_older_run_has_one_process(tmp_path: Path) -> None:
    run = create(plan(small_labels(), TEXTS), tmp_path / "run")
    summary = run_folder.read_summary(run)
    del summary["processes"]
    run_folder.write_json(run / "plan.json", summary)
    assert read_plan(run).plan.processes == 1


TITLES = st.sampled_from(["", "A", "B"])


@settings(deadline=None)
@given(st.lists(st.tuples(TITLES, st.sampled_from(TEXTS), st.booleans(), st.booleans()), min_size=1, max_size=12))
def test_examples_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, bool, bool]]
) -> None:
    examples = []
    for number, (title, text, is_impossible, has_blocks) in enumerate(rows):
        spans = () if is_impossible else (GoldSpan(4, 10, text[4:10]), GoldSpan(0, 3, text[:3]))
        blocks = (Block("pair", 0, len(text), body=4),) if has_blocks else ()
        examples.append(LabeledExample(f"{number}", f"What is {number}?", text, title, spans, is_impossible, blocks))
    path = tmp_path_factory.mktemp("squad") / "x.json"
    run_folder.write_json(path, run_folder.as_squad(examples))
    dataset = read_dataset(path)
    assert list(dataset.examples) == examples
    assert dataset.problems == ()
    assert list(path.parent.iterdir()) == [path]


def test_each_run_has_a_folder_of_its_own() -> None:
    run_plan = plan(small_labels(), ())
    first, second, third = create(run_plan), create(run_plan), create(run_plan)
    assert len({first, second, third}) == 3
    assert {path.parent for path in (first, second, third)} == {paths.runs_dir()}
    with pytest.raises(DataError, match="already a folder"):
        create(run_plan, first)


def test_too_little_room_is_an_error_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**9, 10**9, 10**8))
    with pytest.raises(DataError, match=r"too little room on the disk.* 100 MB are free"):
        create(plan(small_labels(), ()), tmp_path / "runs" / "run")
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_run_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_plan = plan(small_labels(), ())

    def fail(path: Path, _content: object) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run_folder, "write_json", fail)
    with pytest.raises(DataError, match="could not be written"):
        create(run_plan, tmp_path / "runs" / "run")
    assert list((tmp_path / "runs").iterdir()) == []


@pytest.mark.parametrize("name", ["plan.json", "train.json", "unlabelled.json"])
def test_a_damaged_run_is_an_error(tmp_path: Path, name: str) -> None:
    run = create(plan(small_labels(), ()), tmp_path / "run")
    (run / name).write_text("{")
    with pytest.raises(DataError):
        read_plan(run)
    with pytest.raises(DataError, match="holds no training run"):
        read_plan(tmp_path / "nowhere")
