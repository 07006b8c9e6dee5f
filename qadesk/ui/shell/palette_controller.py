"""Opens the palette of commands with all that it finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from qadesk.records import RecentDocument
from qadesk.ui.models.model_actions import ModelActions
from qadesk.ui.services.services import Services
from qadesk.ui.shell.actions import ActionRow

if TYPE_CHECKING:
    from qadesk.app.models.manage import ListedModel
    from qadesk.ui.shell.command_palette import CommandPalette


class PaletteController(QObject):
    """``show_setting`` opens the settings at a key, ``choose_setting`` gives one another value."""

    def __init__(
        self,
        services: Services,
        models: ModelActions,
        show_setting: Callable[[str], object],
        choose_setting: Callable[[str, object], object],
    ) -> None:
        super().__init__(services.window)
        self._services = services
        self._models = models
        self._show_setting = show_setting
        self._choose_setting = choose_setting
        self._recent: Sequence[RecentDocument] = ()
        self._palette: CommandPalette | None = None
        services.history.recent_changed.connect(self._set_recent)
        models.models_listed.connect(self._add_models)

    def show(self, rows: Sequence[ActionRow], commands: Mapping[str, QAction]) -> None:
        """Open the palette. The models come as soon as they are listed."""
        from qadesk.ui.shell import palette_entries as entries
        from qadesk.ui.shell.command_palette import CommandPalette

        services = self._services
        palette = CommandPalette(
            [
                *entries.command_entries(rows, commands),
                *entries.setting_entries(services.settings, self._show_setting, self._choose_setting),
                *entries.recent_entries(self._recent, services.documents.open_recent),
            ],
            services.window,
        )
        palette.finished.connect(self._forget)
        services.dialogs.open(palette)
        self._palette = palette
        self._models.refresh()

    def _forget(self) -> None:
        self._palette = None

    def _set_recent(self, documents: Sequence[RecentDocument]) -> None:
        self._recent = documents

    def _add_models(self, models: Sequence[ListedModel]) -> None:
        if self._palette:
            from qadesk.ui.shell.palette_entries import model_entries

            palette, self._palette = self._palette, None  # once: it is listed again after each change
            palette.add(model_entries(models, lambda model: self._models.use(model.folder, model.name)))
