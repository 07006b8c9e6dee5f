"""The label of a question: what Enter accepts now, the accepted answers, and a note."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qadesk.records import LABELLED, Label
from qadesk.ui.kit.widgets import font, plain_label, push_button, scroll_ground

_SAVE_DELAY = 800  # milliseconds after a key
_MIN_WIDTH = 250  # pixels
_MARGIN = 16  # pixels
_MAX_CHARACTERS = 200  # of an answer that is shown
_NO_ANSWER = "∅  Not in the text"
_ACCEPT, _ACCEPT_NO_ANSWER = "Accept, go on (Enter)", "Not in the text, go on (Enter)"


class NoteField(QPlainTextEdit):
    """The note of a label; ``edited`` gives the label's id and the text soon after a key, and when the focus leaves."""

    edited = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Note")
        self.setPlaceholderText("A note to yourself (M)")
        self.setTabChangesFocus(True)
        self._label: Label | None = None
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_DELAY)
        self._timer.timeout.connect(self.flush)
        self.textChanged.connect(self._timer.start)

    def show_note(self, label: Label | None) -> None:
        """Show the note of ``label``, after the previous note was saved. Of the same label, unsaved text stays."""
        is_same = label is not None and self._label is not None and label.id == self._label.id
        if is_same and self._timer.isActive():
            self._label = label
            return
        self.flush()
        self._label = label
        note = label.note if label else ""
        if note != self.toPlainText():
            self.blockSignals(True)
            self.setPlainText(note)
            self.blockSignals(False)

    def flush(self) -> None:
        """Save what was typed."""
        self._timer.stop()
        if self._label and self.toPlainText() != self._label.note:
            self.edited.emit(self._label.id, self.toPlainText())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Save what was typed."""
        super().focusOutEvent(event)
        self.flush()


class AnswerPanel(QScrollArea):
    """``answer_chosen`` gives the index of an accepted answer; the other signals are those of the buttons."""

    accept_requested = Signal()
    add_requested = Signal()
    no_answer_requested = Signal()
    skip_requested = Signal()
    remove_requested = Signal()
    answer_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.state = plain_label()
        self.remark = plain_label(tone="muted")
        self.marked = plain_label()
        self.accept = push_button(_ACCEPT, self.accept_requested, "main")
        self.guess = QPushButton("Mark the guess (1)")
        self.guess.clicked.connect(lambda _checked: self.answer_chosen.emit(0))
        self.add = push_button("One more answer (A)", self.add_requested)
        self.no_answer = push_button("Not in the text (N)", self.no_answer_requested)
        self.skip = push_button("Skip (S)", self.skip_requested)
        self.remove = push_button("Remove (Del)", self.remove_requested)
        self._heading = plain_label("Accepted answers")
        self.list = QListWidget()
        self.list.setAccessibleName("Accepted answers")
        self.list.setWordWrap(True)
        self.note = NoteField()
        self.message = plain_label()
        self._lay_out()
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.restyle()

    def _lay_out(self) -> None:
        self._content = scroll_ground()
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self._arrange_buttons(2)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(10)
        for widget in (self.state, self.marked, self.remark):
            column.addWidget(widget)
        column.addLayout(self._grid)
        column.addWidget(self.message)
        column.addWidget(self._heading)
        column.addWidget(self.list, 1)
        column.addWidget(self.note)
        self.setWidget(self._content)
        QWidget.setTabOrder(self.accept, self.guess)  # where *Not in the text* is otherwise
        QWidget.setTabOrder(self.guess, self.no_answer)

    def _arrange_buttons(self, columns: int) -> None:
        """Put the buttons below *Accept* into ``columns``. Of *Not in the text* and *Mark the guess* one is shown."""
        self._columns = columns
        self._grid.addWidget(self.accept, 0, 0, 1, columns)
        for number, button in enumerate((self.no_answer, self.skip, self.add, self.remove)):
            self._grid.addWidget(button, 1 + number // columns, number % columns)
        self._grid.addWidget(self.guess, 1, 0)

    def _width_of(self, columns: int) -> int:
        """The least width in pixels with so many columns of buttons."""
        texts = max(button.minimumSizeHint().width() for button in (self.no_answer, self.guess, self.add, self.remove))
        buttons = max(self.accept.minimumSizeHint().width(), columns * texts + (columns - 1) * self._grid.spacing())
        return buttons + 2 * _MARGIN

    def minimumSizeHint(self) -> QSize:
        """As narrow as its buttons allow, one below the other."""
        return QSize(max(_MIN_WIDTH, self._width_of(1) + self.verticalScrollBar().sizeHint().width()), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons below one another where they do not fit side by side."""
        columns = 2 if event.size().width() >= self._width_of(2) else 1  # the size is that of the viewport
        if columns != self._columns:
            self._arrange_buttons(columns)
        super().resizeEvent(event)

    def show_label(
        self, label: Label | None, state: str, marked: str, remark: str, *, is_no_answer: bool, has_guess: bool
    ) -> None:
        """Show ``label``: its ``state`` in words, the text that is ``marked`` now, and a ``remark`` on it.

        ``is_no_answer``: Enter says that the text has no answer. ``has_guess``: the model has one all the same.
        """
        self.state.setText(state)
        is_open = label is not None and label.state != LABELLED
        self.marked.setText(f"“{_short(marked)}”" if marked else _NO_ANSWER if is_no_answer and is_open else "")
        self.remark.setText(remark)
        self.accept.setText(_ACCEPT_NO_ANSWER if is_no_answer else _ACCEPT)
        self.guess.setVisible(is_no_answer and has_guess)
        self.no_answer.setHidden(is_no_answer and has_guess)
        for line in (self.marked, self.remark):
            line.setVisible(bool(line.text()))
        for button in (self.no_answer, self.skip):
            button.setEnabled(label is not None)
        self.accept.setEnabled(bool(marked) or is_no_answer)
        self.add.setEnabled(bool(marked))
        self.note.setEnabled(label is not None)
        self.note.show_note(label)

    def show_answers(self, answers: Sequence[str], chosen: int, *, is_impossible: bool) -> None:
        """List the accepted ``answers``."""
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addItems([f"{number}  {_short(answer)}" for number, answer in enumerate(answers, 1)])
        if is_impossible:
            self.list.addItem(_NO_ANSWER)
        self.list.setCurrentRow(chosen)
        self.list.blockSignals(False)
        self.remove.setEnabled(bool(answers) or is_impossible)

    def show_message(self, sentence: str, *, is_saved: bool) -> None:
        """Show ``sentence`` below the buttons, in green if something was saved."""
        self.message.setProperty("tone", "good" if is_saved else "muted")
        self.message.style().polish(self.message)
        self.message.setText(sentence)

    def restyle(self) -> None:
        """Apply the theme's colours and text size."""
        self.state.setFont(font(1.1, strong=True))
        self.marked.setFont(font(1.15))
        self._heading.setFont(font(strong=True))
        line = self.note.fontMetrics().lineSpacing()
        self.note.setFixedHeight(3 * line + 16)
        self.list.setMinimumHeight(3 * line)
        self.updateGeometry()

    def _on_row_changed(self, row: int) -> None:
        if row >= 0:
            self.answer_chosen.emit(row)


def _short(text: str) -> str:
    line = " ".join(text[: 4 * _MAX_CHARACTERS].split())
    return line if len(line) <= _MAX_CHARACTERS else f"{line[:_MAX_CHARACTERS]}…"
