"""The files of a model in an untrusted zip archive, or in a folder.

An archive is read in place, never unpacked as a whole: only members with known names beside its ``config.json`` are
opened. An archive with a link, or with a path that leads out of it, is refused.
"""

from __future__ import annotations

import contextlib
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from qadesk.app.models.model_files import ModelFile, check_weights, is_known, list_files
from qadesk.errors import ModelError
from qadesk.qa import models

_MAX_MEMBERS = 10_000
_MAX_READ = 4 * 2**20  # bytes in one call; zipfile reads the directory of an archive at once
_COMPRESSION = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, OSError)
_HINT = "Choose a zip archive that QADesk exported, or one of a model's folder."


@contextlib.contextmanager
def open_files(source: Path) -> Iterator[list[ModelFile]]:
    """The files of the model in ``source``, a folder or a zip archive, readable until the context ends.

    Raises ``ModelError`` if ``source`` holds no model, is damaged, or is not safe.
    """
    if source.is_dir():
        models.inspect(source)
        yield list_files(source)
        return
    if not source.is_file():
        raise ModelError(f"There is no file '{source.name}'.", "It may have been moved, renamed or deleted.")
    with _damage_as_model_error(source.name):
        file = _Bounded(source)
    with file, _damage_as_model_error(source.name), zipfile.ZipFile(file) as archive:
        yield _members(archive, source.name)


class _Bounded(io.FileIO):
    """A file that refuses large reads: an archive may declare a directory that would fill the memory."""

    def read(self, size: int | None = -1, /) -> bytes:
        """The next ``size`` bytes, or the rest. Raises ``BadZipFile`` where that is more than an archive needs."""
        if size is None or size < 0:
            size = Path(self.name).stat().st_size - self.tell()
        if size > _MAX_READ:
            raise zipfile.BadZipFile("its directory is too large")
        return super().read(size) or b""


@contextlib.contextmanager
def _damage_as_model_error(name: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise ModelError(f"'{name}' is not a zip archive, or it is damaged.", _HINT, repr(error)) from error


def _members(archive: zipfile.ZipFile, name: str) -> list[ModelFile]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > _MAX_MEMBERS:
        raise ModelError(f"'{name}' holds {len(members):,} files: too many for a model.", _HINT)
    for member in members:
        _check(member, name)
    root = _root(members, name)
    members = [member for member in members if member.filename.startswith(root)]
    by_path = {member.filename.removeprefix(root): member for member in members}
    if len(by_path) < len(members):
        raise ModelError(f"'{name}' holds a file twice.", _HINT)
    check_weights(by_path, name)
    return [
        ModelFile(path, member.file_size, partial(archive.open, member))
        for path, member in by_path.items()
        if is_known(path)
    ]


def _check(member: zipfile.ZipInfo, name: str) -> None:
    """Raises ``ModelError`` for a member that no archive of a model needs."""
    path = PurePosixPath(member.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in member.filename or ":" in path.parts[0]:
        raise ModelError(f"'{name}' holds a file that would lie outside of it.", "Do not trust this archive.")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise ModelError(f"'{name}' holds a link to another place.", "Pack the model's files themselves.")
    if member.flag_bits & 1:
        raise ModelError(f"'{name}' is a zip archive with a password.", "Unpack it first, and open the folder.")
    if member.compress_type not in _COMPRESSION:
        raise ModelError(f"'{name}' is packed in a way that QADesk does not read.", "Unpack it first.")
    if member.file_size > 20_000_000 and member.file_size > 200 * member.compress_size:
        raise ModelError(f"'{name}' would grow far too large when unpacked.", "Do not trust this archive.")


def _root(members: list[zipfile.ZipInfo], name: str) -> str:
    """The folder in the archive that holds the model: '' or 'name/'."""
    configs = [member.filename for member in members if PurePosixPath(member.filename).name == "config.json"]
    if not configs:
        raise ModelError(f"'{name}' holds no model: it has no config.json.", _HINT)
    least_depth = min(path.count("/") for path in configs)
    highest = {path for path in configs if path.count("/") == least_depth}
    if len(highest) > 1:
        raise ModelError(f"'{name}' holds more than one model.", "Pack one model an archive.")
    return highest.pop().removesuffix("config.json")
