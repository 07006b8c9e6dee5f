"""The geometry of the window, kept from one start to the next."""

from __future__ import annotations

import logging

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtWidgets import QMainWindow

from qadesk.errors import SettingError
from qadesk.settings import Settings

_log = logging.getLogger(__name__)
_SIZE = QSize(1180, 780)
_FRAME = QSize(16, 48)  # about what a window manager puts around it: unknown before the window is shown


def restore_geometry(window: QMainWindow, settings: Settings) -> None:
    """Give the window the geometry that it had; Qt ignores what makes no sense."""
    window.resize(_SIZE.boundedTo(window.screen().availableSize() - _FRAME))
    window.restoreGeometry(_bytes(settings["state.geometry"]))


def save_geometry(window: QMainWindow, settings: Settings) -> None:
    """Keep the geometry. That it cannot be written is no reason to keep a window from closing."""
    try:
        settings.set("state.geometry", _text(window.saveGeometry()))
    except SettingError as error:
        _log.warning("window geometry not kept: %s", error.detail)


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode("ascii", "ignore"))


def _text(data: QByteArray) -> str:
    return bytes(data.toBase64().data()).decode("ascii")
