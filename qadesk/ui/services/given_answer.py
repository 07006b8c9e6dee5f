"""An answer that was found elsewhere, to be shown in its document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qadesk.records import Answer, AnswerPlace, Answers, Document, GoldSpan, LibraryAnswer

Origin = Literal["library", "history"]
"""The place that a question and its answers come from."""


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """``answer`` to ``question``, to be shown at ``place``, one of its own; ``origin`` is where it was found."""

    question: str
    answer: LibraryAnswer
    place: AnswerPlace
    origin: Origin = "library"

    def in_document(self, document: Document) -> Answers | None:
        """The answers to show in ``document``, which is as it was when it was indexed; None where it is another one."""
        spans = [(self.place.start, self.place.end)]
        spans += [(other.start, other.end) for other in self.answer.places if other.path == self.place.path]
        spans = list(dict.fromkeys(spans))
        return self._answers(document, spans)

    def in_changed(self, before: Document, document: Document) -> Answers | None:
        """The same where the file has changed since: its words are looked for again. None where they are not there."""
        from qadesk.labels.relocation import TextChange

        span = GoldSpan(self.place.start, self.place.end, before.text[self.place.start : self.place.end])
        moved = TextChange(before.text, document.text).relocate(span)
        return self._answers(document, [(moved.start, moved.end)]) if moved else None

    def in_same_or_moved(self, document: Document) -> Answers | None:
        """The same where nothing is kept of the text as it was: as it stood, or where its words stand once in the text.

        None where they do not stand in it, or more than once.
        """
        sentence = self.place.sentence
        words = (sentence[self.place.shown_start : self.place.shown_end] or self.answer.text).split()
        if words and document.text[self.place.start : self.place.end].split() == words:
            return self.in_document(document)
        pattern = r"\s+".join(map(re.escape, words))
        matches = [match.span() for match in re.finditer(pattern, document.text)] if words else []
        return self._answers(document, matches) if len(matches) == 1 else None

    def _answers(self, document: Document, spans: list[tuple[int, int]]) -> Answers | None:
        (start, end), *places = spans
        text = document.text[start:end]
        if not text:
            return None
        answer = self.answer
        in_place = self.place.path == answer.places[0].path and start == self.place.start
        items = tuple((item.start, item.end) for item in answer.items) if in_place else ()
        shown = Answer(
            start,
            end,
            text,
            answer.confidence,
            answer.start_confidence,
            answer.end_confidence,
            answer.start_score,
            answer.end_score,
            answer.null_score,
            tuple(sorted(places)),
            items,
        )
        return Answers(self.question, (shown,), None, 1, 1)
