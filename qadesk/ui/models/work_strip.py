"""How far long work is, and a button to end it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from qadesk.app import phrases
from qadesk.progress import Progress
from qadesk.ui.kit.widgets import plain_label
from qadesk.ui.models.model_actions import ModelActions


class WorkStrip(QWidget):
    """Shows the long work of ``keeper``; hidden while there is none."""

    def __init__(self, keeper: ModelActions) -> None:
        super().__init__()
        self._keeper = keeper
        self.words = plain_label()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.cancel = QPushButton("Cance&l")
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(keeper.stop)
        column = QVBoxLayout()
        column.addWidget(self.words)
        column.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(column, 1)
        row.addWidget(self.cancel)
        keeper.began.connect(self._begin)
        keeper.progressed.connect(self._show)
        keeper.ended.connect(self.hide)
        self.hide()
        if keeper.is_working:
            self._begin(keeper.sentence)

    def _begin(self, sentence: str) -> None:
        self.words.setText(sentence)
        self.bar.setRange(0, 0)
        self.show()

    def _show(self, step: Progress) -> None:
        self.bar.setRange(0, step.total)
        self.bar.setValue(step.done)
        self.words.setText(f"{self._keeper.sentence} {phrases.progress(step) if step.total else ''}".strip())
