"""Where scrolling can stop: the widget counts lines, but lines, gaps and rows of tables differ in height."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QTextBlock, QTextLayout

from qadesk.ui.document.blocks.block_layout import BlockLayout


def stops_of(layout: QTextLayout) -> Iterator[tuple[int, float]]:
    """The lines of a paragraph that can be the first on the screen, each with the height of what is scrolled away.

    In a row of a table, where cells are side by side, these are the lines that are lower than all before.
    """
    yield 0, 0.0
    lowest = 0.0
    for number in range(1, layout.lineCount()):
        bottom = layout.lineAt(number - 1).naturalTextRect().bottom()
        if bottom > lowest:
            lowest = bottom
            yield number, bottom


def stop_at(layout: BlockLayout, paragraph: QTextBlock, y: float) -> int:
    """The value of the scroll bar that brings the point ``y`` pixels below the top of ``paragraph`` to the top.

    It is that of the nearest line, or of the first or last in the document.
    """
    while y < 0 and paragraph.previous().isValid():
        paragraph = paragraph.previous()
        y += layout.blockBoundingRect(paragraph).height()
    while y >= (height := layout.blockBoundingRect(paragraph).height()) and paragraph.next().isValid():
        y -= height
        paragraph = paragraph.next()
    line, above = min(stops_of(paragraph.layout()), key=lambda stop: abs(stop[1] - y))
    is_next = paragraph.next().isValid() and height - y < abs(above - y)
    return paragraph.next().firstLineNumber() if is_next else paragraph.firstLineNumber() + line
