"""The label view: the queue on the left, the text with its marks, the answers to the question on the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from qadesk.app import phrases
from qadesk.records import LABELLED, LOST, OPEN, Label, LabelText
from qadesk.structure import outline_of
from qadesk.ui.document.answer_view import AnswerView, show_matches
from qadesk.ui.document.find_bar import FindBar
from qadesk.ui.document.outlined_view import OutlinedView
from qadesk.ui.kit.widgets import plain_label
from qadesk.ui.kit.work_line import WorkLine
from qadesk.ui.label.answer_panel import AnswerPanel
from qadesk.ui.label.label_keys import ChooseAnswer, KeyAction, MoveSpan, action_of
from qadesk.ui.label.label_session import LabelSession
from qadesk.ui.label.question_line import QuestionLine
from qadesk.ui.label.queue_panel import QueuePanel
from qadesk.ui.label.span_view import SpanView

_NO_LABELS = (
    "Nothing to label yet.\n\nAsk a document and say whether the answer is right (Ctrl+Enter), add questions to the "
    "open document, or import a data set."
)
_NO_MATCHES = "No label is like this. Choose 'All', or search for other words."


class LabelView(QWidget):
    """Shows the session, and changes it by keys and buttons. ``delete_requested`` gives the label to delete."""

    delete_requested = Signal(object)

    def __init__(self, session: LabelSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._text: LabelText | None = None  # that the text view shows
        self.queue = QueuePanel()
        self.question = QuestionLine()
        self.view = SpanView()
        self.outlined = OutlinedView(self.view)
        self.find_bar = FindBar()
        self.answers = AnswerPanel()
        self.work = WorkLine()
        self.side = QTabWidget()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._empty_note = plain_label(tone="muted")
        self._middle = QStackedWidget()
        self._actions = self._action_table()
        self._lay_out()
        self._connect()
        self._show_label()
        self.restyle()

    def _action_table(self) -> dict[KeyAction, Callable[[], None]]:
        return {
            KeyAction.ACCEPT: self.accept,
            KeyAction.SET_NO_ANSWER: self.set_no_answer,
            KeyAction.ADD_ANSWER: self.add_answer,
            KeyAction.REMOVE_ANSWER: self.remove_answer,
            KeyAction.SKIP: self.skip,
            KeyAction.PREVIOUS_QUESTION: self.previous_question,
            KeyAction.NEXT_QUESTION: self.next_question,
            KeyAction.EDIT_QUESTION: self.edit_question,
            KeyAction.DELETE_QUESTION: self.delete_question,
            KeyAction.EDIT_NOTE: self.edit_note,
        }

    def _lay_out(self) -> None:
        text = QWidget()
        text.setObjectName("documentPane")
        text.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside = QVBoxLayout(text)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        self.question.add_button(self.outlined.button)
        inside.addWidget(self.question)
        inside.addWidget(self.outlined, 1)
        inside.addWidget(self.find_bar)
        empty = QWidget()
        around = QVBoxLayout(empty)
        around.setContentsMargins(48, 48, 48, 48)
        around.addStretch(1)
        around.addWidget(self._empty_note)
        around.addStretch(2)
        self._empty_note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._middle.addWidget(text)
        self._middle.addWidget(empty)
        self._middle.setMinimumWidth(320)
        self.side.addTab(self.answers, "Answer")
        self.side.setDocumentMode(True)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.queue)
        self.splitter.addWidget(self._middle)
        self.splitter.addWidget(self.side)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([300, 600, 360])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.work)
        column.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        session, panel = self._session, self.answers
        session.label_changed.connect(self._show_label)
        session.marks_changed.connect(self._show_marks)
        self.view.span_selected.connect(session.set_span)
        self.view.answer_clicked.connect(session.choose)
        self.question.edited.connect(session.set_question)
        self.question.closed.connect(self.view.setFocus)
        panel.accept_requested.connect(self.accept)
        panel.add_requested.connect(self.add_answer)
        panel.no_answer_requested.connect(self.set_no_answer)
        panel.skip_requested.connect(self.skip)
        panel.remove_requested.connect(self.remove_answer)
        panel.answer_chosen.connect(session.choose)
        panel.note.edited.connect(session.set_note)
        self.find_bar.matches_changed.connect(self._show_matches)
        self.find_bar.closed.connect(self.view.setFocus)
        self.queue.label_chosen.connect(lambda _label: self.answers.show_message("", is_saved=False))

    # The label and its marks

    def _show_label(self) -> None:
        label, text = self._session.label, self._session.text
        self._middle.setCurrentIndex(0 if label else 1)
        is_filtered = bool(self.queue.state_filter or self.queue.search_words)
        self._empty_note.setText(_NO_MATCHES if is_filtered else _NO_LABELS)
        if text is not self._text:  # laying out a long text anew takes a moment
            self._text = text
            self.view.show_text(text.text, text.blocks) if text else self.view.show_text("")
            self.outlined.show_outline(outline_of(text.text, text.blocks) if text else ())
            self.find_bar.close_bar()
            self.find_bar.set_text(text.text if text else "")
        self.question.show_question(label.question if label else "", _source(text, label) if text and label else "")

    def _show_marks(self) -> None:
        session, label = self._session, self._session.label
        _mark(self.view, session)
        state, remark = _state_and_remark(session)
        self.answers.show_label(label, state, session.marked_text, remark)
        is_impossible = bool(label and label.is_impossible and label.state == LABELLED)
        answers = [answer.text for answer in session.answers]
        self.answers.show_answers(answers, session.chosen, is_impossible=is_impossible)
        if label and label.question != self.question.label.text() and not self.question.is_open:
            self.question.show_question(label.question, self.question.source.text())

    def _show_matches(self, matches: Sequence[tuple[int, int]], index: int) -> None:
        show_matches(self.view, matches, index)

    def show_message(self, sentence: str, *, is_saved: bool = False) -> None:
        """Show ``sentence`` below the buttons, and announce it to a screen reader."""
        self.answers.show_message(sentence, is_saved=is_saved)
        self._announce(sentence)

    def announce_label(self) -> None:
        """Announce the question, its state and what is marked to a screen reader."""
        label = self._session.label
        if label:
            self._announce(f"{label.question} {self.answers.state.text()}. {self._session.marked_text}")

    def _announce(self, sentence: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    # Commands

    def accept(self) -> None:
        """Make the marked span an answer, and go to the next question."""
        was_open = self._is_open()
        if self._session.accept():
            self._go_to_next(was_open=was_open)
        else:
            self.show_message("Mark the right words first: with the mouse, or with the arrow keys.")

    def set_no_answer(self) -> None:
        """Label the question as one that the text does not answer, and go to the next."""
        was_open = self._is_open()
        self._session.set_no_answer()
        self._go_to_next(was_open=was_open)

    def skip(self) -> None:
        """Put the question off, and go to the next."""
        was_open = self._is_open()
        self._session.skip()
        self._go_to_next(was_open=was_open)

    def add_answer(self) -> None:
        """Make the marked span one more answer."""
        if not self._session.add():
            self.show_message("Mark other words first, then add them as one more answer.")

    def remove_answer(self) -> None:
        """Remove the chosen answer."""
        self._session.remove()

    def edit_question(self) -> None:
        """Put the keyboard into the question."""
        if self._session.label:
            self.question.edit()

    def edit_note(self) -> None:
        """Put the keyboard into the note."""
        self.side.setCurrentWidget(self.answers)
        self.answers.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def delete_question(self) -> None:
        """Request that the question is deleted."""
        if self._session.label:
            self.delete_requested.emit(self._session.label)

    def next_question(self) -> None:
        """Go to the question below."""
        self.queue.step(1)

    def previous_question(self) -> None:
        """Go to the question above."""
        self.queue.step(-1)

    def _is_open(self) -> bool:
        return bool(self._session.label and self._session.label.state == OPEN)

    def _go_to_next(self, *, was_open: bool) -> None:
        if not self.queue.go_to_next(to_open=was_open) and was_open:
            self.show_message("That was the last open question of this list.")

    # Keyboard and looks

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do the action of the key; a button with the focus keeps Enter."""
        focus = QApplication.focusWidget()
        action = action_of(event) if focus is None or self._leaves_keys(focus) else None
        if focus is self.queue.search and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.queue.list.setFocus()
        elif action is KeyAction.ACCEPT and isinstance(focus, QAbstractButton):
            focus.click()
        elif isinstance(action, MoveSpan):
            self._session.move_span(action, self.view.top_offset())
        elif isinstance(action, ChooseAnswer):
            self._session.choose(action.index)
        elif action:
            self._actions[action]()
        else:
            super().keyPressEvent(event)

    def _leaves_keys(self, focus: QWidget) -> bool:
        """Whether keys that ``focus`` ignores are commands: not those of input fields, the outline, the other tabs."""
        page = self.side.currentWidget()
        if page is not self.answers and page is not None and page.isAncestorOf(focus):
            return False
        if self.outlined.outline.isAncestorOf(focus):
            return False
        return focus is self.view or not isinstance(focus, QLineEdit | QPlainTextEdit | QComboBox | QTabBar)

    def focus(self) -> None:
        """Give the keyboard to the text, or to the list where there is no text."""
        (self.view if self._session.label else self.queue.list).setFocus(Qt.FocusReason.OtherFocusReason)

    def copy(self) -> None:
        """Copy the marked text."""
        if self._session.marked_text:
            QGuiApplication.clipboard().setText(self._session.marked_text)

    def open_find(self) -> None:
        """Open the find bar."""
        if self._session.text:
            self.find_bar.open_at(self.view.top_offset())

    def restyle(self) -> None:
        """Apply the theme's colours and text size."""
        for part in (self.queue, self.question, self.outlined, self.find_bar, self.answers):
            part.restyle()


