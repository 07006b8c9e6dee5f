"""Two models side by side: which is better, their metrics, and the questions to which their answers differ."""

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

_NO_ANSWER = "(no answer)"
_MAX_ROWS = 500


class ComparisonDialog(QDialog):
    """Shows a ``ModelComparison``. Before an answer is a tick, a cross, or F1 in per cent where it is right in part."""

    def __init__(self, comparison: ModelComparison, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Two models compared")
        self.summary = plain_label(comparison.summary)
        self.summary.setFont(font(1.1, strong=True))
        self.metrics = _tree("Marks", ["Model", "Exact match", "F1", "With an answer", "Without", "Time"])
        for name, report, seconds in zip(comparison.names, comparison.reports, comparison.seconds, strict=True):
            parts = [f"F1 {part.f1:.1f}" if part else "" for part in (report.has_answer, report.no_answer)]
            row = [name, f"{report.exact:.1f}", f"{report.f1:.1f}", *parts, phrases.duration(seconds)]
            self.metrics.addTopLevelItem(QTreeWidgetItem(row))
        self.rows = _tree("Different answers", ["Question", "Right", *comparison.names])
        for question in comparison.changed[:_MAX_ROWS]:
            self.rows.addTopLevelItem(_item(question))
        self._lay_out(comparison)
        self.resize(920, 600)

    def _lay_out(self, comparison: ModelComparison) -> None:
        self.metrics.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.metrics.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.metrics.setFixedHeight(self.metrics.sizeHintForRow(0) * 2 + self.metrics.header().sizeHint().height() + 8)
        self.rows.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        count, row_count = len(comparison.changed), self.rows.topLevelItemCount()
        text = f"{count:,} of {len(comparison.rows):,} answers differ"
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.summary)
        column.addWidget(self.metrics)
        column.addWidget(plain_label(f"{text}; the first {row_count}:" if row_count < count else f"{text}."))
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
    golds = "; ".join(dict.fromkeys(row.golds)) or _NO_ANSWER
    answers = [_answer_text(row.first, row.first_f1), _answer_text(row.second, row.second_f1)]
    item = QTreeWidgetItem([row.question, golds, *answers])
    for column in range(item.columnCount()):
        item.setToolTip(column, plain_tip(item.text(column)))
    return item


def _answer_text(prediction: str, f1: float) -> str:
    text = " ".join(prediction.split()) or _NO_ANSWER
    if f1 == 1:
        return f"✓ {text}"
    return f"✗ {text}" if f1 == 0 else f"{100 * f1:.0f} % {text}"
