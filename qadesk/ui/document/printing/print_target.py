"""The printer or the PDF file that a document is printed to, sheet by sheet."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter

from qadesk.app import phrases
from qadesk.documents.open_file import quoted_name
from qadesk.errors import PrintError

if TYPE_CHECKING:  # imported by who prints, not at the start
    from PySide6.QtPrintSupport import QPrinter

_FINEST_FILE, _FINEST = 300, 600
"""Pixels of an inch of paper that are drawn for a file, and for a printer."""


class PrintTarget:
    """Prints by ``painter``, in dots from the corner of what the printer can reach. Raises ``PrintError``.

    A file is written beside the one that is wanted, which it replaces when it is whole. ``source``, the file of the
    document, is never replaced.
    """

    def __init__(self, printer: QPrinter, source: Path | None = None) -> None:
        self.printer = printer
        self.painter = QPainter()
        self._was_begun = False
        is_file = printer.outputFormat() == printer.OutputFormat.PdfFormat and printer.outputFileName()
        self.file = Path(printer.outputFileName()) if is_file else None
        if self.file and source and self.file.resolve() == source.resolve():
            raise PrintError(f"{phrases.capitalized(self.name)} is the document itself.", "Choose another name.")
        self._part = self.file.with_name(f".{self.file.stem}-{os.getpid()}.pdf") if self.file else None

    @property
    def name(self) -> str:
        """What it is called in sentences."""
        return f"the file {quoted_name(self.file)}" if self.file else f"the printer '{self.printer.printerName()}'"

    @property
    def resolution(self) -> int:
        """Dots of an inch."""
        return self.printer.resolution()

    @property
    def finest(self) -> int:
        """Pixels of an inch that are worth drawing."""
        return _FINEST_FILE if self.file else _FINEST

    @property
    def room(self) -> QSizeF:
        """The dots that the printer can reach."""
        return QSizeF(self.printer.pageLayout().paintRectPixels(self.resolution).size())

    def area(self, margin: float) -> QRectF:
        """What is ``margin`` inches from the edges of the paper, as far as the printer can reach it."""
        layout, dots = self.printer.pageLayout(), margin * self.resolution
        reached = QRectF(layout.paintRectPixels(self.resolution))
        inner = QRectF(layout.fullRectPixels(self.resolution)).adjusted(dots, dots, -dots, -dots)
        area = inner.intersected(reached)
        if area.width() < self.resolution or area.height() < self.resolution:
            raise PrintError("The paper is too small for text.", "Choose a larger one.")
        return area.translated(-reached.topLeft())

    def sheets(self, count: int) -> list[int]:
        """The pages of ``count``, from 0, in the order in which they are printed, with all copies."""
        printer = self.printer
        first, last = 1, count
        if printer.printRange() == printer.PrintRange.PageRange:
            first, last = max(1, printer.fromPage()), min(count, printer.toPage() or count)
        pages = list(range(first - 1, last))
        if not pages:
            raise PrintError(f"There are {count:,} pages: none of them is in the range that was chosen.")
        if printer.pageOrder() == printer.PageOrder.LastPageFirst:
            pages.reverse()
        copies = 1 if printer.supportsMultipleCopies() else max(1, printer.copyCount())
        return pages * copies if printer.collateCopies() else [page for page in pages for _ in range(copies)]

    def next_sheet(self) -> None:
        """Begin the next sheet; the first one too."""
        if self._was_begun:
            if not self.printer.newPage():
                raise self._error()
            return
        if self._part:
            try:
                self._part.touch()
            except OSError as error:
                raise self._error(str(error)) from error
            self.printer.setOutputFileName(str(self._part))
        if not self.painter.begin(self.printer):
            raise self._error()
        self._was_begun = True
        hints = QPainter.RenderHint
        self.painter.setRenderHints(hints.Antialiasing | hints.SmoothPixmapTransform | hints.LosslessImageRendering)

    def close(self) -> None:
        """End the last sheet; the file is there."""
        if not self.painter.end() or self.printer.printerState() == self.printer.PrinterState.Error:
            self.discard()
            raise self._error()
        if self.file and self._part:
            try:
                self._part.replace(self.file)
            except OSError as error:
                self.discard()
                raise self._error(str(error)) from error

    def discard(self) -> None:
        """End without a result, as far as the printer has not begun with it."""
        if self.painter.isActive():
            self.printer.abort()
            self.painter.end()
        if self._part:
            with suppress(OSError):
                self._part.unlink()

    def _error(self, detail: str = "") -> PrintError:
        name = phrases.capitalized(self.name)
        if self.file:
            return PrintError(f"{name} cannot be written.", "Choose another folder.", detail)
        return PrintError(f"{name} does not take the document.", "Is it there, and switched on?")
