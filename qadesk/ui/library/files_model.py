"""The table of the files of a collection, read from the index bit by bit as it is scrolled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from qadesk.app import phrases
from qadesk.app.library import captions
from qadesk.progress import megabytes
from qadesk.records import FileState, LibraryFile, Scope
from qadesk.ui.kit import theme
from qadesk.ui.kit.jobs import AnyJob

Index = QModelIndex | QPersistentModelIndex
ReadFiles = Callable[[Scope, FileState | None, int, int, Callable[[list[LibraryFile]], object]], AnyJob]
"""Gives some files of a scope and a state (None for all), a limit and an offset, to a function."""

COLUMNS = ("Name", "State", "Folder", "Changed", "Pages", "Size")
NAME, STATE, FOLDER, CHANGED, PAGES, SIZE = range(len(COLUMNS))
_PIECE = 500  # files that are read at a time
_MOST_REFRESHED = 2000
_ROLES = frozenset(
    (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.ForegroundRole,
        Qt.ItemDataRole.TextAlignmentRole,
    )
)
_BAD: frozenset[FileState] = frozenset({"failed", "missing"})


class FilesModel(QAbstractTableModel):
    """``read`` is where files come from. ``loaded`` says that some came, or that there are none."""

    loaded = Signal()

    def __init__(self, read: ReadFiles, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._job: AnyJob | None = None
        self._scope = Scope()
        self._state: FileState | None = None
        self._has_more = False
        self.files: list[LibraryFile] = []

    def show(self, scope: Scope, state: FileState | None) -> None:
        """List the files of ``scope`` that are in ``state``, None for all."""
        self._cancel()
        self._scope, self._state = scope, state
        self._job = self._read(scope, state, _PIECE, 0, self._replace)

    def refresh(self) -> None:
        """Read again what is listed, as far as it is not very long."""
        if self._job is None and len(self.files) <= _MOST_REFRESHED:
            limit = max(_PIECE, len(self.files))
            self._job = self._read(self._scope, self._state, limit, 0, self._update)

    def stop(self) -> None:
        """Read no more."""
        self._cancel()

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _replace(self, files: list[LibraryFile]) -> None:
        self._job = None
        self.beginResetModel()
        self.files = files
        self._has_more = len(files) == _PIECE
        self.endResetModel()
        self.loaded.emit()

    def _update(self, files: list[LibraryFile]) -> None:
        """Take ``files`` in the place of what is listed; rows of the same files are not made anew."""
        self._job = None
        if [file.path for file in files] != [file.path for file in self.files]:
            self._replace(files)
            self._has_more = bool(files) and len(files) % _PIECE == 0
            return
        before, self.files = self.files, files
        changed = [row for row, (old, new) in enumerate(zip(before, files, strict=True)) if old != new]
        if changed:
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(COLUMNS) - 1))
            self.loaded.emit()

    def _append(self, files: list[LibraryFile]) -> None:
        self._job = None
        self._has_more = len(files) == _PIECE
        if files:
            self.beginInsertRows(QModelIndex(), len(self.files), len(self.files) + len(files) - 1)
            self.files += files
            self.endInsertRows()

    # The model

    def canFetchMore(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008  as in Qt
        """Whether there are files that are not listed yet."""
        return not parent.isValid() and self._has_more and self._job is None

    def fetchMore(self, parent: Index = QModelIndex()) -> None:  # noqa: B008  as in Qt
        """Read some more."""
        if self.canFetchMore(parent):
            self._job = self._read(self._scope, self._state, _PIECE, len(self.files), self._append)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  as in Qt
        """How many files are listed."""
        return 0 if parent.isValid() else len(self.files)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  as in Qt
        """How many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The titles of the columns."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section not in (PAGES, SIZE):
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell, its tooltip, its colour."""
        if role not in _ROLES:  # most that a view asks for
            return None
        file, column = self.files[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _cell(file, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return {NAME: str(file.path), FOLDER: str(file.path.parent), STATE: captions.file_reason(file)}.get(column)
        if role == Qt.ItemDataRole.ForegroundRole and column != NAME:
            return theme.colour("error" if column == STATE and file.state in _BAD else "muted")
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (PAGES, SIZE):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


def _cell(file: LibraryFile, column: int) -> str:
    if column == NAME:
        return captions.shown_name(file.path)
    if column == STATE:
        return captions.file_reason(file)
    if column == FOLDER:
        return captions.shown_name(file.path.parent)
    if column == PAGES:
        return f"{file.pages:,}" if file.pages else ""
    if column == SIZE:
        return megabytes(file.size)
    return phrases.short_date(datetime.fromtimestamp(file.modified).date()) if file.modified else ""
