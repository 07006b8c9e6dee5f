"""What a data set is."""

from __future__ import annotations

from dataclasses import dataclass

from qadesk.records import LabeledExample


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a data set that was left out or that disagrees: ``where`` it is and ``what`` is wrong."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set as read: ``version`` as in the file, '' if it has none; ids are unique."""

    version: str
    examples: tuple[LabeledExample, ...]
    problems: tuple[Problem, ...]
