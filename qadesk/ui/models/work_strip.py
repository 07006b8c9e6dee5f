"""The progress of long work on models, with a button to cancel it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from qadesk.app import phrases
from qadesk.progress import Progress
from qadesk.ui.kit.widgets import plain_label
from qadesk.ui.models.model_actions import ModelActions


class WorkStrip(QWidget):
    """Shows the long work of ``actions``; hidden while there is none."""

    def __init__(self, actions: ModelActions) -> None:
        super().__init__()
        self._actions = actions
        self.label = plain_label()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.cancel_button = QPushButton("Cance&l")
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(actions.stop)
        column = QVBoxLayout()
        column.addWidget(self.label)
        column.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(column, 1)
        row.addWidget(self.cancel_button)
        actions.work_started.connect(self._show_work)
        actions.work_progressed.connect(self._show_progress)
        actions.work_ended.connect(self.hide)
        self.hide()
        if actions.is_working:
            self._show_work(actions.work_text)

    def _show_work(self, text: str) -> None:
        self.label.setText(text)
        self.bar.setRange(0, 0)
        self.show()

    def _show_progress(self, progress: Progress) -> None:
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)
        counts = phrases.progress(progress) if progress.total else ""
        self.label.setText(f"{self._actions.work_text} {counts}".strip())
