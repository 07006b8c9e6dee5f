"""The geometry of the window, kept from one start to the next."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QMainWindow

from qadesk.settings import Settings
from qadesk.ui.kit.saved_state import save_state, state_from, state_text

_GEOMETRY = "state.geometry"
_SIZE = QSize(1180, 780)
_FRAME = QSize(16, 48)  # about what a window manager puts around it: unknown before the window is shown


def restore_geometry(window: QMainWindow, settings: Settings) -> None:
    """Give the window the geometry that it had; Qt ignores what makes no sense."""
    window.resize(_SIZE.boundedTo(window.screen().availableSize() - _FRAME))
    window.restoreGeometry(state_from(settings[_GEOMETRY]))


def save_geometry(window: QMainWindow, settings: Settings) -> None:
    """Keep the geometry, if it can be written."""
    save_state(settings, _GEOMETRY, state_text(window.saveGeometry()))
