"""A preview of thresholds: what the model answers depends on how likely 'no answer' must be to be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from qadesk.ui.kit.widgets import plain_label
from qadesk.ui.train.wizard_page import Headline

if TYPE_CHECKING:
    from qadesk.app.training.outcome import Outcome

_LEAD = "Where the model finds 'no answer' likelier than this, it says that the document does not answer the question."


class ThresholdView(QWidget):
    """A slider from 0 to 100 per cent, and the metrics of the evaluation part at its value, without the model."""

    def __init__(self) -> None:
        super().__init__()
        self._outcome: Outcome | None = None
        title = QLabel("&Say 'no answer' above")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setPageStep(10)
        self.slider.setTickInterval(10)
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.setAccessibleName("Threshold for no answer, in per cent")
        self.slider.valueChanged.connect(self._show_preview)
        title.setBuddy(self.slider)
        self.value = plain_label(wrap=False)
        self.preview = Headline(1.0)
        self.best = plain_label(tone="muted")
        row = QHBoxLayout()
        row.addWidget(title)
        row.addWidget(self.slider, 1)
        row.addWidget(self.value)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 16, 4, 4)
        column.setSpacing(10)
        column.addWidget(plain_label(_LEAD, tone="muted"))
        column.addLayout(row)
        column.addWidget(self.preview)
        column.addWidget(self.best)
        column.addStretch(1)

    def show_outcome(self, outcome: Outcome) -> None:
        """Preview thresholds on the evaluation part of ``outcome``, first 50 per cent."""
        self._outcome = outcome
        after = outcome.own.after
        has_best = after.best_f1 is not None and after.best_f1_threshold is not None
        self.best.setText(
            f"The best F1 on these questions, {after.best_f1:.1f}, is at {100 * (after.best_f1_threshold or 0):.0f} %."
            if has_best
            else "All of these questions have an answer: saying 'no answer' can only lose here."
        )
        self.slider.setValue(50)
        self._show_preview()

    def _show_preview(self) -> None:
        from qadesk.app.training.outcome import threshold_preview

        if self._outcome is None:
            return
        value = self.slider.value()
        preview = threshold_preview(self._outcome, value / 100)
        self.value.setText(f"{value} %")
        text = (
            f"Exact match {preview.exact:.1f}, F1 {preview.f1:.1f}. "
            f"{preview.answered} questions are answered, {preview.refused} are not."
        )
        self.preview.setText(text)
        self.slider.setAccessibleDescription(text)
