"""Page 2: the model to start from, and what the training runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel

from qadesk.errors import QadeskError
from qadesk.settings import Settings
from qadesk.ui.kit.jobs import Jobs
from qadesk.ui.kit.widgets import plain_label
from qadesk.ui.train.estimate_box import EstimateBox
from qadesk.ui.train.plan_draft import Choices, PlanDraft
from qadesk.ui.train.wizard_page import WizardPage, problem_label

if TYPE_CHECKING:
    from qadesk.app.models.manage import ListedModel
    from qadesk.app.reading.device_listing import Listing

_LEAD = "The model that you start from stays as it is: a new one is made beside it."
_TRAINABLE = ("cpu", "cuda", "mps")


class ModelPage(WizardPage):
    """Two fields, and what the run will take with what they say."""

    def __init__(self, draft: PlanDraft) -> None:
        super().__init__("Which model, and where?", _LEAD)
        self._draft = draft
        self.model = _combo("Start from")
        self.model.addItem("The model in use", "")
        self.device = _combo("Train on")
        self.device.addItem("Automatic", "auto")
        self.problem = problem_label()
        self.box = EstimateBox(draft)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        for row, (words, field) in enumerate((("&Start from", self.model), ("&Train on", self.device))):
            title = QLabel(words)
            title.setBuddy(field)
            grid.addWidget(title, row, 0)
            grid.addWidget(field, row, 1)
            field.currentIndexChanged.connect(self._choose)
        self.first = self.model
        self.column.addLayout(grid)
        self.column.addWidget(self.problem)
        self.column.addWidget(plain_label("What it will take, from a short measurement:", tone="muted"))
        self.column.addWidget(self.box)
        self.column.addStretch(1)
        draft.planned.connect(self._show)
        self._show()

    def begin(self, jobs: Jobs, settings: Settings) -> None:
        """Look at what there is to choose from."""
        jobs.start("files", lambda _job: _models(settings), done=self._offer_models, failed=self._draft.failed.emit)
        jobs.start("files", lambda _job: _devices(settings), done=self._offer_devices, failed=self._show_no_devices)

    def initializePage(self) -> None:
        """Begin to measure."""
        self._draft.want_estimate()

    def isComplete(self) -> bool:
        """Whether the model can be trained."""
        return self._draft.plan is not None

    def _offer_models(self, models: list[ListedModel]) -> None:
        _fill(self.model, [(_words(each), str(each.folder)) for each in models if not each.problem and not each.in_use])
        for each in models:
            if each.in_use:
                self.model.setItemText(0, f"{each.name} (in use)")

    def _offer_devices(self, listing: Listing) -> None:
        devices = [each.device for each in listing.devices if each.device.name.partition(":")[0] in _TRAINABLE]
        _fill(self.device, [(f"{each.title} ({each.name})", each.name) for each in devices if not each.problem])

    def _show_no_devices(self, error: Exception) -> None:
        if not isinstance(error, QadeskError):  # the plan says what is wrong with the model
            self._draft.failed.emit(error)

    def _choose(self) -> None:
        before = self._draft.choices
        kept = [(key, value) for key, value in before.overrides if key != "device"]
        device = [("device", self.device.currentData())] if self.device.currentIndex() > 0 else []
        self._draft.choose(Choices(before.left_out, self.model.currentData(), before.effort, tuple(kept + device)))

    def _show(self) -> None:
        problem = self._draft.problem
        self.problem.setText(str(problem) if problem else "")
        self.problem.setVisible(problem is not None)
        self.completeChanged.emit()


def _models(settings: Settings) -> list[ListedModel]:
    from qadesk.app.models.manage import list_models

    return list_models(settings)


def _devices(settings: Settings) -> Listing:
    from qadesk.app.reading.device_listing import list_devices

    return list_devices(settings)


def _combo(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(24)
    return combo


def _fill(combo: QComboBox, rows: list[tuple[str, Any]]) -> None:
    combo.blockSignals(True)
    for words, value in rows:
        combo.addItem(words, value)
        combo.setItemData(combo.count() - 1, words, Qt.ItemDataRole.AccessibleTextRole)
    combo.blockSignals(False)


def _words(model: ListedModel) -> str:
    return f"{model.name} ({model.origin[:1].lower()}{model.origin[1:]})" if model.origin else model.name
