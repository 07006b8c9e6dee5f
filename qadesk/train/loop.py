"""One plain loop from labels and a model to a better model, written as a generator.

Nothing random is carried from step to step: the order of an epoch comes from the seed and the epoch, dropout from the
seed and the step, the learning rate from the step. So a run that goes on from a checkpoint takes exactly the steps of
an undisturbed one: on the processor to the last bit, with as many threads.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qadesk.errors import DataError
from qadesk.qa.models import Model, load_tokenizer
from qadesk.records import LabeledExample
from qadesk.sentences import Sentence
from qadesk.train import checkpoint, network
from qadesk.train.calibrate import fit_temperature
from qadesk.train.checkpoint import State
from qadesk.train.config import Config
from qadesk.train.evaluation import Evaluation
from qadesk.train.events import Evaluated, Event, Noted, Saved, Stepped
from qadesk.train.features import Cutter, Lengths
from qadesk.train.learner import Learner, learning_rate, passages_needed
from qadesk.train.network import Chosen, Network

WEIGHTS = "best.safetensors"
"""The name of the best weights in a run's folder."""

_OTHERS = 2  # windows without its answer that a label to a long document is learned from
_PASSAGES = 400  # unlabelled windows at most
_MINUTE = 60.0  # seconds between checkpoints
_PROBE = 3  # steps


