"""Opens an untrusted file: checks that it is a regular file and not too large, and makes its name safe to show."""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path
from typing import BinaryIO

from qadesk.errors import DocumentError

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")

# O_NONBLOCK: opening a pipe would block until another process writes to it.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def title_of(path: Path) -> str:
    """The file's name on one line: control characters and those that change the direction of text become U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", path.name or str(path))


def quoted_name(path: Path) -> str:
    """The file's name in quotes, for a sentence; shortened in the middle if it has more than 80 characters."""
    title = title_of(path)
    return f"'{title}'" if len(title) <= 80 else f"'{title[:50]}…{title[-25:]}'"


def without_surrogates(text: str) -> str:
    """``text`` with each lone surrogate, which no encoding can hold, replaced by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text)
    return text


def open_file(path: Path, max_bytes: int) -> BinaryIO:
    """The regular, non-empty file ``path`` of at most ``max_bytes``, open for reading bytes.

    Raises ``DocumentError`` if it is anything else or cannot be opened. Never blocks, not even on a pipe or a device.
    """
    try:
        _check(path, path.stat(), max_bytes)  # before opening: opening a device can have side effects
        file = os.fdopen(os.open(path, _FLAGS), "rb")
    except (OSError, ValueError) as error:
        raise _cannot_open(path, error) from error
    try:
        _check(path, os.fstat(file.fileno()), max_bytes)  # again: the path may name another file by now
    except DocumentError:
        file.close()
        raise
    return file


def _check(path: Path, status: os.stat_result, max_bytes: int) -> None:
    name = quoted_name(path)
    if stat.S_ISDIR(status.st_mode):
        raise DocumentError(f"{name} is a folder, not a file.", "Open one of the files in it.")
    if not stat.S_ISREG(status.st_mode):
        raise DocumentError(
            f"{name} is not a file but a device or a pipe.", "Save its contents as a file and open that."
        )
    if status.st_size == 0:
        raise DocumentError(f"{name} is empty.", "Open a file that holds text.")
    if status.st_size > max_bytes:
        raise DocumentError(
            f"{name} has {_megabytes(status.st_size)}, and QADesk opens files of up to {_megabytes(max_bytes)}.",
            "Split it into smaller files, or raise 'Largest file' in the settings (Documents).",
        )


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.3g} MB" if size < 999_500_000 else f"{size / 1_000_000_000:.3g} GB"


def _cannot_open(path: Path, error: OSError | ValueError) -> DocumentError:
    name, detail = quoted_name(path), str(error)
    if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):  # ValueError: a name with a NUL
        return DocumentError(f"There is no file {name}.", "It may have been moved, renamed or deleted.", detail)
    if isinstance(error, PermissionError):
        return DocumentError(
            f"You may not read {name}.",
            "Ask its owner for permission, and close other programs that have it open.",
            detail,
        )
    if error.errno == errno.ELOOP:
        return DocumentError(f"{name} is a link that leads back to itself.", "Open the file itself.", detail)
    return DocumentError(
        f"{name} could not be read from the disk.",
        "Check that the disk or network drive is there.",
        detail,
    )
