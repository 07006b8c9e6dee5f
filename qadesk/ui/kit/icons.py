"""The few small pictures in the window, drawn in the colour of the text beside them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QApplication

from qadesk import paths
from qadesk.ui.kit import theme

_SIZE = 20


def _search(path: QPainterPath) -> None:
    path.addEllipse(QPointF(8.5, 8.5), 5, 5)
    path.moveTo(12.3, 12.3)
    path.lineTo(17, 17)


def _close(path: QPainterPath) -> None:
    for start, end in ((QPointF(5.5, 5.5), QPointF(14.5, 14.5)), (QPointF(14.5, 5.5), QPointF(5.5, 14.5))):
        path.moveTo(start)
        path.lineTo(end)


def _up(path: QPainterPath) -> None:
    path.moveTo(5, 12.5)
    path.lineTo(10, 7.5)
    path.lineTo(15, 12.5)


def _down(path: QPainterPath) -> None:
    path.moveTo(5, 7.5)
    path.lineTo(10, 12.5)
    path.lineTo(15, 7.5)


def _copy(path: QPainterPath) -> None:
    path.addRoundedRect(QRectF(7, 7, 9, 10), 1.5, 1.5)
    path.moveTo(13, 4.5)
    path.lineTo(13, 4)
    path.lineTo(4, 4)
    path.lineTo(4, 13.5)
    path.lineTo(4.5, 13.5)


def _reset(path: QPainterPath) -> None:
    path.arcMoveTo(QRectF(4.5, 4.5, 11, 11), 150)
    path.arcTo(QRectF(4.5, 4.5, 11, 11), 150, -290)
    path.moveTo(4, 3.5)
    path.lineTo(4.8, 7.6)
    path.lineTo(8.8, 6.8)


def _outline(path: QPainterPath) -> None:
    for left, y in ((4, 5), (7, 8.5), (7, 12), (4, 15.5)):
        path.moveTo(left, y)
        path.lineTo(16, y)


def _page(path: QPainterPath) -> None:
    path.moveTo(5, 3)
    path.lineTo(11.5, 3)
    path.lineTo(15, 6.5)
    path.lineTo(15, 17)
    path.lineTo(5, 17)
    path.closeSubpath()
    for y in (8.5, 11, 13.5):
        path.moveTo(7.5, y)
        path.lineTo(12.5, y)


def _folder(path: QPainterPath) -> None:
    path.moveTo(3, 5)
    path.lineTo(8, 5)
    path.lineTo(9.5, 7)
    path.lineTo(17, 7)
    path.lineTo(17, 16)
    path.lineTo(3, 16)
    path.closeSubpath()


_DRAW = {
    "search": _search, "close": _close, "up": _up, "down": _down, "copy": _copy, "reset": _reset, "page": _page,
    "outline": _outline, "folder": _folder,
}  # fmt: skip


def icon(name: str, colour: str = "muted") -> QIcon:
    """The picture ``name`` in the colour ``colour`` of the theme that the window has now."""
    return QIcon(pixmap(name, colour, round(theme.ICON * theme.scale())))


def pixmap(name: str, colour: str, size: int) -> QPixmap:
    """The same as a pixmap of ``size`` by ``size`` logical pixels, sharp on any screen."""
    app = QApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QApplication) else 1.0
    picture = QPixmap(QSize(size, size) * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    width = 1.6 if size <= 2 * _SIZE else 1.1
    path = QPainterPath()
    _DRAW[name](path)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(size / _SIZE, size / _SIZE)
        painter.setPen(_pen(colour, width))
        painter.drawPath(path)
    return picture


def _pen(colour: str, width: float) -> QPen:
    pen = QPen(theme.colour(colour), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def application_icon() -> QIcon:
    """The icon of the program."""
    icon = QIcon()
    for file in sorted((paths.resources_dir() / "icons").glob("qadesk-*.png")):
        icon.addFile(str(file))
    return icon
