"""How much of what was learned a model keeps, and what an interrupted run does not do twice."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from generators import drive
from safetensors.numpy import load_file, save_file
from training_data import examples, marks

from qadesk import paths
from qadesk.app.reading.evaluate import Evaluation
from qadesk.app.training import measuring, planning, stages
from qadesk.app.training.measuring import Measured, Sets
from qadesk.app.training.outcome import GENERAL, OWN
from qadesk.app.training.run_events import Phase
from qadesk.errors import ModelError
from qadesk.progress import finish
from qadesk.qa import engine
from qadesk.train.events import Noted
from qadesk.train.loop import Trained


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return planning.begin(planning.plan(examples(), ()), tmp_path / "run")


@pytest.fixture
def run_stages(run: Path) -> stages._Stages:
    written = planning.read(run)
    base = stages.base_of(written)
    return stages._Stages(run, written, base, stages.sets_of(written), [])


def measured(own: float, general: float) -> Measured:
    return {part: Evaluation(marks(f1), {}, {}, 1.0, {}, {}) for part, f1 in ((OWN, own), (GENERAL, general))}


def trained(run: Path, best_step: int = 30) -> Trained:
    """What training left: weights that are all 0."""
    folder = run / stages.CHECKPOINTS
    folder.mkdir()
    old = load_file(paths.bundled_model_dir() / "model.safetensors")
    save_file({"qa_outputs.bias": np.zeros(2, np.float32)}, folder / "best.safetensors")
    assert old["qa_outputs.bias"].any()
    return Trained(folder / "best.safetensors", 40, best_step, 50.0, 60.0, "", 1.5, True)


@pytest.mark.parametrize(
    ("general_by_share", "share", "asked"),
    [
        ({1.0: 76.6}, 1.0, [1.0]),
        ({1.0: 76.4, 0.0: 77.8}, 1.0, [1.0, 0.0]),  # the old graph was in luck: in float32 it knew no more
        ({1.0: 74, 0.0: 80, 0.5: 78.6}, 0.5, [1.0, 0.0, 0.5]),
        ({1.0: 76, 0.0: 77.6, 0.9: 77}, 0.9, [1.0, 0.0, 0.9]),
        ({1.0: 72, 0.0: 78, 0.5: 72}, 0.25, [1.0, 0.0, 0.5]),
    ],
)
def test_the_longest_way_that_forgets_little_is_taken(
    run: Path,
    run_stages: stages._Stages,
    monkeypatch: pytest.MonkeyPatch,
    general_by_share: dict[float, float],
    share: float,
    asked: list[float],
) -> None:
    old = load_file(paths.bundled_model_dir() / "model.safetensors")["qa_outputs.bias"].astype(np.float32)
    seen = []

    def share_of(folder: Path) -> float:
        new = load_file(folder / "model.safetensors")["qa_outputs.bias"].astype(np.float32)
        return round(float(1 - (new / old).mean()), 2) + 0.0  # not -0

    def load(folder: Path, **_where: Any) -> Path:
        return folder

    def measure(folder: Path, sets: Sets, what: str) -> Generator[Phase, None, Measured]:
        assert set(sets) == {GENERAL}
        seen.append(share_of(folder))
        yield Phase(what, 1, 2)
        return measured(0, general_by_share[seen[-1]])

    monkeypatch.setattr(stages.model_folder.models, "inspect", lambda folder: folder)  # weights are few
    monkeypatch.setattr(engine, "load", load)
    monkeypatch.setattr(measuring, "measure", measure)
    told, found = drive(run_stages.hold_back(trained(run), measured(50, 78)))
    assert (found, seen) == (share, asked)
    assert share_of(run / "result.part") == share
    notes = [each.text for each in told if isinstance(each, Noted)]
    assert notes == run_stages.notes
    assert bool(notes) == (share < 1)
    assert all(f"{share:.0%}" in note for note in notes)


def test_a_model_that_learned_nothing_is_not_measured_for_what_it_forgot(
    run: Path, run_stages: stages._Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages.model_folder.models, "inspect", lambda folder: folder)
    monkeypatch.setattr(engine, "load", None)
    assert finish(run_stages.hold_back(trained(run, best_step=0), measured(50, 78))) == 1.0


def test_what_was_trained_is_not_trained_again(
    run: Path, run_stages: stages._Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = trained(run)
    (run / "checkpoints" / "step-00000030.safetensors").write_bytes(b"1")
    calls = []

    def train(job: Any, control: Callable[[], str]) -> Generator[Noted, None, Trained]:
        calls.append((job.train, control()))
        yield Noted("Working.")
        return made

    monkeypatch.setattr(stages, "train", train)
    assert finish(run_stages.train(lambda: "stop")) == made
    assert [path.name for path in (run / "checkpoints").iterdir()] == ["best.safetensors"]
    assert finish(run_stages.train(lambda: "")) == made
    assert calls == [(run_stages.written.plan.train, "stop")]
    assert json.loads((run / "trained.json").read_text())["weights"] == "checkpoints/best.safetensors"


def test_a_baseline_is_kept(run: Path, run_stages: stages._Stages, monkeypatch: pytest.MonkeyPatch) -> None:
    found = dataclasses.replace(run_stages, sets={OWN: run_stages.sets[OWN], GENERAL: run_stages.sets[OWN]})
    first = finish(found.baseline())
    assert set(first[OWN].predictions) == {each.id for each in run_stages.sets[OWN].examples}
    assert first[OWN].report.f1 > 50
    monkeypatch.setattr(stages, "load_reader", None)
    assert finish(found.baseline()) == first


def test_a_base_that_changed_is_told(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(paths.bundled_model_dir(), mine)
    written = planning.read(planning.begin(planning.plan(examples(), (), base=str(mine)), tmp_path / "run"))
    assert stages.base_of(written).name == "QADesk reader 2"
    config = json.loads((mine / "config.json").read_text())
    (mine / "config.json").write_text(json.dumps({**config, "layer_norm_eps": 1e-6}))
    with pytest.raises(ModelError, match="was changed since"):
        stages.base_of(written)
