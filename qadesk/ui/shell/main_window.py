"""The window: menus, opening, settings and what is remembered. Asking is the workspace's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QMainWindow

from qadesk import paths
from qadesk.errors import Cancelled, QadeskError, SettingError
from qadesk.records import Answers, Document, RecentDocument
from qadesk.settings import Settings
from qadesk.ui.ask.ask_view import AskView
from qadesk.ui.ask.document_opener import DocumentOpener
from qadesk.ui.kit.appearance import Appearance
from qadesk.ui.kit.dialogs import Dialogs
from qadesk.ui.kit.jobs import Jobs
from qadesk.ui.kit.messages import Message
from qadesk.ui.kit.widgets import shortened
from qadesk.ui.label.label_place import LabelPlace
from qadesk.ui.models.models_controller import ModelsController
from qadesk.ui.services.history import Library
from qadesk.ui.services.reader_service import Load, ReaderService, load_by_settings
from qadesk.ui.settings.settings_dialog import SettingsDialog
from qadesk.ui.shell import actions, availability, window_state
from qadesk.ui.shell.crash import CrashWatch
from qadesk.ui.shell.file_drops import FileDrops, files_in, name_filters
from qadesk.ui.shell.place_tabs import PlaceTabs
from qadesk.ui.shell.status_line import StatusLine
from qadesk.ui.train.training_controller import TrainingController


class MainWindow(QMainWindow):
    """The only window. ``drawn`` says that it is on the screen: what takes time may begin."""

    drawn = Signal()

    def __init__(self, settings: Settings, *, load: Load = load_by_settings) -> None:
        super().__init__()
        self.settings = settings
        self.looks = Appearance(settings, self)
        self.looks.apply()  # first: what is made before has the system's text size
        self.jobs = Jobs(self)
        self.desk = ReaderService(self.jobs, settings, load)
        self.dialogs = Dialogs(self)
        self.opener = DocumentOpener(self.jobs, settings, self.dialogs)
        self.library = Library(self.jobs, self)
        self.crash = CrashWatch(self.dialogs)
        self.workspace = AskView(self.desk, settings)
        self.messages = self.workspace.messages
        self.labelling = LabelPlace(self.jobs, self.library, self.desk, self.workspace, self.dialogs)
        self.places = PlaceTabs((("Ask", self.workspace), ("Label", self.labelling.page)), self.messages)
        self.status = StatusLine()
        self.models = ModelsController(self)
        self.training = TrainingController(self)
        self._was_drawn = False
        self.setWindowTitle("QADesk")
        self.drops = FileDrops(self)
        self.setCentralWidget(self.places)
        self.setStatusBar(self.status)
        self.commands, self.recent_menu = actions.build(self, self._verbs())
        self._connect()
        self._show_state()
        self._show_recent([])
        window_state.restore(self, self.workspace.splitter, settings)
        self._restyle()
        self.workspace.focus_question()

    def _verbs(self) -> dict[str, Callable[[], object]]:
        space, pane, session = self.workspace, self.workspace.pane, self.workspace.session
        theirs: dict[str, Callable[[], object]] = {
            **self.labelling.verbs(),
            **self.models.verbs(),
            **self.training.verbs(),
            "show_ask": lambda: self.places.show_page(space),
            "copy": self._by_place(space.copy, "copy"),
            "copy_with_source": space.copy_with_source,
            "open_find": self._by_place(pane.open_find, "open_find"),
            "find_next": self._by_place(pane.find_bar.next, "find_next"),
            "find_previous": self._by_place(pane.find_bar.previous, "find_previous"),
            "zoom_in": self.looks.zoom_in,
            "zoom_out": self.looks.zoom_out,
            "zoom_reset": self.looks.zoom_reset,
            "next_answer": session.next_answer,
            "previous_answer": session.previous_answer,
            "show_shortcuts": self.dialogs.shortcuts,
            "show_palette": lambda: self.dialogs.palette(self.commands),
            "show_about": lambda: self.dialogs.about(self.jobs),
        }
        names = [each.name for each in actions.ROWS if each.name not in ("", actions.RECENT)]
        return {name: theirs[name] if name in theirs else getattr(self, name) for name in names}

    def _by_place(self, ask: Callable[[], object], name: str) -> Callable[[], object]:
        """``ask`` where one asks, the method ``name`` of the label view where one labels."""
        return lambda: ask() if self.places.current is self.workspace else getattr(self.labelling.place.view, name)()

    def _connect(self) -> None:
        space, session, opener, library = self.workspace, self.workspace.session, self.opener, self.library
        for source in (session, opener, library, self.jobs, self.looks, self.labelling):
            source.failed.connect(self.report)
        self.desk.loading.connect(self.status.show_loading)
        self.desk.loaded.connect(self.status.show_reader)
        self.desk.moved.connect(self.status.show_reader)
        self.desk.refused.connect(self._refuse)
        self.desk.preparing.connect(self.status.show_preparing)
        opener.began.connect(space.ask_bar.work.begin)
        opener.opened.connect(self.show_document)
        opener.ended.connect(self._end_work)
        session.ended.connect(self._end_work)
        session.finished.connect(self._remember)
        space.changed.connect(self._show_state)
        space.messages.details_wanted.connect(self.dialogs.details)
        space.ask_bar.stopped.connect(self.stop)
        space.pane.view.scrolled.connect(self._show_place)
        space.pane.view.zoomed.connect(self.looks.zoom)
        self.labelling.zoomed.connect(self.looks.zoom)
        self.labelling.page_wanted.connect(lambda: self.places.show_page(self.labelling.page))
        space.pane.empty.open_wanted.connect(self.open_dialog)
        space.pane.empty.paste_wanted.connect(self.paste)
        space.pane.empty.sample_wanted.connect(self.open_sample)
        space.pane.empty.recent_chosen.connect(self.open_recent)
        self.drops.over.connect(space.pane.empty.set_over)
        self.drops.dropped.connect(self.open_files)
        library.opened.connect(self.show_document)
        library.noticed.connect(lambda notice: self.messages.show_message(Message(notice)))
        library.recent_changed.connect(self._show_recent)
        library.questions_changed.connect(space.ask_bar.field.set_history)
        self.looks.changed.connect(self._restyle)
        self.places.changed.connect(self._enter)
        self.labelling.told.connect(self.messages.show_message)
        self.labelling.noted.connect(self.places.remark.setText)
        self.labelling.stood.connect(lambda standing: availability.enable_undo(self.commands, standing))

    def begin(self, files: Sequence[Path] = ()) -> None:
        """Start what takes time: the database, the model, and ``files`` or, on the first start, the sample."""
        self.library.begin()
        self.labelling.begin()
        self.training.begin()
        self.desk.load()
        if files:
            self.open_files(files)
        elif not self.settings["state.started"]:
            self.open_sample()
        if not self.settings["state.started"]:
            self._set("state.started", True)

    # Opening

    def open_files(self, files: Sequence[Path]) -> None:
        """Open the first of ``files``, and say so if there are more."""
        if files:
            self.opener.open(files[0])
        if len(files) > 1:
            self.messages.show_message(Message("One document is open at a time.", f"This is {files[0].name}."))

    def arrive(self, files: Sequence[Path]) -> None:
        """Come to the front with the ``files`` of a second start."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        self.open_files(files)

    def open_dialog(self) -> None:
        """Let the user choose a file."""
        document = self.workspace.session.document
        folder = str(document.path.parent) if document and document.path else ""
        name, _ = QFileDialog.getOpenFileName(self, "Open a document", folder, name_filters())
        if name:
            self.opener.open(Path(name))

    def open_recent(self, recent: RecentDocument) -> None:
        """Open a document again."""
        if recent.path:
            self.opener.open(recent.path)
        else:
            self.library.open_pasted(recent)

    def open_sample(self) -> None:
        """Open the sample document."""
        self.opener.open_sample()

    def paste(self) -> None:
        """Take what is on the clipboard as a document: a file, or text."""
        data = QGuiApplication.clipboard().mimeData()
        files = files_in(data)
        if files:
            self.open_files(files)
        else:
            self.opener.paste(data.text())

    def reload(self) -> None:
        """Read the open file again."""
        document = self.workspace.session.document
        if document and document.path:
            self.opener.open(document.path)

    def close_document(self) -> None:
        """Go back to the empty view."""
        self.opener.stop()
        self.messages.clear_errors()
        self.workspace.show_document(None)
        self.workspace.pane.empty.open_button.setFocus()

    def show_document(self, document: Document) -> None:
        """Show ``document`` and remember it."""
        is_sample = document.path == paths.sample_path()
        self.places.show_page(self.workspace)
        self.messages.clear_errors()
        self.workspace.show_document(document, self.opener.sample_questions if is_sample else ())
        self.workspace.focus_question()
        self.labelling.follow(document)
        if not is_sample:
            self.library.remember_document(document)

    def focus_question(self) -> None:
        """Go to the question."""
        self.places.show_page(self.workspace)
        self.workspace.focus_question()

    def _enter(self, place: object) -> None:
        if place is self.workspace:
            self.labelling.leave()
            self.workspace.focus_question()
        else:
            self.labelling.enter()
        self._show_state()

    def stop(self) -> None:
        """Stop what is going on; if nothing is, close what lies on top, then clear the question."""
        if self.places.current is not self.workspace:
            self.labelling.stop()
        elif self.opener.is_working or self.workspace.session.is_working:
            self.opener.stop()
            self.workspace.stop()
        else:
            self.workspace.clear()

    # What is remembered

    def _remember(self, answers: Answers) -> None:
        document = self.workspace.session.document
        assert document is not None
        self.library.remember_question(document, answers)

    def _show_recent(self, documents: Sequence[RecentDocument]) -> None:
        self.workspace.pane.empty.set_recent(documents)
        self.recent_menu.clear()
        for recent in documents:
            action = self.recent_menu.addAction(shortened(recent.title).replace("&", "&&"))
            action.triggered.connect(lambda _=False, recent=recent: self.open_recent(recent))
        self.recent_menu.addSeparator()
        self.recent_menu.addAction("&Forget all documents and questions", self.library.forget_all)
        self.recent_menu.setEnabled(bool(documents))

    # What is shown

    def _show_state(self) -> None:
        session = self.workspace.session
        document, answers = session.document, session.answers
        self.setWindowTitle(f"{document.title} — QADesk" if document else "QADesk")
        self.status.show_time(None if session.is_working else answers)
        self._show_place(self.workspace.pane.view.top_offset())
        availability.enable(self.commands, session, asks=self.places.current is self.workspace)

    def _show_place(self, offset: int) -> None:
        self.status.show_place(self.workspace.session.document, offset)

    def _end_work(self) -> None:
        if not (self.opener.is_working or self.workspace.session.is_working):
            self.workspace.ask_bar.work.end()

    def report(self, error: Exception) -> None:
        """Show what went wrong, by the type of ``error``."""
        if isinstance(error, QadeskError):
            self.messages.show_error(error)
        elif not isinstance(error, Cancelled):
            self.crash.show(error)

    def _refuse(self, error: Exception) -> None:
        if not self.desk.is_ready:
            self.status.show_no_reader()
        self.report(error)

    # Views, dialogs, settings

    def go_to_page(self) -> None:
        """Ask for a page and go there."""
        document = self.workspace.session.document
        if document and document.pages:
            pages, view = document.pages, self.workspace.pane.view
            self.dialogs.page(len(pages), lambda number: view.show_at_top(pages[number - 1].start))

    def toggle_full_screen(self) -> None:
        """Fill the screen, or go back."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self.commands["toggle_full_screen"].setChecked(self.isFullScreen())

    def show_settings(self) -> None:
        """Open the settings."""
        dialog = SettingsDialog(self.settings, self.jobs, self)
        dialog.changed.connect(self._apply)
        dialog.failed.connect(self.report)
        self.dialogs.open(dialog)

    def _set(self, key: str, value: object) -> None:
        try:
            self.settings.set(key, value)
        except SettingError as error:
            self.report(error)

    def _apply(self, key: str) -> None:
        if key.startswith("view."):
            self.looks.apply()
        elif key.startswith("model."):
            self.desk.load()
        elif key == "qa.doubtful_below":
            self.workspace.show_again()

    def _restyle(self) -> None:
        self.workspace.restyle()
        self.labelling.restyle()

    # Coming and going

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say once that the window is on the screen."""
        super().paintEvent(event)
        if not self._was_drawn:
            self._was_drawn = True
            QTimer.singleShot(0, self.drawn.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the window's place, and end all work."""
        window_state.save(self, self.workspace.splitter, self.settings)
        self.hide()
        self.labelling.leave()
        self.jobs.close()
        super().closeEvent(event)
