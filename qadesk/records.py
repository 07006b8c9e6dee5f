"""The records that pass between the packages. Small, frozen, without behaviour of their own.

All offsets are Python string positions (code points) into ``Document.text``, end exclusive.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from qadesk.progress import Progress
from qadesk.structure import Block, OutlineEntry
from qadesk.structure.character_map import CharacterMap


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a document: ``text[start:end]``. ``label`` is the number printed on it.

    ``unit`` says what takes the place of pages in a format that has none: "slide", "sheet", "part", "chapter".
    """

    number: int
    label: str
    start: int
    end: int
    unit: str = "page"

    @property
    def name(self) -> str:
        """What it is called: 'page iv', 'slide 3'."""
        return f"{self.unit} {self.label}"


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a file as a person reads it, its structure, and where its pages are.

    ``kind`` is that of a row of ``qadesk.documents.formats``, or ``pasted``; ``path`` is None for pasted
    text. ``pages`` is empty where the format has none. ``notes`` are sentences that the user
    should see about how the file was read (a page without text, an encoding that was guessed).
    ``blocks`` and ``outline`` are as ``qadesk.structure`` says; ``characters`` tells where the text of a PDF is on its
    pages. ``rows`` tells of a spreadsheet where each row begins and its number as printed, 0 for what is in no row.
    ``scans`` are the numbers of pages that are pictures whose text was not recognised yet, ``recognized_pages`` of
    those whose text is what text recognition found.
    """

    text: str
    title: str
    kind: str = "pasted"
    path: Path | None = None
    pages: tuple[Page, ...] = ()
    notes: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    outline: tuple[OutlineEntry, ...] = ()
    characters: CharacterMap = field(default_factory=CharacterMap, repr=False, compare=False)
    rows: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    scans: tuple[int, ...] = ()
    recognized_pages: tuple[int, ...] = ()

    def is_recognized(self, offset: int) -> bool:
        """Whether the character at ``offset`` is on a page that was read by text recognition."""
        page = self.page_at(offset) if self.recognized_pages else None
        return page is not None and page.number in self.recognized_pages

    def row_at(self, offset: int) -> int | None:
        """The number, as printed, of the row of a spreadsheet that holds the character at ``offset``."""
        index = bisect_right(self.rows, offset, key=lambda row: row[0])
        return (self.rows[index - 1][1] or None) if index else None

    def page_at(self, offset: int) -> Page | None:
        """The page that holds the character at ``offset``; None where there are no pages."""
        if not self.pages:
            return None
        number = self.characters.page_at(offset)
        if number is not None:  # a footer may stand behind a paragraph that goes on on the next page
            return self.pages[number - 1]
        index = max(0, bisect_right(self.pages, offset, key=lambda page: page.start) - 1)
        while index and self.pages[index].end == self.pages[index - 1].start:  # pages without text
            index -= 1
        return self.pages[index]


@dataclass(frozen=True, slots=True)
class RecentDocument:
    """A document that was open before. ``path`` is None for pasted text, which the database keeps.

    ``opened`` is in seconds since the epoch.
    """

    id: int
    title: str
    kind: str
    path: Path | None
    opened: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A span of the document, as ranked by the reader. ``text == document.text[start:end]``, always.

    Confidences are chances, 0 to 1, of being right, by what all spans of the document weigh (defined in
    ``qadesk.qa.decode``); ``confidence <= start_confidence`` and ``<= end_confidence``.
    ``start_score`` and ``end_score`` are the raw logits S.T_i and E.T_j, ``null_score`` is the score
    of no answer in the window that the span was read in, all in logits. ``places`` are the other spans of the document
    that say the same, as start and end offsets, in its order: the confidence is that of all of them together. ``items``
    are all items of the list that is the answer, where the question asks for several things, else none; ``text`` is
    then the likeliest part of it.
    """

    start: int
    end: int
    text: str
    confidence: float
    start_confidence: float
    end_confidence: float
    start_score: float
    end_score: float
    null_score: float
    places: tuple[tuple[int, int], ...] = ()
    items: tuple[tuple[int, int], ...] = ()

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """What is marked: the items of a list, else the best place and then the others."""
        return self.items or ((self.start, self.end), *self.places)

    @property
    def score(self) -> float:
        """s_i + e_j less the null score of the same window, in logits: above 0 beats no answer."""
        return self.start_score + self.end_score - self.null_score


LEAST_CONFIDENCE = 0.05
"""Answers with less are not listed unless the user asks for them."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a reader says to one question: ranked spans, best first, and the odds of no answer.

    ``no_answer`` is the probability that the document does not answer the question, or None for
    a model that was trained without unanswerable questions. ``read`` of ``windows`` windows
    were read; they differ only while the work goes on or after it was cancelled. ``notice`` is a sentence that
    the user should see about how they were read (a graphics card failed), or ''. ``read_as`` is the question with
    its slips of the fingers mended, or '' where it was read as it is.
    """

    question: str
    spans: tuple[Answer, ...]
    no_answer: float | None
    read: int
    windows: int
    seconds: float = 0.0
    notice: str = ""
    read_as: str = ""

    def __iter__(self) -> Iterator[Answer]:
        return iter(self.spans)

    def __len__(self) -> int:
        return len(self.spans)

    def __getitem__(self, index: int) -> Answer:
        return self.spans[index]

    @property
    def best(self) -> Answer | None:
        """The maximum scoring span, even where no answer is likelier."""
        return self.spans[0] if self.spans else None

    @property
    def likely(self) -> tuple[Answer, ...]:
        """The spans that are worth listing: those with a confidence of ``LEAST_CONFIDENCE`` or more."""
        return tuple(answer for answer in self.spans if answer.confidence >= LEAST_CONFIDENCE)

    @property
    def is_answered(self) -> bool:
        """Whether it is at least as likely that the document answers as that it does not.

        All spans count together: two that say nearly the same share their confidence, and still there is an answer.
        """
        return bool(self.spans) and (self.no_answer is None or self.no_answer <= 0.5)

    @property
    def prediction(self) -> tuple[str, float]:
        """The text given as the answer and its probability: those of the best span, or '' and P(no answer)."""
        best = self.best
        return (best.text, best.confidence) if best and self.is_answered else ("", self.no_answer or 0.0)

    @property
    def is_partial(self) -> bool:
        """Whether a part of the document was not read."""
        return self.read < self.windows


@dataclass(frozen=True, slots=True)
class Reading:
    """A step of the reader's work: its progress, and the best answers so far."""

    progress: Progress
    answers: Answers | None = None


@dataclass(frozen=True, slots=True)
class ReaderInfo:
    """What was loaded: the model's name, where it runs, in which precision, and why."""

    name: str
    device: str
    precision: str
    reason: str


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
    ``made`` and ``changed`` are in seconds since the epoch.
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

    def example_in(self, text: LabelText) -> LabeledExample:
        """The labelled question, which belongs to ``text``, as a row of a data set."""
        return LabeledExample(
            self.key, self.question, text.text, text.group, self.answers, self.is_impossible, text.blocks
        )


@dataclass(frozen=True, slots=True)
class Changes:
    """Which parts of the database were written to: recent documents, asked questions, labels with their texts.

    It is false where there are none; ``|`` merges two.
    """

    recent: bool = False
    questions: bool = False
    labels: bool = False

    def __bool__(self) -> bool:
        return self.recent or self.questions or self.labels

    def __or__(self, other: Changes) -> Changes:
        return Changes(self.recent or other.recent, self.questions or other.questions, self.labels or other.labels)