@dataclass(frozen=True, slots=True)
class TrainingJob:
    """What to train on what. ``unlabelled`` are texts for the term against forgetting; ``folder`` for checkpoints."""

    model: Model
    train: tuple[LabeledExample, ...]
    evaluation: tuple[LabeledExample, ...]
    unlabelled: tuple[str, ...]
    config: Config
    folder: Path


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of it: the best ``weights`` (float32 safetensors, all tensors of the model), after ``best_step`` steps.

    ``best_step`` 0 says that nothing was better than the model as it was. ``stopped`` is '' for a run that went to its
    end, 'stop' where the user stopped it, 'patience' where nothing had become better for long. ``temperature`` is
    fitted on the evaluation part, ``unanswerable`` says whether the model can say that there is no answer.
    """

    weights: Path
    steps: int
    best_step: int
    best_exact: float
    best_f1: float
    stopped: str
    temperature: float
    unanswerable: bool


@dataclass(frozen=True, slots=True)
class Estimated:
    """What a short probe measured: ``seconds`` for the whole run of ``steps`` steps with evaluations, on ``chosen``.

    ``checkpoint_bytes`` is the size of a checkpoint; three can lie on the disk for a moment.
    """

    seconds: float
    steps: int
    chosen: Chosen
    checkpoint_bytes: int


@dataclass(frozen=True, slots=True)
class _Standing:
    """How far a run is, as its checkpoints keep it. ``waited`` evaluations have brought nothing."""

    step: int = 0
    evaluated: int = -1
    best_step: int = 0
    best_loss: float = 0.0
    best_exact: float = 0.0
    best_f1: float = 0.0
    waited: int = 0
    stopped: str = ""


def train(job: TrainingJob, control: Callable[[], str] = lambda: "") -> Generator[Event, None, Trained]:
    """Train; resumes by itself from the newest good checkpoint in ``job.folder``.

    ``control`` is read between steps: '' goes on, 'pause' saves a checkpoint and waits until it says something else,
    'stop' ends the run and keeps the best weights. Closing the generator cancels. Raises ``ModelError``,
    ``DeviceError``, and ``DataError`` where there is nothing to learn from, the loss is no number, or the disk is full.
    """
    yield Noted(Sentence("run_preparing"))
    run = _Run(job)
    yield from map(Noted, run.notes())
    if run.standing.evaluated < 0:
        yield from run.evaluate()
    while not run.is_over:
        wish = control()
        if wish == "pause":
            yield run.save()
            while (wish := control()) == "pause":
                time.sleep(0.05)
        if wish == "stop":
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


def estimate(job: TrainingJob) -> Estimated:
    """Measure what ``train`` would take, by a few steps of it. Writes nothing. Raises as ``train`` does."""
    run = _Run(job, most_passages=job.config.batch_size)
    run.measure()
    size = sum(array.nbytes for array in run.learner.state().values()) * 4 // 3  # the best weights come on top
    seconds = run.seconds(run.learner.steps) + run.evaluation_seconds  # one more evaluation at the beginning
    return Estimated(seconds, run.learner.steps, run.network.chosen, size)


class _Run:
    """A run as it stands: what makes the steps, how good the model is, and how far it is."""

    def __init__(self, job: TrainingJob, most_passages: int = _PASSAGES) -> None:
        config = job.config
        lengths = Lengths(min(config.max_seq_length, job.model.max_tokens), config.doc_stride)
        cutter = Cutter(load_tokenizer(job.model), lengths)
        cut = [cutter.samples(example, _OTHERS) for example in job.train]
        self.samples = [sample for each in cut for sample in each]
        if not self.samples:
            raise DataError("There is nothing to learn from.", "Label some questions whose answers stand in the text.")
        self.job = job
        self.left_out = sum(not each for each in cut)
        self.unanswerable = job.model.unanswerable or any(example.is_impossible for example in job.train)
        self.evaluation = Evaluation(job.evaluation, cutter, job.model.calibration, unanswerable=self.unanswerable)
        self.network = Network(job.model, config, network.choose(config))
        questions = [example.question for example in job.train]
        count = min(most_passages, passages_needed(config, len(self.samples)))
        passages = cutter.passages(job.unlabelled, questions, count, config.seed)
        self.learner = Learner(self.network, config, self.samples, passages)
        self.standing = _Standing()
        self.best: dict[str, npt.NDArray[np.float32]] = {}
        self.step_seconds: list[float] = []
        self.evaluation_seconds = 0.0
        self._saved = time.monotonic()
        self._fingerprint = _fingerprint(job)
        self._resume()

    @property
    def is_over(self) -> bool:
        """Whether no step is to come."""
        return bool(self.standing.stopped) or self.standing.step >= self.learner.steps

    @property
    def is_evaluation_due(self) -> bool:
        """Whether one of the evaluations of the epoch comes after this step; the last comes at its end."""
        per_epoch, length = self.job.config.evaluations, self.learner.steps_per_epoch
        step = (self.standing.step - 1) % length + 1
        return step * per_epoch // length > (step - 1) * per_epoch // length

    @property
    def is_out_of_patience(self) -> bool:
        """Whether too many evaluations in a row have brought nothing."""
        return 0 < self.job.config.patience <= self.standing.waited

    @property
    def is_save_due(self) -> bool:
        """Whether an epoch has ended, or a minute has passed since the last checkpoint."""
        at_end = self.standing.step % self.learner.steps_per_epoch == 0
        return at_end or time.monotonic() - self._saved > _MINUTE

    def notes(self) -> Iterator[Sentence]:
        """What the log should say at the beginning."""
        yield Sentence("run_device", {"device": self.network.chosen.reason})
        if self.left_out:
            yield Sentence("run_left_out", {"left_out": self.left_out, "total": len(self.job.train)})
        if self.standing.step:
            yield Sentence("run_resumed", {"step": self.standing.step})

    def measure(self) -> None:
        """Make a few steps and read a few windows, only to see how long they take."""
        for _ in range(_PROBE):
            self.make_step()
        some = self.samples[: self.job.config.batch_size]
        began = time.monotonic()
        list(self.network.score(some))
        self.evaluation_seconds = (time.monotonic() - began) / len(some) * self.evaluation.windows

    def make_step(self) -> Stepped:
        """Make the next step."""
        began = time.monotonic()
        learner, step = self.learner, self.standing.step + 1
        loss, distil_loss = learner.make_step(step)
        self.standing = replace(self.standing, step=step)
        self.step_seconds.append(time.monotonic() - began)
        rate = learning_rate(self.job.config, step, learner.steps)
        epoch = (step - 1) // learner.steps_per_epoch + 1
        left = self.seconds(learner.steps - step) if len(self.step_seconds) > 1 else None
        return Stepped(step, learner.steps, epoch, loss, distil_loss, rate, left)

    def seconds(self, steps: int) -> float:
        """How long ``steps`` steps with their evaluations take, by those so far: at least two."""
        mean = float(np.mean(self.step_seconds[1:]))  # the first carries the warm-up
        evaluations = steps / self.learner.steps_per_epoch * self.job.config.evaluations
        return steps * mean + evaluations * self.evaluation_seconds

    def evaluate(self) -> Iterator[Event]:
        """Put the evaluation part to the model as it is, and keep the model if it is the best so far."""
        if not len(self.evaluation):
            return
        began = time.monotonic()
        marks, now = self.evaluation.marks(self.network), self.standing
        self.evaluation_seconds = time.monotonic() - began
        is_first = now.evaluated < 0
        if is_first or (marks.f1, -marks.loss) > (now.best_f1, -now.best_loss):
            now = replace(now, best_step=now.step, best_loss=marks.loss, best_exact=marks.exact, best_f1=marks.f1)
            self.standing = replace(now, evaluated=now.step, waited=0)
            self.best = self._weights()
        else:
            self.standing = replace(now, evaluated=now.step, waited=now.waited + 1)
        yield Evaluated(now.step, marks.loss, marks.exact, marks.f1)

    def stop(self, why: str) -> Iterator[Event]:
        """End the run here: what was learned since the last evaluation gets its chance."""
        if self.standing.evaluated < self.standing.step:
            yield from self.evaluate()
        self.standing = replace(self.standing, stopped=why)
        yield self.save()

    def save(self) -> Saved:
        """Write a checkpoint."""
        best = {f"best.{name}": array for name, array in self.best.items()}
        facts = {"run": self._fingerprint, "standing": asdict(self.standing)}
        path = checkpoint.save(self.job.folder, State({**self.learner.state(), **best}, facts), self.standing.step)
        self._saved = time.monotonic()
        return Saved(self.standing.step, path)

    def _resume(self) -> None:
        """Go on from the newest checkpoint of this run, if there is one."""
        state = checkpoint.newest(self.job.folder)
        if state is None or state.facts["run"] != self._fingerprint:
            return
        self.standing = _Standing(**state.facts["standing"])
        self.learner.load(state.tensors, self.standing.step)
        best = ((name, array) for name, array in state.tensors.items() if name.startswith("best."))
        self.best = {name.removeprefix("best."): array for name, array in best}

    def finish(self) -> Trained:
        """Write the best weights, and fit the temperature to them."""
        now = self.standing
        if self.best:
            self.network.put(self.best)
        else:  # nothing was measured
            now = replace(now, best_step=now.step)
        temperature = self.job.model.calibration.temperature
        if len(self.evaluation):
            scored, _ = self.evaluation.score(self.network)
            temperature = fit_temperature(lambda each: self.evaluation.confidences(scored, each), temperature)
        path = self.job.folder / WEIGHTS
        checkpoint.write_tensors(path, self.network.tensors())
        return Trained(
            path,
            now.step,
            now.best_step,
            now.best_exact,
            now.best_f1,
            now.stopped,
            temperature,
            self.unanswerable,
        )

    def _weights(self) -> dict[str, npt.NDArray[np.float32]]:
        return {name: array.copy() for name, array in self.network.weights().items()}


def _fingerprint(job: TrainingJob) -> str:
    """What decides the weights that come out: a checkpoint with another fingerprint is of another run."""
    digest = hashlib.sha256(repr(replace(job.config, threads=0)).encode())
    for path in job.model.safetensors:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    for part in (job.train, job.evaluation):
        digest.update(repr([replace(example, context="") for example in part]).encode())
        digest.update("\0".join(dict.fromkeys(example.context for example in part)).encode())
    digest.update("\0".join(job.unlabelled).encode())
    return digest.hexdigest()
