"""The system's dialogs for files. They begin in the user's documents, and go on where files were chosen last."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from qadesk import paths
from qadesk.settings import Settings
from qadesk.ui.kit.saved_state import save_state

Purpose = Literal["document", "library", "answers", "labels", "model", "print", "data set", "setting"]
_FOLDERS = "state.folders"


class FileChooser:
    """Asks for files and folders, over ``parent``; for each purpose the last folder is kept in the settings."""

    def __init__(self, parent: QWidget, settings: Settings) -> None:
        self._parent = parent
        self._settings = settings

    def folder(self, purpose: Purpose) -> Path:
        """The folder in which a dialog for ``purpose`` begins."""
        last = self._folders().get(purpose)
        return Path(last) if last and Path(last).is_dir() else documents_folder()

    def existing_file(self, purpose: Purpose, title: str, filters: str) -> Path | None:
        """The file that the user chooses, None if none."""
        name, _ = QFileDialog.getOpenFileName(self._parent, title, str(self.folder(purpose)), filters)
        return self._remember(purpose, [name])

    def existing_files(self, purpose: Purpose, title: str, filters: str) -> list[Path]:
        """The files that the user chooses."""
        names, _ = QFileDialog.getOpenFileNames(self._parent, title, str(self.folder(purpose)), filters)
        self._remember(purpose, names)
        return [Path(name) for name in names]

    def existing_folder(self, purpose: Purpose, title: str) -> Path | None:
        """The folder that the user chooses, None if none. The next dialog begins beside it."""
        name = QFileDialog.getExistingDirectory(self._parent, title, str(self.folder(purpose)))
        return self._remember(purpose, [name])

    def new_file(self, purpose: Purpose, title: str, suggested: Path, filters: str) -> tuple[Path | None, str]:
        """Where the user wants to write, None if nowhere, and the filter that is chosen.

        ``suggested`` is a name, or a path: beside a document, unless another folder was chosen for ``purpose`` before.
        """
        before = suggested.parent
        is_placed = suggested.is_absolute() and before.is_dir() and before != paths.sample_path().parent
        folder = before if is_placed and purpose not in self._folders() else self.folder(purpose)
        name, chosen = QFileDialog.getSaveFileName(self._parent, title, str(folder / suggested.name), filters)
        return self._remember(purpose, [name]), chosen

    def _folders(self) -> dict[str, str]:
        try:
            folders = json.loads(self._settings[_FOLDERS])
        except ValueError:
            return {}
        return {str(key): str(folder) for key, folder in folders.items()} if isinstance(folders, dict) else {}

    def _remember(self, purpose: Purpose, names: Sequence[str]) -> Path | None:
        """Keep the folder of the first of ``names``. Returns it as a path, None where nothing was chosen."""
        if not names or not names[0]:
            return None
        first = Path(names[0])
        folders = self._folders() | {purpose: str(first.parent)}
        save_state(self._settings, _FOLDERS, json.dumps(folders))
        return first


def documents_folder() -> Path:
    """Where the user's documents are; the home folder where there is no such folder."""
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return folder if folder.is_dir() else Path.home()
