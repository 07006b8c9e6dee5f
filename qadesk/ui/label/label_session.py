"""What is being labelled: the question, its text, its answers, and the span that is marked now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qadesk.labels import spans
from qadesk.labels.spans import Span
from qadesk.records import LABELLED, GoldSpan, Label, LabelText
from qadesk.ui.label.label_keys import MoveSpan
from qadesk.ui.services.label_service import LabelService

if TYPE_CHECKING:
    from qadesk.app.labelling.inspection import Suggestion
    from qadesk.store.database import Store


class LabelSession(QObject):
    """One label at a time. ``label_changed``: it is another one; ``marks_changed``: its state, answers or span are.

    ``answers`` are the accepted ones, of which some may not be on the disk yet. ``chosen`` is the index of the current
    one of the ``numbered_spans``. ``span`` is what Enter accepts; where there is none, see ``is_no_answer_next``.
    """

    label_changed = Signal()
    marks_changed = Signal()

    def __init__(self, labels: LabelService) -> None:
        super().__init__(labels)
        self._labels = labels
        self._writes = 0  # of the label that are not on the disk yet
        self._is_span_moved = False  # by the user: no suggestion replaces it
        self.label: Label | None = None
        self.text: LabelText | None = None
        self.suggestion: Suggestion | None = None
        self.answers: tuple[GoldSpan, ...] = ()
        self.chosen = 0
        self.span: Span | None = None
        labels.label_written.connect(self._update_label)

    def show(self, label: Label | None, text: LabelText | None = None, suggestion: Suggestion | None = None) -> None:
        """Go to ``label``, a question to ``text``."""
        self.label, self.text, self.suggestion = label, text, suggestion
        self._writes = 0
        self._is_span_moved = False
        self._reset_answers()
        self.label_changed.emit()
        self.marks_changed.emit()

    def set_suggestion(self, suggestion: Suggestion) -> None:
        """Set the model's suggestion, if it is to the label; a span that the user has moved stays."""
        if self.label and self.label.id == suggestion.label_id:
            self.suggestion = suggestion
            if not self._is_span_moved and not self._writes:
                self._reset_answers()
            self.marks_changed.emit()

    @property
    def numbered_spans(self) -> tuple[Span, ...]:
        """The answers, or, for a question without any, those that the model suggests; they are numbered from 1."""
        if self.answers:
            return tuple((answer.start, answer.end) for answer in self.answers)
        if self.label and not self.label.is_impossible and self.suggestion:
            return tuple((answer.start, answer.end) for answer in self.suggestion.answers)
        return ()

    @property
    def is_doubtful(self) -> bool:
        """Whether the numbered spans are suggestions, and no answer is more likely than the best of them."""
        return not self.answers and self.suggestion is not None and not self.suggestion.answers.is_answered

    @property
    def is_no_answer_next(self) -> bool:
        """Whether Enter says that the text has no answer: the label or the model says so, and no span is marked."""
        if self.label is None or self.span is not None:
            return False
        if self.label.is_impossible and self.label.state == LABELLED:
            return True
        return self.is_doubtful and self.suggestion is not None and self.suggestion.answers.no_answer is not None

    @property
    def shown_spans(self) -> tuple[tuple[Span, ...], int]:
        """The spans to mark, numbered from 1, and the index of the one that Enter accepts, -1 where it accepts none.

        A span that was moved stands in the place of the chosen one while they overlap, and else after all.
        """
        spans, span = self.numbered_spans, self.span
        if span is None:
            return spans, -1
        if span in spans:
            return spans, spans.index(span)
        if self.chosen < len(spans) and _overlap(spans[self.chosen], span):
            return (*spans[: self.chosen], span, *spans[self.chosen + 1 :]), self.chosen
        return (*spans, span), len(spans)

    @property
    def marked_text(self) -> str:
        """The text of ``span``."""
        return self.text.text[slice(*self.span)] if self.text and self.span else ""

    # The span

    def set_span(self, start: int, end: int) -> None:
        """Mark ``start:end``, if it is not empty."""
        if self.text and start < end:
            self._move_to((start, end))

    def choose(self, index: int) -> None:
        """Mark the numbered span at ``index``, if there is one."""
        if 0 <= index < len(self.numbered_spans):
            self.chosen = index
            self._move_to(self.numbered_spans[index])

    def move_span(self, action: MoveSpan, first_offset: int) -> None:
        """Move the span; where there is none, mark the model's guess, else the first word from ``first_offset`` on."""
        if self.text is None:
            return
        if self.span is None and self.numbered_spans:
            self.choose(self.chosen)
            return
        text = self.text.text
        span = action.move(text, self.span, action.step) if self.span else spans.next_word(text, first_offset)
        if span:
            self._move_to(span)

    def _move_to(self, span: Span) -> None:
        self._is_span_moved = True
        self.span = span
        self.marks_changed.emit()

    # What is written

    def accept(self) -> bool:
        """Make the span an answer, in place of the chosen one, or say that there is none if ``is_no_answer_next``.

        Gives False if there is neither.
        """
        if self.is_no_answer_next:
            self.set_no_answer()
            return True
        answer = self._marked_answer()
        if answer is None:
            return False
        answers = list(self.answers)
        answers[self.chosen : self.chosen + 1] = [answer]  # the first one where there is none
        self._set_answers(list(dict.fromkeys(answers)))
        return True

    def add(self) -> bool:
        """Make the span one more answer. Gives False if there is no span, or it is an answer already."""
        answer = self._marked_answer()
        if answer is None or answer in self.answers:
            return False
        self.chosen = len(self.answers)
        self._set_answers([*self.answers, answer])
        return True

    def remove(self) -> None:
        """Remove the chosen answer, or that there is none; after the last one the question is open again."""
        from qadesk.app.labelling.labels import reopen

        if self.label is None or not (self.answers or self.label.is_impossible):
            return
        answers = [answer for index, answer in enumerate(self.answers) if index != self.chosen]
        self.chosen = max(0, min(self.chosen, len(answers) - 1))
        if answers:
            self._set_answers(answers)
            self.choose(self.chosen)
        else:
            self._write(reopen)

    def set_no_answer(self) -> None:
        """Label the question as one that the text does not answer."""
        from qadesk.app.labelling.labels import set_no_answer

        self._write(set_no_answer)

    def skip(self) -> None:
        """Put the question off."""
        from qadesk.app.labelling.labels import skip

        self._write(skip)

    def set_question(self, question: str) -> None:
        """Change the wording of the question."""
        from qadesk.app.labelling.labels import edit_question

        if self.label and question.strip() and question != self.label.question:
            self._write(lambda store, label_id: edit_question(store, label_id, question))

    def set_note(self, label_id: int, note: str) -> None:
        """Set the note of a label, which need not be the current one any more."""
        from qadesk.app.labelling.labels import write_note

        self._labels.write(lambda store: write_note(store, label_id, note))

    def _marked_answer(self) -> GoldSpan | None:
        if self.label is None or self.text is None or self.span is None:
            return None
        start, end = spans.trimmed(self.text.text, *self.span)
        return GoldSpan(start, end, self.text.text[start:end]) if start < end else None

    def _set_answers(self, answers: Sequence[GoldSpan]) -> None:
        from qadesk.app.labelling.labels import set_answers

        self.answers = tuple(answers)
        self.chosen = max(0, min(self.chosen, len(answers) - 1))
        self._write(lambda store, label_id: set_answers(store, label_id, answers))
        self.marks_changed.emit()

    def _write(self, verb: Callable[[Store, int], Label]) -> None:
        """Run ``verb`` with the id of the label, if there is one."""
        if self.label:
            label_id = self.label.id
            self._writes += not self.label.author  # what is written to the label of another person is the user's own
            self._labels.write(lambda store: verb(store, label_id), failed=self._on_write_failed)

    def _on_write_failed(self, _error: Exception) -> None:
        self._writes = 0
        self._reset_answers()
        self.marks_changed.emit()

    def _update_label(self, label: Label) -> None:
        if self.label is None or label.id != self.label.id:
            return
        self._writes = max(0, self._writes - 1)  # notes are not counted: one too few does no harm
        if label.question != self.label.question:
            self.suggestion = None  # it was to another wording
        self.label = label
        if not self._writes:
            self._reset_answers()
        self.marks_changed.emit()

    def _reset_answers(self) -> None:
        """Set the answers to those of the label; a span that the user has moved stays."""
        label = self.label
        self.answers = label.answers if label and label.state == LABELLED else ()
        last = max(0, len(self.numbered_spans) - 1)
        self.chosen = min(self.chosen, last) if self._writes or self._is_span_moved else 0
        if not self._is_span_moved or (self.answers and self.span is None):
            has_span = bool(self.numbered_spans) and not self.is_doubtful
            self.span = self.numbered_spans[self.chosen] if has_span else None


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
