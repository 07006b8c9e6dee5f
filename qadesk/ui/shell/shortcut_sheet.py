"""The sheet of shortcuts, made of the table of actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

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
