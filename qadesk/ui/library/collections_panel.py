"""The left side of the library: all documents, the collections with their counts, and buttons to add more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from qadesk.app.library import wording
from qadesk.records import Collection, LibraryCounts
from qadesk.ui.kit import theme
from qadesk.ui.kit.widgets import font, plain_label, push_button

Index = QModelIndex | QPersistentModelIndex
_ALL = "All documents"
_PADDING = 9


class CollectionsModel(QAbstractListModel):
    """A row for all documents, then one for each collection."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.collections: Sequence[Collection] = ()
        self._counts: Mapping[int, LibraryCounts] = {}
        self._total = LibraryCounts()

    def show(self, collections: Sequence[Collection]) -> None:
        """Show ``collections``."""
        self.beginResetModel()
        self.collections = collections
        self.endResetModel()

    def show_counts(self, counts: Mapping[int, LibraryCounts], total: LibraryCounts) -> None:
        """Show how many files there are, by the ids of collections."""
        self._counts, self._total = counts, total
        self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))

    def counts_in(self, row: int) -> LibraryCounts:
        """The counts of a row."""
        return self._counts.get(self.collections[row - 1].id, LibraryCounts()) if row else self._total

    def title_in(self, row: int) -> str:
        """The name in a row."""
        return self.collections[row - 1].name if row else _ALL

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  as in Qt
        """How many rows there are."""
        return 0 if parent.isValid() else 1 + len(self.collections)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The name, with the counts for a screen reader, and the sources as the tooltip."""
        row = index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.title_in(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.title_in(row)}, {wording.short_counts(self.counts_in(row))}"
        if role == Qt.ItemDataRole.ToolTipRole and row:
            return "\n".join(str(path) for path in self.collections[row - 1].sources)
        return None


class CollectionDelegate(QStyledItemDelegate):
    """Paints the name and, below it, the counts."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Two lines."""
        lines = QFontMetrics(font(strong=True)).lineSpacing() + QFontMetrics(font(0.9)).lineSpacing()
        return QSize(100, lines + 2 * _PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row of ``index``."""
        model = index.model()
        assert isinstance(model, CollectionsModel)
        area: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.colour("accent_soft"))
            painter.fillRect(area.left(), area.top(), 3, area.height(), theme.colour("accent"))
        content = area.adjusted(12, _PADDING, -8, -_PADDING)
        counts = model.counts_in(index.row())
        for text, fount, tone, flag in (
            (model.title_in(index.row()), font(strong=True), "ink", Qt.AlignmentFlag.AlignTop),
            (wording.short_counts(counts), font(0.9), "muted", Qt.AlignmentFlag.AlignBottom),
        ):
            painter.setFont(fount)
            painter.setPen(theme.colour(tone))
            shown = QFontMetrics(fount).elidedText(text, Qt.TextElideMode.ElideMiddle, content.width())
            painter.drawText(content, flag | Qt.TextFlag.TextSingleLine, shown)
        painter.restore()


class CollectionList(QListView):
    """The list. Keys that it has no use for are left to the window."""

    _KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queue")
        self.setAccessibleName("Collections")
        self.setUniformItemSizes(True)
        self.setItemDelegate(CollectionDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move in the list."""
        if Qt.Key(event.key()) in self._KEYS:
            super().keyPressEvent(event)
        else:
            event.ignore()


class CollectionsPanel(QWidget):
    """``chosen`` gives the id of a collection, None for all documents. ``actions`` act on the chosen one."""

    chosen = Signal(object)
    folder_requested = Signal()
    files_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queuePane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = CollectionsModel(self)
        self.title = plain_label("Library", wrap=False)
        self.list = CollectionList()
        self.list.setModel(self.model)
        self.menu = QMenu(self)
        self.more = QPushButton("With this collection")
        self.more.setMenu(self.menu)
        self.add_folder = push_button("Add a folder…", self.folder_requested)
        self.add_files = push_button("Add files…", self.files_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.list, 1)
        for button in (self.more, self.add_folder, self.add_files):
            column.addWidget(button)
        self.list.selectionModel().currentChanged.connect(self._emit_chosen)
        self.list.customContextMenuRequested.connect(self._open_menu)
        self._select(0)

    @property
    def current(self) -> Collection | None:
        """The chosen collection, None for all documents."""
        row = self.list.currentIndex().row()
        return self.model.collections[row - 1] if 0 < row <= len(self.model.collections) else None

    def set_actions(self, actions: Sequence[QAction]) -> None:
        """Offer ``actions`` for the chosen collection."""
        self.menu.addActions(list(actions))

    def show_collections(self, collections: Sequence[Collection]) -> None:
        """Show ``collections``; the chosen one stays chosen."""
        current = self.current
        selection = self.list.selectionModel()
        selection.blockSignals(True)
        self.model.show(collections)
        ids = [collection.id for collection in collections]
        row = ids.index(current.id) + 1 if current and current.id in ids else 0
        self._select(row)
        selection.blockSignals(False)
        self.more.setEnabled(row > 0)
        if current != self.current:
            self.chosen.emit(self.current.id if self.current else None)

    def choose(self, collection_id: int | None) -> None:
        """Choose a collection, None for all documents."""
        ids = [collection.id for collection in self.model.collections]
        self._select(ids.index(collection_id) + 1 if collection_id in ids else 0)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        self.title.setFont(font(1.1, strong=True))

    def _select(self, row: int) -> None:
        self.list.setCurrentIndex(self.model.index(row))

    def _emit_chosen(self) -> None:
        self.more.setEnabled(self.current is not None)
        self.chosen.emit(self.current.id if self.current else None)

    def _open_menu(self, point: QPoint) -> None:
        if self.current is not None:
            self.menu.popup(self.list.viewport().mapToGlobal(point))
