"""The questions to label, as a list: their order, their states in words and signs, and how they are painted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from qadesk.app import phrases
from qadesk.records import LABELLED, LOST, OPEN, SKIPPED, Label
from qadesk.ui.kit import theme
from qadesk.ui.kit.widgets import font

Index = QModelIndex | QPersistentModelIndex

TEACHES, DOCUMENT, NEWEST = "teaches", "document", "newest"
ORDERS = ((TEACHES, "What teaches most"), (DOCUMENT, "As in the document"), (NEWEST, "Newest first"))
STATES = (("", "All"), (OPEN, "Open"), (LABELLED, "Labelled"), (SKIPPED, "Skipped"), (LOST, "Lost"))
_SIGNS = {OPEN: "○", LABELLED: "✓", SKIPPED: "»", LOST: "!"}
_NO_ANSWER = "∅"
_PADDING = 8
_LINES = 2  # of a question


def sign(label: Label) -> str:
    """A sign for the state of ``label``; its words say the same."""
    return _NO_ANSWER if label.is_impossible and label.state == LABELLED else _SIGNS[label.state]


def in_words(label: Label, margin: float | None = None) -> str:
    """The state of ``label`` in words, with the answer or with how sure the model is of its suggestion."""
    if label.state == LABELLED:
        if label.is_impossible:
            return "Not in the text"
        more = f" (+{len(label.answers) - 1})" if len(label.answers) > 1 else ""
        return f"Labelled: {' '.join(label.answers[0].text.split())}{more}"
    if label.state == OPEN:
        return "Open" if margin is None else f"Open · margin {phrases.per_cent(margin)}"
    return "Skipped" if label.state == SKIPPED else "Lost: the text has changed"


def ordered(labels: Sequence[Label], order: str, margins: Mapping[int, float]) -> list[Label]:
    """``labels``, which are as in their documents, in ``order``; of ``margins`` the lowest teaches most."""
    if order == NEWEST:
        return sorted(labels, key=lambda label: (-label.made, -label.id))
    if order == TEACHES:
        return sorted(labels, key=lambda label: (label.state != OPEN, margins.get(label.id, 1.0)))
    return list(labels)


class QueueModel(QAbstractListModel):
    """The labels in the order of the list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.labels: list[Label] = []
        self._margins: Mapping[int, float] = {}
        self._rows: dict[int, int] = {}

    def show(self, labels: Sequence[Label], margins: Mapping[int, float]) -> None:
        """Show ``labels`` in this order."""
        self.beginResetModel()
        self.labels = list(labels)
        self._margins = margins
        self._rows = {label.id: row for row, label in enumerate(self.labels)}
        self.endResetModel()

    def reorder(self, labels: Sequence[Label], margins: Mapping[int, float]) -> None:
        """Show the same labels in another order; whoever is at one stays there."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        ids = [self.labels[index.row()].id for index in before]
        self.labels = list(labels)
        self._margins = margins
        self._rows = {label.id: row for row, label in enumerate(self.labels)}
        self.changePersistentIndexList(before, [self.index(self._rows[each]) for each in ids])
        self.layoutChanged.emit()

    def update_label(self, label: Label) -> None:
        """Show ``label`` as it is now, where it stands."""
        row = self._rows.get(label.id)
        if row is not None:
            self.labels[row] = label
            self.dataChanged.emit(self.index(row), self.index(row))

    def set_margins(self, margins: Mapping[int, float]) -> None:
        """Show ``margins``."""
        self._margins = margins
        if self.labels:
            self.dataChanged.emit(self.index(0), self.index(len(self.labels) - 1))

    def row_of(self, label_id: int) -> int:
        """The row of a label, -1 if it is not in the list."""
        return self._rows.get(label_id, -1)

    def margin_of(self, label: Label) -> float | None:
        """How sure the model is of its suggestion; None where that is not known."""
        return self._margins.get(label.id)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's way
        """How many there are."""
        return 0 if parent.isValid() else len(self.labels)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The question, or all of it for a screen reader."""
        label = self.labels[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return label.question
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{label.question} {in_words(label, self.margin_of(label))}"
        if role == Qt.ItemDataRole.UserRole:
            return label
        return None


class QueueDelegate(QStyledItemDelegate):
    """Paints a sign, the question in at most two lines, and the state in words."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """The same for all: a list of any length is laid out at once."""
        line, small = QFontMetrics(font()).lineSpacing(), QFontMetrics(font(0.9)).lineSpacing()
        return QSize(120, _LINES * line + small + 2 * _PADDING + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row of ``index``."""
        model = index.model()
        assert isinstance(model, QueueModel)
        label = model.labels[index.row()]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        area: QRect = option.rect
        painter.save()
        if chosen:
            painter.fillRect(area, theme.colour("accent_soft"))
            painter.fillRect(area.left(), area.top(), 3, area.height(), theme.colour("accent"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        _paint_words(painter, area, label, model.margin_of(label))
        painter.restore()


def _paint_words(painter: QPainter, area: QRect, label: Label, margin: float | None) -> None:
    strong, normal, small = font(strong=True), font(), font(0.9)
    width = QFontMetrics(strong).horizontalAdvance("»∅") + 4
    inside = area.adjusted(_PADDING + 2, _PADDING, -_PADDING, -_PADDING)
    painter.setFont(strong)
    painter.setPen(theme.colour("good" if label.state == LABELLED else "error" if label.state == LOST else "muted"))
    painter.drawText(inside.adjusted(0, 0, width - inside.width(), 0), Qt.AlignmentFlag.AlignTop, sign(label))
    column = inside.adjusted(width, 0, 0, 0)
    metrics = QFontMetrics(normal)
    painter.setFont(normal)
    painter.setPen(theme.colour("ink"))
    upper = QRect(column.left(), column.top(), column.width(), _LINES * metrics.lineSpacing() + 1)
    flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    room = round(column.width() * (_LINES - 0.25))
    question = metrics.elidedText(" ".join(label.question[:500].split()), Qt.TextElideMode.ElideRight, room)
    painter.drawText(upper, flags, question)
    below = min(upper.bottom(), painter.boundingRect(upper, flags, question).bottom()) + 3
    painter.setFont(small)
    painter.setPen(theme.colour("muted"))
    state = QFontMetrics(small).elidedText(in_words(label, margin), Qt.TextElideMode.ElideRight, column.width())
    painter.drawText(column.adjusted(0, below - column.top(), 0, 0), Qt.AlignmentFlag.AlignTop, state)


class QueueList(QListView):
    """The list. It walks by itself; all other keys are for the place that it is in."""

    _WALK = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queue")
        self.setAccessibleName("Questions")
        self.setUniformItemSizes(True)
        self.setItemDelegate(QueueDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk by pages and to the ends."""
        if Qt.Key(event.key()) in self._WALK:
            super().keyPressEvent(event)
        else:
            event.ignore()
