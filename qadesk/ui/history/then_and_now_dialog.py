"""The answers to a question then and now, side by side, with what has changed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qadesk.app import phrases
from qadesk.app.export.entry_words import on_line
from qadesk.app.history.answer_changes import ChangedAnswer, change_summary, changed_answers
from qadesk.records import HistoryAnswer, HistoryEntry
from qadesk.ui.history.entry_text import answer_source
from qadesk.ui.kit.widgets import font, plain_label, plain_tip

_NOT_GIVEN = "–"


class ThenAndNowDialog(QDialog):
    """Shows ``before`` and ``after``, two entries of one question. ``opened`` gives an answer of one of them."""

    opened = Signal(object, object)

    def __init__(self, before: HistoryEntry, after: HistoryEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Then and now")
        self._entries = (before, after)
        self._changes = changed_answers(before, after)
        self.question = plain_label(on_line(before.question))
        self.question.setFont(font(1.1, strong=True))
        self.summary = plain_label(change_summary(before, after))
        self.rows = QTreeWidget()
        self.rows.setAccessibleName("Answers then and now")
        self.rows.setRootIsDecorated(False)
        self.rows.setWordWrap(True)
        titles = [_title("Then", before, phrases.date_and_time(before.asked)), _title("Now", after, "")]
        self.rows.setHeaderLabels(["What changed", *titles])
        items = [*map(_item, self._changes), _no_answer_item(before, after)]
        self.rows.addTopLevelItems(items)
        self.rows.setCurrentItem(items[0])
        self.rows.itemActivated.connect(lambda _item: self._open())
        self._lay_out()
        self.resize(860, 420)

    def _lay_out(self) -> None:
        header = self.rows.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.open_button = buttons.addButton("Open", QDialogButtonBox.ButtonRole.ActionRole)
        self.open_button.setToolTip("Open the document of the chosen answer at its words")
        self.open_button.clicked.connect(self._open)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        for widget in (self.question, self.summary):
            column.addWidget(widget)
        column.addWidget(self.rows, 1)
        column.addWidget(buttons)

    def _open(self) -> None:
        row = self.rows.currentIndex().row()
        if 0 <= row < len(self._changes):
            change, (before, after) = self._changes[row], self._entries
            entry, answer = (after, change.after) if change.after else (before, change.before)
            self.accept()
            self.opened.emit(entry, answer)


def _title(when: str, entry: HistoryEntry, time: str) -> str:
    return " · ".join(filter(None, (when, on_line(entry.model), time)))


def _item(change: ChangedAnswer) -> QTreeWidgetItem:
    item = QTreeWidgetItem([change.words, _cell(change.before), _cell(change.after)])
    if change.change in ("new", "gone"):
        bold = font(strong=True)
        item.setFont(0, bold)
        item.setFont(2 if change.after else 1, bold)
    for column in range(item.columnCount()):
        item.setToolTip(column, plain_tip(item.text(column)))
        item.setTextAlignment(column, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    spoken = f"{change.change}: then {_cell(change.before)}, now {_cell(change.after)}"
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
    return item


def _cell(answer: HistoryAnswer | None) -> str:
    if answer is None:
        return _NOT_GIVEN
    return f"{on_line(answer.text)}\n{phrases.per_cent(answer.confidence)} · {answer_source(answer)}"


def _no_answer_item(before: HistoryEntry, after: HistoryEntry) -> QTreeWidgetItem:
    chances = [
        _NOT_GIVEN if entry.no_answer is None else phrases.per_cent(entry.no_answer) for entry in (before, after)
    ]
    return QTreeWidgetItem(["No answer", *chances])
