"""A training run from its plan to its verdict, in stages. ``train_child`` goes through them.

    Baseline     the model as it is answers the user's evaluation part and the general set        before.json
    Training     ``train.loop``, with checkpoints                                checkpoints/, then trained.json
    Checking     does what was trained still know the general set? If not, its
                 weights go back a part of the way to the old ones (below)
    Exporting    its graph is made and checked against float32, as ``app.reading.prepare`` does           result.part/
    Comparing    the model as it will answer, on the same questions as before             result/, outcome.json

A run that was interrupted goes on behind the last file that is there whole, and training from its newest checkpoint.

**What holds forgetting back.** Training has a term for it (``train.objective``), whose weight was chosen by the general
set beforehand. What it lets slip is caught here: on the way from the old weights to the trained ones most of what is
learned comes early, and most of what is forgotten late (Wortsman et al., "Robust fine-tuning of zero-shot models",
2022). Where F1 on the general set fell by more than ``MOST_SLIPPED``, the model goes back to the share of the way at
which it should have fallen by just that, if forgetting grows with the square of the way, as it does near an optimum.
The user's evaluation part has no say in it.
"""

from __future__ import annotations

import dataclasses
import json
import math
import os
import shutil
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, TypeVar

from qadesk import paths
from qadesk.app.labelling.inspection import losses
from qadesk.app.reading.load import load_reader
from qadesk.app.reading.prepare_child import make
from qadesk.app.training import measuring, model_writer, planning, run_log
from qadesk.app.training import outcome as outcomes
from qadesk.app.training.measuring import Measured, Sets
from qadesk.app.training.outcome import GENERAL, OWN, Outcome
from qadesk.app.training.planning import OUTCOME, RESULT, Written, write_json
from qadesk.app.training.run_events import Phase, RunEvent, as_phase
from qadesk.errors import ModelError
from qadesk.labels.dataset import Dataset
from qadesk.labels.squad_files import read_squad
from qadesk.progress import Progress
from qadesk.qa import engine, graphs, models
from qadesk.qa.models import Model
from qadesk.qa.torch_backend import free_memory
from qadesk.sentences import Sentence, verbatim
from qadesk.train.events import Noted
from qadesk.train.loop import Trained, TrainingJob, train
from qadesk.train.network import choose

T = TypeVar("T")

BEFORE, TRAINED, CHECKPOINTS = "before.json", "trained.json", "checkpoints"
MOST_SLIPPED = 1.5
"""F1 in per cent. Less than the verdict allows: the graph in int8 may lose a little more."""

_CHECKS = 2  # of the general set, each some seconds; what comes after the last is only measured for the verdict


def run_through(run: Path, control: Callable[[], str] = lambda: "") -> Generator[RunEvent, None, Outcome]:
    """Go through what is left of the run in the folder ``run``. ``control`` is that of ``train.loop.train``.

    Closing the generator cancels; the folder stays. Raises ``DataError``, ``ModelError``, ``DeviceError``; ``OSError``
    where the disk is full.
    """
    began = time.monotonic() - run_log.seconds(run)
    yield Phase("Preparing")
    written = planning.read(run)
    stages = _Stages(run, written, base_of(written), sets_of(written), [])
    before = yield from stages.baseline()
    trained = yield from stages.train(control)
    share = yield from stages.hold_back(trained, before)
    yield from stages.export()
    found = yield from stages.compare(before, trained, share)
    found = dataclasses.replace(found, seconds=time.monotonic() - began)
    stages.finish(found)
    return found


def sets_of(written: Written) -> Sets:
    """What a run is measured on."""
    return {OWN: Dataset("2.0", written.plan.evaluation, ()), GENERAL: read_squad(paths.general_set_path())}


def base_of(written: Written) -> Model:
    """The model that a run starts from. Raises ``ModelError`` if it is gone or is not what it was."""
    model = planning.trainable(Path(written.plan.base))
    if graphs.fingerprint(model) != written.base_fingerprint:
        raise ModelError(
            f"The model '{model.name}' was changed since this training began.", "Discard the run and begin a new one."
        )
    return model


def job_of(run: Path, written: Written, base: Model) -> TrainingJob:
    """The training itself, as ``train.loop`` takes it."""
    made = written.plan
    return TrainingJob(base, made.train, made.evaluation, made.unlabelled, made.config, run / CHECKPOINTS)


class _Where(TypedDict):
    device: str
    threads: int


