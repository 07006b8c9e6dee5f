"""Questions with the answers that a person gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from qadesk.records.document import Document
from qadesk.structure import Block


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """An answer that a person gave: ``text``, and where it is said to stand in the context.

    Offsets are code points, end exclusive, as in the file that it came from: they can be wrong. The text is what counts
    for evaluation; ``stands_in`` tells whether the offsets can be trusted, for training.
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
    not answer the question; there are no ``answers`` then, and at least one otherwise. ``title`` names the
    document that the context is from: splits never part it. ``blocks`` are those of the context. They are empty where
    they are not known.
    """

    id: str
    question: str
    context: str
    title: str
    answers: tuple[GoldSpan, ...]
    is_impossible: bool
    blocks: tuple[Block, ...] = field(default=(), repr=False)

    @property
    def document(self) -> Document:
        """The context as it is read."""
        return Document(self.context, self.title, blocks=self.blocks)

    @property
    def gold_texts(self) -> tuple[str, ...]:
        """The texts of the answers, none where there is no answer."""
        return tuple(answer.text for answer in self.answers)


@dataclass(frozen=True, slots=True)
class LabelText:
    """A text that labels belong to, kept word for word: a file may move or change without harm to them.

    ``path`` is None for pasted and imported texts. ``group`` names the document that the text is a part of (the path
    of the file, the article of a data set): the split into training and evaluation parts keeps groups together.
    ``blocks`` are those of the document. They are empty where they are not known (of imported texts, and of those that
    an earlier version stored), and in lists of texts, which leave them out.
    """

    id: int
    title: str
    kind: str
    path: Path | None
    group: str
    text: str
    blocks: tuple[Block, ...] = field(default=(), repr=False, compare=False)

    @property
    def document(self) -> Document:
        """The text as a document, without pages and outline."""
        return Document(self.text, self.title, self.kind, self.path, blocks=self.blocks)


OPEN, LABELLED, SKIPPED, LOST = "open", "labelled", "skipped", "lost"
"""The states of a label: not answered yet, answered, put off, and answered in a text that has gone."""


@dataclass(frozen=True, slots=True)
class Label:
    """A question to a kept text and what a person says about it. Offsets are into the text of ``text_id``.

    ``state`` is one of ``OPEN``, ``LABELLED``, ``SKIPPED`` and ``LOST``. A labelled question has ``answers``, any of
    which is right, or ``is_impossible``. ``key`` is its id in data sets. ``origin`` is 'ask', 'label', or the name of
    the file that it was imported from. ``extra`` is JSON that came with an imported row and goes out with it, or ''.
    ``made`` and ``changed`` are in seconds since the epoch. ``author`` is the name of another person who gave it, ''
    for the user's own labels. A question to a text can have a label of each author.
    """

    id: int
    text_id: int
    key: str
    question: str
    answers: tuple[GoldSpan, ...]
    is_impossible: bool
    state: str
    note: str = ""
    origin: str = "label"
    extra: str = ""
    made: float = 0.0
    changed: float = 0.0
    author: str = ""

    def example_in(self, text: LabelText) -> LabeledExample:
        """The labelled question, which belongs to ``text``, as a row of a data set."""
        return LabeledExample(
            self.key, self.question, text.text, text.group, self.answers, self.is_impossible, text.blocks
        )
