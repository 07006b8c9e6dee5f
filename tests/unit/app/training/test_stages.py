"""How forgetting is limited, and which stages a resumed run does not repeat."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable, Generator
from pathlib import Path

import numpy as np
import pytest
from generators import drive
from safetensors.numpy import load_file, save_file
from training_data import examples, marks, outcome

from qadesk import paths
from qadesk.app.reading.evaluate import Evaluation
from qadesk.app.training import measuring, planning, run_folder, runs, stages
from qadesk.app.training.measuring import Evaluations, Sets
from qadesk.app.training.outcome import GENERAL, NOTHING, OWN, TAUGHT, outcome_as_json
from qadesk.app.training.run_events import Phase
from qadesk.errors import ModelError
from qadesk.labels.dataset import Dataset
from qadesk.labels.label_files import read_dataset
from qadesk.progress import Progress, finish
from qadesk.qa import engine
from qadesk.qa.calibration import Calibration
from qadesk.qa.graphs import Prepared
from qadesk.sentences import TEXT, Sentence, verbatim
from qadesk.train.events import Noted
from qadesk.train.loop import Trained
from qadesk.train.preparation import TrainingTask
from qadesk.train.process_group import ALONE, ProcessGroup


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return run_folder.create(planning.plan(examples(), ()), tmp_path / "run")


@pytest.fixture
def run_stages(run: Path) -> stages._Stages:
    saved_plan = run_folder.read_plan(run)
    base = stages.base_of(saved_plan)
    return stages._Stages(run, saved_plan, base, stages.sets_of(saved_plan), [])


def evaluations_of(wrong: int, wrong_spans: int = 0) -> Evaluations:
    """With so many wrong answers and best spans in the general set, where all others are right."""
    examples = read_dataset(paths.general_set_path()).examples
    rows = [row for row in examples if not row.is_impossible]
    golds = {row.id: row.gold_texts[0] for row in rows}
    predictions = {row.id: golds.get(row.id, "") for row in examples}
    predictions |= {row.id: "" for row in rows[:wrong]}
    spans = {row.id: "" if index < wrong_spans else golds[row.id] for index, row in enumerate(rows)}
    return {part: Evaluation(marks(50), predictions, {}, 1.0, spans, {}) for part in (OWN, GENERAL)}


def trained(run: Path, best_step: int = 30) -> Trained:
    """The result of training: a bias that is all 0."""
    folder = run / stages.CHECKPOINTS
    folder.mkdir()
    old = load_file(paths.bundled_model_dir() / "model.safetensors")
    save_file({"qa_outputs.bias": np.zeros(2, np.float32)}, folder / "best.safetensors")
    assert old["qa_outputs.bias"].any()
    return Trained(folder / "best.safetensors", 40, best_step, 50.0, 60.0, "", Calibration(1.5), True)


@pytest.mark.parametrize(
    ("wrong_by_share", "share", "measured_shares"),
    [
        ({0.7: (6, 0)}, 0.7, [0.7]),  # of 262 answers: F1 fell by 2.29, with a standard error of 0.93
        ({0.7: (7, 0), 0.0: (3, 0)}, 0.7, [0.7, 0.0]),  # the base graph was better by chance: not in float32
        ({0.7: (13, 0), 0.0: (0, 0), 0.45: (3, 0)}, 0.45, [0.7, 0.0, 0.45]),  # by 4.96 less 1.35: 1.5 at 0.64 of it
        ({0.7: (7, 0), 0.0: (0, 0), 0.63: (5, 0)}, 0.63, [0.7, 0.0, 0.63]),
        ({0.7: (13, 0), 0.0: (0, 0), 0.45: (13, 0)}, 0.29, [0.7, 0.0, 0.45]),
        ({0.7: (0, 6), 0.0: (0, 0), 0.63: (0, 4)}, 0.63, [0.7, 0.0, 0.63]),  # of 195 best spans 6 are wrong, then 4
    ],
)
def test_the_largest_share_that_forgets_little_is_used(
    run: Path,
    run_stages: stages._Stages,
    monkeypatch: pytest.MonkeyPatch,
    wrong_by_share: dict[float, tuple[int, int]],
    share: float,
    measured_shares: list[float],
) -> None:
    old = load_file(paths.bundled_model_dir() / "model.safetensors")["qa_outputs.bias"].astype(np.float32)
    shares = []

    def share_of(folder: Path) -> float:
        new = load_file(folder / "model.safetensors")["qa_outputs.bias"].astype(np.float32)
        return round(float(1 - (new / old).mean()), 2) + 0.0  # not -0

    def load(folder: Path, **_options: object) -> Path:
        return folder

    def measure(folder: Path, sets: Sets, what: str, expected: float) -> Generator[Phase, None, Evaluations]:
        assert set(sets) == {GENERAL}
        shares.append(share_of(folder))
        yield Phase(what, 1, 2)
        return evaluations_of(*wrong_by_share[shares[-1]])

    monkeypatch.setattr(stages.model_writer.models, "inspect", lambda folder: folder)  # the model has few weights
    monkeypatch.setattr(engine, "open_reader", load)
    monkeypatch.setattr(measuring, "measure", measure)
    events, result = drive(run_stages.limit_forgetting(trained(run), evaluations_of(0)))
    assert (round(result, 2), shares) == (share, measured_shares)
    assert share_of(run / "result.part") == share
    notes = [event.sentence for event in events if isinstance(event, Noted)]
    assert notes == run_stages.notes
    assert bool(notes) == (share < 0.7)
    assert all(f"{share:.0%}" in note.text for note in notes)


@pytest.mark.parametrize("is_trained", [False, True])
def test_where_nothing_was_learned_there_is_no_model(
    run: Path, run_stages: stages._Stages, monkeypatch: pytest.MonkeyPatch, is_trained: bool
) -> None:
    result = trained(run, best_step=30 if is_trained else 0)
    small = {part: Dataset("2.0", dataset.examples[:2], ()) for part, dataset in run_stages.sets.items()}
    calls: list[str] = []

    def make(_model: object, _work: Path) -> Generator[Progress, None, Prepared]:
        calls.append("graph")
        yield Progress("Checking", 1, 2)
        return Prepared(None, ())

    def train(_job: object, _control: object, _group: object) -> Generator[Noted, None, Trained]:
        yield Noted(verbatim("Working."))
        shutil.copy(base / "model.safetensors", result.weights)
        return result

    base = paths.bundled_model_dir()
    monkeypatch.setattr(stages, "sets_of", lambda _saved: small)
    monkeypatch.setattr(stages, "make", make)
    monkeypatch.setattr(stages, "train", train)
    outcome = finish(stages.run_through(run))
    assert (outcome.has_model, outcome.is_better, outcome.verdict) == (False, False, NOTHING)
    assert outcome.own.before.f1 == outcome.own.after.f1
    assert calls == ["graph"] * is_trained
    assert not list(run.glob("result*"))
    assert runs.read_outcome(run) == outcome
    assert finish(runs.follow(run, runs.Control())) == outcome
    assert runs.unfinished() == []


def test_training_is_not_repeated(run: Path, run_stages: stages._Stages, monkeypatch: pytest.MonkeyPatch) -> None:
    result = trained(run)
    (run / "checkpoints" / "step-00000030.safetensors").write_bytes(b"1")
    calls = []

    def train(job: TrainingTask, control: Callable[[], str], group: ProcessGroup) -> Generator[Noted, None, Trained]:
        calls.append((job.train, control()))
        assert group is ALONE
        yield Noted(verbatim("Working."))
        return result

    monkeypatch.setattr(stages, "train", train)
    assert finish(run_stages.train(lambda: "stop")) == result
    assert [path.name for path in (run / "checkpoints").iterdir()] == ["best.safetensors"]
    assert finish(run_stages.train(lambda: "")) == result
    assert calls == [(run_stages.saved.plan.train, "stop")]
    assert json.loads((run / "trained.json").read_text())["weights"] == "checkpoints/best.safetensors"


def test_the_baseline_is_not_repeated(run: Path, run_stages: stages._Stages, monkeypatch: pytest.MonkeyPatch) -> None:
    same_set_twice = dataclasses.replace(run_stages, sets={OWN: run_stages.sets[OWN], TAUGHT: run_stages.sets[OWN]})
    first = finish(same_set_twice.baseline())
    assert set(first[OWN].predictions) == {example.id for example in run_stages.sets[OWN].examples}
    assert first[OWN].report.f1 > 50
    monkeypatch.setattr(stages, "load_reader", None)
    assert finish(same_set_twice.baseline()) == first


@pytest.mark.parametrize(
    "reasons",
    [
        (),
        (Sentence("graph.not_made", {"precision": "int8"}),),
        (
            Sentence("graph.drifts", {"precision": "int8", "drift": 12.0, "agreement": 90.0}),
            Sentence("graph.scores_not_numbers", {"precision": "float32"}),
        ),
    ],
)
def test_why_there_is_no_fast_graph_is_stored_as_ids(
    run: Path, run_stages: stages._Stages, monkeypatch: pytest.MonkeyPatch, reasons: tuple[Sentence, ...]
) -> None:
    def make(_model: object, _work: Path) -> Generator[Progress, None, Prepared]:
        yield Progress("Checking", 1, 2)
        return Prepared(None, reasons)

    shutil.copytree(paths.bundled_model_dir(), run / "result.part")
    monkeypatch.setattr(stages, "make", make)
    events, _ = drive(run_stages.export())
    assert [event.sentence for event in events if isinstance(event, Noted)] == list(reasons)
    assert run_stages.notes == list(reasons)
    values = outcome_as_json(dataclasses.replace(outcome(), notes=tuple(run_stages.notes)))
    assert TEXT not in [id_ for id_, _ in values["notes"]]


def test_a_base_model_that_was_changed_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(paths.bundled_model_dir(), folder)
    saved_plan = run_folder.read_plan(
        run_folder.create(planning.plan(examples(), (), base=str(folder)), tmp_path / "run")
    )
    assert stages.base_of(saved_plan).name == "QADesk reader 7"
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "layer_norm_eps": 1e-6}))
    with pytest.raises(ModelError, match="was changed since"):
        stages.base_of(saved_plan)
