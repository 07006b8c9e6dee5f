"""The settings dialog, made from the tables of ``qadesk.settings``. A change takes effect at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
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
from qadesk.ui.kit.file_chooser import FileChooser
from qadesk.ui.kit.jobs import Jobs
from qadesk.ui.kit.widgets import plain_label, scroll_ground
from qadesk.ui.settings import custom_page
from qadesk.ui.settings.custom_page import CustomPage

_FRAME = QSize(16, 48)  # about what a window manager puts around a dialog
_TEXT_LENGTH = 34  # average letters that a field for a text shows: an address of a model hub


class SettingsDialog(QDialog):
    """A tab for each page, on it an editor for each row and the page's own widget.

    ``changed`` gives the key of a changed setting, ``failed`` an error to show. What takes time runs in ``jobs``.
    """

    changed = Signal(str)
    failed = Signal(object)

    def __init__(self, settings: Settings, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self._settings = settings
        self._files = FileChooser(self, settings)
        self.editors: dict[str, Editor] = {}
        self.custom_pages: dict[str, CustomPage] = {}
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Pages of settings")
        self.tabs.setDocumentMode(True)
        for page, rows in pages().items():
            custom = custom_page.create_custom_page(page, jobs, settings)
            self.tabs.addTab(self._page(rows, custom), page.title)
            if custom:
                self.custom_pages[page.title] = custom
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.tabs, 1)
        column.addWidget(buttons)
        letter = self.fontMetrics().averageCharWidth()
        size = QSize(max(640, 92 * letter), max(520, 64 * letter))
        self.resize(size.boundedTo(self.screen().availableSize() - _FRAME))
        for custom in self.custom_pages.values():
            custom.setting_changed.connect(self.changed)
            custom.choices_changed.connect(self._set_choices)
            custom.failed.connect(self.failed)
            self.finished.connect(custom.stop)
            custom.start()

    def show_setting(self, key: str) -> None:
        """Show the page of the setting ``key``, with the keyboard in its field."""
        field = self.editors[key].field
        for index in range(self.tabs.count()):
            area = self.tabs.widget(index)
            if isinstance(area, QScrollArea) and area.isAncestorOf(field):
                self.tabs.setCurrentIndex(index)
                area.ensureWidgetVisible(field)
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _set_choices(self, key: str, titles: Mapping[str, str]) -> None:
        self.editors[key].set_choices(titles)

    def _page(self, rows: list[Setting], below: QWidget | None) -> QWidget:
        ground = scroll_ground()
        grid = QGridLayout(ground)
        grid.setContentsMargins(8, 16, 8, 8)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for index, row in enumerate(rows):
            editor = Editor(row, self._settings[row.key], self._files)
            editor.edited.connect(lambda value, key=row.key: self._set(key, value))
            editor.reset.clicked.connect(lambda _=False, key=row.key: self._reset(key))
            self.editors[row.key] = editor
            editor.add_to(grid, index * 2)
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
        self._change(key, lambda: self._settings.set(key, value))

    def _reset(self, key: str) -> None:
        self._change(key, lambda: self._settings.reset(key))

    def _change(self, key: str, change: Callable[[], None]) -> None:
        try:
            change()
        except SettingError as error:
            self.failed.emit(error)
        self.editors[key].show_value(self._settings[key])
        self.changed.emit(key)
        for custom in self.custom_pages.values():
            custom.on_setting_changed(key)


class Editor(QWidget):
    """A row of a page: title, help text, the field with the value, and a button that resets it to the default."""

    edited = Signal(object)

    def __init__(self, row: Setting, value: object, files: FileChooser) -> None:
        super().__init__()
        self._files = files
        self.row = row
        self.title = plain_label(row.title)
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
        if row.widget == "folder":
            choose = QPushButton("Choose…")
            choose.clicked.connect(self._choose_folder)
            line.addWidget(choose)
        line.addWidget(self.reset)
        self.show_value(value)

    def add_to(self, grid: QGridLayout, grid_row: int) -> None:
        """Add the texts and the field in row ``grid_row``, and a gap in the next one."""
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.title)
        texts.addWidget(self.help)
        grid.addLayout(texts, grid_row, 0)
        grid.addWidget(self, grid_row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        grid.setRowMinimumHeight(grid_row + 1, 12)

    def show_value(self, value: object) -> None:
        """Show ``value``, without a signal."""
        self.field.blockSignals(True)
        self._write(value)
        self.field.blockSignals(False)
        self.reset.setEnabled(value != self.row.default)

    def set_choices(self, titles: Mapping[str, str]) -> None:
        """Show only those of the row's choices that are keys of ``titles``, with these titles."""
        assert isinstance(self.field, QComboBox)
        current = self._read()
        self.field.blockSignals(True)
        self.field.clear()
        for value in self.row.choices:
            if value in titles:
                self.field.addItem(titles[value], value)
        self.field.blockSignals(False)
        self.field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.field.setMinimumContentsLength(14)
        self.field.view().setMinimumWidth(self.field.view().sizeHintForColumn(0) + 24)  # names can be long
        self.show_value(current)

    def _emit(self) -> None:
        self.edited.emit(self._read())

    def _choose_folder(self) -> None:
        folder = self._files.existing_folder("setting", self.row.title)
        if folder:
            self._write(str(folder))
            self._emit()


def _field(row: Setting, edited: Callable[[], None]) -> tuple[QWidget, Callable[[], Any], Callable[[Any], None]]:
    """The widget for a row's type, a function that reads its value, and one that sets it."""
    if row.type is bool:
        box = QCheckBox()
        box.toggled.connect(edited)
        return box, box.isChecked, box.setChecked
    if row.choices:
        combo = QComboBox()
        for choice in row.choices:
            combo.addItem(row.title_of(choice), choice)
        combo.currentIndexChanged.connect(edited)
        return combo, combo.currentData, lambda value: combo.setCurrentIndex(combo.findData(value))
    if row.type is str:
        line = QLineEdit()
        line.setMinimumWidth(_TEXT_LENGTH * line.fontMetrics().averageCharWidth())
        line.editingFinished.connect(edited)

        def show(value: str) -> None:
            line.setText(value)
            line.setCursorPosition(0)  # its beginning tells more than its end

        return line, line.text, show
    return _number_field(row, edited)


def _number_field(row: Setting, edited: Callable[[], None]) -> tuple[QWidget, Callable[[], Any], Callable[[Any], None]]:
    """The same for a number; a share of 1 is shown in whole per cent."""
    is_share = row.type is float and row.unit == "%"
    scale = 100 if is_share else 1
    spin = QDoubleSpinBox() if row.type is float and not is_share else QSpinBox()
    spin.lineEdit().setTextMargins(6, 0, 0, 0)  # the style sheet's padding does not reach it
    low, high = (row.low or 0) * scale, (row.high or 0) * scale
    if isinstance(spin, QSpinBox):
        spin.setRange(round(low), round(high))
    else:
        spin.setRange(low, high)
    spin.setSuffix(f"\N{NO-BREAK SPACE}{row.unit}" if row.unit else "")
    spin.setSpecialValueText("Automatic" if row.automatic else "")
    spin.setSingleStep(5 if row.unit == "%" else 1)
    spin.setKeyboardTracking(False)
    spin.setMinimumWidth(110)
    spin.valueChanged.connect(edited)
    if is_share:
        return spin, lambda: spin.value() / scale, lambda value: spin.setValue(round(value * scale))
    return spin, spin.value, spin.setValue
