"""A picture of how far confidences can be trusted: for each tenth of confidence, the share that is right.

    reliability.draw(path, {"what was asked": (confidences, right)})

Drawn with Qt, which the program has anyway. On the diagonal a confidence means what it says; the area of a point is the
number of answers in its tenth.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from qadesk.train.metrics import calibration_bins

Reliability = tuple[Sequence[float], Sequence[bool]]

_SIZE, _EDGE, _TOP = 560, 70, 30
_COLOURS = ("#1f5fa8", "#b3541e")


def draw(path: Path, curves: Mapping[str, Reliability]) -> None:
    """Write the picture as PNG."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QPointF, Qt
    from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPen

    application = QGuiApplication.instance() or QGuiApplication([])
    image = QImage(_SIZE, _SIZE, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor("#888888"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(*_place(0, 0)), QPointF(*_place(1, 1)))
        painter.setPen(QColor("black"))
        for tick in range(0, 11, 2):
            x, y = _place(tick / 10, tick / 10)
            painter.drawText(QPointF(x - 10, _place(0, 0)[1] + 20), f"{10 * tick}")
            painter.drawText(QPointF(_EDGE - 35, y + 5), f"{10 * tick}")
        painter.drawText(QPointF(_SIZE / 2 - 60, _SIZE - 15), "confidence, per cent")
        painter.drawText(QPointF(10, _TOP - 10), "exactly right, per cent")
        for number, (name, judged) in enumerate(curves.items()):
            found = calibration_bins(*judged, bins=10)
            colour = QColor(_COLOURS[number % len(_COLOURS)])
            painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine if number == 0 else Qt.PenStyle.DotLine))
            painter.drawPolyline([QPointF(*_place(each.confidence, each.correct)) for each in found])
            painter.setBrush(colour if number == 0 else QColor("white"))
            for each in found:
                radius = 2 + 14 * math.sqrt(each.count / len(judged[0]))
                painter.drawEllipse(QPointF(*_place(each.confidence, each.correct)), radius, radius)
            row = _place(0, 0)[1] - 45 + 22 * number
            painter.drawEllipse(QPointF(_SIZE - 235, row - 5), 5, 5)
            painter.drawText(QPointF(_SIZE - 220, row), name)
    image.save(str(path))
    del application


def _place(confidence: float, right: float) -> tuple[float, float]:
    room = _SIZE - _EDGE - _TOP
    return _EDGE + confidence * room, _TOP + (1 - right) * room