def _mark(view: AnswerView, session: LabelSession) -> None:
    """Mark the numbered spans and the span of ``session`` in ``view``, and scroll to the latter."""
    spans, span = session.numbered_spans, session.span
    view.mark_answers([[numbered] for numbered in spans], session.chosen, doubtful=session.is_doubtful)
    view.mark_matches([span] if span and span not in spans else [], 0)
    if span:
        view.reveal(*span)


def _source(text: LabelText, label: Label) -> str:
    """The title of the text, and the page or line that the answer is on."""
    if not label.answers or label.answers[0].start < 0:
        return text.title
    return f"{text.title} · {phrases.location(text.document, label.answers[0].start)}"


def _state_and_remark(session: LabelSession) -> tuple[str, str]:
    """The state of the label in words, and a remark on what is marked."""
    label = session.label
    if label is None:
        return "", ""
    model = _model_remark(session)
    if label.state == LABELLED:
        return ("Not in the text" if label.is_impossible else "Labelled"), model
    if label.state == LOST:
        answers = ", ".join(f"“{' '.join(answer.text.split())}”" for answer in label.answers[:3])
        return "Lost: the text has changed", f"It was {answers}." if answers else model
    state = "Skipped" if label.state != OPEN else "Open"
    if session.is_doubtful and model:
        return state, f"The model finds no answer; its best guess is marked. {model}"
    return state, model


def _model_remark(session: LabelSession) -> str:
    """How confident the model is of its best answer, and of no answer; '' where it suggests nothing."""
    if session.suggestion is None or session.suggestion.answers.best is None:
        return ""
    answers, best = session.suggestion.answers, session.suggestion.answers.best
    no_answer = "" if answers.no_answer is None else f", no answer {phrases.per_cent(answers.no_answer)}"
    return f"The model: {phrases.per_cent(best.confidence)}{no_answer}."
