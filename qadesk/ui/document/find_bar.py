"""Find words in the document: a bar below it."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import islice

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QWidget

from qadesk.ui.kit import icons
from qadesk.ui.kit.widgets import Field, plain_label, tool_button

Spans = list[tuple[int, int]]

_MOST = 10_000  # matches that are listed
_PAUSE = 120  # milliseconds after a key before a search


def find(text: str, wanted: str, *, case: bool, whole: bool) -> Spans:
    """Where ``wanted`` stands in ``text``, at most 10,000 places; a line end in one matches any white space."""
    if not wanted:
        return []
    pattern = r"\s+".join(re.escape(word) for word in wanted.split()) if wanted.strip() else re.escape(wanted)
    if whole:
        pattern = rf"(?<!\w){pattern}(?!\w)"
    matches = re.finditer(pattern, text, 0 if case else re.IGNORECASE)
    return [match.span() for match in islice(matches, _MOST)]


class FindBar(QFrame):
    """``found`` gives all matches and the index of the one to be at; ``closed`` that the bar went away."""

    found = Signal(list, int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self._text = ""
        self._spans: Spans = []
        self._at = -1
        self._from = 0
        self.field = Field()
        self.field.setPlaceholderText("Find in the document")
        self.field.setAccessibleName("Find in the document")
        self.count = plain_label(tone="muted", wrap=False)
        self.count.setMinimumWidth(96)
        self.case = QCheckBox("Match case")
        self.whole = QCheckBox("Whole words")
        self._previous = tool_button("Previous match", self.previous, "Shift+F3")
        self._next = tool_button("Next match", self.next, "F3")
        self._close = tool_button("Close the find bar", self.close_bar, "Esc")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        for widget in (self.count, self._previous, self._next, self.case, self.whole, self._close):
            row.addWidget(widget)
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self.search)
        self.field.textEdited.connect(self._timer.start)
        for box in (self.case, self.whole):
            box.toggled.connect(self.search)
        self.restyle()
        self.hide()

    def set_text(self, text: str) -> None:
        """Search in ``text`` from now on."""
        self._text = text
        self._spans, self._at = [], -1
        if self.isVisible():
            self.search()

    def open_at(self, offset: int, wanted: str = "") -> None:
        """Show the bar; the first match is the first after ``offset``. ``wanted`` is put into an empty field."""
        self._from = offset
        self.show()
        if wanted:
            self.field.setText(wanted)
        self.field.setFocus()
        self.field.selectAll()
        self.search()

    def close_bar(self) -> None:
        """Hide the bar and forget the matches."""
        self._timer.stop()
        self._spans, self._at = [], -1
        self.hide()
        self.found.emit([], -1)
        self.closed.emit()

    def search(self) -> None:
        """Find the matches anew."""
        self._timer.stop()
        self._spans = find(self._text, self.field.text(), case=self.case.isChecked(), whole=self.whole.isChecked())
        after = bisect_left(self._spans, (self._from, 0))
        self._go(after if after < len(self._spans) else 0)

    def next(self) -> None:
        """Go to the next match, after the last one to the first."""
        self._step(1)

    def previous(self) -> None:
        """Go to the match before."""
        self._step(-1)

    def restyle(self) -> None:
        """Take the theme's colours."""
        for button, name in ((self._previous, "up"), (self._next, "down"), (self._close, "close")):
            button.setIcon(icons.icon(name))

    def _step(self, step: int) -> None:
        if self._timer.isActive():
            self.search()
        elif self._spans:
            self._go((self._at + step) % len(self._spans))

    def _go(self, index: int) -> None:
        self._at = index if self._spans else -1
        if self._spans:
            self._from = self._spans[self._at][0]
        self.count.setText(self._count())
        self.found.emit(self._spans, self._at)

    def _count(self) -> str:
        if not self.field.text():
            return ""
        if not self._spans:
            return "Not found"
        more = "+" if len(self._spans) == _MOST else ""
        return f"{self._at + 1:,} of {len(self._spans):,}{more}"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next match, Shift+Enter to the one before."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)
