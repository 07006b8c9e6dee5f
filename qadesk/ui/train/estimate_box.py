"""What the run will take, from a short measured probe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QGridLayout

from qadesk.app.models import describe
from qadesk.progress import rough_duration
from qadesk.ui.kit.widgets import plain_label
from qadesk.ui.train.plan_draft import PlanDraft
from qadesk.ui.train.wizard_page import quiet

if TYPE_CHECKING:
    from qadesk.app.training.runs import Estimate

_ROWS = ("Time", "Memory", "Disk", "Runs on")


class EstimateBox(QFrame):
    """Time, memory, disk and device of the plan that the draft has now."""

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
        self.facts = {name: plain_label() for name in _ROWS}
        for row, (name, label) in enumerate(self.facts.items()):
            grid.addWidget(quiet(name), row, 0)
            grid.addWidget(label, row, 1)
        draft.estimated.connect(self._show)
        self._show()

    def _show(self) -> None:
        draft = self._draft
        if draft.estimate:
            facts = _facts(draft.estimate)
        else:
            waiting = "Measuring a few steps…" if draft.is_probing else "Not known"
            facts = dict.fromkeys(_ROWS, "…" if draft.is_probing else "–")
            facts["Time"] = str(draft.unknown) if draft.unknown else waiting
        for name, words in facts.items():
            self.facts[name].setText(words)
        self.setAccessibleDescription(". ".join(f"{name}: {words}" for name, words in facts.items()))


def _facts(estimate: Estimate) -> dict[str, str]:
    needed, free = (describe.megabytes(size) for size in (estimate.disk_bytes, estimate.free_disk_bytes))
    is_full = estimate.disk_bytes > estimate.free_disk_bytes
    return {
        "Time": f"About {rough_duration(estimate.seconds)}",
        "Memory": f"About {describe.megabytes(estimate.memory_bytes)}",
        "Disk": f"{'⚠ Too little room: ' if is_full else ''}{needed} while it runs; {free} are free",
        "Runs on": f"{estimate.device.upper()}: {estimate.reason}" if estimate.reason else estimate.device.upper(),
    }
