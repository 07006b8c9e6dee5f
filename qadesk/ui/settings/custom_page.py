"""The contract between the settings dialog and the widget of a page (``qadesk.settings.SettingsPage.widget``)."""

from __future__ import annotations

from pkgutil import resolve_name

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from qadesk.settings import Settings, SettingsPage
from qadesk.ui.kit.jobs import Jobs


class CustomPage(QWidget):
    """The widget below the rows of a page. What takes time runs in ``jobs``.

    ``setting_changed`` gives the key of a setting whose effect changed, as if the user had edited it.
    ``choices_changed`` gives the key of a row with choices and the titles of those that can be chosen now.
    ``failed`` gives an error to show.
    """

    setting_changed = Signal(str)
    choices_changed = Signal(str, object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self._jobs = jobs
        self._settings = settings

    def start(self) -> None:
        """Begin to load what is shown; called once, when the signals are connected."""

    def on_setting_changed(self, key: str) -> None:
        """Show the effect of a setting that the user changed."""

    def stop(self) -> None:
        """Cancel all jobs: the dialog closes."""


def create_custom_page(page: SettingsPage, jobs: Jobs, settings: Settings) -> CustomPage | None:
    """The widget of ``page``, None if it has none."""
    if not page.widget:
        return None
    widget: CustomPage = resolve_name(page.widget)(jobs, settings)
    return widget
