"""The index of the library as one lane reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qadesk import paths

if TYPE_CHECKING:
    from qadesk.library.index import LibraryIndex


class LaneIndex:
    """Opens the index when it is first needed, on the lane that uses it; ``get`` and ``close`` are called there."""

    def __init__(self) -> None:
        self._index: LibraryIndex | None = None

    def get(self) -> LibraryIndex:
        """The open index, which sees what is written meanwhile. Raises ``LibraryError``."""
        from qadesk.library.index import open_index

        if self._index is None:
            self._index = open_index(paths.data_dir() / "library")
        return self._index

    def close(self) -> None:
        """Close it."""
        if self._index is not None:
            self._index.close()
            self._index = None
