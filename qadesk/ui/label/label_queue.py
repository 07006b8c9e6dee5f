"""The list of questions to label: their order, their states in words and signs, and how rows are painted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from qadesk.records import LABELLED, LOST, OPEN, SKIPPED, Label
from qadesk.ui.kit import theme
from qadesk.ui.kit.widgets import font

Index = QModelIndex | QPersistentModelIndex

BY_MARGIN, DOCUMENT, NEWEST = "margin", "document", "newest"
ORDERS = ((BY_MARGIN, "Unsure first"), (DOCUMENT, "As in the document"), (NEWEST, "Newest first"))
STATES = (("", "All"), (OPEN, "Open"), (LABELLED, "Labelled"), (SKIPPED, "Skipped"), (LOST, "Lost"))
_SIGNS = {OPEN: "○", LABELLED: "✓", SKIPPED: "»", LOST: "!"}
_NO_ANSWER = "∅"
_PADDING = 8
_LINES = 2  # of a question that are shown
_MANY = 2_000  # labels: rows of longer lists are all of one height, so that they are laid out at once
_UNSURE, _FAIRLY_SURE = 0.3, 0.7  # margins below which the model is called so


def state_sign(label: Label) -> str:
    """A sign for the state of ``label``; ``state_phrase`` says the same in words."""
    return _NO_ANSWER if label.is_impossible and label.state == LABELLED else _SIGNS[label.state]


def state_phrase(label: Label, margin: float | None = None) -> str:
    """The state of ``label`` in words, with its answer, or with the ``margin`` of the suggestion to it."""
    if label.state == LABELLED:
        if label.is_impossible:
            return "Not in the text"
        more = f" (+{len(label.answers) - 1})" if len(label.answers) > 1 else ""
        return f"Labelled: {' '.join(label.answers[0].text.split())}{more}"
    if label.state == OPEN:
        return "Open" if margin is None else f"Open · {_certainty(margin)}"
    return "Skipped" if label.state == SKIPPED else "Lost: the text has changed"


def _certainty(margin: float) -> str:
    return "unsure" if margin < _UNSURE else "fairly sure" if margin < _FAIRLY_SURE else "sure"


def ordered(labels: Sequence[Label], order: str, margins: Mapping[int, float]) -> list[Label]:
    """``labels``, given in document order, in ``order``; for ``BY_MARGIN`` open ones first, the lowest margin first."""
    if order == NEWEST:
        return sorted(labels, key=lambda label: (-label.made, -label.id))
    if order == BY_MARGIN:
        return sorted(labels, key=lambda label: (label.state != OPEN, margins.get(label.id, 1.0)))
    return list(labels)


class QueueModel(QAbstractListModel):
    """The list model: labels in the order of the list, and margins by label id."""

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
        """Show the same labels in another order; the current one stays current."""
        self.layoutAboutToBeChanged.emit()
        indexes = self.persistentIndexList()
        ids = [self.labels[index.row()].id for index in indexes]
        self.labels = list(labels)
        self._margins = margins
        self._rows = {label.id: row for row, label in enumerate(self.labels)}
        self.changePersistentIndexList(indexes, [self.index(self._rows[label_id]) for label_id in ids])
        self.layoutChanged.emit()

    def update_label(self, label: Label) -> None:
        """Show ``label`` as it is now, in the same row."""
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
        """The margin of the suggestion to ``label``; None where it was not read."""
        return self._margins.get(label.id)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  as in Qt
        """How many labels there are."""
        return 0 if parent.isValid() else len(self.labels)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The question; for a screen reader with the state; or the label."""
        label = self.labels[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return label.question
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{label.question} {state_phrase(label, self.margin_of(label))}"
        if role == Qt.ItemDataRole.UserRole:
            return label
        return None


class QueueDelegate(QStyledItemDelegate):
    """Paints the sign of the state, the question in at most two lines, and the state in words."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._widths: dict[str, int] = {}  # of questions in one line, in pixels
        self.restyle()

    def restyle(self) -> None:
        """Measure the text size, which is slow, once for all rows."""
        self._metrics = QFontMetrics(font())
        self._around = QFontMetrics(font(0.9)).lineSpacing() + 2 * _PADDING + 2
        self._beside = _sign_width() + 2 * _PADDING + 2
        self._widths.clear()

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as the text of the row, or of two lines where all rows are of one height."""
        lines = _LINES
        if not self._view.uniformItemSizes():
            room = self._view.viewport().width() - self._beside
            lines = 1 if self._width_of(index) <= room else _LINES
        return QSize(120, lines * self._metrics.lineSpacing() + self._around)

    def _width_of(self, index: Index) -> int:
        model = index.model()
        assert isinstance(model, QueueModel)
        question = model.labels[index.row()].question
        if question not in self._widths:
            self._widths[question] = self._metrics.horizontalAdvance(_in_one_line(question))
        return self._widths[question]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row of ``index``."""
        model = index.model()
        assert isinstance(model, QueueModel)
        label = model.labels[index.row()]
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        area: QRect = option.rect
        painter.save()
        if is_selected:
            painter.fillRect(area, theme.colour("accent_soft"))
            painter.fillRect(area.left(), area.top(), 3, area.height(), theme.colour("accent"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        _paint_row(painter, area, label, model.margin_of(label))
        painter.restore()


def _paint_row(painter: QPainter, area: QRect, label: Label, margin: float | None) -> None:
    strong, normal, small = font(strong=True), font(), font(0.9)
    width = _sign_width()
    content = area.adjusted(_PADDING + 2, _PADDING, -_PADDING, -_PADDING)
    painter.setFont(strong)
    painter.setPen(theme.colour("good" if label.state == LABELLED else "error" if label.state == LOST else "muted"))
    painter.drawText(content.adjusted(0, 0, width - content.width(), 0), Qt.AlignmentFlag.AlignTop, state_sign(label))
    column = content.adjusted(width, 0, 0, 0)
    metrics = QFontMetrics(normal)
    painter.setFont(normal)
    painter.setPen(theme.colour("ink"))
    question_area = QRect(column.left(), column.top(), column.width(), _LINES * metrics.lineSpacing() + 1)
    flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    max_width = round(column.width() * (_LINES - 0.25))
    question = metrics.elidedText(_in_one_line(label.question), Qt.TextElideMode.ElideRight, max_width)
    painter.drawText(question_area, flags, question)
    bottom = min(question_area.bottom(), painter.boundingRect(question_area, flags, question).bottom()) + 3
    painter.setFont(small)
    painter.setPen(theme.colour("muted"))
    state = QFontMetrics(small).elidedText(state_phrase(label, margin), Qt.TextElideMode.ElideRight, column.width())
    painter.drawText(column.adjusted(0, bottom - column.top(), 0, 0), Qt.AlignmentFlag.AlignTop, state)


def _sign_width() -> int:
    return QFontMetrics(font(strong=True)).horizontalAdvance("»∅") + 4


def _in_one_line(question: str) -> str:
    return " ".join(question[:500].split())


class QueueList(QListView):
    """The list view. It scrolls by pages and to the ends; other keys are left to the label view."""

    _SCROLL_KEYS = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queue")
        self.setAccessibleName("Questions")
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self._delegate = QueueDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)

    def set_count(self, count: int) -> None:
        """Prepare for ``count`` rows."""
        self.setUniformItemSizes(count > _MANY)

    def restyle(self) -> None:
        """Apply the text size."""
        self._delegate.restyle()
        self.scheduleDelayedItemsLayout()

    def show_current(self) -> None:
        """Scroll to the current row."""
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll by pages and to the ends."""
        if Qt.Key(event.key()) in self._SCROLL_KEYS:
            super().keyPressEvent(event)
        else:
            event.ignore()
