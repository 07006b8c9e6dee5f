"""Labels from the place where one asks: right, wrong with the right words, or not in this document."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from qadesk.labels import spans
from qadesk.records import GoldSpan, Label
from qadesk.ui.ask.ask_view import AskView
from qadesk.ui.services.label_service import LabelService

_SHOWN = 80  # characters of an answer
_SELECT = "Select the right words in the document first, then press this again."
_ASK = "Ask a question first."


class AnswerLabeller(QObject):
    """Makes a label of what is on the screen; says so when it is on the disk, and not before."""

    def __init__(self, workspace: AskView, desk: LabelService) -> None:
        super().__init__(desk)
        self._workspace = workspace
        self._desk = desk
        self._buttons = workspace.answers.labelling
        self._buttons.right.connect(self.accept)
        self._buttons.corrected.connect(self.correct)
        self._buttons.absent.connect(self.refuse)
        self._buttons.undo_wanted.connect(desk.undo)
        workspace.session.began.connect(lambda: self._buttons.say(""))
        desk.undone.connect(self._buttons.say)

    def accept(self) -> None:
        """The chosen answer is right."""
        answer = self._workspace.session.answer
        if answer:
            self._write([GoldSpan(answer.start, answer.end, answer.text)])

    def correct(self) -> None:
        """The words that are selected in the document are the right ones; they are taken as whole words."""
        view, document = self._workspace.pane.view, self._workspace.session.document
        selected = view.selected()
        if document is None or self._workspace.session.answers is None:
            self._buttons.say(_ASK)
            return
        if selected is None:
            self._buttons.say(_SELECT)
            return
        snap = spans.trimmed if view.is_exact else spans.snap
        start, end = snap(document.text, *selected)
        if start < end:
            self._write([GoldSpan(start, end, document.text[start:end])])

    def refuse(self) -> None:
        """The document does not answer the question."""
        self._write([])

    def _write(self, answers: Sequence[GoldSpan]) -> None:
        from qadesk.app.labelling.labels import answer

        session = self._workspace.session
        document, asked = session.document, session.answers
        if document is None or asked is None:
            return
        question = asked.question
        self._buttons.say("")
        self._desk.write(
            lambda store: answer(store, document, question, answers, is_impossible=not answers), self._say_saved
        )
        self._workspace.ask_bar.field.leave_undo()

    def _say_saved(self, label: Label) -> None:
        said = " ".join(label.answers[0].text.split()) if label.answers else ""
        short = said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"
        what = f"“{short}”" if short else "not in this document"
        self._buttons.say(f"Saved as a label: {what}", saved=True)
