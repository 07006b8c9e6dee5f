"""What is painted below the text: the ground of code and of header cells, rules of tables, and where pages begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen, QTextBlock

from qadesk.app import phrases
from qadesk.records import Page
from qadesk.ui.document.blocks.block_layout import BlockLayout, Laid
from qadesk.ui.kit import theme
from qadesk.ui.kit.widgets import resized

_LABEL_SCALE = 0.72
_MARK, _MARK_GAP = 18.0, 6.0  # the length of a page mark, and its distance from the text, in pixels
_BEYOND = 10.0  # pixels that the ground of code is wider than its text, on each side


@dataclass(frozen=True, slots=True)
class ShownParagraph:
    """A paragraph of the widget on the screen: ``origin`` is its upper left corner in the viewport."""

    paragraph: QTextBlock
    laid: Laid
    origin: QPointF

    @property
    def bottom(self) -> float:
        """The height in the viewport where the next paragraph begins."""
        return self.origin.y() + self.paragraph.userState()


def paint_grounds(painter: QPainter, layout: BlockLayout, shown: Sequence[ShownParagraph]) -> None:
    """Paint what is below the text of the paragraphs that are ``shown``."""
    for item in shown:
        if item.laid.row >= 0:
            _paint_row(painter, layout, item)
        elif item.laid.style.ground:
            _paint_code(painter, layout, item)
        if item.laid.pages:
            _paint_page_rule(painter, layout, item)
        for position, page in item.laid.inner_pages:
            _paint_page_mark(painter, layout, item, position, page)


def _paint_code(painter: QPainter, layout: BlockLayout, item: ShownParagraph) -> None:
    left = item.origin.x() + layout.left - _BEYOND
    top, bottom = item.origin.y() + item.laid.top, item.origin.y() + item.laid.bottom
    _fill(painter, left, top, left + layout.width + 2 * _BEYOND, bottom)


def _fill(painter: QPainter, left: float, top: float, right: float, bottom: float) -> None:
    """Fill whole pixels, so that grounds side by side have no seam."""
    box = QRect(QPoint(round(left), round(top)), QPoint(round(right) - 1, round(bottom) - 1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # whole pixels of the screen, too
    painter.fillRect(box, theme.colour("tint"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _paint_row(painter: QPainter, layout: BlockLayout, item: ShownParagraph) -> None:
    laid = item.laid
    rows = layout.index.rows(laid.number)
    row = rows[laid.row]
    left = item.origin.x() + layout.table_left(laid.number)
    top, bottom = item.origin.y() + laid.top, item.origin.y() + laid.bottom
    for cell, lines in zip(row, laid.cells, strict=False):
        if cell.is_header:
            _fill(painter, left + lines.left, top, left + lines.right, bottom)
    edges = [left + edge for edge in layout.columns(laid.number).edges]
    is_last = laid.row == len(rows) - 1
    is_head = all(cell.is_header for cell in row)
    painter.setPen(QPen(theme.colour("edge" if is_head or is_last else "line"), 1))
    open_columns = set() if is_last else {cell.column for cell in rows[laid.row + 1] if cell.is_covered}
    _draw_rule(painter, edges, round(bottom) + 0.5, open_columns)
    if laid.row == 0:
        painter.setPen(QPen(theme.colour("edge"), 1))
        _draw_rule(painter, edges, round(top) + 0.5, set())


def _draw_rule(painter: QPainter, edges: Sequence[float], y: float, open_columns: set[int]) -> None:
    """A rule below a row, but not in ``open_columns``, where a cell goes on in the row below."""
    begin = 0
    for column in [*sorted(open_columns), len(edges) - 1]:
        if begin < column:
            painter.drawLine(QLineF(edges[begin], y, edges[column], y))
        begin = column + 1


def _paint_page_rule(painter: QPainter, layout: BlockLayout, item: ShownParagraph) -> None:
    first, last = item.laid.pages[0], item.laid.pages[-1]
    label = first.name if first is last else f"{first.unit}s {first.label} to {last.label}"
    y = round(item.origin.y() + item.laid.rule) + 0.5
    left = item.origin.x() + layout.left
    right = left + layout.width
    label = phrases.capitalized(label)
    painter.setFont(_label_font(layout))
    room = painter.fontMetrics().horizontalAdvance(label)
    height = painter.fontMetrics().height()
    painter.setPen(QPen(theme.colour("line"), 1))
    painter.drawLine(QLineF(left, y, right - room - height / 2, y))
    painter.setPen(theme.colour("muted"))
    box = QRectF(right - room - 2, y - height, room + 2, 2 * height)
    painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, label)


def _paint_page_mark(painter: QPainter, layout: BlockLayout, item: ShownParagraph, position: int, page: Page) -> None:
    """A short rule beside the line in which a page begins inside a paragraph, and the page's label."""
    line = item.paragraph.layout().lineForTextPosition(position)
    if not line.isValid():
        return
    y = round(item.origin.y() + line.y()) + 0.5
    left = item.origin.x() + layout.left + layout.width + _MARK_GAP
    painter.setPen(QPen(theme.colour("edge"), 1))
    painter.drawLine(QLineF(left, y, left + _MARK, y))
    painter.setFont(_label_font(layout))
    painter.setPen(theme.colour("muted"))
    height = painter.fontMetrics().height()
    box = QRectF(left, y + 1, 10 * height, height)
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, page.label)


def _label_font(layout: BlockLayout) -> QFont:
    return resized(layout.fonts.base, _LABEL_SCALE)
