"""The characters of one page for the window: what is marked, and what is at a point."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from qadesk.documents.text_on_page import TextOnPage


class PageBoxes(TextOnPage):
    """The characters of a page, with places as Qt has them."""

    def rects(self, start: int, end: int) -> list[QRectF]:
        """The rectangles of ``text[start:end]`` on the page: one for each line, or part of a line."""
        lines = self.lines(start, end)
        return [QRectF(left, top, right - left, bottom - top) for left, top, right, bottom in lines]

    def offset_at(self, point: QPointF) -> int | None:
        """The offset of the border between characters that is nearest to ``point``; None on a page without any."""
        return self.border_at(point.x(), point.y())
