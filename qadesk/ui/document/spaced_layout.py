"""Line spacing, which QPlainTextEdit has no setting for."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTextBlock, QTextDocument, QTextLayout, QTextLine
from PySide6.QtWidgets import QPlainTextDocumentLayout


class SpacedLayout(QPlainTextDocumentLayout):
    """Lays a paragraph out as usual, then moves its lines ``pitch`` pixels apart, more where a line is taller.

    Only paragraphs on the screen are laid out, so the length of the document does not matter.
    """

    def __init__(self, document: QTextDocument, pitch: int) -> None:
        super().__init__(document)
        self.pitch = pitch

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        """The rectangle of ``block``, whose lines are spaced by this call; empty for an invalid block."""
        rect = super().blockBoundingRect(block)
        if not block.isValid():
            return rect
        layout = block.layout()
        count = layout.lineCount()
        first, last = layout.lineAt(0), layout.lineAt(count - 1)
        if first.y() == 0 or first.y() != self._offset_in_row(first):  # not spaced yet
            self._space(layout, count)
        return QRectF(rect.x(), 0, rect.width(), last.y() - self._offset_in_row(last) + self._height(last))

    def _space(self, layout: QTextLayout, count: int) -> None:
        top = 0
        for index in range(count):
            line = layout.lineAt(index)
            line.setPosition(QPointF(line.x(), top + self._offset_in_row(line)))
            top += self._height(line)

    def _height(self, line: QTextLine) -> int:
        return max(self.pitch, math.ceil(line.height()))

    def _offset_in_row(self, line: QTextLine) -> int:
        """The pixels above the line that centre it in its height."""
        return (self._height(line) - math.ceil(line.height())) // 2
