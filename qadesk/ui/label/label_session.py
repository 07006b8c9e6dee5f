"""What is being labelled: the question, its text, the span that is marked now, and the answers it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qadesk.labels import spans
from qadesk.labels.spans import Span
from qadesk.records import LABELLED, GoldSpan, Label, LabelText
from qadesk.ui.services.label_service import LabelService

if TYPE_CHECKING:
    from qadesk.app.labelling.inspection import Suggestion
    from qadesk.store.database import Store

Move = Callable[[str, Span, int], Span]


class LabelSession(QObject):
    """One label at a time. ``shown`` says that it is another one, ``marked`` that its marks are others.

    ``numbered`` are the spans with a number in the text: the accepted answers, or, for a question without any, what
    the model suggests. ``chosen`` is the index of the one that the user is at. ``span`` is what Enter accepts.
    """

    shown = Signal()
    marked = Signal()

    def __init__(self, desk: LabelService) -> None:
        super().__init__(desk)
        self._desk = desk
        self._writing = 0
        self._touched = False
        self.label: Label | None = None
        self.text: LabelText | None = None
        self.suggestion: Suggestion | None = None
        self.answers: tuple[GoldSpan, ...] = ()
        self.chosen = 0
        self.span: Span | None = None
        desk.label_written.connect(self._take_written)

    def show(self, label: Label | None, text: LabelText | None = None, suggestion: Suggestion | None = None) -> None:
        """Go over to ``label`` of ``text``."""
        self.label, self.text, self.suggestion = label, text, suggestion
        self._writing = 0
        self._touched = False
        self._take_answers(label)
        self.shown.emit()
        self.marked.emit()

    def suggest(self, suggestion: Suggestion) -> None:
        """Take what the model says; a span that the user has moved stays."""
        if self.label and self.label.id == suggestion.label_id:
            self.suggestion = suggestion
            if not self._touched and not self._writing:
                self._take_answers(self.label)
            self.marked.emit()

    @property
    def numbered(self) -> tuple[Span, ...]:
        """The spans with a number, the first is 1."""
        if self.answers:
            return tuple((each.start, each.end) for each in self.answers)
        if self.label and not self.label.is_impossible and self.suggestion:
            return tuple((each.start, each.end) for each in self.suggestion.answers)
        return ()

    @property
    def is_doubtful(self) -> bool:
        """Whether what is marked is a suggestion that the model itself does not hold for an answer."""
        return not self.answers and self.suggestion is not None and not self.suggestion.answers.is_answered

    @property
    def marked_text(self) -> str:
        """The words of ``span``."""
        return self.text.text[slice(*self.span)] if self.text and self.span else ""

    # The span

    def pick(self, start: int, end: int) -> None:
        """Mark ``start:end``."""
        if self.text and start < end:
            self._touch((start, end))

    def choose(self, index: int) -> None:
        """Go to the span with the number ``index + 1``."""
        if 0 <= index < len(self.numbered):
            self.chosen = index
            self._touch(self.numbered[index])

    def move(self, move: Move, step: int, otherwise: int) -> None:
        """Move the span by ``move``; where there is none, begin with the word at the offset ``otherwise``."""
        if self.text is None:
            return
        if self.span is None:
            first = spans.next_word(self.text.text, otherwise)
            moved = first
        else:
            moved = move(self.text.text, self.span, step)
        if moved:
            self._touch(moved)

    def _touch(self, span: Span) -> None:
        self._touched = True
        self.span = span
        self.marked.emit()

    # What is written

    def accept(self) -> bool:
        """Take the span for the answer; it replaces the chosen one. Gives whether there was a span."""
        gold = self._gold()
        if gold is None:
            return False
        kept = list(self.answers)
        if kept:
            kept[self.chosen] = gold
        self._set_answers([*dict.fromkeys(kept)] if kept else [gold])
        return True

    def add(self) -> bool:
        """Take the span for one more answer. Gives whether it was not one yet."""
        gold = self._gold()
        if gold is None or gold in self.answers:
            return False
        self.chosen = len(self.answers)
        self._set_answers([*self.answers, gold])
        return True

    def remove(self) -> bool:
        """Take the chosen answer away, or that there is none; the last one leaves the question open."""
        if self.label is None or not (self.answers or self.label.is_impossible):
            return False
        left = [each for index, each in enumerate(self.answers) if index != self.chosen]
        self.chosen = max(0, min(self.chosen, len(left) - 1))
        if left:
            self._set_answers(left)
            self.choose(self.chosen)
        else:
            self._write_by("reopen")
        return True

    def refuse(self) -> None:
        """Say that the text has no answer."""
        self._write_by("set_no_answer")

    def skip(self) -> None:
        """Put the question off."""
        self._write_by("skip")

    def reword(self, question: str) -> None:
        """Change the question."""
        from qadesk.app.labelling.labels import edit_question

        if self.label and question.strip() and question != self.label.question:
            label = self.label.id
            self._write(lambda store: edit_question(store, label, question))

    def note(self, label_id: int, note: str) -> None:
        """Keep a note with a label, which need not be the one that is shown any more."""
        from qadesk.app.labelling.labels import write_note

        self._desk.write(lambda store: write_note(store, label_id, note))

    def _gold(self) -> GoldSpan | None:
        if self.label is None or self.text is None or self.span is None:
            return None
        start, end = spans.trimmed(self.text.text, *self.span)
        return GoldSpan(start, end, self.text.text[start:end]) if start < end else None

    def _set_answers(self, answers: list[GoldSpan]) -> None:
        from qadesk.app.labelling.labels import set_answers

        assert self.label is not None
        label = self.label.id
        self.answers = tuple(answers)
        self.chosen = max(0, min(self.chosen, len(answers) - 1))
        self._write(lambda store: set_answers(store, label, answers))
        self.marked.emit()

    def _write_by(self, name: str) -> None:
        from qadesk.app.labelling import labels

        if self.label:
            label, verb = self.label.id, getattr(labels, name)
            self._write(lambda store: verb(store, label))

    def _write(self, verb: Callable[[Store], Label]) -> None:
        self._writing += 1
        self._desk.write(verb, failed=self._fail)

    def _fail(self, _error: Exception) -> None:
        self._writing = 0
        self._take_answers(self.label)  # as it was
        self.marked.emit()

    def _take_written(self, label: Label) -> None:
        if self.label is None or label.id != self.label.id:
            return
        self._writing = max(0, self._writing - 1)  # a note is written besides: one too few does no harm
        if label.question != self.label.question:
            self.suggestion = None  # it was to other words
        self.label = label
        if not self._writing:
            self._take_answers(label)
        self.marked.emit()

    def _take_answers(self, label: Label | None) -> None:
        self.answers = label.answers if label and label.state == LABELLED else ()
        self.chosen = max(0, min(self.chosen, len(self.numbered) - 1)) if self._writing or self._touched else 0
        if not self._touched or (self.answers and self.span is None):
            self.span = self.numbered[self.chosen] if self.numbered else None
