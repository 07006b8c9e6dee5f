"""What a folder holds, before it is added to the library."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Mapping
from pathlib import Path

from qadesk.app.library.scanning import FolderScan, format_by_name, is_there, without_dots
from qadesk.documents.open_file import quoted_name
from qadesk.errors import LibraryError
from qadesk.progress import Progress
from qadesk.records import FolderSurvey

MANY_FILES = 2000
"""A folder with more files is added only if the user says so."""

_STEP = 500  # files


def survey(path: Path) -> Generator[Progress, None, FolderSurvey]:
    """Count the files in the folder ``path``, or the file, by their formats. Nothing is opened.

    Yields progress in files, of an unknown total. Raises ``LibraryError`` if there is nothing at ``path``.
    """
    path = without_dots(path)
    if not is_there(path):
        raise LibraryError(f"There is no folder or file {quoted_name(path)}.", "Check its name.", str(path))
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    other: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    scan = FolderScan()
    for files, file in enumerate(scan.files(path), 1):
        row = None if file.reason else format_by_name(file.path)
        count = kinds[row.title] if row else other[file.path.suffix.lower()]
        count[0] += 1
        count[1] += file.size
        if files % _STEP == 0:
            yield Progress("Counting files", files, 0)
    return FolderSurvey(_largest_first(kinds), _largest_first(other), scan.folders, scan.hidden_folders)


def _largest_first(counts: Mapping[str, list[int]]) -> tuple[tuple[str, int, int], ...]:
    rows = [(name, count, size) for name, (count, size) in counts.items()]
    return tuple(sorted(rows, key=lambda row: (-row[2], -row[1], row[0])))
