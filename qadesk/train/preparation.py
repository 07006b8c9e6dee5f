"""What every process of a run prepares alike: the windows, the network, the learner, and the newest checkpoint."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from qadesk.errors import DataError
from qadesk.qa.expectation import USUAL
from qadesk.qa.models import Model, load_tokenizer
from qadesk.qa.windows import WindowLengths
from qadesk.records import LabeledExample
from qadesk.train import network
from qadesk.train.checkpoint import Checkpoint, newest_checkpoint
from qadesk.train.config import Config
from qadesk.train.features import Cutter
from qadesk.train.learner import Learner, unlabelled_needed
from qadesk.train.network import Network
from qadesk.train.process_group import ALONE, ProcessGroup

MAX_UNLABELLED = 400
"""Unlabelled windows at most."""

_OTHER_EVERY = 2  # labels to a long document: one is learned from a window without its answer, too


@dataclass(frozen=True, slots=True)
class TrainingTask:
    """What to train. ``unlabelled`` are texts for the distillation loss; ``folder`` is for checkpoints.

    ``replay`` are questions of others for the same loss: the labels of these do not count.
    ``expected`` is the share of questions that have an answer, by which the evaluation part is answered;
    ``evaluation_extras`` are questions to it that nobody labelled.
    """

    model: Model
    train: tuple[LabeledExample, ...]
    evaluation: tuple[LabeledExample, ...]
    unlabelled: tuple[str, ...]
    config: Config
    folder: Path
    expected: float = USUAL
    evaluation_extras: tuple[LabeledExample, ...] = ()
    replay: tuple[LabeledExample, ...] = ()


class Preparation:
    """The parts of the run of ``task`` that each process of ``group`` has. ``left_out`` labels cannot be used.

    Raises ``DataError`` where there is nothing to learn from; ``ModelError`` and ``DeviceError`` as ``Network`` does.
    """

    def __init__(self, task: TrainingTask, group: ProcessGroup = ALONE, max_unlabelled: int = MAX_UNLABELLED) -> None:
        config = task.config
        lengths = WindowLengths(
            min(config.max_seq_length, task.model.max_tokens), config.doc_stride, config.split_length
        )
        self.cutter = cutter = Cutter(load_tokenizer(task.model), lengths)
        cut = [
            cutter.training_samples(row, has_other=number % _OTHER_EVERY == 0) for number, row in enumerate(task.train)
        ]
        self.samples = [sample for samples in cut for sample in samples]
        if not self.samples:
            raise DataError("There is nothing to learn from.", "Label some questions whose answers stand in the text.")
        self.left_out = sum(not samples for samples in cut)
        as_group = replace(config, precision=group.precision or config.precision)
        placement = network.choose_placement(as_group, group.rank, group.size)
        self.network = Network(task.model, config, placement, group.size)
        questions = [example.question for example in task.train]
        count = min(max_unlabelled, unlabelled_needed(config, len(self.samples)))
        unlabelled = cutter.distilled_windows(task.unlabelled, questions, task.replay, count, config.seed)
        self.learner = Learner(self.network, config, self.samples, unlabelled, group)
        self.fingerprint = _fingerprint(task)
        self._folder = task.folder

    def resume(self) -> Checkpoint | None:
        """Go on from the newest checkpoint of this run, which is returned; None if there is none."""
        saved = newest_checkpoint(self._folder)
        if saved is None or saved.facts["run"] != self.fingerprint:
            return None
        self.learner.load(saved.tensors, saved.facts["standing"]["step"])
        return saved


def take_part(task: TrainingTask, group: ProcessGroup, steps: Iterable[int]) -> Generator[int, None, None]:
    """Make each of ``steps`` as a process of ``group`` that is not the first.

    Yields the step of the checkpoint that it goes on from, 0 without one, when it is ready, and each step that is made.
    Raises as ``train.loop.train`` does.
    """
    prepared = Preparation(task, group)
    saved = prepared.resume()
    yield saved.facts["standing"]["step"] if saved else 0
    del saved
    for step in steps:
        prepared.learner.make_step(step)
        yield step


def _fingerprint(task: TrainingTask) -> str:
    """The hash of all that decides the resulting weights: a checkpoint with another one is of another run.

    The number of processes is not in it: they make the same steps but for the last digits.
    """
    digest = hashlib.sha256(repr((replace(task.config, threads=0), task.expected)).encode())
    for path in task.model.safetensors:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    for part in (task.train, task.evaluation, task.evaluation_extras, task.replay):
        digest.update(repr([replace(example, context="") for example in part]).encode())
        digest.update("\0".join(dict.fromkeys(example.context for example in part)).encode())
        for blocks, _ in groupby(example.blocks for example in part):
            digest.update(repr(blocks).encode() if blocks else b"")
    digest.update("\0".join(task.unlabelled).encode())
    return digest.hexdigest()
