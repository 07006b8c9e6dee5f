"""The page of models: a list, the actions for the selected model, and ways to add one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qadesk.errors import QadeskError
from qadesk.ui.kit.file_chooser import FileChooser
from qadesk.ui.kit.widgets import elided_middle, plain_label, plain_tip, wrapping_list
from qadesk.ui.models.model_actions import ModelActions
from qadesk.ui.models.model_dialogs import DownloadDialog, RemoveDialog, RenameDialog
from qadesk.ui.models.work_strip import WorkStrip

if TYPE_CHECKING:
    from collections.abc import Callable

    from qadesk.app.models.manage import ListedModel

_FOLDER = Qt.ItemDataRole.UserRole


class ModelsPage(QDialog):
    """Lists the models and calls ``actions``, whose long work goes on when this is closed.

    ``compare_requested`` gives the selected model, ``crashed`` an error that is a bug.
    """

    compare_requested = Signal(object)
    crashed = Signal(object)

    def __init__(self, actions: ModelActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Models")
        self._actions = actions
        self._files = FileChooser(self, actions.settings)
        self._folder_to_select: Path | None = None
        self.list = wrapping_list("Models on this computer")
        self.detail = plain_label(tone="muted")
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message = plain_label(name="modelsMessage")
        self.strip = WorkStrip(actions)
        self.buttons: dict[str, QPushButton] = {}
        self._lay_out()
        self._connect()
        self.show_message("")
        self._update_state()
        self.resize(780, 540)
        self.list.setFocus()
        actions.refresh()

    @property
    def selected(self) -> ListedModel | None:
        """The model of the current row."""
        folder = self._selected_folder()
        return next((model for model in self._actions.models if str(model.folder) == folder), None)

    def _selected_folder(self) -> str:
        item = self.list.currentItem()
        return str(item.data(_FOLDER)) if item else ""

    # Layout

    def _lay_out(self) -> None:
        title = QLabel("&Models on this computer")
        title.setBuddy(self.list)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(title)
        left.addWidget(self.list, 1)
        left.addWidget(self.detail)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addLayout(self._button_column())
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        close.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)  # Enter is for the list
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addLayout(row, 1)
        column.addWidget(self.message)
        column.addWidget(self.strip)
        column.addWidget(close)

    def _button_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addSpacing(self.fontMetrics().height() + 8)  # level with the list
        for name, text, help_, act in (
            ("use", "&Use", "Answer with this model from now on", self._use),
            ("compare", "&Compare…", "Put the same questions to this model and another one", self._compare),
            ("rename", "Re&name…", "Call this model by another name (F2)", self._rename),
            ("export", "&Export…", "Write this model as a zip archive", self._export),
            ("remove", "&Remove…", "Delete this model (Del)", self._remove),
            ("folder", "Import &folder…", "Import a model from a folder", self._import_folder),
            ("zip", "Import &zip…", "Import a model from a zip archive", self._import_zip),
            ("download", "&Download…", "Download a model from a hub: this alone needs a network", self._download),
            ("back", "Go &back", "Use the previous model again", self._actions.roll_back),
        ):
            if name in ("folder", "back"):
                column.addSpacing(16)
            column.addWidget(self._button(name, text, help_, act))
        column.addStretch(1)
        return column

    def _button(self, name: str, text: str, help_: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(help_)
        button.setAccessibleDescription(help_)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked: act())
        self.buttons[name] = button
        return button

    def _connect(self) -> None:
        actions = self._actions
        actions.models_listed.connect(self._show_models)
        actions.previous_changed.connect(self._show_previous)
        actions.action_reported.connect(self._on_action_reported)
        actions.failed.connect(self._on_failed)
        actions.work_started.connect(self._on_work_started)
        actions.work_ended.connect(self._update_state)
        self.list.currentItemChanged.connect(self._update_state)
        self.list.itemActivated.connect(self._use)
        for keys, name in (("F2", "rename"), ("Del", "remove")):
            shortcut = QShortcut(QKeySequence(keys), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(self.buttons[name].click)

    # State

    def _show_models(self, models: list[ListedModel]) -> None:
        folder = str(self._folder_to_select) if self._folder_to_select else self._selected_folder()
        self.list.clear()
        for model in models:
            item = QListWidgetItem("\n".join([elided_middle(model.name), *model.lines[1:]]))
            item.setData(_FOLDER, str(model.folder))
            self.list.addItem(item)
            if str(model.folder) == folder or (not folder and model.in_use):
                self.list.setCurrentItem(item)
        self._folder_to_select = None
        if self.list.currentItem() is None:
            self.list.setCurrentRow(0)
        self._update_state()

    def _show_previous(self, previous: ListedModel | None) -> None:
        self.buttons["back"].setEnabled(previous is not None)
        help_ = f"Use '{previous.name}' again" if previous else "No other model was used before"
        self.buttons["back"].setToolTip(plain_tip(help_))
        self.buttons["back"].setAccessibleDescription(help_)

    def _update_state(self) -> None:
        model, idle = self.selected, not self._actions.is_working
        usable = model is not None and not model.problem
        owned = model is not None and model.owned
        in_use = model is not None and model.in_use
        self.buttons["use"].setEnabled(usable and not in_use)
        self.buttons["rename"].setEnabled(usable and owned)
        self.buttons["remove"].setEnabled(owned and not in_use and idle)
        self.buttons["export"].setEnabled(usable and idle)
        usable_count = sum(not listed.problem for listed in self._actions.models)
        self.buttons["compare"].setEnabled(usable and idle and usable_count > 1)
        for name in ("folder", "zip", "download"):
            self.buttons[name].setEnabled(idle)
        self.detail.setText("\n".join(filter(None, (model.pace, f"In {model.folder}"))) if model else "")
        technical = "\n".join(_technical(model)) if model else ""
        self.detail.setToolTip(plain_tip(technical) if technical else "")
        self.detail.setAccessibleDescription(technical)

    def show_message(self, text: str) -> None:
        """Show ``text`` below the list; nothing for ''."""
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def _on_work_started(self, _text: str) -> None:
        self.show_message("")
        self._update_state()

    def _on_action_reported(self, report: str, new_folder: Path | None) -> None:
        self.show_message(report)
        if new_folder:
            self._folder_to_select = new_folder

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, QadeskError):
            self.show_message(str(error))
        else:
            self.crashed.emit(error)

    # Buttons

    def _use(self) -> None:
        model = self.selected
        if model and self.buttons["use"].isEnabled():
            self._actions.use(model.folder, model.name)

    def _compare(self) -> None:
        self.compare_requested.emit(self.selected)

    def _rename(self) -> None:
        model = self.selected
        if model:
            dialog = RenameDialog(model.name, self)
            dialog.accepted.connect(lambda: self._actions.rename(model, dialog.field.text()))
            dialog.open()

    def _export(self) -> None:
        model = self.selected
        if model:
            proposed = Path(f"{model.folder.name}.zip")
            path, _ = self._files.new_file("model", "Export the model", proposed, "Zip archives (*.zip)")
            if path:
                self._actions.export(model, path)

    def _remove(self) -> None:
        model = self.selected
        if model:
            dialog = RemoveDialog(model.name, self)
            dialog.accepted.connect(lambda: self._actions.remove(model))
            dialog.open()

    def _import_folder(self) -> None:
        folder = self._files.existing_folder("model", "Choose the folder that holds the model's files")
        if folder:
            self._actions.import_from(folder)

    def _import_zip(self) -> None:
        path = self._files.existing_file("model", "Choose the zip archive of a model", "Zip archives (*.zip)")
        if path:
            self._actions.import_from(path)

    def _download(self) -> None:
        dialog = DownloadDialog(self._actions.settings["hub.url"], self)
        dialog.accepted.connect(lambda: self._actions.download(dialog.field.text()))
        dialog.open()


def _technical(model: ListedModel) -> list[str]:
    """The architecture, the kinds of files, and the graph: for those who know models."""
    return [f"{line[:1].upper()}{line[1:]}." for line in (model.description, model.speed.rstrip(".")) if line]
