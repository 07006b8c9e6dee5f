"""Where one labels: the queue on the left, the text with its marks, and what is said to the question on the right."""

from __future__ import annotations

from collections.abc import Mapping

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
from qadesk.labels import spans
from qadesk.records import LABELLED, LOST, OPEN, Document, Label, LabelText
from qadesk.ui.document.find_bar import FindBar
from qadesk.ui.kit.widgets import plain_label
from qadesk.ui.kit.work_line import WorkLine
from qadesk.ui.label import label_keys
from qadesk.ui.label.answer_panel import AnswerPanel
from qadesk.ui.label.label_session import LabelSession, Move
from qadesk.ui.label.question_line import QuestionLine
from qadesk.ui.label.queue_panel import QueuePanel
from qadesk.ui.label.span_view import SpanView

_NOTHING = (
    "Nothing to label yet.\n\nAsk a document and say whether the answer is right (Ctrl+Enter), add questions to the "
    "open document, or import a data set."
)
_NOT_FOUND = "No label is like this. Choose 'All', or search for other words."
_MOVES: Mapping[str, tuple[Move, int]] = {
    "move_left": (spans.moved, -1),
    "move_right": (spans.moved, 1),
    "start_left": (spans.start_moved, -1),
    "start_right": (spans.start_moved, 1),
    "end_left": (spans.end_moved, -1),
    "end_right": (spans.end_moved, 1),
    "move_left_by_character": (spans.moved_by_character, -1),
    "move_right_by_character": (spans.moved_by_character, 1),
    "start_left_by_character": (spans.start_moved_by_character, -1),
    "start_right_by_character": (spans.start_moved_by_character, 1),
    "end_left_by_character": (spans.end_moved_by_character, -1),
    "end_right_by_character": (spans.end_moved_by_character, 1),
}


