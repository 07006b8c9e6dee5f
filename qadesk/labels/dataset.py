"""The record of a data set."""

from __future__ import annotations

from dataclasses import dataclass

from qadesk.records import LabeledExample


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a data set that was left out or disagrees: ``where`` it is, and ``what`` is wrong in a sentence."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set. ``version`` is that of the file, '' if it has none. Ids are unique."""

    version: str
    examples: tuple[LabeledExample, ...]
    problems: tuple[Problem, ...]
