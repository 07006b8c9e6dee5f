"""Prints the text of a document with its structure, as the window shows it, with its title and numbers of pages."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QRectF, QSizeF, Qt, QTimer
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication, QPainter, QTextDocument

from qadesk.errors import QadeskError
from qadesk.progress import Clock, Progress
from qadesk.records import Document
from qadesk.ui.document.blocks.block_index import BlockIndex
from qadesk.ui.document.blocks.block_layout import BlockLayout
from qadesk.ui.document.blocks.grounds import paint_grounds
from qadesk.ui.document.blocks.styles import BlockFonts
from qadesk.ui.document.display_text import display_text
from qadesk.ui.document.highlights import Mark, TextLine, lines_of, paint_mark, rects_of
from qadesk.ui.document.mark_numbers import paint_numbers
from qadesk.ui.document.printing.print_target import PrintTarget
from qadesk.ui.document.printing.printing import Printing
from qadesk.ui.document.printing.sheet_breaks import PrintedSheet, SheetBreaks
from qadesk.ui.document.textmap import TextMap
from qadesk.ui.kit import theme
from qadesk.ui.kit.widgets import resized

_FONT_SIZE, _PIXELS = 10.5, 16  # of a paragraph: points on paper, and units of the layout
_MARGIN = 0.9  # inches
_SLICE = 0.015  # seconds of work between two events of the window
_WIDE = 1e5
_GAP = 0.6  # marks that are less font heights apart are joined


class TextPrinting(Printing):
    """Prints the text of ``document`` with ``marks``, spans of it, in the window's thread: a little at a time."""

    def __init__(
        self, target: PrintTarget, document: Document, marks: Sequence[Mark] = (), parent: QObject | None = None
    ) -> None:
        super().__init__(target, parent)
        self._document = document
        self._font = QFont(QGuiApplication.font())
        self._font.setPixelSize(_PIXELS)  # points would be those of the printer
        self._font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        self._map = TextMap(document.text)
        position = self._map.position
        placed = [replace(mark, start=position(mark.start), end=position(mark.end)) for mark in marks]
        self._marks = sorted(placed, key=lambda mark: mark.strong)
        self._steps = self._print()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)

    def start(self) -> None:
        """Begin."""
        self._timer.start(0)

    def release(self) -> None:
        """End the steps."""
        self._timer.stop()
        self._steps.close()

    def _go_on(self) -> None:
        until = time.monotonic() + _SLICE
        try:
            with theme.used(theme.LIGHT):  # paper is light
                while time.monotonic() < until:
                    step = next(self._steps)
        except StopIteration as end:
            self.finish(end.value)
        except QadeskError as error:
            self.fail(error)
        else:
            self.progressed.emit(step)

    def _print(self) -> Generator[Progress, None, int]:
        """Lay all lines out, then print the sheets. Returns their number."""
        area = self.target.area(_MARGIN)
        fonts = BlockFonts(self._font)
        dots = _FONT_SIZE / 72 * self.target.resolution / fonts.size  # of a unit of the layout
        size = area.size() / dots
        layout = self._layout(fonts, size.width())
        breaks = SheetBreaks(layout, size.height())
        clock = Clock("Laying out", layout.document().blockCount())
        for number in breaks.find():
            yield clock.at(number)
        numbers = self.target.sheets(len(breaks.sheets))
        clock = Clock("Printing", len(numbers))
        for printed, number in enumerate(numbers):
            yield clock.at(printed)
            self.target.next_sheet()
            painter = self.target.painter
            painter.save()
            painter.translate(area.topLeft())
            painter.scale(dots, dots)
            self._paint_margin(painter, size, f"{number + 1:,} / {len(breaks.sheets):,}")
            self._paint_sheet(painter, layout, breaks.sheets[number])
            painter.restore()
        return len(numbers)

    def _layout(self, fonts: BlockFonts, width: float) -> BlockLayout:
        source = self._document
        document = QTextDocument(self)
        document.setUndoRedoEnabled(False)
        document.setDefaultFont(self._font)
        option = document.defaultTextOption()
        option.setUseDesignMetrics(True)
        option.setWrapMode(option.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document.setDefaultTextOption(option)
        document.setPlainText(display_text(source.text, source.blocks))
        index = BlockIndex(source.text, source.blocks, source.pages)
        layout = BlockLayout(document, index, self._map, fonts, (0, width))
        document.setDocumentLayout(layout)
        document.firstBlock().clearLayout()
        return layout

    def _paint_margin(self, painter: QPainter, size: QSizeF, number: str) -> None:
        """The title above the text, the number of the page below it."""
        font = resized(self._font, 0.8)
        painter.setFont(font)
        painter.setPen(theme.colour("muted"))
        metrics = QFontMetricsF(font)
        height = 2 * metrics.height()
        title = metrics.elidedText(self._document.title, Qt.TextElideMode.ElideMiddle, size.width())
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, -height, size.width(), height), middle | Qt.AlignmentFlag.AlignLeft, title)
        below = QRectF(0, size.height(), size.width(), height)
        painter.drawText(below, middle | Qt.AlignmentFlag.AlignHCenter, number)

    def _paint_sheet(self, painter: QPainter, layout: BlockLayout, sheet: PrintedSheet) -> None:
        items = list(sheet.paragraphs(layout))
        body = QRectF(-_WIDE, 0, 2 * _WIDE, sheet.height(items))
        inside = body.adjusted(0, 1, 0, -1)
        lines = [
            line
            for item in items
            for line in lines_of(item.paragraph, item.origin, body.bottom(), is_row=item.laid.row >= 0)
            if line.rect.intersects(inside)
        ]
        painter.save()
        painter.setClipRect(body)
        paint_grounds(painter, layout, items)
        rects_by_mark = [(mark, self._rects(lines, mark)) for mark in self._marks]
        for mark, rects in rects_by_mark:
            paint_mark(painter, mark, rects)
        painter.setPen(theme.colour("ink"))
        for item in items:
            if not item.laid.is_gap:
                item.paragraph.layout().draw(painter, item.origin, [], inside)
        painter.restore()
        numbered = [
            (mark, rects[0]) for mark, rects in rects_by_mark if mark.number and rects and mark.start >= lines[0].start
        ]
        paint_numbers(painter, numbered, self._font)
        for item in items:
            item.paragraph.clearLayout()

    def _rects(self, lines: Sequence[TextLine], mark: Mark) -> list[QRectF]:
        return rects_of(lines, mark.start, mark.end, QFontMetricsF(self._font).height() * _GAP)
