"""The palette: type a part of what is wanted, Enter does it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from qadesk.ui.kit import theme
from qadesk.ui.kit.widgets import ListStepper, plain_label
from qadesk.ui.shell.palette_entries import PaletteEntry

_NOTE = Qt.ItemDataRole.UserRole
_SIDE = 10  # pixels beside the words
_GAP = 24  # pixels between a title and its note, at least
_WIDEST_NOTE = 0.5  # of the row

Index = QModelIndex | QPersistentModelIndex


class CommandPalette(QDialog):
    """Lists ``entries``; more can be added while it is open."""

    def __init__(self, entries: Iterable[PaletteEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("All commands")
        self._entries = list(entries)
        self._shown: list[PaletteEntry] = []
        self.field = QLineEdit()
        self.field.setPlaceholderText("Type a command, a setting, a document or a model")
        self.field.setAccessibleName("Command")
        self.list = QListWidget()
        self.list.setAccessibleName("Commands")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_RowDelegate(self.list))
        self.nothing = plain_label(tone="muted")
        self.all_button = QPushButton("Show all commands")
        self._stack = QStackedWidget()
        self._lay_out()
        self.field.textChanged.connect(self._filter)
        self.field.returnPressed.connect(self._do)
        self.list.itemActivated.connect(self._do)
        self.all_button.clicked.connect(self._show_all)
        ListStepper(self.field, self.list)
        self.resize(620, 460)
        self._filter("")

    def _lay_out(self) -> None:
        empty = QWidget()
        inside = QVBoxLayout(empty)
        inside.setContentsMargins(_SIDE, 24, _SIDE, 24)
        inside.setSpacing(12)
        inside.addWidget(self.nothing)
        inside.addWidget(self.all_button, alignment=Qt.AlignmentFlag.AlignHCenter)
        inside.addStretch(1)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.all_button.setAutoDefault(False)  # Enter in the field is for the list
        self._stack.addWidget(self.list)
        self._stack.addWidget(empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self.field)
        column.addWidget(self._stack)

    def add(self, entries: Iterable[PaletteEntry]) -> None:
        """List ``entries`` too, where they fit."""
        self._entries += entries
        self._filter(self.field.text())

    def _filter(self, typed: str) -> None:
        words = typed.lower().split()
        chosen = self._shown[self.list.currentRow()] if self.list.currentRow() > 0 else None
        fitting = [entry for entry in self._entries if (words or not entry.on_demand) and entry.fits(words)]
        self._shown = sorted(fitting, key=lambda entry: not all(word in entry.title.lower() for word in words))
        self.list.clear()
        for entry in self._shown:
            item = QListWidgetItem(entry.title)
            item.setData(_NOTE, entry.note)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, (entry.title, entry.note))))
            self.list.addItem(item)
        self.list.setCurrentRow(self._shown.index(chosen) if chosen in self._shown else 0)
        self._stack.setCurrentIndex(0 if self._shown else 1)
        self.nothing.setText(f"No command, setting, document or model fits “{typed.strip()}”.")

    def _show_all(self) -> None:
        self.field.clear()
        self.field.setFocus()

    def _do(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._shown):
            entry = self._shown[row]
            self.accept()
            entry.act()


class _RowDelegate(QStyledItemDelegate):
    """The title at the left, what is at the right beside it, muted; the title gives way where both do not fit."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as a row of a list, and never wider than the list."""
        return QSize(0, super().sizeHint(option, index).height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row."""
        self.initStyleOption(option, index)
        title, note = option.text, str(index.data(_NOTE) or "")
        option.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        metrics, area = option.fontMetrics, option.rect.adjusted(_SIDE, 0, -_SIDE, 0)
        note = metrics.elidedText(note, Qt.TextElideMode.ElideLeft, round(area.width() * _WIDEST_NOTE))
        width = metrics.horizontalAdvance(note)
        painter.save()
        painter.setFont(option.font)
        painter.setPen(theme.colour("muted"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, int(middle | Qt.AlignmentFlag.AlignRight), note)
        painter.setPen(theme.colour("ink"))
        room = QRect(area.left(), area.top(), area.width() - width - (_GAP if width else 0), area.height())
        title = metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, int(middle | Qt.AlignmentFlag.AlignLeft), title)
        painter.restore()
