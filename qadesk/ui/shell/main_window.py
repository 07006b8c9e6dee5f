"""The window: its places, menus and dialogs. A place owns what is shown on its page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow

from qadesk.app import phrases
from qadesk.errors import Cancelled, QadeskError, SettingError
from qadesk.records import Document, RecentDocument
from qadesk.settings import Settings, row
from qadesk.ui.kit.appearance import Appearance
from qadesk.ui.kit.file_drops import FileDrops
from qadesk.ui.kit.messages import Button, Message
from qadesk.ui.kit.saved_state import save_state
from qadesk.ui.kit.widgets import elided_middle
from qadesk.ui.models.models_controller import ModelsController
from qadesk.ui.services.label_service import LabelSummary
from qadesk.ui.services.place import Commands, Place
from qadesk.ui.services.reader_service import Load, load_by_settings
from qadesk.ui.services.services import make_services
from qadesk.ui.settings.settings_dialog import SettingsDialog
from qadesk.ui.shell import actions, window_state
from qadesk.ui.shell.crash import CrashWatch
from qadesk.ui.shell.palette_controller import PaletteController
from qadesk.ui.shell.place_tabs import PlaceTabs
from qadesk.ui.shell.places import PLACES, PlaceRow
from qadesk.ui.shell.shortcut_sheet import ShortcutSheet
from qadesk.ui.train.training_controller import TrainingController

_PLACE = "state.place"


class MainWindow(QMainWindow):
    """The only window. ``drawn`` is emitted once, when it is on the screen: slow work may begin then."""

    drawn = Signal()

    def __init__(
        self, settings: Settings, *, load: Load = load_by_settings, places: Sequence[PlaceRow] = PLACES
    ) -> None:
        super().__init__()
        self.settings = settings
        appearance = Appearance(settings, self)
        appearance.apply()  # first: a widget that is made before has the system's text size
        self.services = make_services(self, settings, appearance, load, self.report)
        self.crash = CrashWatch(self.services.dialogs)
        self.places: list[Place] = [place_row.make(self.services) for place_row in places]
        self.models = ModelsController(self.services)
        self.training = TrainingController(self.services)
        self._palette = PaletteController(self.services, self.models.actions, self.show_settings, self.choose_setting)
        self._places_by_name = {place.name: place for place in self.places}
        titles = [place_row.title for place_row in places]
        tab_titles = [title.replace("&", "") for title in titles]
        pages = list(zip(tab_titles, [place.widget for place in self.places], strict=True))
        self.tabs = PlaceTabs(pages, self.services.messages)
        self.drops = FileDrops(self)
        self._current = self.places[0]
        self._label_summary: LabelSummary | None = None
        self._was_drawn = False
        self._rows = actions.rows_with_places(dict(zip(self._places_by_name, titles, strict=True)))
        self._commands = self._all_commands()
        self.commands, self.recent_menu = actions.build(self, self._rows, self.run_command)
        self.setCentralWidget(self.tabs)
        self.setStatusBar(self.services.status)
        self._connect()
        self._show_document(None)
        self._show_recent([])
        self._update_availability()
        window_state.restore_geometry(self, settings)
        self._restyle()
        self._current.enter()

    def _connect(self) -> None:
        services = self.services
        services.reader.load_started.connect(services.status.show_loading)
        services.reader.loaded.connect(services.status.show_reader)
        services.reader.device_changed.connect(services.status.show_reader)
        services.reader.load_failed.connect(self._report_reader)
        services.reader.preparation_progressed.connect(services.status.show_preparing)
        services.store.notice_posted.connect(lambda notice: services.messages.show_message(Message(notice)))
        services.messages.details_requested.connect(services.dialogs.details)
        services.documents.document_changed.connect(self._show_document)
        services.history.recent_changed.connect(self._show_recent)
        services.labels.summary_changed.connect(self._show_label_summary)
        services.appearance.changed.connect(self._restyle)
        services.signals.place_requested.connect(self.show_place)
        services.signals.availability_changed.connect(self._update_availability)
        self.drops.dragged.connect(services.signals.files_dragged)
        self.drops.dropped.connect(self._take_dropped)
        self.tabs.changed.connect(self._enter)

    def begin(self, files: Sequence[Path] = ()) -> None:
        """Open the database, load the model, and open the first of ``files``; on the first start the sample.

        Without any the window goes on where it was closed.
        """
        self.services.store.open()
        for place in self.places:
            place.start()
        self.training.start()
        self.services.reader.load()
        if files:
            self.services.documents.open_files(files)
        elif not self.settings["state.started"]:
            self.services.documents.open_sample()
        elif self.settings["start.restore"]:
            self._show_last_place()
            self.services.signals.restore_requested.emit()
        if not self.settings["state.started"]:
            self._set("state.started", True)

    def _show_last_place(self) -> None:
        name = self.settings[_PLACE]
        if name in self._places_by_name:
            self.show_place(name)

    def arrive(self, files: Sequence[Path]) -> None:
        """Bring the window to the front and open the ``files`` of a second start of the program."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        self.services.documents.open_files(files)

    # Places

    def place(self, name: str) -> Place:
        """The place called ``name``."""
        return self._places_by_name[name]

    def show_place(self, name: str) -> None:
        """Show the place called ``name``."""
        self.tabs.show_index(self.places.index(self.place(name)))

    def _enter(self, index: int) -> None:
        self._current.leave()
        self._current = self.places[index]
        self.tabs.note.setHidden(self._current.name == "label")  # there the queue says it
        self._current.enter()
        self._update_availability()

    def stop(self) -> None:
        """Stop the work of the place; if there is none, close the message; if there is none, clear the place."""
        if self._current.stop():
            return
        if self.services.messages.text:
            self.services.messages.dismiss()
        else:
            self._current.clear()

    # Commands

    def run_command(self, name: str) -> None:
        """Do the command called ``name``: the local one of the current place, or a global one."""
        command = self._current.local_commands().get(name) or self._commands.get(name)
        if command:
            command()

    def _all_commands(self) -> Commands:
        """The global commands of all parts, by name."""
        commands: dict[str, Callable[[], object]] = {}
        for part in (self._own_commands(), *(owner.global_commands() for owner in self._command_owners())):
            assert commands.keys().isdisjoint(part), "two parts have a command of the same name"
            commands |= part
        return commands

    def _command_owners(self) -> list[Place | ModelsController | TrainingController]:
        return [*self.places, self.models, self.training]

    def _own_commands(self) -> Commands:
        services = self.services
        return {
            "stop": self.stop,
            "undo": services.labels.undo,
            "redo": services.labels.redo,
            "zoom_in": partial(services.appearance.zoom_text, 1),
            "zoom_out": partial(services.appearance.zoom_text, -1),
            "zoom_reset": services.appearance.zoom_text_reset,
            "interface_larger": partial(services.appearance.zoom, 1),
            "interface_smaller": partial(services.appearance.zoom, -1),
            "interface_reset": services.appearance.zoom_reset,
            "toggle_full_screen": self.toggle_full_screen,
            "show_settings": self.show_settings,
            "show_shortcuts": lambda: services.dialogs.open(ShortcutSheet(self._rows, self)),
            "show_palette": lambda: self._palette.show(self._rows, self.commands),
            "show_about": self.show_about,
            "close": self.close,
            **{f"show_{name}": partial(self.show_place, name) for name in self._places_by_name},
        }

    def _update_availability(self) -> None:
        summary = self._label_summary
        available = set(self._current.available())
        available |= {"undo"} if summary and summary.can_undo else set()
        available |= {"redo"} if summary and summary.can_redo else set()
        actions.enable(self.commands, self._rows, available)

    def _show_label_summary(self, summary: LabelSummary) -> None:
        self._label_summary = summary
        counts = summary.counts
        total = counts.open + counts.labelled + counts.skipped + counts.lost
        self.tabs.note.setText(f"{counts.labelled:,} of {total:,} labelled" if total else "")
        self._update_availability()

    def _show_recent(self, documents: Sequence[RecentDocument]) -> None:
        self.recent_menu.clear()
        for recent in documents:
            title = elided_middle(recent.title).replace("&", "&&")
            action = self.recent_menu.addAction(f"{title}\t{phrases.folder_and_day(recent)}")
            action.triggered.connect(lambda _=False, recent=recent: self.services.documents.open_recent(recent))
        self.recent_menu.addSeparator()
        self.recent_menu.addAction("&Forget all documents and questions", self.services.history.forget_all)
        self.recent_menu.setEnabled(bool(documents))

    def _take_dropped(self, paths: Sequence[Path]) -> None:
        """Open files that were dropped; folders are for the library."""
        folders = [path for path in paths if path.is_dir()]
        if folders:
            self.services.signals.folders_dropped.emit(folders)
        else:
            self.services.documents.open_files(paths)

    def _show_document(self, document: Document | None) -> None:
        self.setWindowTitle(f"{document.title} — QADesk" if document else "QADesk")

    # Errors

    def report(self, error: Exception, *buttons: Button) -> None:
        """Show ``error``: a sentence for a ``QadeskError``, with ``buttons``, nothing for ``Cancelled``.

        Everything else is a crash report.
        """
        if isinstance(error, QadeskError):
            self.services.messages.show_error(error, *buttons)
        elif not isinstance(error, Cancelled):
            self.crash.show(error)

    def _report_reader(self, error: Exception) -> None:
        if not self.services.reader.is_ready:
            self.services.status.show_no_reader()
        self.report(error, ("Models…", self.models.show_models))

    # Dialogs and settings

    def toggle_full_screen(self) -> None:
        """Fill the screen, or go back."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self.commands["toggle_full_screen"].setChecked(self.isFullScreen())

    def show_about(self) -> None:
        """Show what this program is, what it is made of, and under which licences."""
        from qadesk.ui.shell.about_dialog import AboutDialog

        self.services.dialogs.open(AboutDialog(self.services.jobs, self))

    def choose_setting(self, key: str, value: object) -> None:
        """Give the setting ``key`` another value, which takes effect at once."""
        self._set(key, value)
        self._apply_setting(key)

    def show_settings(self, key: str = "") -> None:
        """Open the settings, at the one called ``key`` if there is one."""
        dialog = SettingsDialog(self.settings, self.services.jobs, self)
        dialog.changed.connect(self._apply_setting)
        dialog.failed.connect(self.report)
        self.services.dialogs.open(dialog)
        if key:
            dialog.show_setting(key)

    def _set(self, key: str, value: object) -> None:
        try:
            self.settings.set(key, value)
        except SettingError as error:
            self.report(error)

    def _apply_setting(self, key: str) -> None:
        if row(key).affects == "appearance":
            self.services.appearance.apply()
        elif row(key).affects == "reader":
            self.services.reader.load()
        self.services.signals.setting_changed.emit(key)

    def _restyle(self) -> None:
        self.services.messages.restyle()
        for place in self.places:
            place.restyle()

    # Showing and closing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Emit ``drawn`` after the first painting."""
        super().paintEvent(event)
        if not self._was_drawn:
            self._was_drawn = True
            QTimer.singleShot(0, self.drawn.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the window's geometry, and end all work."""
        window_state.save_geometry(self, self.settings)
        save_state(self.settings, _PLACE, self._current.name)
        self.hide()
        try:
            self._current.leave()
        finally:
            self.services.signals.closing.emit()
            self.services.jobs.close()
        super().closeEvent(event)
