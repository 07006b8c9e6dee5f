"""A training run from its plan to its verdict, in stages. ``train_child`` goes through them.

    Baseline     the model as it is answers the user's evaluation part, the labels taught and the
                 general set                                                                      before.json
    Training     ``train.loop``, with checkpoints                                checkpoints/, then trained.json
    Checking     how much the trained model forgot of the general set; if too much,
                 its weights are interpolated with the old ones (below)
    Exporting    its graph is made and checked against float32, as ``app.reading.prepare`` does           result.part/
    Comparing    the finished model answers the questions of the baseline                 result/, outcome.json

Where no step was better than the model as it is, the run ends after Training, and there is no result. The same holds
where the finished model is better neither on the evaluation part nor on the labels taught.

A run that was interrupted resumes after its last complete file, and training from its newest checkpoint.

**Forgetting.** Training has a distillation loss against it (``train.objective``), whose weight was chosen beforehand on
the general set. What remains is limited here by interpolating the weights: on the way from the old weights to the
trained ones most of what is learned comes early, and most of what is forgotten late (Wortsman et al., "Robust
fine-tuning of zero-shot models", 2022). So the weights go only ``SHARE`` of the way. If F1 on the general set fell by
more than ``MAX_SLIP`` even so, as answered or of the best spans and by more than chance (``measuring.certain_slip``),
they go back to the share of the way at which it should have fallen by just that, assuming that forgetting grows with
the square of the way, as it does near an optimum. Both count: a reader that refuses less may have the same F1 as
before, and yet find fewer answers. The user's evaluation part is not used for it.
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
from qadesk.app.reading.evaluate import Evaluation
from qadesk.app.reading.load import load_reader
from qadesk.app.reading.prepare_child import make
from qadesk.app.training import measuring, model_writer, planning, run_folder, run_log
from qadesk.app.training import outcome as outcomes
from qadesk.app.training.measuring import Evaluations, Sets
from qadesk.app.training.outcome import GENERAL, OWN, TAUGHT, Outcome
from qadesk.app.training.ranks import OnLost, check_processes, ignore_lost, joined_processes
from qadesk.app.training.run_events import Phase, RunEvent, as_phase
from qadesk.app.training.run_folder import OUTCOME, RESULT, SavedPlan, write_json
from qadesk.errors import ModelError
from qadesk.labels.dataset import Dataset
from qadesk.labels.label_files import read_dataset
from qadesk.progress import Progress, map_steps
from qadesk.qa import engine, graphs, models
from qadesk.qa.calibration import read_calibration
from qadesk.qa.models import Model
from qadesk.qa.torch_backend import free_memory
from qadesk.sentences import Sentence
from qadesk.train.events import Noted
from qadesk.train.loop import Trained, train
from qadesk.train.network import Placement, choose_placement
from qadesk.train.preparation import TrainingTask

T = TypeVar("T")

BEFORE, TRAINED, CHECKPOINTS = "before.json", "trained.json", "checkpoints"
SHARE = 0.7
"""Of 0.6 to 1, on development questions: docs/teach.md."""

MAX_SLIP = 1.5
"""F1 in per cent. Less than the verdict allows, as the int8 graph may lose a little more."""

_CHECKS = 2  # evaluations of forgetting at most; the weights after the last are only measured for the verdict


def run_through(
    run: Path, control: Callable[[], str] = lambda: "", on_lost: OnLost = ignore_lost
) -> Generator[RunEvent, None, Outcome]:
    """Do the remaining stages of the run in the folder ``run``.

    ``control`` is that of ``train.loop.train``, ``on_lost`` that of ``app.training.ranks.joined_processes``.
    Closing the generator cancels; the folder stays. Raises ``DataError``, ``ModelError``, ``DeviceError``, and
    ``QadeskError`` where one of several processes ends; ``OSError`` if the disk is full.
    """
    began = time.monotonic() - run_log.elapsed_seconds(run)
    yield Phase("Preparing")
    saved = run_folder.read_plan(run)
    if saved.plan.processes > 1:  # rather now than after the baseline
        check_processes(saved.plan.processes, saved.plan.config)
        choose_placement(saved.plan.config, 0, saved.plan.processes)
    stages = _Stages(run, saved, base_of(saved), sets_of(saved), [])
    before = yield from stages.baseline()
    trained = yield from stages.train(control, on_lost)
    if trained.best_step:
        share = yield from stages.limit_forgetting(trained, before)
        yield from stages.export()
        outcome = yield from stages.compare(before, trained, share)
    else:
        outcome = stages.outcome(trained, before, before)
    outcome = dataclasses.replace(outcome, seconds=time.monotonic() - began)
    stages.finish(outcome)
    return outcome


def sets_of(saved: SavedPlan) -> Sets:
    """The data sets that a run is evaluated on."""
    return {
        OWN: Dataset("2.0", saved.plan.evaluation_questions, ()),
        TAUGHT: Dataset("2.0", measuring.taught_part(saved.plan.train), ()),
        GENERAL: read_dataset(paths.general_set_path()),
    }


def base_of(saved: SavedPlan) -> Model:
    """The model that a run starts from. Raises ``ModelError`` if it is missing or was changed since."""
    model = planning.trainable_model(Path(saved.plan.base))
    if graphs.fingerprint(model) != saved.base_fingerprint:
        raise ModelError(
            f"The model '{model.name}' was changed since this training began.", "Discard the run and begin a new one."
        )
    return model


def task_of(run: Path, saved: SavedPlan, base: Model) -> TrainingTask:
    """The training of a run, for ``train.loop``."""
    plan = saved.plan
    return TrainingTask(
        base,
        plan.train_questions,
        plan.evaluation,
        plan.unlabelled,
        plan.config,
        run / CHECKPOINTS,
        plan.expected,
        plan.evaluation_extras,
        read_dataset(paths.replay_set_path()).examples,
    )


class _DeviceOptions(TypedDict):
    device: str
    threads: int


@dataclass(frozen=True, slots=True)
class _Stages:
    """The stages of one run. ``notes`` collects sentences for the outcome."""

    run: Path
    saved: SavedPlan
    base: Model
    sets: Sets
    notes: list[Sentence]

    def baseline(self) -> Generator[RunEvent, None, Evaluations]:
        """The evaluations of the base model, with its graph, as it answers in the program."""
        path = self.run / BEFORE
        if path.is_file():
            before = measuring.read_evaluations(path)
            if before.keys() == self.sets.keys():  # else an older version began the run
                return before
        reader = load_reader(self.base.folder, **self._device_options)
        before = yield from measuring.measure(reader, self.sets, "Baseline", self.saved.plan.expected)
        write_json(path, measuring.evaluations_as_json(before))
        return before

    def train(self, control: Callable[[], str], on_lost: OnLost = ignore_lost) -> Generator[RunEvent, None, Trained]:
        """The result of training. Afterwards all checkpoints but the best weights are removed."""
        path, plan = self.run / TRAINED, self.saved.plan
        if not path.is_file():
            yield Phase("Training")
            with joined_processes(self.run, plan.processes, plan.config, on_lost) as group:
                trained = yield from train(task_of(self.run, self.saved, self.base), control, group)
            free_memory()
            weights = trained.weights.relative_to(self.run).as_posix()
            write_json(path, {**dataclasses.asdict(trained), "weights": weights})
        trained = self._read_trained(path)
        for checkpoint in (self.run / CHECKPOINTS).iterdir():
            if checkpoint != trained.weights:
                _remove(checkpoint)
        return trained

    def _read_trained(self, path: Path) -> Trained:
        values = json.loads(path.read_text(encoding="utf-8"))
        values.pop("temperature", None)  # an older version fitted one alone
        calibration = read_calibration(values["calibration"]) if "calibration" in values else self.base.calibration
        return Trained(**{**values, "weights": self.run / values["weights"], "calibration": calibration})

    def limit_forgetting(self, trained: Trained, before: Evaluations) -> Generator[RunEvent, None, float]:
        """Write the model with weights that forget little; returns the share of the trained weights in them.

        The first comparison is with the base model's graph; if that fails, with its float32 weights, as the graph may
        be better by chance.
        """
        share, reference, is_float32 = SHARE, before[GENERAL], False
        examples = self.sets[GENERAL].examples
        self._write(trained, share)
        for _ in range(_CHECKS):
            now = yield from self._on_general_set(self._part)
            if measuring.certain_slip(reference, now, examples) > MAX_SLIP and not is_float32:
                reference = yield from self._on_general_set(self.base.folder)
                is_float32 = True
            slip = measuring.certain_slip(reference, now, examples)
            if slip <= MAX_SLIP:
                break
            share *= min(0.9, math.sqrt(MAX_SLIP / slip))
            self._write(trained, share)
        if share < SHARE:
            yield self._note(Sentence("run.share", {"share": share}))
        return share

    def _write(self, trained: Trained, share: float) -> None:
        _remove(self._part)
        model_writer.write_model(self._part, self.base, trained, share)

    def _on_general_set(self, folder: Path) -> Generator[RunEvent, None, Evaluation]:
        """What the model in ``folder`` answers to the general set, in float32."""
        reader = engine.open_reader(folder, precision="float32", **self._device_options)
        sets = {GENERAL: self.sets[GENERAL]}
        evaluations = yield from measuring.measure(reader, sets, "Checking", self.saved.plan.expected)
        return evaluations[GENERAL]

    def _note(self, sentence: Sentence) -> Noted:
        self.notes.append(sentence)
        return Noted(sentence)

    def export(self) -> Generator[RunEvent, None, None]:
        """Add the fast graph to the model, if one can be made."""
        work = self.run / "work"
        _remove(work)
        work.mkdir()
        model = models.inspect(self._part)
        prepared = yield from _phases(make(model, work), {"Checking": "Quantising"})
        if prepared.graph:
            for path in prepared.graph.parent.glob(f"{prepared.graph.name}*"):  # a large one has two files
                path.rename(self._part / path.name)
        yield from map(self._note, prepared.reasons)
        _remove(work)
        free_memory()

    def compare(self, before: Evaluations, trained: Trained, share: float) -> Generator[RunEvent, None, Outcome]:
        """The outcome: the finished model is evaluated and compared with the base model. ``seconds`` is still 0."""
        reader = load_reader(self._part, **self._device_options)
        after = yield from measuring.measure(reader, self.sets, "Comparing", self.saved.plan.expected)
        by_id = yield from _phases(losses(reader, self.sets[OWN].examples), {"Checking": "Comparing"})
        return self.outcome(trained, before, after, by_id, share)

    def outcome(
        self,
        trained: Trained,
        before: Evaluations,
        after: Evaluations,
        losses: Mapping[str, float] | None = None,
        share: float = 1.0,
    ) -> Outcome:
        """The outcome of a run whose model answered as in ``after``, which is ``before`` where none was made."""
        own, taught, general = (measuring.set_comparison(before, after, part) for part in (OWN, TAUGHT, GENERAL))
        has_model = outcomes.has_learned(own, taught)
        plan = self.saved.plan
        placement = choose_placement(plan.config)
        return Outcome(
            base=self.saved.base_name,
            effort=plan.effort,
            config=plan.config,
            own=own,
            general=general,
            rows=measuring.question_outcomes(self.sets, before, after, losses or {}),
            verdict=outcomes.verdict(own, general) if has_model else outcomes.NOTHING,
            is_better=has_model and outcomes.is_better(own, general),
            seconds=0.0,
            steps=trained.steps,
            best_step=trained.best_step,
            stopped=trained.stopped,
            share=share,
            temperature=trained.calibration.temperature,
            train_count=len(plan.train),
            evaluation_count=len(plan.evaluation),
            by=plan.by,
            device=_device_text(placement, plan.processes),
            notes=tuple(self.notes),
            has_model=has_model,
        )

    def finish(self, outcome: Outcome) -> None:
        """Complete the model, which appears by a rename, and write the outcome: with that file the run is finished."""
        _remove(self.run / RESULT)
        if outcome.has_model:
            model_writer.describe(self._part, self.saved, outcome, run_folder.data_fingerprint(self.run))
            _sync(self._part)
            self._part.rename(self.run / RESULT)
        _remove(self._part)
        write_json(self.run / OUTCOME, outcomes.outcome_as_json(outcome))
        _remove(self.run / CHECKPOINTS)

    @property
    def _part(self) -> Path:
        return self.run / f"{RESULT}.part"

    @property
    def _device_options(self) -> _DeviceOptions:
        config = self.saved.plan.config
        return {"device": config.device, "threads": config.threads}


def _device_text(placement: Placement, processes: int) -> str:
    together = f", {processes} processes" if processes > 1 else ""
    return f"{placement.device}, {placement.precision}{together}"


def _phases(work: Generator[Progress, None, T], names: Mapping[str, str]) -> Generator[RunEvent, None, T]:
    """``work`` with its progress as phases, renamed by ``names``."""
    return map_steps(work, lambda step: as_phase(step, names.get(step.what, "")))


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Flush the files in ``folder`` to the disk: else a power cut after the rename could leave them empty."""
    for path in folder.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
