"""How many labels the model answers right already: where these are most, there is little to gain from training.

Labels that are accepted suggestions are such by construction. Whether they were accepted, asked for or imported does
not matter: some of them are read, as the window would answer them.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from qadesk.app.reading.load import load_reader
from qadesk.app.training.measuring import measure, random_part
from qadesk.app.training.planning import Plan
from qadesk.labels.dataset import Dataset
from qadesk.progress import Progress, map_steps
from qadesk.train import metrics

_LABELS, _CHARACTERS = 40, 120_000  # that are read at most: a few seconds on two cores
_FEWEST = 8  # labels that say something about all
_MOSTLY = 0.8


@dataclass(frozen=True, slots=True)
class Headroom:
    """``right`` of ``read`` labels are answered right already, exactly. None are read where all texts are long."""

    read: int
    right: int

    @property
    def is_little(self) -> bool:
        """Whether most are right already, of enough to tell."""
        return self.read >= _FEWEST and self.right >= _MOSTLY * self.read


def headroom(plan: Plan) -> Generator[Progress, None, Headroom]:
    """Read some labels of ``plan`` with its base model; yields progress in questions. Raises ``QadeskError``."""
    examples = random_part((*plan.train, *plan.evaluation), _CHARACTERS, _LABELS)
    if not examples:  # each text is too long
        return Headroom(0, 0)
    yield Progress("Reading", 0, len(examples))
    reader = load_reader(Path(plan.base), device="cpu", threads=plan.config.threads)
    work = measure(reader, {"labels": Dataset("2.0", examples, ())}, "Reading", plan.expected)
    evaluations = yield from map_steps(work, lambda phase: Progress(phase.what, phase.done, phase.total))
    predictions = evaluations["labels"].predictions
    right = sum(metrics.exact_match(predictions[row.id], row.gold_texts) == 1 for row in examples)
    return Headroom(len(examples), right)
