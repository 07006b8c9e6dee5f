"""Reads untrusted files, and writes files all or nothing."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, TextIO, TypeGuard

from qadesk.errors import DataError

LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # JSON can spell it, and no encoding can hold it


def read_bytes(path: Path, limit: int, hint: str) -> bytes:
    """The bytes of the file at ``path``.

    Raises ``DataError`` if it is not a regular file, cannot be read, is larger than ``limit`` bytes, or has nothing but
    white space: then with ``hint``.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise DataError(f"'{path.name}' is a folder.", "Choose a file.")
        if not stat.S_ISREG(status.st_mode):  # a pipe or a device need not have an end
            raise DataError(f"'{path.name}' is not an ordinary file.", "Choose a file.")
        if status.st_size > limit:
            size = f"{limit // 10**9} GB" if limit >= 10**9 else f"{limit // 10**6} MB"
            raise DataError(f"'{path.name}' is larger than {size}.", "Split it into smaller data sets.")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise DataError(f"There is no file '{path}'.", "Check its name.", str(error)) from error
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise DataError(f"'{path.name}' cannot be read.", "Check that you may open it.", str(error)) from error
    if not data.strip():
        raise DataError(f"'{path.name}' is empty.", hint)
    return data


@contextmanager
def writing(path: Path, encoding: str = "utf-8") -> Iterator[TextIO]:
    """A text file to write to. It replaces ``path`` at the end; after an error ``path`` is as it was before.

    Line ends are not translated. Raises ``DataError`` if it cannot be written.
    """
    with _replacing(path) as part, part.open("w", encoding=encoding, newline="") as file:
        yield file
        _put_on_disk(file)


@contextmanager
def writing_bytes(path: Path) -> Iterator[BinaryIO]:
    """As ``writing``, of bytes."""
    with _replacing(path) as part, part.open("wb") as file:
        yield file
        _put_on_disk(file)


def _put_on_disk(file: IO[Any]) -> None:
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A path to write to, which takes the place of ``path`` at the end."""
    part = path.with_name(path.name + ".part")
    try:
        try:
            yield part
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        is_full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
        hint = "The disk is full: make room on it." if is_full else f"Check that {path.parent} can be written to."
        raise DataError(f"'{path.name}' could not be written.", hint, str(error)) from error


def is_text(value: object) -> TypeGuard[str]:
    """Whether ``value`` is a string that is not blank and has no lone surrogate."""
    return isinstance(value, str) and bool(value.strip()) and not LONE_SURROGATE.search(value)
