"""The events of a training run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qadesk.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Stepped:
    """A step was made: the ``step``-th of ``steps``, in ``epoch`` (from 1).

    ``loss`` is the mean over the batch, in nats; ``distil_loss`` that of the distillation, unweighted, 0 where it is
    left out. ``learning_rate`` is the one that the step was made with. ``seconds_left`` is None until it can be
    estimated, and includes the evaluations.
    """

    step: int
    steps: int
    epoch: int
    loss: float
    distil_loss: float
    learning_rate: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The scores of the evaluation part after ``step`` steps, 0 for the base model; ``loss`` in nats, others in %."""

    step: int
    loss: float
    exact: float
    f1: float


@dataclass(frozen=True, slots=True)
class Saved:
    """A checkpoint of ``step`` is on the disk: only later steps can be lost."""

    step: int
    path: Path


@dataclass(frozen=True, slots=True)
class Noted:
    """A sentence for the log."""

    sentence: Sentence

    @property
    def text(self) -> str:
        """The sentence in English."""
        return self.sentence.text


Event = Stepped | Evaluated | Saved | Noted