@dataclass(frozen=True, slots=True)
class _Stages:
    """The stages of one run. ``notes`` are what the outcome should mention."""

    run: Path
    written: Written
    base: Model
    sets: Sets
    notes: list[Sentence]

    def baseline(self) -> Generator[RunEvent, None, Measured]:
        """What the model as it is answers, as it answers now."""
        place = self.run / BEFORE
        if place.is_file():
            return measuring.read(place)
        reader = load_reader(self.base.folder, **self._where)
        before = yield from measuring.measure(reader, self.sets, "Baseline")
        write_json(place, measuring.to_json(before))
        return before

    def train(self, control: Callable[[], str]) -> Generator[RunEvent, None, Trained]:
        """What training gives. Its checkpoints make room when it is done."""
        place = self.run / TRAINED
        if not place.is_file():
            yield Phase("Training")
            done = yield from train(job_of(self.run, self.written, self.base), control)
            free_memory()
            write_json(place, {**dataclasses.asdict(done), "weights": done.weights.relative_to(self.run).as_posix()})
        found = json.loads(place.read_text(encoding="utf-8"))
        trained = Trained(**{**found, "weights": self.run / found["weights"]})
        for path in (self.run / CHECKPOINTS).iterdir():
            if path != trained.weights:
                _remove(path)
        return trained

    def hold_back(self, trained: Trained, before: Measured) -> Generator[RunEvent, None, float]:
        """Write the model, with as much of what was learned as leaves it what it knew; gives the share."""
        share, known, floating = 1.0, before[GENERAL].report.f1, None
        self._write(trained, share)
        for _ in range(_CHECKS if trained.best_step else 0):
            now = yield from self._general(self._part)
            if now < known - MOST_SLIPPED and floating is None:  # the old model's graph may have been in luck
                known = floating = yield from self._general(self.base.folder)
            if now >= known - MOST_SLIPPED:
                break
            share *= min(0.9, math.sqrt(MOST_SLIPPED / (known - now)))
            self._write(trained, share)
        if share < 1:
            yield self._note(Sentence("run_share", {"share": share}))
        return share

    def _write(self, trained: Trained, share: float) -> None:
        _remove(self._part)
        model_writer.write(self._part, self.base, trained, share)

    def _general(self, folder: Path) -> Generator[RunEvent, None, float]:
        """F1 on the general set of the model in ``folder``, in float32."""
        reader = engine.load(folder, precision="float32", **self._where)
        found = yield from measuring.measure(reader, {GENERAL: self.sets[GENERAL]}, "Checking")
        return found[GENERAL].report.f1

    def _note(self, sentence: Sentence) -> Noted:
        self.notes.append(sentence)
        return Noted(sentence)

    def export(self) -> Generator[RunEvent, None, None]:
        """Make the model's graph."""
        work = self.run / "work"
        _remove(work)
        work.mkdir()
        model = models.inspect(self._part)
        prepared = yield from _phases(make(model, work), {"Checking": "Quantising"})
        if prepared.graph:
            for path in prepared.graph.parent.glob(f"{prepared.graph.name}*"):  # a large one has a second file
                path.rename(self._part / path.name)
        if prepared.reason:
            yield self._note(verbatim(prepared.reason))
        _remove(work)
        free_memory()

    def compare(self, before: Measured, trained: Trained, share: float) -> Generator[RunEvent, None, Outcome]:
        """The marks of the finished model, and every answer, beside those from before."""
        reader = load_reader(self._part, **self._where)
        after = yield from measuring.measure(reader, self.sets, "Comparing")
        by_id = yield from _phases(losses(reader, self.sets[OWN].examples), {"Checking": "Comparing"})
        own, general = (measuring.compare(before, after, part) for part in (OWN, GENERAL))
        made = self.written.plan
        chosen = choose(made.config)
        return Outcome(
            base=self.written.base_name,
            effort=made.effort,
            config=made.config,
            own=own,
            general=general,
            rows=measuring.rows(self.sets, before, after, by_id),
            verdict=outcomes.verdict(own, general),
            is_better=outcomes.is_better(own, general),
            seconds=0.0,
            steps=trained.steps,
            best_step=trained.best_step,
            stopped=trained.stopped,
            share=share,
            temperature=trained.temperature,
            train_count=len(made.train),
            evaluation_count=len(made.evaluation),
            by=made.by,
            device=f"{chosen.device}, {chosen.precision}",
            notes=tuple(self.notes),
        )

    def finish(self, found: Outcome) -> None:
        """Write down what came of it. The model appears by a rename, and the run is over with the last file."""
        model_writer.describe(self._part, self.written, found, planning.data_fingerprint(self.run))
        _sync(self._part)
        _remove(self.run / RESULT)
        self._part.rename(self.run / RESULT)
        write_json(self.run / OUTCOME, outcomes.as_json(found))
        _remove(self.run / CHECKPOINTS)

    @property
    def _part(self) -> Path:
        return self.run / f"{RESULT}.part"

    @property
    def _where(self) -> _Where:
        config = self.written.plan.config
        return {"device": config.device, "threads": config.threads}


def _phases(work: Generator[Progress, None, T], names: Mapping[str, str]) -> Generator[RunEvent, None, T]:
    """``work`` with its progress as phases, called by other ``names`` where there are some."""
    while True:
        try:
            step = next(work)
        except StopIteration as end:
            result: T = end.value
            return result
        yield as_phase(step, names.get(step.what, ""))


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Wait until the files in ``folder`` are on the disk: a power cut after the rename must not find them empty."""
    for path in folder.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
