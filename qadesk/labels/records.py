"""What a labelled question is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """An answer that a person gave: ``text``, and where the file says that it stands in the context.

    Offsets are code points, end exclusive, as in the file: they can be wrong. The text is what counts
    for evaluation; ``stands_in`` tells whether the place can be trusted, for training.
    """

    start: int
    end: int
    text: str

    def stands_in(self, context: str) -> bool:
        """Whether ``context[start:end] == text``."""
        return self.start >= 0 and context.startswith(self.text, self.start)


@dataclass(frozen=True, slots=True)
class LabeledExample:
    """A question to ``context``, with its answers: any one of them is right.

    Questions to one paragraph share one ``context`` object. ``is_impossible`` says that the context does
    not answer the question; there are no ``answers`` then, and at least one otherwise.
    """

    id: str
    question: str
    context: str
    title: str
    answers: tuple[GoldSpan, ...]
    is_impossible: bool

    @property
    def gold_texts(self) -> tuple[str, ...]:
        """The texts of the answers, none where there is no answer."""
        return tuple(answer.text for answer in self.answers)


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
