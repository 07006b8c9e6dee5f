"""The find bar below a document."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import islice

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from qadesk.ui.kit import icons
from qadesk.ui.kit.widgets import Field, plain_label, tool_button

Spans = list[tuple[int, int]]

_MOST_MATCHES = 10_000
_SEARCH_DELAY = 120  # milliseconds after a key
_FIELD = 264  # pixels, with the margins: the field is not made narrower for the check boxes
_COUNT = 96  # pixels, at least, for the number of the match


def find_matches(text: str, query: str, *, case: bool, whole: bool) -> Spans:
    """The spans of ``query`` in ``text``, at most 10,000; white space in it matches any white space, also a line end.

    ``case``: upper and lower case differ; ``whole``: whole words only.
    """
    if not query:
        return []
    pattern = r"\s+".join(re.escape(word) for word in query.split()) if query.strip() else re.escape(query)
    if whole:
        pattern = rf"(?<!\w){pattern}(?!\w)"
    matches = re.finditer(pattern, text, 0 if case else re.IGNORECASE)
    return [match.span() for match in islice(matches, _MOST_MATCHES)]


class FindBar(QFrame):
    """``matches_changed`` gives all matches and the index of the current one, -1 for none. ``closed``: it is hidden."""

    matches_changed = Signal(list, int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self._text = ""
        self._matches: Spans = []
        self._current = -1
        self._start = 0  # the offset from which the current match is looked for
        self.field = Field()
        self.field.setPlaceholderText("Find in the document")
        self.field.setAccessibleName("Find in the document")
        self.count = plain_label(tone="muted", wrap=False)
        self.case = QCheckBox("Match case")
        self.whole = QCheckBox("Whole words")
        self._previous = tool_button("Previous match", self.previous, "Shift+F3")
        self._next = tool_button("Next match", self.next, "F3")
        self._close = tool_button("Close the find bar", self.close_bar, "Esc")
        self.count.setMinimumWidth(_COUNT)
        self._row, self._below = QHBoxLayout(), QHBoxLayout()
        for row in (self._row, self._below):
            row.setSpacing(8)
        self._row.addWidget(self.field, 1)
        for widget in (self.count, self._previous, self._next, self.case, self.whole, self._close):
            self._row.addWidget(widget)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 8, 8, 8)
        rows.addLayout(self._row)
        self._below.addStretch(1)
        rows.addLayout(self._below)
        self._timer = QTimer(self, singleShot=True, interval=_SEARCH_DELAY)
        self._timer.timeout.connect(self.search)
        self.field.textEdited.connect(self._timer.start)
        for box in (self.case, self.whole):
            box.toggled.connect(self.search)
        self.restyle()
        self.hide()

    def minimumSizeHint(self) -> QSize:
        """Without the count and the check boxes, which go below where the bar is narrow."""
        size = super().minimumSizeHint()
        if self._row.indexOf(self.case) < 0:
            return size
        parts = (self.count, self.case, self.whole)
        width = sum(part.minimumSizeHint().width() + self._row.spacing() for part in parts)
        return QSize(size.width() - width, size.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the count and the check boxes below the field where they would leave it too little room."""
        super().resizeEvent(event)
        parts = (self.count, self._previous, self._next, self.case, self.whole, self._close)
        needed = sum(
            max(_COUNT * (part is self.count), part.sizeHint().width()) + self._row.spacing() for part in parts
        )
        is_wide = event.size().width() >= needed + _FIELD
        if is_wide == (self._row.indexOf(self.case) >= 0):
            return
        self.count.setMinimumWidth(_COUNT if is_wide else 0)
        if is_wide:
            self._row.insertWidget(1, self.count)
            for box in (self.case, self.whole):
                self._row.insertWidget(self._row.count() - 1, box)
        else:
            for index, part in enumerate((self.case, self.whole, self.count)):
                self._below.insertWidget(index, part)

    @property
    def has_matches(self) -> bool:
        """Whether there are matches to go through."""
        return bool(self._matches)

    def set_text(self, text: str) -> None:
        """Search in ``text`` from now on."""
        self._text = text
        self._matches, self._current = [], -1
        if self.isVisible():
            self.search()

    def open_at(self, offset: int, query: str = "") -> None:
        """Show the bar, with ``query`` if it is not ''; the current match is the first one from ``offset`` on."""
        self._start = offset
        self.show()
        if query:
            self.field.setText(query)
        self.field.setFocus()
        self.field.selectAll()
        self.search()

    def close_bar(self) -> None:
        """Hide the bar and forget the matches."""
        self._timer.stop()
        self._matches, self._current = [], -1
        self.hide()
        self.matches_changed.emit([], -1)
        self.closed.emit()

    def search(self) -> None:
        """Search now."""
        self._timer.stop()
        self._matches = find_matches(
            self._text, self.field.text(), case=self.case.isChecked(), whole=self.whole.isChecked()
        )
        index = bisect_left(self._matches, (self._start, 0))
        self._go_to(index if index < len(self._matches) else 0)

    def mark_again(self) -> None:
        """Report the matches again, for a view that has none of them yet."""
        if self.isVisible():
            self.matches_changed.emit(self._matches, self._current)

    def next(self) -> None:
        """Go to the next match, after the last one to the first."""
        self._step(1)

    def previous(self) -> None:
        """Go to the previous match, before the first one to the last."""
        self._step(-1)

    def restyle(self) -> None:
        """Apply the theme's colours."""
        for button, name in ((self._previous, "up"), (self._next, "down"), (self._close, "close")):
            button.setIcon(icons.icon(name))

    def _step(self, step: int) -> None:
        if self._timer.isActive():
            self.search()
        elif self._matches:
            self._go_to((self._current + step) % len(self._matches))

    def _go_to(self, index: int) -> None:
        self._current = index if self._matches else -1
        if self._matches:
            self._start = self._matches[self._current][0]
        self.count.setText(self._count_text())
        self.matches_changed.emit(self._matches, self._current)

    def _count_text(self) -> str:
        if not self.field.text():
            return ""
        if not self._matches:
            return "Not found"
        more = "+" if len(self._matches) == _MOST_MATCHES else ""
        return f"{self._current + 1:,} of {len(self._matches):,}{more}"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next match, Shift+Enter to the previous one."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)
