"""One plain loop from labels and a model to a better model, written as a generator.

Nothing random is carried from step to step: the order of an epoch comes from the seed and the epoch, dropout from the
seed and the step, the learning rate from the step. So a run that is resumed from a checkpoint takes exactly the steps
of an uninterrupted one: on the processor to the last bit, with as many threads. Several processes
(``train.process_group``) take the same steps on the same batches, and differ in the last digits; in dropout, too,
where it is on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qadesk.qa.calibration import Calibration
from qadesk.qa.decode import Rules
from qadesk.sentences import Sentence
from qadesk.train import checkpoint
from qadesk.train.checkpoint import Checkpoint
from qadesk.train.evaluation import EvaluationSet
from qadesk.train.events import Evaluated, Event, Noted, Saved, Stepped
from qadesk.train.learner import learning_rate
from qadesk.train.network import Placement
from qadesk.train.preparation import MAX_UNLABELLED, Preparation, TrainingTask
from qadesk.train.process_group import ALONE, ProcessGroup
from qadesk.train.recalibrate import can_calibrate, fit_calibration
from qadesk.train.step_choice import StepChoice

WEIGHTS = "best.safetensors"
"""The name of the best weights in a run's folder."""

_MINUTE = 60.0  # seconds between checkpoints
_PROBE = 3  # steps


@dataclass(frozen=True, slots=True)
class Trained:
    """A run's result: the best ``weights`` (float32 safetensors, all tensors of the model), after ``best_step`` steps.

    ``best_step`` 0: nothing was better than the base model. ``stopped`` is '' for a run that went to its end, 'stop' if
    the user stopped it, 'patience' if too many evaluations brought no gain. ``calibration`` is that of the base model,
    or one that was fitted to the evaluation part; ``unanswerable`` says whether the model can say that there is no
    answer.
    """

    weights: Path
    steps: int
    best_step: int
    best_exact: float
    best_f1: float
    stopped: str
    calibration: Calibration
    unanswerable: bool


@dataclass(frozen=True, slots=True)
class StepTimes:
    """A short probe: the ``seconds`` of the whole run of ``steps`` steps with evaluations, on ``placement``."""

    seconds: float
    steps: int
    placement: Placement


@dataclass(frozen=True, slots=True)
class _LoopState:
    """How far a run is, as its checkpoints store it. The last ``waited`` evaluations brought no gain.

    ``choice`` are the values of a ``StepChoice``.
    """

    step: int = 0
    evaluated: int = -1
    best_step: int = 0
    best_exact: float = 0.0
    best_f1: float = 0.0
    waited: int = 0
    stopped: str = ""
    choice: dict[str, float] = field(default_factory=dict)


def train(
    task: TrainingTask, control: Callable[[], str] = lambda: "", group: ProcessGroup = ALONE
) -> Generator[Event, None, Trained]:
    """Train; resumes by itself from the newest good checkpoint in ``task.folder``.

    ``control`` is called between steps: '' continues, 'pause' saves a checkpoint and waits until it returns something
    else, 'stop' ends the run and keeps the best weights. Closing the generator cancels. Raises ``ModelError``,
    ``DeviceError``, and ``DataError`` where there is nothing to learn from, the loss is no number, or the disk is full.

    This process is the first of ``group``: the others make the steps with it (``train.preparation.take_part``), and
    wait while it evaluates, saves or pauses.
    """
    yield Noted(Sentence("run.preparing"))
    run = _TrainingRun(task, group)
    yield from map(Noted, run.notes())
    if run.state.evaluated < 0:
        yield from run.evaluate()
    if not run.is_over:
        group.wait_until_ready(run.state.step)
    while not run.is_over:
        command = control()
        if command == "pause":
            yield run.save()
            while (command := control()) == "pause":
                time.sleep(0.05)
        if command == "stop":
            yield from run.stop("stop")
            continue
        yield run.make_step()
        if run.is_evaluation_due:
            yield from run.evaluate()
        if run.is_out_of_patience:
            yield from run.stop("patience")
        elif run.is_save_due:
            yield run.save()
    return run.finish()


def measure_steps(task: TrainingTask) -> StepTimes:
    """Measure what ``train`` would take, by a few steps of it. Writes nothing. Raises as ``train`` does."""
    run = _TrainingRun(task, max_unlabelled=task.config.batch_size)
    run.measure()
    seconds = run.seconds(run.learner.steps) + run.evaluation_seconds  # one more evaluation at the beginning
    return StepTimes(seconds, run.learner.steps, run.network.placement)


