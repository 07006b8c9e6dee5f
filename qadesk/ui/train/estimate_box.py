"""Time, memory, disk and device of the planned run: at first a guess of the time, then what a probe measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QGridLayout

from qadesk.progress import megabytes, rough_duration
from qadesk.ui.kit.widgets import plain_label
from qadesk.ui.train.plan_draft import PlanDraft
from qadesk.ui.train.wizard_page import row_label

if TYPE_CHECKING:
    from qadesk.app.training.runs import Estimate

_ROWS = ("Time", "Memory", "Disk", "Runs on")


class EstimateBox(QFrame):
    """Shows the estimate of ``draft``, or why there is none. ``values`` are the labels by the name of their row."""

    def __init__(self, draft: PlanDraft) -> None:
        super().__init__()
        self._draft = draft
        self.setObjectName("verdict")
        self.setAccessibleName("What it will take")
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 10, 14, 10)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        self.values = {name: plain_label() for name in _ROWS}
        for row, (name, label) in enumerate(self.values.items()):
            grid.addWidget(row_label(name), row, 0)
            grid.addWidget(label, row, 1)
        draft.estimate_changed.connect(self._show_estimate)
        draft.plan_changed.connect(self._show_estimate)
        self._show_estimate()

    def _show_estimate(self) -> None:
        draft = self._draft
        if draft.estimate:
            texts = _texts(draft.estimate)
        else:
            waiting = "Measuring a few steps…" if draft.is_probing else "Not known"
            if draft.plan and draft.rough_seconds is not None:
                waiting = f"Roughly {rough_duration(draft.rough_seconds)}" + (
                    "; measuring…" if draft.is_probing else ""
                )
            texts = dict.fromkeys(_ROWS, "…" if draft.is_probing else "–")
            texts["Time"] = str(draft.estimate_problem) if draft.estimate_problem else waiting
        for name, text in texts.items():
            self.values[name].setText(text)
        self.setAccessibleDescription(". ".join(f"{name}: {text}" for name, text in texts.items()))


def _texts(estimate: Estimate) -> dict[str, str]:
    """The text of each row."""
    needed, free = (megabytes(size) for size in (estimate.disk_bytes, estimate.free_disk_bytes))
    is_full = estimate.disk_bytes > estimate.free_disk_bytes
    return {
        "Time": f"About {rough_duration(estimate.seconds)}",
        "Memory": f"About {megabytes(estimate.memory_bytes)}",
        "Disk": f"{'⚠ Too little room: ' if is_full else ''}{needed} while it runs; {free} are free",
        "Runs on": f"{estimate.device.upper()}: {estimate.reason}" if estimate.reason else estimate.device.upper(),
    }
