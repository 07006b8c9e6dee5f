"""Where questions are asked: the question above, the document below it, its answers on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from qadesk.app import phrases
from qadesk.errors import QadeskError
from qadesk.records import Answers, Document
from qadesk.settings import Settings
from qadesk.ui.ask.answers_panel import AnswersPanel
from qadesk.ui.ask.ask_bar import AskBar
from qadesk.ui.ask.ask_session import AskSession
from qadesk.ui.ask.document_pane import DocumentPane
from qadesk.ui.kit.messages import Message, MessageBar
from qadesk.ui.services.reader_service import ReaderService

if TYPE_CHECKING:
    from qadesk.qa.graphs import Prepared

_ASK_HINT = "Ask a question. The words that answer it are marked in the document and listed here."
_SAMPLE_HINT = "Ask a question, or try one of these:"
_EMPTY_HINT = "Open a document and ask it a question. Answers are always words of the document itself."


class AskView(QWidget):
    """Shows the session. ``changed`` says that there is another document or other answers.

    ``messages`` is a part of it that the window shows, above all its places.
    """

    changed = Signal()

    def __init__(self, desk: ReaderService, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._settings = settings
        self._samples: Sequence[str] = ()
        self.session = AskSession(desk)
        self.ask_bar = AskBar()
        self.messages = MessageBar()
        self.pane = DocumentPane()
        self.answers = AnswersPanel()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self._connect()
        self.show_document(None)

    def _lay_out(self) -> None:
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.pane)
        self.splitter.addWidget(self.answers)
        self.splitter.setStretchFactor(0, 1)
        self.pane.setMinimumWidth(320)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.ask_bar, self.splitter):
            column.addWidget(widget, 1 if widget is self.splitter else 0)

    def _connect(self) -> None:
        session = self.session
        self._desk.loaded.connect(self._go_on)
        self._desk.prepared.connect(self._say_prepared)
        self._desk.unprepared.connect(self._say_unprepared)
        session.began.connect(self._began)
        session.progressed.connect(self.ask_bar.work.report)
        session.answers_changed.connect(self._show_answers)
        session.selected_changed.connect(self._select)
        session.finished.connect(self._finish)
        self.ask_bar.asked.connect(self.ask)
        self.pane.view.answer_clicked.connect(session.select)
        self.pane.find_bar.closed.connect(self.pane.view.setFocus)
        self.answers.chosen.connect(session.select)
        self.answers.asked.connect(self._ask_sample)
        self.answers.copy_wanted.connect(self.copy_answer)

    # Documents and questions

    def show_document(self, document: Document | None, samples: Sequence[str] = ()) -> None:
        """Go over to ``document``, with ``samples`` of questions to click."""
        self._samples = samples
        self.ask_bar.field.clear()
        self.ask_bar.set_ready(document is not None)
        self.pane.show_document(document)
        self.session.show(document)

    def ask(self, question: str) -> None:
        """Ask the open document."""
        self.messages.clear_errors()
        if self.session.document:
            self.session.ask(question)

    def clear(self) -> None:
        """Close what lies on top: the find bar, a message, or else the question with its answers."""
        if self.pane.find_bar.isVisible():
            self.pane.find_bar.close_bar()
        elif self.messages.text:
            self.messages.dismiss()
        else:
            self.session.clear()
            self.ask_bar.field.clear()
            self.focus_question()

    def focus_question(self) -> None:
        """Put the keyboard into the question."""
        self.ask_bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.ask_bar.field.selectAll()

    def _ask_sample(self, question: str) -> None:
        self.ask_bar.field.setText(question)
        self.ask(question)

    def _go_on(self) -> None:
        if self.session.is_working:
            self._began()

    def _began(self) -> None:
        ready = self._desk.is_ready
        self.ask_bar.work.begin("Reading…" if ready else "Waiting for the model to load…")
        self.answers.show_nothing("Reading…" if ready else "The model is still loading. Your question is next.")

    def _say_prepared(self, prepared: Prepared) -> None:
        if prepared.reason:
            self.messages.show_message(Message("The model reads in float32, slower than it might.", prepared.reason))

    def _say_unprepared(self, error: QadeskError) -> None:
        title = "The model could not be made faster; it reads in float32."
        details = ("Details", lambda: self.messages.details_wanted.emit(error.message, error.detail))
        self.messages.show_message(Message(title, str(error), buttons=(details,) if error.detail else ()))

    # Answers

    def _show_answers(self) -> None:
        document, answers = self.session.document, self.session.answers
        if document is None or answers is None:
            hint = _EMPTY_HINT if document is None else _SAMPLE_HINT if self._samples else _ASK_HINT
            self.answers.show_nothing(hint, self._samples if document else ())
            self.pane.view.mark_answers([], 0, doubtful=False)
        else:
            self._show_found(document, answers)
        self.changed.emit()

    def _show_found(self, document: Document, answers: Answers) -> None:
        below = self._settings["qa.doubtful_below"]
        working = self.session.is_working
        self.answers.show_answers(document, answers, self.session.selected, below, working=working)
        doubtful = not answers.is_answered or any(each.confidence < below for each in answers.spans[:1])
        spans = [(each.start, each.end) for each in answers]
        self.pane.view.mark_answers(spans, self.session.selected, doubtful=doubtful)

    def show_again(self) -> None:
        """Show the same answers by changed settings."""
        self._show_answers()

    def _select(self) -> None:
        self._show_answers()
        self._reveal()
        self._announce()

    def _finish(self, answers: Answers) -> None:
        if answers.notice:
            self.messages.show_message(Message(answers.notice))
        if not self.session.user_chose:
            self._reveal()
        self._announce()

    def _reveal(self) -> None:
        answer = self.session.answer
        if answer:
            self.pane.view.reveal(answer.start, answer.end)
            self.answers.reveal(self.session.selected)

    def stop(self) -> None:
        """Stop the reader, and go to the best of what it found so far."""
        self.session.stop()
        self._reveal()

    def _announce(self) -> None:
        said = " ".join(part for part in (self.answers.headline.text(), self._spoken_answer()) if part)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.answers, said))

    def _spoken_answer(self) -> str:
        return self.answers.cards[self.session.selected].accessibleName() if self.session.answer else ""

    # Copying

    def copy(self) -> None:
        """Copy what is selected in the document, or else the answer."""
        if self.pane.view.selected() and not self.answers.has_focus():
            self.pane.view.copy()
        else:
            self.copy_answer()

    def copy_answer(self) -> None:
        """Copy the chosen answer."""
        if self.session.answer:
            QGuiApplication.clipboard().setText(self.session.answer.text)

    def copy_with_source(self) -> None:
        """Copy what is selected, or else the answer, with its document and page."""
        document, answer = self.session.document, self.session.answer
        span = None if self.answers.has_focus() else self.pane.view.selected()
        if span is None and answer:
            span = (answer.start, answer.end)
        if document and span:
            QGuiApplication.clipboard().setText(phrases.citation(document, *span))

    # Looks

    def restyle(self) -> None:
        """Take the theme's colours, the text size and the length of lines."""
        self.ask_bar.restyle()
        self.messages.restyle()
        self.pane.restyle()
        self.pane.view.set_line_length(self._settings["view.line_length"])
        self.answers.restyle()
