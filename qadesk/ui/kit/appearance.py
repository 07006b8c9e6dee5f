"""The colours and the text size of the whole window, by the settings."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from qadesk.errors import SettingError
from qadesk.settings import Settings, row
from qadesk.ui.kit import theme

_ZOOM_STEP = 10


class Appearance(QObject):
    """``changed`` says that the colours or the text size are other ones."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.apply)

    def apply(self) -> None:
        """Take the colours and the text size of the settings."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, self._settings["view.theme"], self._settings["view.zoom"])
        self.changed.emit()

    def zoom_in(self) -> None:
        """Make all text larger."""
        self.zoom(1)

    def zoom_out(self) -> None:
        """Make all text smaller."""
        self.zoom(-1)

    def zoom_reset(self) -> None:
        """Make all text as large as the system says."""
        self._zoom_to(row("view.zoom").default)

    def zoom(self, steps: int) -> None:
        """Make all text larger by ``steps``, smaller for a negative number."""
        limits = row("view.zoom")
        per_cent = self._settings["view.zoom"] + steps * _ZOOM_STEP
        self._zoom_to(round(min(max(per_cent, limits.low or 0), limits.high or 0)))

    def _zoom_to(self, per_cent: object) -> None:
        try:
            self._settings.set("view.zoom", per_cent)
        except SettingError as error:  # it cannot be kept: it can still be used
            self.failed.emit(error)
        self.apply()
