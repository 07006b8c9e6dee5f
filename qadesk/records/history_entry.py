"""The history: asked questions with their answers, as they were given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qadesk.records.answers import LEAST_CONFIDENCE, is_answer_likelier


@dataclass(frozen=True, slots=True)
class HistoryAnswer:
    """An answer as it was given. ``path`` is None for a pasted text; ``page`` is as in 'page 3', '' without pages.

    ``start`` and ``end`` are characters of the document's text at that time, ``sentence`` is what stood around it.
    ``spans`` are all characters that were marked, as ``Answer.spans`` (the items of a list, or its places), none where
    they are ``start:end`` alone.
    ``start_confidence`` and ``end_confidence`` are as in ``Answer``, 0 where they are not known.
    ``shown_start:shown_end`` of ``sentence`` is the answer; 0 and 0 where that is not known. ``others`` is the same
    answer in other documents of a library, the best first, each without ``others`` of its own.
    """

    text: str
    confidence: float
    path: Path | None
    title: str
    page: str
    start: int
    end: int
    sentence: str = ""
    spans: tuple[tuple[int, int], ...] = ()
    shown_start: int = 0
    shown_end: int = 0
    others: tuple[HistoryAnswer, ...] = ()
    start_confidence: float = 0.0
    end_confidence: float = 0.0

    @property
    def marked(self) -> tuple[tuple[int, int], ...]:
        """The characters that are marked for it: ``spans``, or ``start:end``."""
        return self.spans or ((self.start, self.end),)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A question that was asked. ``asked`` is in seconds since the epoch.

    ``library`` names the collection that was asked ('' for one document), ``path`` and ``title`` the document.
    ``model`` is the name of the reader, ``options`` what it was asked with (``qa.expected`` and the like, by the keys
    of the settings). ``no_answer`` is None for a model without that option.
    """

    id: int
    question: str
    asked: float
    library: str
    path: Path | None
    title: str
    model: str
    options: tuple[tuple[str, str], ...]
    no_answer: float | None
    seconds: float
    answers: tuple[HistoryAnswer, ...]
    is_starred: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether an answer was at least as likely as none."""
        return bool(self.answers) and is_answer_likelier(self.no_answer)

    @property
    def likely(self) -> tuple[HistoryAnswer, ...]:
        """The answers that are worth listing: the likely ones, at least the best."""
        return tuple(answer for answer in self.answers if answer.confidence >= LEAST_CONFIDENCE) or self.answers[:1]


@dataclass(frozen=True, slots=True)
class ForgottenEntry:
    """An entry that was deleted or cut, whole as it was, to be put back; ``text_hash`` is that of the text asked."""

    entry: HistoryEntry
    text_hash: bytes | None
