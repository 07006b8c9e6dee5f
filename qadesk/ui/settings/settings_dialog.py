"""The settings, built from the rows of the table. A change takes effect at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from qadesk.errors import SettingError
from qadesk.settings import Setting, Settings, pages
from qadesk.ui.kit import icons
from qadesk.ui.kit.jobs import Jobs
from qadesk.ui.kit.widgets import plain_label, scroll_ground
from qadesk.ui.settings.devices_page import DevicesPage

if TYPE_CHECKING:
    from qadesk.app.reading.device_listing import Listing

_CHOICES = {
    "system": "As the system", "light": "Light", "dark": "Dark", "auto": "Automatic", "cpu": "Processor",
}  # fmt: skip
_FOLDERS = ("model.folder",)


class SettingsDialog(QDialog):
    """``changed`` gives the key of what was changed, ``failed`` an error to show. What takes time runs in ``jobs``."""

    changed = Signal(str)
    failed = Signal(object)

    def __init__(self, settings: Settings, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self._settings = settings
        self.devices = DevicesPage(jobs, settings)
        self.editors: dict[str, Editor] = {}
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Pages of settings")
        self.tabs.setDocumentMode(True)
        for title, rows in pages().items():
            self.tabs.addTab(self._page(rows, self.devices if title == "Devices" else None), title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.tabs, 1)
        column.addWidget(buttons)
        self.resize(640, 520)
        self._begin_devices()

    def _begin_devices(self) -> None:
        now = self._settings["model.device"]
        self.editors["model.device"].offer({"auto": "Automatic", now: _CHOICES.get(now, now)})
        self.devices.listed.connect(self._offer_devices)
        self.devices.measured.connect(self._take_fastest)
        self.devices.failed.connect(self.failed)
        self.finished.connect(self.devices.stop)
        self.devices.refresh()

    def _offer_devices(self, listing: Listing) -> None:
        titles = {each.device.name: f"{each.device.title} ({each.device.name})" for each in listing.devices}
        now = self._settings["model.device"]
        self.editors["model.device"].offer({now: f"{now} (not on this computer)", **titles, "auto": "Automatic"})

    def _take_fastest(self) -> None:
        if self._settings["model.device"] == "auto":
            self.changed.emit("model.device")

    def _page(self, rows: list[Setting], below: QWidget | None = None) -> QWidget:
        ground = scroll_ground()
        grid = QGridLayout(ground)
        grid.setContentsMargins(8, 16, 8, 8)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for index, row in enumerate(rows):
            editor = Editor(row, self._settings[row.key])
            editor.edited.connect(lambda value, key=row.key: self._set(key, value))
            editor.reset.clicked.connect(lambda _=False, key=row.key: self._reset(key))
            self.editors[row.key] = editor
            editor.put_in(grid, index * 2)
        if below:
            grid.addWidget(below, len(rows) * 2, 0, 1, 2)
        grid.setRowStretch(len(rows) * 2, 1)
        area = QScrollArea()
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setWidget(ground)
        return area

    def _set(self, key: str, value: object) -> None:
        if self._settings[key] == value:
            return
        self._keep(key, lambda: self._settings.set(key, value))

    def _reset(self, key: str) -> None:
        self._keep(key, lambda: self._settings.reset(key))

    def _keep(self, key: str, change: Callable[[], None]) -> None:
        try:
            change()
        except SettingError as error:
            self.failed.emit(error)
        self.editors[key].show_value(self._settings[key])
        self.changed.emit(key)
        if key.startswith("model."):
            self.devices.refresh()


class Editor(QWidget):
    """The field of one setting: a title, a help text, something to change it with, and a way back."""

    edited = Signal(object)

    def __init__(self, row: Setting, value: object) -> None:
        super().__init__()
        self.row = row
        self.title = QLabel(row.title)
        self.help = plain_label(row.help, tone="muted")
        self.field, self._read, self._write = _field(row, self._emit)
        self.field.setAccessibleName(row.title)
        self.field.setAccessibleDescription(row.help)
        self.title.setBuddy(self.field)
        self.reset = QToolButton()
        self.reset.setIcon(icons.icon("reset"))
        self.reset.setAccessibleName(f"Reset '{row.title}'")
        self.reset.setToolTip("Back to the default")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.field)
        if row.key in _FOLDERS:
            choose = QPushButton("Choose…")
            choose.clicked.connect(self._choose)
            line.addWidget(choose)
        line.addWidget(self.reset)
        self.show_value(value)

    def put_in(self, grid: QGridLayout, at: int) -> None:
        """Take two rows of ``grid`` from row ``at``."""
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.help)
        grid.addLayout(words, at, 0)
        grid.addWidget(self, at, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        grid.setRowMinimumHeight(at + 1, 12)

    def show_value(self, value: object) -> None:
        """Show ``value`` without saying that it was edited."""
        self.field.blockSignals(True)
        self._write(value)
        self.field.blockSignals(False)
        self.reset.setEnabled(value != self.row.default)

    def offer(self, choices: Mapping[str, str]) -> None:
        """Of the row's choices, let only those be chosen that are in ``choices``, with their titles."""
        assert isinstance(self.field, QComboBox)
        now = self._read()
        self.field.blockSignals(True)
        self.field.clear()
        for value in self.row.choices:
            if value in choices:
                self.field.addItem(choices[value], value)
        self.field.blockSignals(False)
        self.field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.field.setMinimumContentsLength(14)
        self.field.view().setMinimumWidth(self.field.view().sizeHintForColumn(0) + 24)  # names can be long
        self.show_value(now)

    def _emit(self) -> None:
        self.edited.emit(self._read())

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.row.title)
        if folder:
            self._write(folder)
            self._emit()


def _field(row: Setting, edited: Callable[[], None]) -> tuple[QWidget, Callable[[], Any], Callable[[Any], None]]:
    """The widget for a row's type, how to read it, and how to write it."""
    if row.type is bool:
        box = QCheckBox()
        box.toggled.connect(edited)
        return box, box.isChecked, box.setChecked
    if row.choices:
        combo = QComboBox()
        for choice in row.choices:
            combo.addItem(_CHOICES.get(choice, choice), choice)
        combo.currentIndexChanged.connect(edited)
        return combo, combo.currentData, lambda value: combo.setCurrentIndex(combo.findData(value))
    if row.type is str:
        line = QLineEdit()
        line.setMinimumWidth(220)
        line.editingFinished.connect(edited)
        return line, line.text, line.setText
    spin = QSpinBox() if row.type is int else QDoubleSpinBox()
    spin.lineEdit().setTextMargins(6, 0, 0, 0)  # the style sheet's padding does not reach it
    spin.setRange(row.low or 0, row.high or 0)  # type: ignore[arg-type]  # rows of numbers have a range of their type
    spin.setKeyboardTracking(False)
    spin.setMinimumWidth(96)
    if isinstance(spin, QDoubleSpinBox):
        spin.setSingleStep(0.05)
    spin.valueChanged.connect(edited)
    return spin, spin.value, spin.setValue
