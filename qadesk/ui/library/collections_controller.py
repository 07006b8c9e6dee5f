"""Collections: adding folders and files, renaming, removing, and what the panel on the left shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox

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
        for part in (view.empty, view.collections):
            part.folder_requested.connect(self.add_folder)
            part.files_requested.connect(self.add_files)
        view.drops.dropped.connect(self.add_paths)
        view.drops.dragged.connect(view.empty.set_over)
        self._library.collections_changed.connect(self._show_collections)
        self._library.counts_changed.connect(self._show_counts)
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

    def _show_counts(self) -> None:
        self._view.collections.model.show_counts(self._library.counts, self._library.total)

    # Adding

    def add_folder(self) -> None:
        """Let the user choose a folder, and show what is in it before it is added."""
        name = QFileDialog.getExistingDirectory(
            self._services.window, "Add a folder to the library", _documents_folder()
        )
        if name:
            self.survey(Path(name))

    def add_files(self) -> None:
        """Let the user choose files, and add them."""
        names, _ = QFileDialog.getOpenFileNames(
            self._services.window, "Add files to the library", _documents_folder(), name_filters()
        )
        if names:
            self._add_files([Path(name) for name in names])

    def add_paths(self, paths: Sequence[Path]) -> None:
        """Add what was dropped: the first folder after a look at it, or the files."""
        folders = [path for path in paths if path.is_dir()]
        files = [path for path in paths if not path.is_dir()]
        if folders:
            self.survey(folders[0])
            if len(paths) > 1:
                self._services.messages.show_message(
                    Message("One folder is added at a time.", f"This is '{captions.shown_name(folders[0])}'.")
                )
        elif files:
            self._add_files(files)

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
        else:
            self._library.add(name, [folder], done=self._choose)

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
        name = QFileDialog.getExistingDirectory(self._services.window, "Add a folder", _documents_folder())
        if name and self.current:
            self.survey(Path(name), self.current)

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
        """Ask whether to remove the chosen collection."""
        collection = self.current
        if collection is None:
            return
        box = QMessageBox(self._services.window)
        box.setWindowTitle("Remove the collection")
        box.setText(f"Remove '{collection.name}' from the library?")
        box.setInformativeText("The files stay as they are. To search them again they must be read again.")
        remove = box.addButton("Remove", QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        remove.clicked.connect(lambda _checked: self._library.remove(collection))
        self._services.dialogs.open(box)


def _documents_folder() -> str:
    """Where the user's documents are: a dialog begins there, and not where the program was started."""
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
