"""Labels from the Ask place: the answer is right, other words are right, or there is no answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from qadesk.labels import spans
from qadesk.records import GoldSpan, Label
from qadesk.ui.ask.ask_session import AskSession
from qadesk.ui.ask.ask_view import AskView
from qadesk.ui.services.label_service import LabelService

_MAX_SHOWN = 80  # characters of an answer
_SELECT_FIRST = "Select the right words in the document first, then press this again."
_ASK_FIRST = "Ask a question first."


class AnswerLabeller(QObject):
    """Writes a label of what the view shows, and confirms it when it is on the disk."""

    def __init__(self, view: AskView, session: AskSession, labels: LabelService) -> None:
        super().__init__(view)
        self._view = view
        self._session = session
        self._labels = labels
        self._buttons = view.answers.label_buttons
        self._buttons.accepted.connect(self.accept)
        self._buttons.corrected.connect(self.correct)
        self._buttons.refused.connect(self.refuse)
        self._buttons.undo_requested.connect(labels.undo)
        session.started.connect(lambda: self._buttons.show_sentence(""))
        labels.undo_reported.connect(self._buttons.show_sentence)

    def accept(self) -> None:
        """The chosen answer is right."""
        answer = self._session.answer
        if answer:
            self._write([GoldSpan(answer.start, answer.end, answer.text)])

    def correct(self) -> None:
        """The words that are selected in the document are right; they are taken as whole words."""
        view, document = self._view.pane.view, self._session.document
        selected = view.selected()
        if document is None or self._session.answers is None:
            self._buttons.show_sentence(_ASK_FIRST)
            return
        if selected is None:
            self._buttons.show_sentence(_SELECT_FIRST)
            return
        snap = spans.trimmed if view.is_exact else spans.snap
        start, end = snap(document.text, *selected)
        if start < end:
            self._write([GoldSpan(start, end, document.text[start:end])])

    def refuse(self) -> None:
        """The document does not answer the question."""
        self._write([])

    def _write(self, golds: Sequence[GoldSpan]) -> None:
        from qadesk.app.labelling.labels import answer

        document, answers = self._session.document, self._session.answers
        if document is None or answers is None:
            return
        question = answers.question
        self._buttons.show_sentence("")
        self._labels.write(
            lambda store: answer(store, document, question, golds, is_impossible=not golds), self._confirm
        )
        self._view.ask_bar.field.leave_undo()

    def _confirm(self, label: Label) -> None:
        text = " ".join(label.answers[0].text.split()) if label.answers else ""
        short = text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"
        quoted = f"“{short}”" if short else "not in this document"
        self._buttons.show_sentence(f"Saved as a label: {quoted}", saved=True)
