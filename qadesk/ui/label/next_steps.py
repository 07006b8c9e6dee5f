"""What to do next where no question is shown: at the beginning, with a filter that fits none, and at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from qadesk.app import phrases
from qadesk.ui.kit.widgets import clear, font, plain_label

if TYPE_CHECKING:
    from qadesk.app.labelling.labels import Counts

_NO_LABELS = (
    "A label is a question to a document with its right answer. QADesk learns from labels, and is measured with them. "
    "While you ask, Ctrl+Enter keeps an answer as a label."
)
_WIDTH = 300  # pixels of a button
_ADD, _IMPORT = ("add", "Add questions…"), ("import", "Import labels…")
_AFTER = (("check", "Check the labels"), ("fine_tune", "Fine-tune…"), _ADD)

Steps = tuple[str, str, Sequence[tuple[str, str]]]
"""A title, a sentence, and steps: the name of each with the text of its button, the main one first."""


def steps_without_question(*, is_filtered: bool, asked: int) -> Steps:
    """What to do where no question is listed; ``asked`` questions of the history are no labels yet."""
    if is_filtered:
        return "No label is like this", "There are other labels.", [("all", "Show all labels")]
    take = [("take_asked", f"Label what you asked of the open document ({asked:,})")] if asked else []
    return "Nothing to label yet", _NO_LABELS, [*take, _ADD, _IMPORT, ("ask", "Ask a document")]


def steps_at_end(counts: Counts | None) -> Steps:
    """What to do after the last open question of the list; ``counts`` are those of all labels, where they are known."""
    if counts and counts.open:
        elsewhere = f"{phrases.counted(counts.open, 'question')} elsewhere {'is' if counts.open == 1 else 'are'} open."
        return "All of this list is labelled", elsewhere, [("open", "Show the open ones"), *_AFTER]
    labelled = f"{phrases.counted(counts.labelled, 'label')}. " if counts else ""
    skipped = [("skipped", f"Show the skipped ones ({counts.skipped:,})")] if counts and counts.skipped else []
    return "All labelled", f"{labelled}What now?", [*_AFTER, *skipped]


class NextSteps(QWidget):
    """A title, a sentence, and buttons; ``chosen`` gives the name of the step whose button was pressed."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = plain_label()
        self.sentence = plain_label(tone="muted")
        self.buttons: dict[str, QPushButton] = {}
        self._column = QVBoxLayout()
        self._column.setSpacing(8)
        around = QVBoxLayout(self)
        around.setContentsMargins(32, 32, 32, 32)
        around.setSpacing(12)
        around.addStretch(1)
        for label in (self.title, self.sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            around.addWidget(label)
        around.addSpacing(8)
        around.addLayout(self._column)
        around.addStretch(2)
        self.restyle()

    def show_steps(self, title: str, sentence: str, steps: Sequence[tuple[str, str]]) -> None:
        """Show what ``Steps`` holds."""
        shown = [(name, button.text()) for name, button in self.buttons.items()]
        if (self.title.text(), self.sentence.text(), shown) == (title, sentence, [*steps]):
            return
        has_focus = any(button.hasFocus() for button in self.buttons.values())
        self.title.setText(title)
        self.sentence.setText(sentence)
        clear(self._column)
        self.buttons = {name: self._button(name, text) for name, text in steps}
        for button in self.buttons.values():
            self._column.addWidget(button, alignment=Qt.AlignmentFlag.AlignHCenter)
        next(iter(self.buttons.values())).setProperty("kind", "main")
        if has_focus:
            self.focus_first()

    def focus_first(self) -> None:
        """Put the keyboard on the first button, and announce the title to a screen reader."""
        next(iter(self.buttons.values())).setFocus(Qt.FocusReason.OtherFocusReason)
        QAccessible.updateAccessibility(
            QAccessibleAnnouncementEvent(self, f"{self.title.text()} {self.sentence.text()}")
        )

    def restyle(self) -> None:
        """Apply the text size."""
        self.title.setFont(font(1.3, strong=True))

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setMinimumWidth(_WIDTH)
        button.clicked.connect(lambda _checked: self.chosen.emit(name))
        return button
