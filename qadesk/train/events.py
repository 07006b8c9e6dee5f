"""What a training run tells while it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qadesk.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Stepped:
    """A step was made: the ``step``-th of ``steps``, in ``epoch`` (from 1).

    ``loss`` is the mean over the batch, in nats; ``distil_loss`` that of the term against forgetting, unweighted, 0
    where it is left out. ``learning_rate`` is the one that the step was made with. ``seconds_left`` is None until it
    can be told, and counts the evaluations to come.
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
    """The evaluation part after ``step`` steps; 0 is the model as it was. ``loss`` in nats, the others in per cent."""

    step: int
    loss: float
    exact: float
    f1: float


@dataclass(frozen=True, slots=True)
class Saved:
    """A checkpoint is on the disk: what follows can be lost, what was before cannot."""

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
