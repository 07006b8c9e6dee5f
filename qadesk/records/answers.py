"""Answers to one question in one document, and the reader that gives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qadesk.progress import Progress


@dataclass(frozen=True, slots=True)
class Answer:
    """A span of the document, as ranked by the reader. ``text == document.text[start:end]``, always.

    Confidences are chances, 0 to 1, of being right, by what all spans of the document weigh (defined in
    ``qadesk.qa.decode``); ``confidence <= start_confidence`` and ``<= end_confidence``.
    ``start_score`` and ``end_score`` are the logits S.T_i and E.T_j, ``null_score`` is the score of no answer in the
    window that the span was read in; in a text of several windows the first two are means (``qadesk.qa.second_look``).
    ``places`` are the other spans of the document that say the same, as start and end offsets, in its order: the
    confidence is that of all of them together. ``items`` are all items of the list that is the answer, where the
    question asks for several things, else none; ``text`` is then the likeliest part of it.
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


def is_answer_likelier(no_answer: float | None) -> bool:
    """Whether an answer is at least as likely as none, whose chance is ``no_answer``; None where that is no option."""
    return no_answer is None or no_answer <= 0.5


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
        return bool(self.spans) and is_answer_likelier(self.no_answer)

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
    """What was loaded: the model's name, where it runs, in which precision, and why; and the folder of the model."""

    name: str
    device: str
    precision: str
    reason: str
    folder: str = ""

    @property
    def model(self) -> tuple[str, str]:
        """What tells the model from others: its folder and its name."""
        return self.folder, self.name
