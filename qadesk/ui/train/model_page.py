"""Page 2: the model to start from, and the device that it is trained on."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel

from qadesk.errors import QadeskError
from qadesk.settings import Settings
from qadesk.ui.kit.jobs import Jobs
from qadesk.ui.kit.widgets import plain_label
from qadesk.ui.train.estimate_box import EstimateBox
from qadesk.ui.train.plan_draft import PlanDraft
from qadesk.ui.train.wizard_page import WizardPage, error_label, show_error

if TYPE_CHECKING:
    from qadesk.app.models.manage import ListedModel
    from qadesk.app.reading.device_listing import Listing

_LEAD = "The model that you start from stays as it is: a new one is made beside it."
_TRAINABLE_DEVICES = ("cpu", "cuda", "mps")


class ModelPage(WizardPage):
    """Two combo boxes, and the estimate for what they choose."""

    def __init__(self, draft: PlanDraft) -> None:
        super().__init__("Which model, and where?", _LEAD)
        self._draft = draft
        self.model = _combo("Start from")
        self.model.addItem("The model in use", "")
        self.device = _combo("Train on")
        self.device.addItem("Automatic", "auto")
        self.problem = error_label()
        self.estimate_box = EstimateBox(draft)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        for row, (text, combo) in enumerate((("&Start from", self.model), ("&Train on", self.device))):
            title = QLabel(text)
            title.setBuddy(combo)
            grid.addWidget(title, row, 0)
            grid.addWidget(combo, row, 1)
            combo.currentIndexChanged.connect(self._choose)
        self.initial_focus = self.model
        self.column.addLayout(grid)
        self.column.addWidget(self.problem)
        self.column.addWidget(plain_label("What it will take, from a short measurement:", tone="muted"))
        self.column.addWidget(self.estimate_box)
        self.column.addStretch(1)
        draft.plan_changed.connect(self._show_problem)
        self._show_problem()

    def begin(self, jobs: Jobs, settings: Settings) -> None:
        """List the models and the devices."""
        jobs.start("files", lambda _job: _list_models(settings), done=self._add_models, failed=self._draft.failed.emit)
        jobs.start(
            "files", lambda _job: _list_devices(settings), done=self._add_devices, failed=self._on_devices_failed
        )

    def initializePage(self) -> None:
        """Measure the plan from now on."""
        self._draft.request_estimate()

    def isComplete(self) -> bool:
        """Whether there is a plan: the model can be trained."""
        return self._draft.plan is not None

    def _add_models(self, models: list[ListedModel]) -> None:
        _add_items(
            self.model,
            [(_model_text(model), str(model.folder)) for model in models if not model.problem and not model.in_use],
        )
        for model in models:
            if model.in_use:
                self.model.setItemText(0, f"{model.name} (in use)")

    def _add_devices(self, listing: Listing) -> None:
        devices = [row.device for row in listing.devices if row.device.name.partition(":")[0] in _TRAINABLE_DEVICES]
        _add_items(
            self.device, [(f"{device.title} ({device.name})", device.name) for device in devices if not device.problem]
        )

    def _on_devices_failed(self, error: Exception) -> None:
        if not isinstance(error, QadeskError):  # the plan has the same problem with the model, and shows it
            self._draft.failed.emit(error)

    def _choose(self) -> None:
        choices = self._draft.choices
        overrides = [(key, value) for key, value in choices.overrides if key != "device"]
        if self.device.currentIndex() > 0:
            overrides.append(("device", str(self.device.currentData())))
        self._draft.choose(dataclasses.replace(choices, base=str(self.model.currentData()), overrides=tuple(overrides)))

    def _show_problem(self) -> None:
        show_error(self.problem, self._draft.problem)
        self.completeChanged.emit()


def _list_models(settings: Settings) -> list[ListedModel]:
    from qadesk.app.models.manage import list_models

    return list_models(settings)


def _list_devices(settings: Settings) -> Listing:
    from qadesk.app.reading.device_listing import list_devices

    return list_devices(settings)


def _combo(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(24)
    return combo


def _add_items(combo: QComboBox, items: list[tuple[str, str]]) -> None:
    """Add ``items``, pairs of text and data, without signals."""
    combo.blockSignals(True)
    for text, value in items:
        combo.addItem(text, value)
        combo.setItemData(combo.count() - 1, text, Qt.ItemDataRole.AccessibleTextRole)
    combo.blockSignals(False)


def _model_text(model: ListedModel) -> str:
    return f"{model.name} ({model.origin[:1].lower()}{model.origin[1:]})" if model.origin else model.name