class _TrainingRun:
    """The parts of a run: the learner, the evaluation, the best weights so far, and the state."""

    def __init__(self, task: TrainingTask, group: ProcessGroup = ALONE, max_unlabelled: int = MAX_UNLABELLED) -> None:
        self.task = task
        self.group = group
        prepared = Preparation(task, group, max_unlabelled)
        self.samples, self.left_out = prepared.samples, prepared.left_out
        self.network, self.learner = prepared.network, prepared.learner
        self.unanswerable = task.model.unanswerable or any(example.is_impossible for example in task.train)
        self._cutter = prepared.cutter
        self.evaluation = EvaluationSet((*task.evaluation, *task.evaluation_extras), self._cutter, self._rules())
        self.state = _LoopState()
        self.best: dict[str, npt.NDArray[np.float32]] = {}
        self.step_seconds: list[float] = []
        self.evaluation_seconds = 0.0
        self._saved = time.monotonic()
        self._fingerprint = prepared.fingerprint
        saved = prepared.resume()
        if saved:
            self.state = _LoopState(**saved.facts["standing"])
            best = ((name, array) for name, array in saved.tensors.items() if name.startswith("best."))
            self.best = {name.removeprefix("best."): array for name, array in best}

    def _rules(self) -> Rules:
        """The rules by which the reader will answer."""
        expected = self.task.expected
        can_refuse = self.unanswerable and expected != 1
        return Rules(top_k=1, unanswerable=can_refuse, calibration=self.task.model.calibration, expected=expected)

    @property
    def is_over(self) -> bool:
        """Whether there is no step left."""
        return bool(self.state.stopped) or self.state.step >= self.learner.steps

    @property
    def is_evaluation_due(self) -> bool:
        """Whether one of the epoch's evaluations is due after this step; the last is due at its end."""
        per_epoch, length = self.task.config.evaluations, self.learner.steps_per_epoch
        step = (self.state.step - 1) % length + 1
        return step * per_epoch // length > (step - 1) * per_epoch // length

    @property
    def is_out_of_patience(self) -> bool:
        """Whether too many evaluations in a row brought no gain."""
        return 0 < self.task.config.patience <= self.state.waited

    @property
    def is_save_due(self) -> bool:
        """Whether an epoch has ended, or a minute has passed since the last checkpoint."""
        at_end = self.state.step % self.learner.steps_per_epoch == 0
        return at_end or time.monotonic() - self._saved > _MINUTE

    def notes(self) -> Iterator[Sentence]:
        """What the log should say at the beginning."""
        yield Sentence("run.device", {"device": self.network.placement.reason})
        if self.group.size > 1:
            yield Sentence("run.processes", {"count": self.group.size})
        if self.left_out:
            yield Sentence("run.left_out", {"left_out": self.left_out, "total": len(self.task.train)})
        if self.state.step:
            yield Sentence("run.resumed", {"step": self.state.step})

    def measure(self) -> None:
        """Make a few steps and score a few windows, only to measure how long they take."""
        for _ in range(_PROBE):
            self.make_step()
        samples = self.samples[: self.task.config.batch_size]
        started = time.monotonic()
        list(self.network.score(samples))
        self.evaluation_seconds = (time.monotonic() - started) / len(samples) * self.evaluation.windows

    def make_step(self) -> Stepped:
        """Make the next step."""
        started = time.monotonic()
        learner, step = self.learner, self.state.step + 1
        self.group.announce(step)
        loss, distil_loss = learner.make_step(step)
        self.state = replace(self.state, step=step)
        self.step_seconds.append(time.monotonic() - started)
        rate = learning_rate(self.task.config, step, learner.steps)
        epoch = (step - 1) // learner.steps_per_epoch + 1
        seconds_left = self.seconds(learner.steps - step) if len(self.step_seconds) > 1 else None
        return Stepped(step, learner.steps, epoch, loss, distil_loss, rate, seconds_left)

    def seconds(self, steps: int) -> float:
        """How long ``steps`` steps with their evaluations take, by the mean of those so far, at least two."""
        mean = float(np.mean(self.step_seconds[1:]))  # the first includes the warm-up
        evaluations = steps / self.learner.steps_per_epoch * self.task.config.evaluations
        return steps * mean + evaluations * self.evaluation_seconds

    def evaluate(self) -> Iterator[Event]:
        """Evaluate the model, and keep its weights if they are to be those of the run (``step_choice``)."""
        if not len(self.evaluation):
            return
        started = time.monotonic()
        with self.network.all_threads():
            scores, now = self.evaluation.evaluate(self.network), self.state
        self.evaluation_seconds = time.monotonic() - started
        choice = StepChoice(**now.choice)
        waited = 0 if choice.is_gain(scores) else now.waited + 1
        if choice.keeps(scores):
            now = replace(now, best_step=now.step, best_exact=scores.exact, best_f1=scores.f1)
            self.best = self._weights()
        self.state = replace(now, evaluated=now.step, waited=waited, choice=asdict(choice.after(scores)))
        yield Evaluated(now.step, scores.loss, scores.exact, scores.f1)

    def stop(self, why: str) -> Iterator[Event]:
        """End the run here, after an evaluation of the steps since the last one."""
        if self.state.evaluated < self.state.step:
            yield from self.evaluate()
        self.state = replace(self.state, stopped=why)
        yield self.save()

    def save(self) -> Saved:
        """Write a checkpoint."""
        best = {f"best.{name}": array for name, array in self.best.items()}
        facts = {"run": self._fingerprint, "standing": asdict(self.state)}
        path = checkpoint.save_checkpoint(
            self.task.folder, Checkpoint({**self.learner.state(), **best}, facts), self.state.step
        )
        self._saved = time.monotonic()
        return Saved(self.state.step, path)

    def finish(self) -> Trained:
        """Write the best weights, and fit the calibration to them where there are labels enough."""
        now = self.state
        if self.best:
            self.network.set_weights(self.best)
        else:  # there was no evaluation
            now = replace(now, best_step=now.step)
        calibration = self.task.model.calibration
        if now.best_step and self.unanswerable and can_calibrate(self.task.evaluation):
            labels = EvaluationSet(self.task.evaluation, self._cutter, self._rules())
            with self.network.all_threads():
                calibration = fit_calibration(calibration, labels, self.network)
        path = self.task.folder / WEIGHTS
        checkpoint.write_tensors(path, self.network.tensors())
        return Trained(
            path,
            now.step,
            now.best_step,
            now.best_exact,
            now.best_f1,
            now.stopped,
            calibration,
            self.unanswerable,
        )

    def _weights(self) -> dict[str, npt.NDArray[np.float32]]:
        return {name: array.copy() for name, array in self.network.weights().items()}
