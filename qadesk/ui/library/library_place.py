"""The Library place: all documents of linked folders, asked together. The view is made when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from qadesk.records import LibraryAnswers
from qadesk.settings import row
from qadesk.ui.kit.messages import Message
from qadesk.ui.kit.saved_state import save_state
from qadesk.ui.library.library_session import DEPTHS
from qadesk.ui.services.place import Commands
from qadesk.ui.services.services import Services

if TYPE_CHECKING:
    from qadesk.ui.library.library_parts import LibraryParts
    from qadesk.ui.services.history_service import KeptEntry

_LAYOUT = "state.library_layout"
_AHEAD_DELAY = 4000  # milliseconds after the start
_AHEAD_PAUSE = 50
_MODULES = (
    "add_folder_dialog", "files_page", "library_answers_panel", "collections_panel", "library_view",
    "library_controller", "collections_controller", "library_parts",
)  # fmt: skip


class LibraryPlace(QObject):
    """Owns the page and, from when it is first needed, its ``parts``."""

    name = "library"

    def __init__(self, services: Services) -> None:
        super().__init__(services.window)
        self._services = services
        self._library = services.library
        self._parts: LibraryParts | None = None
        self._questions: list[str] = []
        self._entry: KeptEntry | None = None  # of the question that is shown
        self._page = QWidget()
        self._modules = [f"qadesk.ui.library.{name}" for name in _MODULES]  # that are not imported yet
        self._ahead_timer = QTimer(self, singleShot=True, interval=_AHEAD_DELAY)
        self._ahead_timer.timeout.connect(self._make_ahead)
        services.history.questions_changed.connect(self._set_history)
        services.library.indexer.notice_posted.connect(lambda text: services.messages.show_message(Message(text)))
        services.library.failed.connect(services.report)
        services.signals.folders_dropped.connect(self._add_dropped)
        services.signals.setting_changed.connect(self._on_setting_changed)
        services.signals.library_asked.connect(self._ask)

    @property
    def parts(self) -> LibraryParts:
        """The view and its controllers; made when they are first asked for, or some seconds after the start."""
        if self._parts is None:
            from qadesk.ui.library.library_parts import LibraryParts

            self._parts = LibraryParts(self._services)
            column = QVBoxLayout(self._page)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(self._parts.view)
            self._parts.view.show()  # at once, so that it can take the keyboard
            self._parts.view.restyle()  # fonts hold only in the window that they are in
            self._parts.view.restore_layout(self._services.settings[_LAYOUT])
            self._parts.view.bar.field.set_history(self._questions)
            self._parts.asking.session.finished.connect(self._remember)
        return self._parts

    # The place

    @property
    def widget(self) -> QWidget:
        """The page."""
        return self._page

    def start(self) -> None:
        """Begin to index in some seconds, and make the view then."""
        self._library.indexer.begin()
        self._ahead_timer.start()

    def _make_ahead(self) -> None:
        """Make the view before it is asked for, in pieces: at once the window would stand still when it is shown."""
        if self._parts is not None:
            return
        if self._modules:
            import_module(self._modules.pop(0))
            self._ahead_timer.start(_AHEAD_PAUSE)
        else:
            _ = self.parts

    def enter(self) -> None:
        """Put the keyboard into the question."""
        self.parts.enter()

    def leave(self) -> None:
        """Store how the view is divided."""
        if self._parts:
            self._parts.leave()
            save_state(self._services.settings, _LAYOUT, self._parts.view.saved_layout())

    def stop(self) -> bool:
        """Stop reading."""
        if self._parts and self._parts.asking.session.is_working:
            self._parts.asking.session.stop()
            return True
        return False

    def clear(self) -> None:
        """Clear the question and its answers."""
        self.parts.asking.clear()

    def local_commands(self) -> Commands:
        """What acts on the answers and on the chosen collection."""
        parts = self.parts
        session = parts.asking.session
        return {
            "focus_question": parts.view.focus_question,
            "next_answer": session.next_answer,
            "previous_answer": session.previous_answer,
            "copy": parts.asking.copy,
            "export_answers": self._export,
            "copy_with_source": parts.asking.copy_with_source,
            "library_read_on": session.read_on,
            "library_ask_again": parts.asking.repeat,
            "library_open": parts.asking.open_chosen,
            "library_files": parts.toggle_files,
            "library_rename": parts.collections.rename,
            "library_remove": parts.collections.remove,
            "library_extend": parts.collections.extend_folder,
            "library_pause": self._library.indexer.pause,
            "library_rescan": self._library.indexer.rescan,
            "library_retry": lambda: self._library.retry(()),
            "library_recognize": lambda: self._library.indexer.recognize(()),
        }

    def global_commands(self) -> Commands:
        """What adds to the library."""
        return {
            "library_add_folder": lambda: self._show_and(self.parts.collections.add_folder),
            "library_add_files": lambda: self._show_and(self.parts.collections.add_files),
        }

    def available(self) -> frozenset[str]:
        """Answers, passages that were not read, a chosen collection."""
        if self._parts is None:
            return frozenset()
        return self._parts.available()

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        if self._parts:
            self._parts.view.restyle()

    def _show_and(self, act: Callable[[], object]) -> None:
        self._services.signals.place_requested.emit(self.name)
        act()

    def _add_dropped(self, folders: list[Path]) -> None:
        self._show_and(lambda: self.parts.collections.add_paths(folders))

    def _ask(self, question: str) -> None:
        """Show this place and ask all documents."""
        self._services.signals.place_requested.emit(self.name)
        self.parts.view.collections.choose(None)
        self.parts.view.bar.field.setText(question)
        self.parts.asking.ask(question)

    def _set_history(self, questions: list[str]) -> None:
        self._questions = questions
        if self._parts:
            self._parts.view.bar.field.set_history(questions)

    def _remember(self, answers: LibraryAnswers) -> None:
        services, asking = self._services, self.parts.asking
        session, model = asking.session, services.reader.model_name
        if session.is_narrowed:  # the question is there already
            return
        if session.is_read_on:
            if self._entry:
                services.history.read_on(self._entry, answers, model, session.depth)
            return
        self._entry = services.history.remember_library_answers(
            asking.asked_name, answers, model, session.scope, self._depth
        )

    @property
    def _depth(self) -> int | None:
        """How many passages were read, None for the usual number."""
        depth = self.parts.asking.session.depth
        return depth if depth > DEPTHS[0] else None

    def _export(self) -> None:
        """Ask in which format to export the question with its answers, and where to."""
        from qadesk.app.entries import asked_options, library_entry_of

        answers, services, asking = self.parts.asking.session.answers, self._services, self.parts.asking
        if answers is not None:
            options = asked_options(services.settings, asking.session.scope, self._depth)
            model = services.reader.model_name
            services.export.export_entries([library_entry_of(answers, asking.asked_name, model, options)])

    def _on_setting_changed(self, key: str) -> None:
        if self._parts is None:
            return
        if row(key).affects == "answers":
            self._parts.asking.show_again()
        elif row(key).affects == "question":
            self._parts.asking.ask_again()
