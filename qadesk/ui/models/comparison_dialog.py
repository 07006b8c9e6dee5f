"""Two models side by side: their marks, the verdict, and every question to which they said different things."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from qadesk.ui.kit.widgets import font, plain_label, plain_tip

if TYPE_CHECKING:
    from qadesk.app.models.compare import ComparedQuestion, ModelComparison

_NONE = "(no answer)"
_SHOWN = 500


class ComparisonDialog(QDialog):
    """Shows a ``ModelComparison``. A tick marks what is right, F1 in per cent what is so in part."""

    def __init__(self, found: ModelComparison, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Two models compared")
        self.verdict = plain_label(found.verdict)
        self.verdict.setFont(font(1.1, strong=True))
        self.marks = _tree("Marks", ["Model", "Exact match", "F1", "With an answer", "Without", "Time"])
        for name, report, seconds in zip(found.names, found.reports, found.seconds, strict=True):
            parts = [f"F1 {part.f1:.1f}" if part else "" for part in (report.has_answer, report.no_answer)]
            row = [name, f"{report.exact:.1f}", f"{report.f1:.1f}", *parts, phrases.duration(seconds)]
            self.marks.addTopLevelItem(QTreeWidgetItem(row))
        self.rows = _tree("Different answers", ["Question", "Right", *found.names])
        for each in found.changed[:_SHOWN]:
            self.rows.addTopLevelItem(_item(each))
        self._lay_out(found)
        self.resize(920, 600)

    def _lay_out(self, found: ModelComparison) -> None:
        self.marks.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.marks.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.marks.setFixedHeight(self.marks.sizeHintForRow(0) * 2 + self.marks.header().sizeHint().height() + 8)
        self.rows.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        count, shown = len(found.changed), min(_SHOWN, len(found.changed))
        said = f"{count:,} of {len(found.rows):,} answers differ"
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.verdict)
        column.addWidget(self.marks)
        column.addWidget(plain_label(f"{said}; the first {shown}:" if shown < count else f"{said}."))
        column.addWidget(self.rows, 1)
        column.addWidget(buttons)


def _tree(name: str, titles: list[str]) -> QTreeWidget:
    tree = QTreeWidget()
    tree.setAccessibleName(name)
    tree.setRootIsDecorated(False)
    tree.setUniformRowHeights(True)
    tree.setHeaderLabels(titles)
    tree.header().setStretchLastSection(False)
    return tree


def _item(row: ComparedQuestion) -> QTreeWidgetItem:
    golds = "; ".join(dict.fromkeys(row.golds)) or _NONE
    item = QTreeWidgetItem([row.question, golds, _said(row.first, row.first_f1), _said(row.second, row.second_f1)])
    for column in range(item.columnCount()):
        item.setToolTip(column, plain_tip(item.text(column)))
    return item


def _said(text: str, f1: float) -> str:
    words_ = " ".join(text.split()) or _NONE
    if f1 == 1:
        return f"✓ {words_}"
    return f"✗ {words_}" if f1 == 0 else f"{100 * f1:.0f} % {words_}"
