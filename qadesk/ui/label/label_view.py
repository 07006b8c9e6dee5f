"""The label view: the queue on the left, the text with its marks, the answers to the question on the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication, QKeyEvent, QResizeEvent
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

from qadesk.records import LABELLED, OPEN, SKIPPED, Document, LabelText
from qadesk.structure import outline_of
from qadesk.ui.document.answer_view import show_matches
from qadesk.ui.document.find_bar import FindBar
from qadesk.ui.document.outlined_view import OutlinedView
from qadesk.ui.kit.work_line import WorkLine
from qadesk.ui.label.answer_panel import AnswerPanel
from qadesk.ui.label.label_keys import ChooseAnswer, KeyAction, MoveSpan, action_of
from qadesk.ui.label.label_remarks import state_and_remark, text_source
from qadesk.ui.label.label_session import LabelSession
from qadesk.ui.label.next_steps import NextSteps, steps_at_end, steps_without_question
from qadesk.ui.label.question_line import QuestionLine
from qadesk.ui.label.queue_panel import QueuePanel
from qadesk.ui.label.span_view import SpanView

_PANES = (0.27, 0.28)  # the shares of the width that the list and the answers have at first
_WIDEST = (300, 360)  # pixels of those
_TEXT = 280  # pixels: the text is not made narrower


class LabelView(QWidget):
    """Shows the session, and changes it by keys and buttons.

    ``delete_requested`` gives the label to delete, ``step_requested`` the name of what to do next: add, import, ask,
    take_asked, fine_tune. ``open_document`` is the document that is open in the window: its pages are named.
    """

    delete_requested = Signal(object)
    step_requested = Signal(str)

    def __init__(self, session: LabelSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._text: LabelText | None = None  # that the text view shows
        self._is_at_end = False  # the last open question was labelled
        self._is_divided = False  # by the user
        self.asked_count = 0  # questions of the history that are no labels yet
        self.open_document: Document | None = None
        self.queue = QueuePanel()
        self.question = QuestionLine()
        self.view = SpanView()
        self.outlined = OutlinedView(self.view)
        self.find_bar = FindBar()
        self.answers = AnswerPanel()
        self.work = WorkLine()
        self.side = QTabWidget()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.next_steps = NextSteps()
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
        self._middle.addWidget(text)
        self._middle.addWidget(self.next_steps)
        self._middle.setMinimumWidth(_TEXT)
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
        self.queue.list.clicked.connect(self.leave_end)
        self.next_steps.chosen.connect(self._do_step)
        self.splitter.splitterMoved.connect(self._note_divided)

    # The label and its marks

    def _show_label(self) -> None:
        label, text = self._session.label, self._session.text
        self.leave_end()
        if text is not self._text:  # laying out a long text anew takes a moment
            self._text = text
            self.view.show_text(text.text, text.blocks) if text else self.view.show_text("")
            self.outlined.show_outline(outline_of(text.text, text.blocks) if text else ())
            self.find_bar.close_bar()
            self.find_bar.set_text(text.text if text else "")
        source = text_source(text, label, self.open_document) if text and label else ""
        self.question.show_question(label.question if label else "", source)

    def _show_marks(self) -> None:
        session, label = self._session, self._session.label
        _mark(self.view, session)
        state, remark = state_and_remark(session)
        self.answers.show_label(
            label,
            state,
            session.marked_text,
            remark,
            is_no_answer=session.is_no_answer_next,
            has_guess=bool(session.numbered_spans),
        )
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

    # Where there is no question to show, and after the last one

    def update_steps(self) -> None:
        """Show what to do next, if there is no question to show or the last open one was labelled."""
        queue = self.queue
        if self._is_at_end:
            steps = steps_at_end(queue.counts)
        else:
            steps = steps_without_question(is_filtered=queue.is_filtered, asked=self.asked_count)
        self.next_steps.show_steps(*steps)
        self._middle.setCurrentIndex(1 if self._is_at_end or self._session.label is None else 0)

    def leave_end(self) -> bool:
        """Show the question again. Gives False if it is shown."""
        was_at_end = self._is_at_end
        focus = QApplication.focusWidget()
        had_focus = focus is not None and self.next_steps.isAncestorOf(focus)
        self._is_at_end = False
        self.update_steps()
        if had_focus and self._session.label:
            self.focus()
        return was_at_end

    def _do_step(self, name: str) -> None:
        if name == "check":
            self.leave_end()
            self.side.setCurrentIndex(self.side.count() - 1)
            self.side.currentWidget().setFocus(Qt.FocusReason.OtherFocusReason)
        elif name in ("all", "open", "skipped"):
            self.leave_end()
            self.queue.show_only({"all": "", "open": OPEN, "skipped": SKIPPED}[name])
        else:
            self.step_requested.emit(name)

    # Commands

    def accept(self) -> None:
        """Make the marked span an answer, or say that there is none, and go to the next question."""
        if self._is_at_end:
            self.next_steps.focus_first()
            return
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
        if not self._session.label or self.queue.go_to_next(to_open=was_open) or self.queue.go_to_next(to_open=True):
            return
        self._is_at_end = True
        self.update_steps()
        self.next_steps.focus_first()

    # Keyboard and looks

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do the action of the key; a button with the focus keeps Enter."""
        focus = QApplication.focusWidget()
        action = action_of(event) if focus is None or self._leaves_keys(focus) else None
        if focus is self.queue.search and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.queue.list.setFocus()
        elif action is KeyAction.ACCEPT and isinstance(focus, QAbstractButton):
            if not event.isAutoRepeat():
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
        """Give the keyboard to the text, or to what to do next where there is no text."""
        if self._middle.currentIndex():
            self.next_steps.focus_first()
        else:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def copy(self) -> bool:
        """Copy the marked text, if there is some."""
        text = self._session.marked_text
        if text:
            QGuiApplication.clipboard().setText(text)
        return bool(text)

    def open_find(self) -> None:
        """Open the find bar."""
        if self._session.text:
            self.find_bar.open_at(self.view.top_offset())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the width, unless the user has done that: in a narrow window the list and the answers are narrower."""
        super().resizeEvent(event)
        if not self._is_divided:
            left, right = (min(most, round(self.width() * share)) for share, most in zip(_PANES, _WIDEST, strict=True))
            self.splitter.setSizes([left, self.width() - left - right, right])

    def _note_divided(self) -> None:
        self._is_divided = True

    def restyle(self) -> None:
        """Apply the theme's colours and text size."""
        for part in (self.queue, self.question, self.outlined, self.find_bar, self.answers, self.next_steps):
            part.restyle()


def _mark(view: SpanView, session: LabelSession) -> None:
    """Mark the spans of ``session`` in ``view``, and scroll to the one that Enter accepts, or to the best guess."""
    spans, current = session.shown_spans
    is_guess = session.is_doubtful and (session.span is None or session.span in session.numbered_spans)
    view.mark_answers([[numbered] for numbered in spans], current, doubtful=is_guess)
    view.show_span(session.span)
    if spans and not view.is_dragging:
        view.reveal(*spans[max(0, current)])
