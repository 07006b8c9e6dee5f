"""Collections: adding folders and files, renaming, removing, and what the panel on the left shows of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QInputDialog

from qadesk.app import phrases
from qadesk.app.library import captions
from qadesk.records import Collection, FolderSurvey
from qadesk.ui.kit.files import name_filters
from qadesk.ui.kit.messages import Message
from qadesk.ui.library.add_folder_dialog import AddFolderDialog, free_name
from qadesk.ui.library.library_view import LibraryView
from qadesk.ui.services.services import Services


class CollectionsController(QObject):
    """Connects the panel of collections with the library and its dialogs."""

    def __init__(self, services: Services, view: LibraryView) -> None:
        super().__init__(view)
        self._services = services
        self._library = services.library
        self._view = view
        self._new_id: int | None = None  # of a collection that is chosen as soon as it is listed
        self._folders: deque[Path] = deque()  # dropped, to be looked at one after another
        for part in (view.empty, view.collections):
            part.folder_requested.connect(self.add_folder)
            part.files_requested.connect(self.add_files)
        view.drops.dropped.connect(self.add_paths)
        view.drops.dragged.connect(view.empty.set_over)
        self._library.collections_changed.connect(self._show_collections)
        self._library.counts_changed.connect(self._show_counts)
        self._library.failed.connect(self._survey_next, Qt.ConnectionType.QueuedConnection)
        self._show_collections()
        self._show_counts()

    @property
    def current(self) -> Collection | None:
        """The chosen collection, None for all documents."""
        return self._view.collections.current

    def _show_collections(self) -> None:
        self._view.show_library(bool(self._library.collections))
        self._view.collections.show_collections(self._library.collections)
        if self._library.collection(self._new_id):
            self._view.collections.choose(self._new_id)
            self._new_id = None
        self._survey_next()  # the one before is added, and its name is taken

    def _show_counts(self) -> None:
        self._view.collections.model.show_counts(self._library.counts, self._library.total)

    # Adding

    def add_folder(self) -> None:
        """Let the user choose a folder, and show what is in it before it is added."""
        folder = self._services.dialogs.files.existing_folder("library", "Add a folder to the library")
        if folder:
            self.survey(folder)

    def add_files(self) -> None:
        """Let the user choose files, and add them."""
        files = self._services.dialogs.files.existing_files("library", "Add files to the library", name_filters())
        if files:
            self._add_files(files)

    def add_paths(self, paths: Sequence[Path]) -> None:
        """Add what was dropped: the files, and each folder after a look at it."""
        files = [path for path in paths if not path.is_dir()]
        if files:
            self._add_files(files)
        self._folders.extend(path for path in paths if path.is_dir())
        self._survey_next()

    def _survey_next(self) -> None:
        if self._folders and self._services.dialogs.current is None:
            self.survey(self._folders.popleft())

    def survey(self, folder: Path, target: Collection | None = None) -> None:
        """Show what is in ``folder``, and add it if the user wants that; to ``target`` unless they choose another."""
        dialog = AddFolderDialog(folder, self._library.collections, target, self._services.window)
        job = self._library.survey(
            folder,
            progress=dialog.show_progress,
            done=partial(self._show_survey, dialog),
            failed=partial(self._fail_survey, dialog),
        )
        dialog.finished.connect(lambda _result: job.cancel())
        dialog.rejected.connect(self._survey_next, Qt.ConnectionType.QueuedConnection)
        dialog.confirmed.connect(partial(self._add_folder, folder))
        self._services.dialogs.open(dialog)

    def _show_survey(self, dialog: AddFolderDialog, survey: FolderSurvey) -> None:
        from qadesk.app.library.survey import MANY_FILES

        dialog.show_survey(survey, MANY_FILES)

    def _fail_survey(self, dialog: AddFolderDialog, error: Exception) -> None:
        dialog.reject()
        self._services.report(error)

    def _add_folder(self, folder: Path, name: str, collection: Collection | None) -> None:
        if collection is not None:
            self._library.add_sources(collection, [folder])
            QTimer.singleShot(0, self, self._survey_next)
        else:
            self._library.add(name, [folder], done=self._choose)  # the next is looked at when it is listed

    def _add_files(self, files: Sequence[Path]) -> None:
        collection = self.current
        count = phrases.counted(len(files), "file")
        if collection is not None:
            self._library.add_sources(collection, files)
            self._services.messages.show_message(Message(f"{count} added to '{collection.name}'."))
        else:
            name = free_name(captions.shown_name(files[0].parent), self._library.collections)
            self._library.add(name, files, done=self._choose)

    def _choose(self, collection: Collection) -> None:
        self._new_id = collection.id
        self._show_collections()

    # The chosen collection

    def extend_folder(self) -> None:
        """Let the user choose a folder to add to the chosen collection, and show what is in it before it is added."""
        folder = self._services.dialogs.files.existing_folder("library", "Add a folder")
        if folder and self.current:
            self.survey(folder, self.current)

    def rename(self) -> None:
        """Ask for another name of the chosen collection."""
        collection = self.current
        if collection is None:
            return
        dialog = QInputDialog(self._services.window)
        dialog.setWindowTitle("Rename the collection")
        dialog.setLabelText("Name:")
        dialog.setTextValue(collection.name)
        dialog.textValueSelected.connect(lambda name: self._rename(collection, name.strip()))
        self._services.dialogs.open(dialog)

    def _rename(self, collection: Collection, name: str) -> None:
        if name and name != collection.name:
            self._library.rename(collection, name)

    def remove(self) -> None:
        """Remove the chosen collection; it can be undone."""
        collection = self.current
        if collection is not None:
            self._library.remove(collection, done=lambda _none: self._offer_undo(collection))

    def _offer_undo(self, collection: Collection) -> None:
        def undo() -> None:
            self._services.messages.dismiss()
            self._library.restore(collection, done=self._choose)

        sentence = f"'{collection.name}' is removed from the library."
        self._services.messages.show_message(
            Message(sentence, "The files stay as they are.", buttons=(("Undo", undo),))
        )
