"""The page of models: a list, what can be done with the one that is chosen, and how to get more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qadesk.errors import QadeskError
from qadesk.ui.kit.widgets import plain_label, plain_tip, shortened, wrapping_list
from qadesk.ui.models.model_actions import ModelActions
from qadesk.ui.models.model_dialogs import DownloadDialog, RemoveDialog, RenameDialog
from qadesk.ui.models.work_strip import WorkStrip

if TYPE_CHECKING:
    from collections.abc import Callable

    from qadesk.app.models.manage import ListedModel

_FOLDER = Qt.ItemDataRole.UserRole


class ModelsPage(QDialog):
    """Lists the models of ``keeper`` and asks it for what the user wants. Long work goes on when this is closed.

    ``compare_wanted`` gives the model that is chosen; ``crashed`` an error that is a bug of ours.
    """

    compare_wanted = Signal(object)
    crashed = Signal(object)

    def __init__(self, keeper: ModelActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Models")
        self._keeper = keeper
        self._wanted: Path | None = None
        self.list = wrapping_list("Models on this computer")
        self.detail = plain_label(tone="muted")
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.said = plain_label(name="modelsSaid")
        self.strip = WorkStrip(keeper)
        self.buttons: dict[str, QPushButton] = {}
        self._lay_out()
        self._connect()
        self.tell("")
        self._show_state()
        self.resize(780, 540)
        self.list.setFocus()
        keeper.refresh()

    @property
    def chosen(self) -> ListedModel | None:
        """The model that is chosen in the list."""
        item = self.list.currentItem()
        folder = item.data(_FOLDER) if item else None
        return next((each for each in self._keeper.models if str(each.folder) == folder), None)

    # How it looks

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
        row.addLayout(self._column())
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        close.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)  # Enter is for the list
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addLayout(row, 1)
        column.addWidget(self.said)
        column.addWidget(self.strip)
        column.addWidget(close)

    def _column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addSpacing(self.fontMetrics().height() + 8)  # level with the list
        for name, text, help_, act in (
            ("use", "&Use", "Answer with this model from now on", self._use),
            ("compare", "&Compare…", "Put the same questions to this model and another one", self._compare),
            ("rename", "Re&name…", "Call this model by another name (F2)", self._rename),
            ("export", "&Export…", "Write this model as a zip archive", self._export),
            ("remove", "&Remove…", "Delete this model (Del)", self._remove),
            ("folder", "Import &folder…", "Take in a model from a folder", self._import_folder),
            ("zip", "Import &zip…", "Take in a model from a zip archive", self._import_zip),
            ("download", "&Download…", "Fetch a model from a hub: this alone needs a network", self._download),
            ("back", "Go &back", "Answer with the model before again", self._keeper.roll_back),
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
        keeper = self._keeper
        keeper.listed.connect(self._show)
        keeper.before.connect(self._show_before)
        keeper.said.connect(self._say)
        keeper.failed.connect(self._fail)
        keeper.began.connect(self._begin)
        keeper.ended.connect(self._show_state)
        self.list.currentItemChanged.connect(self._show_state)
        self.list.itemActivated.connect(self._use)
        for keys, name in (("F2", "rename"), ("Del", "remove")):
            shortcut = QShortcut(QKeySequence(keys), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(self.buttons[name].click)

    def _show(self, models: list[ListedModel]) -> None:
        wanted = str(self._wanted) if self._wanted else self._current()
        self.list.clear()
        for each in models:
            item = QListWidgetItem("\n".join([shortened(each.name), *each.lines[1:]]))
            item.setData(_FOLDER, str(each.folder))
            self.list.addItem(item)
            if str(each.folder) == wanted or (not wanted and each.in_use):
                self.list.setCurrentItem(item)
        self._wanted = None
        if self.list.currentItem() is None:
            self.list.setCurrentRow(0)
        self._show_state()

    def _current(self) -> str:
        item = self.list.currentItem()
        return str(item.data(_FOLDER)) if item else ""

    def _show_before(self, before: ListedModel | None) -> None:
        self.buttons["back"].setEnabled(before is not None)
        words = f"Answer with '{before.name}' again" if before else "No other model was used before"
        self.buttons["back"].setToolTip(plain_tip(words))
        self.buttons["back"].setAccessibleDescription(words)

    def _show_state(self) -> None:
        model, idle = self.chosen, not self._keeper.is_working
        there = model is not None and not model.problem
        owned = model is not None and model.owned
        in_use = model is not None and model.in_use
        self.buttons["use"].setEnabled(there and not in_use)
        self.buttons["rename"].setEnabled(there and owned)
        self.buttons["remove"].setEnabled(owned and not in_use and idle)
        self.buttons["export"].setEnabled(there and idle)
        others = sum(not each.problem for each in self._keeper.models)
        self.buttons["compare"].setEnabled(there and idle and others > 1)
        for name in ("folder", "zip", "download"):
            self.buttons[name].setEnabled(idle)
        self.detail.setText("\n".join(_details(model)) if model else "")

    def _begin(self, _sentence: str) -> None:
        self.tell("")
        self._show_state()

    def tell(self, sentence: str) -> None:
        """Show ``sentence`` below the list; nothing for ''."""
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))

    def _say(self, sentence: str, folder: Path | None) -> None:
        self.tell(sentence)
        if folder:
            self._wanted = folder

    def _fail(self, error: Exception) -> None:
        if isinstance(error, QadeskError):
            self.tell(str(error))
        else:
            self.crashed.emit(error)

    # What is done

    def _use(self) -> None:
        if self.chosen and self.buttons["use"].isEnabled():
            self._keeper.use(self.chosen.folder, self.chosen.name)

    def _compare(self) -> None:
        self.compare_wanted.emit(self.chosen)

    def _rename(self) -> None:
        model = self.chosen
        if model:
            dialog = RenameDialog(model.name, self)
            dialog.accepted.connect(lambda: self._keeper.rename(model, dialog.field.text()))
            dialog.open()

    def _export(self) -> None:
        model = self.chosen
        if model:
            proposed = str(Path.home() / f"{model.folder.name}.zip")
            name, _ = QFileDialog.getSaveFileName(self, "Export the model", proposed, "Zip archives (*.zip)")
            if name:
                self._keeper.export(model, Path(name))

    def _remove(self) -> None:
        model = self.chosen
        if model:
            dialog = RemoveDialog(model.name, self)
            dialog.accepted.connect(lambda: self._keeper.remove(model))
            dialog.open()

    def _import_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Choose the folder that holds the model's files")
        if name:
            self._keeper.import_from(Path(name))

    def _import_zip(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Choose the zip archive of a model", "", "Zip archives (*.zip)")
        if name:
            self._keeper.import_from(Path(name))

    def _download(self) -> None:
        dialog = DownloadDialog(self._keeper.settings["hub.url"], self)
        dialog.accepted.connect(lambda: self._keeper.download(dialog.field.text()))
        dialog.open()


def _details(model: ListedModel) -> list[str]:
    facts = [model.description, f"{model.speed[:1].upper()}{model.speed[1:]}", f"In {model.folder}"]
    return [fact for fact in facts if fact]
