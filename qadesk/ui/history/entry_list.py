"""The list of questions that were asked, under the days on which they were: its rows, and how they are painted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from qadesk.app.export.entry_words import asked_of, on_line
from qadesk.records import HistoryEntry
from qadesk.ui.history.entry_text import STAR, answer_line, day_of_entry, day_title, spoken_entry, time_of
from qadesk.ui.kit import theme
from qadesk.ui.kit.widgets import font

Index = QModelIndex | QPersistentModelIndex
_PADDING = 8
PAGE = 200  # entries that are read at once


class EntryModel(QAbstractListModel):
    """Entries, the newest first. ``more_wanted`` gives how many there are: those after them are to be read."""

    more_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: list[HistoryEntry] = []
        self.doubtful_below = 0.4
        self._has_more = False
        self._is_waiting = False

    def show(self, entries: Sequence[HistoryEntry], *, has_more: bool) -> None:
        """Show ``entries``; ``has_more``: there are others after them."""
        self.beginResetModel()
        self.entries = list(entries)
        self._has_more, self._is_waiting = has_more, False
        self.endResetModel()

    def append(self, entries: Sequence[HistoryEntry], *, has_more: bool) -> None:
        """Show ``entries`` after those that are there."""
        self._has_more, self._is_waiting = has_more, False
        if entries:
            self.beginInsertRows(QModelIndex(), len(self.entries), len(self.entries) + len(entries) - 1)
            self.entries += entries
            self.endInsertRows()

    def row_of(self, entry_id: int) -> int:
        """The row of an entry, -1 if it is not listed."""
        return next((row for row, entry in enumerate(self.entries) if entry.id == entry_id), -1)

    def begins_day(self, row: int) -> bool:
        """Whether the entry in ``row`` is the first of its day in the list."""
        return row == 0 or day_of_entry(self.entries[row]) != day_of_entry(self.entries[row - 1])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  as in Qt
        """How many entries are listed."""
        return 0 if parent.isValid() else len(self.entries)

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there are more entries, and they are not on their way."""
        return not parent.isValid() and self._has_more and not self._is_waiting

    def fetchMore(self, _parent: Index) -> None:
        """The end of the list is in view."""
        self._is_waiting = True
        self.more_wanted.emit(len(self.entries))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The question; for a screen reader all of the row."""
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return on_line(entry.question)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken_entry(entry, self.doubtful_below)
        return None


class EntryDelegate(QStyledItemDelegate):
    """Paints the day above its first entry; question, answer, and what was asked when."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Three lines, and one for the day."""
        model = index.model()
        assert isinstance(model, EntryModel)
        height = _entry_height() + (_day_height() if model.begins_day(index.row()) else 0)
        return QSize(120, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row of ``index``."""
        model = index.model()
        assert isinstance(model, EntryModel)
        entry = model.entries[index.row()]
        area = QRect(option.rect)
        painter.save()
        if model.begins_day(index.row()):
            _paint_day(painter, area, day_title(day_of_entry(entry), date.today()))
            area.setTop(area.top() + _day_height())
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.colour("accent_soft"))
            painter.fillRect(area.left(), area.top(), 3, area.height(), theme.colour("accent"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        _paint_entry(painter, area.adjusted(_PADDING + 4, _PADDING, -_PADDING, -_PADDING), entry, model.doubtful_below)
        painter.restore()


def _entry_height() -> int:
    lines = (font(strong=True), font(), font(0.9))
    return sum(QFontMetrics(line).lineSpacing() for line in lines) + 2 * _PADDING + 5


def _day_height() -> int:
    return QFontMetrics(font(0.9, strong=True)).lineSpacing() + 2 * _PADDING


def _paint_day(painter: QPainter, area: QRect, title: str) -> None:
    head = QRect(area.left(), area.top(), area.width(), _day_height())
    painter.fillRect(head.adjusted(2, 2, -1, 0), theme.colour("window"))  # the list's border lies over its edges
    painter.setFont(font(0.9, strong=True))
    painter.setPen(theme.colour("muted"))
    painter.drawText(head.adjusted(_PADDING + 4, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, title)


def _paint_entry(painter: QPainter, area: QRect, entry: HistoryEntry, doubtful_below: float) -> None:
    star = f"{STAR} " if entry.is_starred else ""
    when = time_of(entry)
    top = area.top()
    for line, colour, text in (
        (font(strong=True), "ink", star + on_line(entry.question[:500])),
        (font(), "ink", answer_line(entry, doubtful_below)),
        (font(0.9), "muted", f"{when} · {asked_of(entry)}"),
    ):
        metrics = QFontMetrics(line)
        painter.setFont(line)
        painter.setPen(theme.colour(colour))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(QRect(area.left(), top, area.width(), metrics.lineSpacing()), Qt.AlignmentFlag.AlignTop, shown)
        top += metrics.lineSpacing() + 2


class EntryList(QListView):
    """The list view. ``opened``: Enter was pressed, or a row clicked twice; ``removed``: Del was pressed."""

    opened = Signal()
    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queue")
        self.setAccessibleName("Questions that were asked")
        self.setItemDelegate(EntryDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.doubleClicked.connect(lambda _index: self.opened.emit())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Del removes; letters are left to the window."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.opened.emit()
        elif key == Qt.Key.Key_Delete:
            self.removed.emit()
        elif event.text().strip():
            event.ignore()
        else:
            super().keyPressEvent(event)
