"""The headings of a document, to jump to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from qadesk.structure import OutlineEntry
from qadesk.ui.kit.widgets import font, plain_label

_LONGEST_TITLE = 200  # characters


class OutlinePanel(QWidget):
    """Lists the headings. ``heading_chosen`` gives the offset of one; ``left`` says that the user wants the text again.

    The current heading is the one that was last passed where the text is read, see ``show_position``.
    """

    heading_chosen = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outlinePanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = plain_label("Outline", tone="muted", wrap=False)
        self.tree = OutlineTree()
        self._starts: list[int] = []
        self._items: list[QTreeWidgetItem] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._title)
        column.addWidget(self.tree, 1)
        self.setMinimumWidth(140)
        self.setFocusProxy(self.tree)
        self.tree.itemClicked.connect(self._choose)
        self.tree.itemActivated.connect(self._choose)
        self.tree.left.connect(self.left)

    def show_outline(self, outline: Sequence[OutlineEntry]) -> None:
        """List the headings of ``outline``, each below the last one of a lower level."""
        self.tree.clear()
        self._items = []
        roots: list[QTreeWidgetItem] = []
        path: list[tuple[int, QTreeWidgetItem]] = []  # the items above the next one, with their levels
        for entry in outline:
            while path and path[-1][0] >= entry.level:
                path.pop()
            title = entry.title[:_LONGEST_TITLE]
            item = QTreeWidgetItem([title])
            item.setToolTip(0, title)
            item.setData(0, Qt.ItemDataRole.UserRole, entry.start)
            if path:
                path[-1][1].addChild(item)
            else:
                roots.append(item)
            path.append((entry.level, item))
            self._items.append(item)
        self.tree.addTopLevelItems(roots)
        self.tree.expandAll()
        by_start = sorted(zip(outline, self._items, strict=True), key=lambda pair: pair[0].start)
        self._starts = [entry.start for entry, _ in by_start]
        self._items = [item for _, item in by_start]
        self.show_position(0)

    def show_position(self, offset: int) -> None:
        """Make the heading of the text at ``offset`` the current one, unless the keyboard is in the list."""
        if not self._items or self.tree.hasFocus():
            return
        item = self._items[max(0, bisect_right(self._starts, offset) - 1)]
        if item is not self.tree.currentItem():
            self.tree.setCurrentItem(item)

    def restyle(self) -> None:
        """Take the theme's text size."""
        self.tree.setFont(font())

    def _choose(self, item: QTreeWidgetItem) -> None:
        self.heading_chosen.emit(item.data(0, Qt.ItemDataRole.UserRole))


class OutlineTree(QTreeWidget):
    """The tree of headings; Esc leaves it."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("outline")
        self.setAccessibleName("Outline")
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(14)
        self.setRootIsDecorated(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def event(self, event: QEvent) -> bool:
        """Take Esc, which would stop the window's work."""
        is_shortcut = event.type() == QEvent.Type.ShortcutOverride
        if is_shortcut and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the text."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
