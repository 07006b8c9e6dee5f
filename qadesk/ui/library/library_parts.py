"""The view of the library and its controllers, which know one another by this alone."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from qadesk.ui.library.collections_controller import CollectionsController
from qadesk.ui.library.library_controller import LibraryController
from qadesk.ui.library.library_view import LibraryView
from qadesk.ui.services.services import Services


class LibraryParts(QObject):
    """Makes the parts and connects them."""

    def __init__(self, services: Services) -> None:
        super().__init__(services.window)
        self._services = services
        self._library = services.library
        self.view = LibraryView(services.library)
        self.asking = LibraryController(services, self.view)
        self.collections = CollectionsController(services, self.view)
        self._is_shown = False
        self._connect()
        self.asking.show_ready()

    def _connect(self) -> None:
        view, library = self.view, self._library
        view.collections.set_actions(self._menu())
        view.collections.chosen.connect(self.asking.choose_collection)
        view.collections.chosen.connect(lambda _id: self._announce())
        view.tabs.currentChanged.connect(lambda _index: self._refresh_files())
        view.strip.failed_requested.connect(self._show_failed)
        library.collections_changed.connect(self.asking.show_ready)
        library.counts_changed.connect(self.asking.show_ready)
        library.counts_changed.connect(self._refresh_files)
        for changed in (self.asking.changed, library.collections_changed, library.counts_changed):
            changed.connect(self._announce)

    def _menu(self) -> list[QAction]:
        rows = (
            ("Re&name…", self.collections.rename),
            ("&Add a folder to it…", self.collections.extend_folder),
            ("&Files of it", lambda: self.view.show_files(True)),
            ("&Look through its folders again", self._library.indexer.rescan),
            ("&Remove", self.collections.remove),
        )
        actions = []
        for text, act in rows:
            action = QAction(text, self)
            action.triggered.connect(lambda _checked, act=act: act())
            actions.append(action)
        return actions

    def enter(self) -> None:
        """The place is shown."""
        self._is_shown = True
        self._library.warm_up()
        self.view.files.show_scope(self.asking.scope)
        self._refresh_files()
        self.view.focus()
        self._services.status.show_time(None)
        self._services.status.show_position(None, 0, 1)

    def leave(self) -> None:
        """Another place is shown."""
        self._is_shown = False

    def toggle_files(self) -> None:
        """Show the files, or the answers."""
        self.view.show_files(not self.view.shows_files)
        self.view.focus()

    def available(self) -> frozenset[str]:
        """What there is to act on."""
        conditions = {
            "answers": bool(self.asking.session.visible_answers),
            "copyable": bool(self.asking.session.visible_answers),
            "library_answers": bool(self.asking.session.visible_answers),
            "exportable": self.asking.session.answers is not None,
            "more_passages": self.asking.session.can_read_on,
            "library_question": bool(self.asking.session.question),
            "collection": self.collections.current is not None,
            "library": bool(self._library.collections),
        }
        return frozenset(name for name, holds in conditions.items() if holds)

    def _announce(self) -> None:
        self._services.signals.availability_changed.emit()

    def _refresh_files(self) -> None:
        if self._is_shown and self.view.shows_files:
            self.view.files.refresh()

    def _show_failed(self) -> None:
        self.view.show_files(True)
        self.view.files.show_state("failed")
