"""What drives the Library place in the tests beside it."""

from __future__ import annotations

from contextlib import closing
from hashlib import sha256
from pathlib import Path

from pytestqt.qtbot import QtBot

from qadesk import paths
from qadesk.app.documents import open_document
from qadesk.app.library.collections import add_collection
from qadesk.app.open_store import open_store
from qadesk.library.index import FileStamp, open_index
from qadesk.settings import Settings
from qadesk.ui.library.add_folder_dialog import AddFolderDialog
from qadesk.ui.library.library_place import LibraryPlace
from qadesk.ui.shell.main_window import MainWindow


def library_place(window: MainWindow) -> LibraryPlace:
    """The Library place of ``window``."""
    place = window.place("library")
    assert isinstance(place, LibraryPlace)
    return place


def fill(name: str, folder: Path) -> None:
    """Make a collection of ``folder`` and index its text files, before the window is there; others could not be read.

    It is done here, as the indexer would have to start processes.
    """
    store = open_store()
    add_collection(store, name, [folder])
    store.close()
    refill(folder)


def refill(folder: Path, *, waiting: bool = False) -> None:
    """Index the files of ``folder`` as they are now, or only note that those which are not known wait to be read."""
    with closing(open_index(paths.data_dir() / "library", writes=True)) as index:
        for path in sorted(file for file in folder.rglob("*") if file.is_file()):
            status = path.stat()
            stamp = FileStamp(path, status.st_size, status.st_mtime_ns)
            if waiting:
                index.add_waiting([stamp])
            elif path.suffix == ".txt":
                index.add_document(stamp, sha256(path.read_bytes()).digest(), open_document(path, Settings()))
            else:
                index.set_state(stamp, "failed", f"'{path.name}' is damaged.", "Get the file again.")
        index.commit()


def add_folder(qtbot: QtBot, window: MainWindow, folder: Path) -> AddFolderDialog:
    """The dialog that shows what is in ``folder``, when it does."""
    library_place(window).parts.collections.survey(folder)
    dialog = window.services.dialogs.current
    assert isinstance(dialog, AddFolderDialog)
    qtbot.waitUntil(dialog.add_button.isEnabled, timeout=20_000)
    return dialog


def wait_indexed(qtbot: QtBot, window: MainWindow, files: int) -> None:
    """Wait until so many files are searchable and the indexer has nothing to do."""
    library = window.services.library
    qtbot.waitUntil(lambda: library.total.indexed == files and library.indexer.step is None, timeout=40_000)


def ask_library(qtbot: QtBot, window: MainWindow, question: str) -> None:
    """Type ``question`` in the Library place, press Enter and wait for the last answer."""
    parts = library_place(window).parts
    parts.view.bar.field.setText(question)
    with qtbot.waitSignal(parts.asking.session.finished, timeout=20_000):
        parts.view.bar.field.returnPressed.emit()
