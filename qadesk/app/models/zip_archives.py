"""The files of a model in a folder or a zip archive that somebody else made.

An archive is read in place, never unpacked as a whole: of its members those with known names beside its
``config.json`` are opened. One that holds links, or paths that lead out of it, is refused whole.
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

from qadesk.app.models.model_files import Part, check_weights, folder_parts, is_known
from qadesk.errors import ModelError
from qadesk.qa import models

_MAX_MEMBERS = 10_000
_MAX_READ = 4 * 2**20  # bytes at once: the directory of an archive is read as a whole
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # of packing
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, OSError)
_HINT = "Choose a zip archive that QADesk exported, or one of a model's folder."


@contextlib.contextmanager
def open_parts(source: Path) -> Iterator[list[Part]]:
    """The files of the model in ``source``, a folder or a zip archive, to be read while this is open.

    Raises ``ModelError`` in words for what is none, is damaged, or cannot be trusted.
    """
    if source.is_dir():
        models.inspect(source)
        yield folder_parts(source)
        return
    if not source.is_file():
        raise ModelError(f"There is no file '{source.name}'.", "It may have been moved, renamed or deleted.")
    with _damage_in_words(source.name):
        file = _Bounded(source)
    with file, _damage_in_words(source.name), zipfile.ZipFile(file) as archive:
        yield _members(archive, source.name)


class _Bounded(io.FileIO):
    """A file that is never read in large pieces: what an archive says of itself may be as large as a bomb."""

    def read(self, size: int | None = -1, /) -> bytes:
        """The next ``size`` bytes, or the rest. Raises ``BadZipFile`` where that is more than an archive needs."""
        wanted = size
        if wanted is None or wanted < 0:
            wanted = Path(self.name).stat().st_size - self.tell()
        if wanted > _MAX_READ:
            raise zipfile.BadZipFile("its directory is too large")
        return super().read(wanted) or b""


@contextlib.contextmanager
def _damage_in_words(name: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise ModelError(f"'{name}' is not a zip archive, or it is damaged.", _HINT, repr(error)) from error


def _members(archive: zipfile.ZipFile, name: str) -> list[Part]:
    members = [each for each in archive.infolist() if not each.is_dir()]
    if len(members) > _MAX_MEMBERS:
        raise ModelError(f"'{name}' holds {len(members):,} files: too many for a model.", _HINT)
    for each in members:
        _check(each, name)
    root = _root(members, name)
    there = {each.filename.removeprefix(root): each for each in members if each.filename.startswith(root)}
    if len(there) < sum(each.filename.startswith(root) for each in members):
        raise ModelError(f"'{name}' holds a file twice.", _HINT)
    check_weights(there, name)
    return [Part(path, each.file_size, partial(archive.open, each)) for path, each in there.items() if is_known(path)]


def _check(member: zipfile.ZipInfo, name: str) -> None:
    """Refuse what no archive of a model needs."""
    path = PurePosixPath(member.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in member.filename or ":" in path.parts[0]:
        raise ModelError(f"'{name}' holds a file that would lie outside of it.", "Do not trust this archive.")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise ModelError(f"'{name}' holds a link to another place.", "Pack the model's files themselves.")
    if member.flag_bits & 1:
        raise ModelError(f"'{name}' is a zip archive with a password.", "Unpack it first, and open the folder.")
    if member.compress_type not in _METHODS:
        raise ModelError(f"'{name}' is packed in a way that QADesk does not read.", "Unpack it first.")
    if member.file_size > 20_000_000 and member.file_size > 200 * member.compress_size:
        raise ModelError(f"'{name}' would grow far too large when unpacked.", "Do not trust this archive.")


def _root(members: list[zipfile.ZipInfo], name: str) -> str:
    """The folder in the archive that holds the model: '' or 'name/'."""
    found = [each.filename for each in members if PurePosixPath(each.filename).name == "config.json"]
    if not found:
        raise ModelError(f"'{name}' holds no model: it has no config.json.", _HINT)
    depths = [path.count("/") for path in found]
    highest = [path for path, depth in zip(found, depths, strict=True) if depth == min(depths)]
    if len(set(highest)) > 1:
        raise ModelError(f"'{name}' holds more than one model.", "Pack one model an archive.")
    return highest[0].removesuffix("config.json")
