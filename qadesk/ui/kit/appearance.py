"""The colours, the size of the interface and the size of the document's text, by the settings."""

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
        theme.set_text_zoom(self._settings["view.text_zoom"])
        theme.apply(app, self._settings["view.theme"], self._settings["view.zoom"])
        self.changed.emit()

    def zoom(self, steps: int) -> None:
        """Make all of the window larger by ``steps``, smaller for a negative number."""
        self._zoom_to("view.zoom", self._stepped("view.zoom", steps))

    def zoom_reset(self) -> None:
        """Make all of the window as large as the system says."""
        self._zoom_to("view.zoom", row("view.zoom").default)

    def zoom_text(self, steps: int) -> None:
        """Make the text of documents larger by ``steps``, smaller for a negative number."""
        self._zoom_to("view.text_zoom", self._stepped("view.text_zoom", steps))

    def zoom_text_reset(self) -> None:
        """Give the text of documents its usual size."""
        self._zoom_to("view.text_zoom", row("view.text_zoom").default)

    def _stepped(self, key: str, steps: int) -> int:
        limits = row(key)
        per_cent: float = self._settings[key] + steps * _ZOOM_STEP
        return round(min(max(per_cent, limits.low or 0), limits.high or 0))

    def _zoom_to(self, key: str, per_cent: object) -> None:
        try:
            self._settings.set(key, per_cent)
        except SettingError as error:  # it cannot be kept: it can still be used
            self.failed.emit(error)
        if key == "view.zoom":
            self.apply()
        else:  # the style sheet of the window stays, which takes time
            theme.set_text_zoom(self._settings[key])
            self.changed.emit()
