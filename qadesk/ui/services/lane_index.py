"""The index of the library as one lane reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qadesk import paths

if TYPE_CHECKING:
    from qadesk.library.index import LibraryIndex


class LaneIndex:
    """Opens the index when it is first needed, on the lane that uses it. ``get`` and ``close`` are called there."""

    def __init__(self) -> None:
        self._index: LibraryIndex | None = None
        self._is_missing = True
        self._version = 0
        self._opened_version = -1

    def refresh(self) -> None:
        """Open the index anew when it is next needed: it may be another file by then. Can be called on any thread."""
        self._version += 1

    def get(self) -> LibraryIndex:
        """The open index; an empty one as long as none was made. Raises ``LibraryError``."""
        from qadesk.library.index import open_index

        folder = paths.data_dir() / "library"
        if self._index is None or self._is_missing or self._opened_version != self._version:
            self.close()
            self._opened_version = self._version
            self._is_missing = not (folder / "index.db").is_file()
            self._index = open_index(folder)
        return self._index

    def close(self) -> None:
        """Close it."""
        if self._index is not None:
            self._index.close()
            self._index = None
