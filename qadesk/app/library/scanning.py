"""What is in linked folders, by what the system says of each file: nothing is opened.

Links to folders are not followed, which also ends circles of them; links to files are. Hidden folders are not entered.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from qadesk import paths
from qadesk.documents.formats import FORMATS, Format
from qadesk.documents.open_file import quoted_name

_SUFFIXES = {suffix: row for row in FORMATS for suffix in row.suffixes}
_NOT_ENTERED = frozenset(("node_modules", "__pycache__", "$recycle.bin", "system volume information", "lost+found"))
_TEMPORARY = (
    ".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".swp", ".swo", ".lock", ".bak", "~",
)  # fmt: skip
_LARGEST_UNNAMED = 2_000_000  # bytes


class ScannedFile(NamedTuple):
    """A file with its size in bytes and time in nanoseconds; ``reason`` says why it is left out, '' if it is not."""

    path: Path
    size: int
    modified_ns: int
    reason: str


@dataclass(slots=True)
class FolderScan:
    """What was seen on the way: how many folders, how many were not entered, and which could not be read.

    ``notices`` say so in sentences; ``unreadable`` are those folders.
    """

    folders: int = 0
    hidden_folders: int = 0
    unreadable: list[Path] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    own_folder: str = field(default_factory=lambda: str(paths.data_dir()))

    def files(self, source: Path) -> Iterator[ScannedFile]:
        """The files in the folder ``source`` and the folders in it, or the file ``source`` itself. Never fails."""
        try:
            status = source.stat()
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return
        except OSError as error:
            self._note_unreadable(source, error)
            return
        if not stat.S_ISDIR(status.st_mode):
            yield _scanned(source, source.name, status)
            return
        waiting = [source]
        while waiting:
            folder = waiting.pop()
            self.folders += 1
            yield from self._files_in(folder, waiting)

    def _files_in(self, folder: Path, waiting: list[Path]) -> Iterator[ScannedFile]:
        """The files of ``folder``; the folders in it that are to be entered are added to ``waiting``."""
        inner = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if not _leads_to_folder(entry):
                        yield _scanned_entry(entry)
                    elif entry.is_symlink() or is_hidden(entry.name) or self._is_left_alone(entry):
                        self.hidden_folders += 1
                    else:
                        inner.append(Path(entry.path))
        except FileNotFoundError:  # it went while the others were read
            return
        except OSError as error:
            self._note_unreadable(folder, error)
        waiting.extend(sorted(inner, reverse=True))

    def _is_left_alone(self, entry: os.DirEntry[str]) -> bool:
        """Whether Windows hides the folder, or it is the program's own, which changes with each file that is read."""
        return entry.path == self.own_folder or (sys.platform == "win32" and _has_hidden_flag(entry))

    def _note_unreadable(self, folder: Path, error: OSError) -> None:
        self.unreadable.append(folder)
        self.notices.append(f"{quoted_name(folder)} could not be read ({error.strerror}).")


def is_there(path: Path) -> bool:
    """Whether there is something at ``path`` that can be reached."""
    try:
        path.stat()
    except (OSError, ValueError):  # ValueError: a name with a NUL
        return False
    return True


def without_dots(path: Path) -> Path:
    """``path`` as an absolute one without '..', with its links as they are."""
    return Path(os.path.normpath(path.absolute()))


def is_folder(path: Path) -> bool:
    """Whether ``path`` is a folder that can be reached, or a link to one."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def is_hidden(folder_name: str) -> bool:
    """Whether folders of this name are not entered: their names begin with a point, or they are those of programs."""
    return folder_name.startswith(".") or folder_name.lower() in _NOT_ENTERED


def format_by_name(path: Path) -> Format | None:
    """The format that the suffix of ``path`` names."""
    return _SUFFIXES.get(path.suffix.lower())


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads back to itself
        return False


def _scanned_entry(entry: os.DirEntry[str]) -> ScannedFile:
    path = Path(entry.path)
    try:
        return _scanned(path, entry.name, entry.stat())
    except OSError as error:
        is_link = entry.is_symlink()
        reason = "It is a link to a file that is not there." if is_link else f"It cannot be read ({error.strerror})."
        return ScannedFile(path, 0, 0, reason)


def _scanned(path: Path, name: str, status: os.stat_result) -> ScannedFile:
    return ScannedFile(path, status.st_size, status.st_mtime_ns, _reason_to_leave_out(path, name, status))


def _reason_to_leave_out(path: Path, name: str, status: os.stat_result) -> str:
    """Why a file is not read, in a sentence; '' if it is read."""
    lowered = name.lower()
    if lowered.startswith(("~$", ".~lock.")):
        return "It is what a program keeps beside a file that is open."
    if lowered.endswith(_TEMPORARY):
        return "It is a temporary file."
    if name.startswith("."):
        return "It is a hidden file."
    return _reason_by_content(path, status)


def _reason_by_content(path: Path, status: os.stat_result) -> str:
    if not stat.S_ISREG(status.st_mode):
        return "It is not a file but a device or a pipe."
    if status.st_size == 0:
        return "It is empty."
    if path.suffix.lower() not in _SUFFIXES and status.st_size > _LARGEST_UNNAMED:
        return "Its name is that of no format that QADesk reads, and it is too large to try."
    return ""


def _has_hidden_flag(entry: os.DirEntry[str]) -> bool:
    attributes: int = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    return bool(attributes & stat.FILE_ATTRIBUTE_HIDDEN)
