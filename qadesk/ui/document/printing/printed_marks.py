"""The marks on a page that is printed, painted into its pixels: a printer could not let the words show through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QTransform

from qadesk.structure.character_map import Run
from qadesk.ui.document.highlights import Mark, paint_mark
from qadesk.ui.document.mark_numbers import paint_numbers
from qadesk.ui.document.printing.paper_fit import PaperFit
from qadesk.ui.kit import theme

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_UNITS = 96 / 72  # marks have the sizes of those on a screen, of which a point has so many pixels


class PrintedMarks:
    """Those of ``marks``, spans of the text, of which a part is on the page that has ``runs`` and is put at ``fit``."""

    def __init__(self, fit: PaperFit, marks: Sequence[Mark], runs: Sequence[Run]) -> None:
        low = min((run.offset for run in runs), default=0)
        high = max((run.offset + run.length for run in runs), default=0)
        self._fit, self._runs = fit, runs
        self._marks = sorted(
            (mark for mark in marks if mark.start < high and mark.end > low), key=lambda mark: mark.strong
        )
        self._rects: list[list[QRectF]] = []

    @property
    def are_there(self) -> bool:
        """Whether there are any."""
        return bool(self._marks)

    def place(self, boxes: NDArray[np.float32]) -> None:
        """Put them on the words by the ``boxes`` of the characters of the page."""
        from qadesk.ui.document.pages.page_boxes import PageBoxes

        words = PageBoxes(boxes, self._runs)
        to_units = QTransform.fromScale(_UNITS, _UNITS)
        self._rects = [[to_units.mapRect(rect) for rect in words.rects(mark.start, mark.end)] for mark in self._marks]

    def paint(self, image: QImage, part: QRect) -> None:
        """Paint them into ``image``, the pixels of ``part`` of the page."""
        if not self._rects:
            return
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(-part.left(), -part.top())
            painter.setTransform(self._fit.turn(), combine=True)
            painter.scale(self._fit.pixels / _UNITS, self._fit.pixels / _UNITS)
            for mark, rects in zip(self._marks, self._rects, strict=True):
                paint_mark(painter, mark, rects, theme.LIGHT, QPainter.CompositionMode.CompositionMode_Multiply)
            numbered = [
                (mark, rects[0]) for mark, rects in zip(self._marks, self._rects, strict=True) if mark.number and rects
            ]
            paint_numbers(painter, numbered, QGuiApplication.font(), theme.LIGHT)