class LabelView(QWidget):
    """Shows the session. ``delete_wanted`` gives a label; ``moved_on`` says that another one is to come."""

    delete_wanted = Signal(object)

    def __init__(self, session: LabelSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._text: LabelText | None = None  # in the view
        self.queue = QueuePanel()
        self.question = QuestionLine()
        self.view = SpanView()
        self.find_bar = FindBar()
        self.answers = AnswerPanel()
        self.work = WorkLine()
        self.side = QTabWidget()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._nothing = plain_label(tone="muted")
        self._middle = QStackedWidget()
        self._lay_out()
        self._connect()
        self._show_label()
        self.restyle()

    def _lay_out(self) -> None:
        text = QWidget()
        text.setObjectName("documentPane")
        text.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside = QVBoxLayout(text)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.question)
        inside.addWidget(self.view, 1)
        inside.addWidget(self.find_bar)
        empty = QWidget()
        around = QVBoxLayout(empty)
        around.setContentsMargins(48, 48, 48, 48)
        around.addStretch(1)
        around.addWidget(self._nothing)
        around.addStretch(2)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
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
        session.shown.connect(self._show_label)
        session.marked.connect(self._show_marks)
        self.view.picked.connect(session.pick)
        self.view.answer_clicked.connect(session.choose)
        self.question.reworded.connect(session.reword)
        self.question.left.connect(self.view.setFocus)
        panel.accepted.connect(self.accept)
        panel.added.connect(self.add_answer)
        panel.refused.connect(self.no_answer)
        panel.skipped.connect(self.skip)
        panel.removed.connect(self.remove_answer)
        panel.chosen.connect(session.choose)
        panel.note.noted.connect(session.note)
        self.find_bar.found.connect(self._show_found)
        self.find_bar.closed.connect(self.view.setFocus)
        self.queue.chosen.connect(lambda _label: self.answers.say("", saved=False))

    # What is shown

    def _show_label(self) -> None:
        label, text = self._session.label, self._session.text
        self._middle.setCurrentIndex(0 if label else 1)
        is_all = not (self.queue.wanted_state or self.queue.wanted_words)
        self._nothing.setText(_NOTHING if is_all else _NOT_FOUND)
        if text is not self._text:  # laying out a long text anew takes a moment
            self._text = text
            self.view.show_text(text.text if text else "")
            self.find_bar.close_bar()
            self.find_bar.set_text(text.text if text else "")
        self.question.show_question(label.question if label else "", _source(text, label) if text and label else "")

    def _show_marks(self) -> None:
        session = self._session
        label, span = session.label, session.span
        numbered = session.numbered
        self.view.mark_answers(numbered, session.chosen, doubtful=session.is_doubtful)
        own = span if span and span not in numbered else None
        self.view.mark_found([own] if own else [], 0)
        if span:
            self.view.reveal(*span)
        state, remark = _in_words(session)
        self.answers.show_label(label, state, session.marked_text, remark)
        is_impossible = bool(label and label.is_impossible and label.state == LABELLED)
        self.answers.show_answers([each.text for each in session.answers], session.chosen, is_impossible=is_impossible)
        if label and label.question != self.question.label.text() and not self.question.is_open:
            self.question.show_question(label.question, self.question.source.text())

    def _show_found(self, found: list[tuple[int, int]], index: int) -> None:
        self.view.mark_found(found, index)
        if index >= 0:
            self.view.reveal(*found[index])

    def say(self, sentence: str, *, saved: bool = False) -> None:
        """Say what was ``saved``, or what else there is to say."""
        self.answers.say(sentence, saved=saved)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def announce(self) -> None:
        """Tell a screen reader the question, and what is marked."""
        label, marked = self._session.label, self._session.marked_text
        if label:
            said = f"{label.question} {self.answers.state.text()}. {marked}"
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    # What the keys do

    def accept(self) -> None:
        """Take the marked words for the answer, and go on to the next question."""
        was_open = self._was_open()
        if self._session.accept():
            self._go_on(was_open=was_open)
        else:
            self.say("Mark the right words first: with the mouse, or with the arrow keys.")

    def no_answer(self) -> None:
        """Say that the text has no answer, and go on."""
        was_open = self._was_open()
        self._session.refuse()
        self._go_on(was_open=was_open)

    def skip(self) -> None:
        """Put the question off, and go on."""
        was_open = self._was_open()
        self._session.skip()
        self._go_on(was_open=was_open)

    def add_answer(self) -> None:
        """Take the marked words for one more answer."""
        if not self._session.add():
            self.say("Mark other words first, then add them as one more answer.")

    def remove_answer(self) -> None:
        """Take the chosen answer away."""
        self._session.remove()

    def edit_question(self) -> None:
        """Put the keyboard into the question."""
        if self._session.label:
            self.question.begin()

    def write_note(self) -> None:
        """Put the keyboard into the note."""
        self.side.setCurrentWidget(self.answers)
        self.answers.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def delete_question(self) -> None:
        """Delete the question."""
        if self._session.label:
            self.delete_wanted.emit(self._session.label)

    def next_question(self) -> None:
        """Go to the question below."""
        self.queue.step(1)

    def previous_question(self) -> None:
        """Go to the question above."""
        self.queue.step(-1)

    def _was_open(self) -> bool:
        return bool(self._session.label and self._session.label.state == OPEN)

    def _go_on(self, *, was_open: bool) -> None:
        if not self.queue.go_on(to_open=was_open) and was_open:
            self.say("That was the last open question of this list.")

    # Keyboard and looks

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key is for; a button that has the focus keeps Enter."""
        focus = QApplication.focusWidget()
        name = label_keys.name_of(event) if focus is None or self._leaves_keys(focus) else ""
        if focus is self.queue.search and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.queue.list.setFocus()
        elif name == "accept" and isinstance(focus, QAbstractButton):
            focus.click()
        elif name in _MOVES:
            move, step = _MOVES[name]
            self._session.move(move, step, self.view.top_offset())
        elif name.startswith("choose:"):
            self._session.choose(int(name[len("choose:") :]))
        elif name:
            getattr(self, name)()
        else:
            super().keyPressEvent(event)

    def find_next(self) -> None:
        """Go to the next match."""
        self.find_bar.next()

    def find_previous(self) -> None:
        """Go to the match before."""
        self.find_bar.previous()

    def _leaves_keys(self, focus: QWidget) -> bool:
        """Whether the keys that ``focus`` has no use for are for the label: not where one types or chooses."""
        page = self.side.currentWidget()
        if page is not self.answers and page is not None and page.isAncestorOf(focus):
            return False
        return focus is self.view or not isinstance(focus, QLineEdit | QPlainTextEdit | QComboBox | QTabBar)

    def focus(self) -> None:
        """Put the keyboard to work: in the text, or in the list where there is none."""
        (self.view if self._session.label else self.queue.list).setFocus(Qt.FocusReason.OtherFocusReason)

    def copy(self) -> None:
        """Copy what is marked."""
        if self._session.marked_text:
            QGuiApplication.clipboard().setText(self._session.marked_text)

    def open_find(self) -> None:
        """Open the find bar."""
        if self._session.text:
            self.find_bar.open_at(self.view.top_offset())

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        for part in (self.queue, self.question, self.view, self.find_bar, self.answers):
            part.restyle()


def _source(text: LabelText, label: Label) -> str:
    """The title of the text, and the page or line that the answer is on."""
    if not label.answers or label.answers[0].start < 0:
        return text.title
    document = Document(text.text, text.title, text.kind)
    return f"{text.title} · {phrases.place(document, label.answers[0].start)}"


def _in_words(session: LabelSession) -> tuple[str, str]:
    """How the label stands, and a remark on what is marked."""
    label, suggestion = session.label, session.suggestion
    if label is None:
        return "", ""
    said = ""
    if suggestion and suggestion.answers.best:
        best = phrases.per_cent(suggestion.answers.best.confidence)
        odds = suggestion.answers.no_answer
        said = f"The model: {best}" + (f", no answer {phrases.per_cent(odds)}." if odds is not None else ".")
    if label.state == LABELLED:
        return ("Not in the text" if label.is_impossible else "Labelled"), said
    if label.state == LOST:
        was = ", ".join(f"“{' '.join(answer.text.split())}”" for answer in label.answers[:3])
        return "Lost: the text has changed", f"It was {was}." if was else said
    name = "Skipped" if label.state != OPEN else "Open"
    if session.is_doubtful and said:
        return name, f"The model finds no answer; its best guess is marked. {said}"
    return name, said
