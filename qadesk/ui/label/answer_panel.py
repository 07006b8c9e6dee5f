"""What is said to the question: what Enter accepts now, the accepted answers, and a note."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qadesk.records import Label
from qadesk.ui.kit.widgets import font, plain_label, scroll_ground

_PAUSE = 800  # milliseconds after a key before a note is written
_NARROW = 250  # pixels
_SHOWN = 200  # characters of an answer


class NoteField(QPlainTextEdit):
    """A note; ``noted`` gives the label's id and the words, soon after they were typed and when the field is left."""

    noted = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Note")
        self.setPlaceholderText("A note to yourself (M)")
        self.setTabChangesFocus(True)
        self._label: Label | None = None
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self.flush)
        self.textChanged.connect(self._timer.start)

    def show_note(self, label: Label | None) -> None:
        """Show the note of ``label``; the one before is written first. What is being typed stays."""
        same = label is not None and self._label is not None and label.id == self._label.id
        if same and self._timer.isActive():
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
        """Write what was typed."""
        self._timer.stop()
        if self._label and self.toPlainText() != self._label.note:
            self.noted.emit(self._label.id, self.toPlainText())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Write what was typed."""
        super().focusOutEvent(event)
        self.flush()


class AnswerPanel(QScrollArea):
    """``chosen`` gives the index of an accepted answer; the other signals say which button was pressed."""

    accepted = Signal()
    added = Signal()
    refused = Signal()
    skipped = Signal()
    removed = Signal()
    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.state = plain_label()
        self.remark = plain_label(tone="muted")
        self.marked = plain_label()
        self.accept = _button("Accept, go on (Enter)", self.accepted, "main")
        self.add = _button("One more answer (A)", self.added)
        self.refuse = _button("Not in the text (N)", self.refused)
        self.skip = _button("Skip (S)", self.skipped)
        self.remove = _button("Remove (Del)", self.removed)
        self._heading = plain_label("Accepted answers")
        self.list = QListWidget()
        self.list.setAccessibleName("Accepted answers")
        self.list.setWordWrap(True)
        self.note = NoteField()
        self.saved = plain_label()
        self._lay_out()
        self.list.currentRowChanged.connect(self._choose)
        self.restyle()

    def _lay_out(self) -> None:
        self._ground = scroll_ground()
        grid = QGridLayout()
        grid.setSpacing(8)
        grid.addWidget(self.accept, 0, 0, 1, 2)
        grid.addWidget(self.refuse, 1, 0)
        grid.addWidget(self.skip, 1, 1)
        grid.addWidget(self.add, 2, 0)
        grid.addWidget(self.remove, 2, 1)
        column = QVBoxLayout(self._ground)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        for widget in (self.state, self.marked, self.remark):
            column.addWidget(widget)
        column.addLayout(grid)
        column.addWidget(self.saved)
        column.addWidget(self._heading)
        column.addWidget(self.list, 1)
        column.addWidget(self.note)
        self.setWidget(self._ground)

    def minimumSizeHint(self) -> QSize:
        """As narrow as its buttons allow."""
        width = self._ground.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(max(_NARROW, width), 0)

    def show_label(self, label: Label | None, state: str, marked: str, remark: str) -> None:
        """Show how ``label`` stands: its ``state``, the words that are ``marked`` now, a ``remark`` on them."""
        self.state.setText(state)
        self.marked.setText(f"“{_short(marked)}”" if marked else "")
        self.remark.setText(remark)
        for line in (self.marked, self.remark):
            line.setVisible(bool(line.text()))
        for button in (self.refuse, self.skip):
            button.setEnabled(label is not None)
        for button in (self.accept, self.add):
            button.setEnabled(bool(marked))
        self.note.setEnabled(label is not None)
        self.note.show_note(label)

    def show_answers(self, answers: Sequence[str], chosen: int, *, is_impossible: bool) -> None:
        """List the accepted ``answers``."""
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addItems([f"{number}  {_short(answer)}" for number, answer in enumerate(answers, 1)])
        if is_impossible:
            self.list.addItem("∅  Not in the text")
        self.list.setCurrentRow(chosen)
        self.list.blockSignals(False)
        self.remove.setEnabled(bool(answers) or is_impossible)

    def say(self, words: str, *, saved: bool) -> None:
        """Say what was ``saved``, or what else there is to say."""
        self.saved.setProperty("tone", "good" if saved else "muted")
        self.saved.style().polish(self.saved)
        self.saved.setText(words)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self.state.setFont(font(1.1, strong=True))
        self.marked.setFont(font(1.15))
        self._heading.setFont(font(strong=True))
        line = self.note.fontMetrics().lineSpacing()
        self.note.setFixedHeight(3 * line + 16)
        self.list.setMinimumHeight(3 * line)
        self.updateGeometry()

    def _choose(self, row: int) -> None:
        if row >= 0:
            self.chosen.emit(row)


def _short(text: str) -> str:
    line = " ".join(text[: 4 * _SHOWN].split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def _button(text: str, pressed: Callable[[], object] | object, kind: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setProperty("kind", kind)
    button.clicked.connect(pressed)
    return button
