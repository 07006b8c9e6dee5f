"""A table of questions with the answers that they got. A click or Enter goes to the label of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from qadesk.ui.kit import theme

if TYPE_CHECKING:
    from qadesk.app.training.outcome import Prediction, QuestionOutcome

Column = tuple[str, int, Callable[["QuestionOutcome"], str]]
"""Title, share of the width, and the text of a cell."""
LINK = "Label ›"
_NO_ANSWER = "No answer"
_MAX_LENGTH = 300  # characters of a cell


class AnswersTable(QTableWidget):
    """``label_requested`` gives the key of a label. Questions that the user did not label have no link."""

    label_requested = Signal(str)

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
        self.cellClicked.connect(self._on_clicked)

    def show_rows(self, rows: Sequence[QuestionOutcome]) -> None:
        """Replace the rows."""
        self.setRowCount(0)
        self.setRowCount(len(rows))
        self._keys = [row.id if row.part != "general" and not row.is_made else "" for row in rows]
        for number, row in enumerate(rows):
            for column, (_, _, text) in enumerate(self._columns):
                self.setItem(number, column, _item(text(row)))
            link = _item(LINK if self._keys[number] else "")
            link.setForeground(theme.colour("accent"))
            self.setItem(number, len(self._columns), link)
        self._update_widths()
        if rows:
            self.setCurrentCell(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write 'None' where there are no rows."""
        super().paintEvent(event)
        if not self.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(theme.colour("muted"))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, "None")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns to the width."""
        super().resizeEvent(event)
        self._update_widths()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the label of the current row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_to_label(self.currentRow())
        else:
            super().keyPressEvent(event)

    def _on_clicked(self, row: int, column: int) -> None:
        if column == len(self._columns):
            self._go_to_label(row)

    def _go_to_label(self, row: int) -> None:
        if 0 <= row < len(self._keys) and self._keys[row]:
            self.label_requested.emit(self._keys[row])

    def _update_widths(self) -> None:
        link_width = self.fontMetrics().horizontalAdvance(LINK) + 24
        text_width = max(0, self.viewport().width() - link_width)
        total = sum(share for _, share, _ in self._columns)
        for column, (_, share, _) in enumerate(self._columns):
            self.setColumnWidth(column, text_width * share // total)
        self.setColumnWidth(len(self._columns), link_width)
        self.resizeRowsToContents()


def _item(text: str) -> QTableWidgetItem:
    plain = " ".join(text.split())
    item = QTableWidgetItem(plain if len(plain) <= _MAX_LENGTH else plain[:_MAX_LENGTH] + "…")
    item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    return item


def prediction_text(prediction: Prediction) -> str:
    """The predicted answer, or 'No answer'."""
    return prediction.text or _NO_ANSWER


def golds(row: QuestionOutcome) -> str:
    """The gold answers in one line, or 'No answer'."""
    return " / ".join(dict.fromkeys(row.golds)) or _NO_ANSWER


def change(row: QuestionOutcome) -> str:
    """A sign and a word for the change of F1."""
    if row.f1_after == row.f1_before:
        return "= Equal"
    return "▲ Better" if row.f1_after > row.f1_before else "▼ Worse"


def taught_state(row: QuestionOutcome) -> str:
    """A sign and words for what came of a label that was taught."""
    if row.is_right:
        return "✓ Right" if row.was_right else "✓ Right now"
    if row.is_worse:
        return "▼ Worse"
    return "✗ Still wrong" if row.f1_after == row.f1_before else "✗ Nearer, not right"
