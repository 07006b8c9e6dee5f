"""The sheet of shortcuts, and the palette that finds a command by its name. Both come from the table of actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qadesk.ui.kit.widgets import ListStepper
from qadesk.ui.shell import actions
from qadesk.ui.shell.actions import ActionRow


class ShortcutSheet(QDialog):
    """All keys, by menu."""

    def __init__(self, rows: Sequence[ActionRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Keyboard shortcuts")
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(16)
        for menu, menu_rows in actions.by_menu(rows).items():
            self._add(menu.replace("&", ""), [row for row in menu_rows if row.keys])
        self.tree.expandAll()
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setStretchLastSection(False)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(self.tree)
        column.addWidget(buttons)
        self.resize(520, 640)

    def _add(self, heading: str, rows: list[ActionRow]) -> None:
        if not rows:
            return
        group = QTreeWidgetItem([heading])
        font = group.font(0)
        font.setBold(True)
        group.setFont(0, font)
        self.tree.addTopLevelItem(group)
        for row in rows:
            group.addChild(QTreeWidgetItem([row.title.removesuffix("…"), actions.keys_in_words(row)]))


class CommandPalette(QDialog):
    """Type a part of a command's name; Enter does it."""

    def __init__(
        self, rows: Sequence[ActionRow], commands: Mapping[str, QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("All commands")
        self.field = QLineEdit()
        self.field.setPlaceholderText("Type a command")
        self.field.setAccessibleName("Command")
        self.list = QListWidget()
        self.list.setAccessibleName("Commands")
        self._rows = rows
        self._commands = commands
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self.field)
        column.addWidget(self.list)
        self.field.textChanged.connect(self._filter)
        self.field.returnPressed.connect(self._do)
        self.list.itemActivated.connect(self._do)
        ListStepper(self.field, self.list)
        self.resize(480, 400)
        self._filter("")

    def _filter(self, typed: str) -> None:
        self.list.clear()
        words = typed.lower().split()
        for row in self._rows:
            action = self._commands.get(row.name)
            if action is None or not action.isEnabled() or not all(word in row.title.lower() for word in words):
                continue
            keys = actions.keys_in_words(row)
            item = QListWidgetItem(f"{row.title}    {keys}" if keys else row.title)
            item.setData(Qt.ItemDataRole.UserRole, row.name)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _do(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.accept()
            self._commands[item.data(Qt.ItemDataRole.UserRole)].trigger()
