"""Marks in the text: their rectangles on the screen, and how they are painted.

A mark is more than a colour: it is underlined, and an answer has its number above its beginning (``mark_numbers``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTextBlock, QTextLine

from qadesk.ui.kit import theme


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of the document's text. ``number`` counts answers from 1; 0 is a match.

    ``strong`` marks are the current answer, or the current match of the find bar.
    """

    start: int
    end: int
    number: int = 0
    strong: bool = False
    doubtful: bool = False


def marks_of(answers: Sequence[Sequence[tuple[int, int]]], current: int, *, doubtful: bool) -> list[Mark]:
    """The marks of ranked answers, each with its spans."""
    return [
        Mark(start, end, index + 1, index == current, doubtful)
        for index, spans in enumerate(answers)
        for start, end in spans
    ]


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line on the screen. ``block_start`` is the position of the first character of its paragraph, ``origin`` the
    upper left corner of the paragraph in the viewport.
    """

    block_start: int
    origin: QPointF
    line: QTextLine

    @property
    def start(self) -> int:
        """The position of its first character."""
        return self.block_start + self.line.textStart()

    @property
    def end(self) -> int:
        """The position after its last character."""
        return self.start + self.line.textLength()

    @property
    def rect(self) -> QRectF:
        """Its rectangle in the viewport."""
        return self.line.rect().translated(self.origin)


def lines_of(block: QTextBlock, origin: QPointF, bottom: float, *, is_row: bool = False) -> Iterator[TextLine]:
    """The lines of ``block``, whose corner is ``origin``, between the viewport's top and ``bottom``.

    All lines of a row of a table, which are not in the order of their heights.
    """
    layout = block.layout()
    if is_row:
        yield from (TextLine(block.position(), origin, layout.lineAt(index)) for index in range(layout.lineCount()))
        return
    indices = range(layout.lineCount())
    first = bisect_left(indices, -origin.y(), key=lambda index: layout.lineAt(index).y())
    for index in indices[max(0, first - 1) :]:
        line = TextLine(block.position(), origin, layout.lineAt(index))
        if line.rect.top() > bottom:
            return
        yield line


def rects_of(lines: Sequence[TextLine], start: int, end: int, gap: float) -> list[QRectF]:
    """The rectangles that ``start:end`` covers on ``lines``; those less than ``gap`` pixels apart are joined."""
    rects: list[QRectF] = []
    for line in lines:
        if line.start < end and line.end > start:
            rects += _rects_on_line(line, max(start, line.start), min(end, line.end), gap)
    return rects


def _rects_on_line(line: TextLine, start: int, end: int, gap: float) -> list[QRectF]:
    # By glyph runs, not by cursor positions: where left-to-right and right-to-left text meet, a span of the text is
    # several pieces of the line.
    boxes = [run.boundingRect() for run in line.line.glyphRuns(start - line.block_start, end - start)]
    rects: list[QRectF] = []
    for box in sorted(boxes, key=QRectF.left):
        if box.width() <= 0:
            continue
        rect = QRectF(line.origin.x() + box.left(), line.rect.top(), box.width(), line.rect.height())
        if rects and rect.left() - rects[-1].right() <= gap:
            rects[-1] = rects[-1].united(rect)
        else:
            rects.append(rect)
    return rects


SOURCE_OVER = QPainter.CompositionMode.CompositionMode_SourceOver


def paint_mark(
    painter: QPainter,
    mark: Mark,
    rects: Sequence[QRectF],
    colours: theme.Theme | None = None,
    mode: QPainter.CompositionMode = SOURCE_OVER,
) -> None:
    """Paint the background and the underline of ``mark``; the text is painted over it.

    Where it is painted over the text, ``mode`` lets that show through, and ``colours`` are those that suit its ground.
    """
    background, line = _colours(mark)
    colours = colours or theme.active()
    for rect in rects:
        box = rect.adjusted(-2, 0, 2, 1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(colours, background)))
        painter.setCompositionMode(mode)
        painter.drawRoundedRect(box, 3, 3)
        painter.setCompositionMode(SOURCE_OVER)
        pen = QPen(QColor(getattr(colours, line)), 2 if mark.strong else 1)
        if mark.doubtful:
            pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.drawLine(box.bottomLeft(), box.bottomRight())


def _colours(mark: Mark) -> tuple[str, str]:
    """The names of the colours of the background and the underline."""
    if not mark.number:
        return ("current_match" if mark.strong else "match"), "accent"
    if mark.strong:
        return ("other" if mark.doubtful else "mark"), "mark_line"
    return "other", "other_line"
