"""Questions with what was said to them, in a table: each is one click, or Enter, from its label."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from qadesk.ui.kit import theme

if TYPE_CHECKING:
    from qadesk.app.training.outcome import Prediction, QuestionOutcome

Column = tuple[str, int, Callable[["QuestionOutcome"], str]]  # its head, its share of the width, what it says
GO = "Label ›"
_NO_ANSWER = "No answer"
_LONGEST = 300  # characters of a cell


class AnswersTable(QTableWidget):
    """``label_wanted`` gives the key of a label. General questions are ours: they have no label to go to."""

    label_wanted = Signal(str)

    def __init__(self, name: str, columns: Sequence[Column]) -> None:
        super().__init__(0, len(columns) + 1)
        self._columns = columns
        self._keys: list[str] = []
        self.setAccessibleName(name)
        self.setAccessibleDescription("Enter goes to the label of a question.")
        self.setHorizontalHeaderLabels([*(title for title, _, _ in columns), ""])
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.cellClicked.connect(self._click)

    def show_rows(self, rows: Sequence[QuestionOutcome]) -> None:
        """Show ``rows`` in the place of those before."""
        self.setRowCount(0)
        self.setRowCount(len(rows))
        self._keys = [row.id if row.part == "own" else "" for row in rows]
        for at, row in enumerate(rows):
            for column, (_, _, say) in enumerate(self._columns):
                self.setItem(at, column, _item(say(row)))
            link = _item(GO if self._keys[at] else "")
            link.setForeground(theme.colour("accent"))
            self.setItem(at, len(self._columns), link)
        self._share_out()
        if rows:
            self.setCurrentCell(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say so where there is nothing."""
        super().paintEvent(event)
        if not self.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(theme.colour("muted"))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, "None")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out again."""
        super().resizeEvent(event)
        self._share_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the label."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(self.currentRow())
        else:
            super().keyPressEvent(event)

    def _click(self, row: int, column: int) -> None:
        if column == len(self._columns):
            self._go(row)

    def _go(self, row: int) -> None:
        if 0 <= row < len(self._keys) and self._keys[row]:
            self.label_wanted.emit(self._keys[row])

    def _share_out(self) -> None:
        link = self.fontMetrics().horizontalAdvance(GO) + 24
        room = max(0, self.viewport().width() - link)
        total = sum(share for _, share, _ in self._columns)
        for column, (_, share, _) in enumerate(self._columns):
            self.setColumnWidth(column, room * share // total)
        self.setColumnWidth(len(self._columns), link)
        self.resizeRowsToContents()


def _item(text: str) -> QTableWidgetItem:
    plain = " ".join(text.split())
    item = QTableWidgetItem(plain if len(plain) <= _LONGEST else plain[:_LONGEST] + "…")
    item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    return item


def said(answer: Prediction) -> str:
    """What a model said, in words."""
    return answer.text or _NO_ANSWER


def golds(row: QuestionOutcome) -> str:
    """What would be right, in words."""
    return " / ".join(dict.fromkeys(row.golds)) or _NO_ANSWER


def gain(row: QuestionOutcome) -> str:
    """Whether the answer is a better one now: a sign and a word."""
    if row.f1_after == row.f1_before:
        return "= Equal"
    return "▲ Better" if row.f1_after > row.f1_before else "▼ Worse"
