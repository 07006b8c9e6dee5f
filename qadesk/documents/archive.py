"""The ZIP archive that many documents are: its parts as streams. Nothing is unpacked to the disk.

The archive's directory is checked before a member is read.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, NamedTuple, cast
from xml.parsers import expat

from qadesk.errors import DocumentError

_MAX_DIRECTORY = 4_000_000  # bytes of the list of members
_MAX_MEMBERS = 10_000
_MAX_UNPACKED = 1_000_000_000
_MAX_PART = 400_000_000
_MAX_SMALL = 40_000_000  # bytes of a part that is kept in memory

_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE_ERRORS = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, LookupError, NotImplementedError, OSError, ValueError,
)  # fmt: skip


class ArchiveKind(NamedTuple):
    """How the sentences about archives of one format call it."""

    title: str  # with its article: 'a Word document'
    program: str  # in which it is opened, within a sentence
    suffix: str


class Archive:
    """The open archive of a document called ``name`` (in quotes). Raises ``DocumentError`` for what no document is."""

    def __init__(self, zip_file: zipfile.ZipFile, name: str, kind: ArchiveKind) -> None:
        self._zip_file = zip_file
        self._name = name
        self._kind = kind
        self._check_directory()
        # Names of parts are compared without regard to case; some programs write backslashes.
        self._members = {member.filename.replace("\\", "/").lower(): member for member in zip_file.infolist()}

    def __contains__(self, path: str) -> bool:
        return path.lower() in self._members

    @property
    def name(self) -> str:
        """The name of the file, in quotes."""
        return self._name

    @property
    def kind(self) -> ArchiveKind:
        """How sentences call the format."""
        return self._kind

    def open_part(self, path: str, *, is_small: bool = False) -> IO[bytes]:
        """The part ``path`` as a stream. Raises ``LookupError`` if there is none, ``DocumentError`` if it is huge."""
        member = self._members[path.lower()]
        is_bomb = member.file_size > 20_000_000 and member.file_size > 200 * member.compress_size
        if is_bomb or member.file_size > (_MAX_SMALL if is_small else _MAX_PART):
            raise _too_large(self._name, self._kind)
        return self._zip_file.open(member)  # reads at most file_size bytes, even of a member that unpacks to more

    def size_of(self, path: str) -> int:
        """The bytes of the part ``path``, unpacked. Raises ``LookupError`` if there is none."""
        return self._members[path.lower()].file_size

    def _check_directory(self) -> None:
        """Raise ``DocumentError`` if the archive's directory lists what no document has."""
        members = self._zip_file.infolist()
        if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > _MAX_UNPACKED:
            raise _too_large(self._name, self._kind)
        if any(member.flag_bits & 1 for member in members):
            raise DocumentError(
                f"{self._name} is a ZIP archive with a password, not {self._kind.title}.", "Unpack it first."
            )
        if any(member.compress_type not in _COMPRESSIONS for member in members):
            raise other_content(self._name, self._kind)


@contextmanager
def open_archive(file: BinaryIO, name: str, kind: ArchiveKind) -> Iterator[Archive]:
    """The archive ``file`` of a document called ``name`` (in quotes), while the block runs.

    Raises ``DocumentError`` also for what is found damaged in the block.
    """
    with damage_as_document_error(name, kind), open_zip(file, name, kind) as zip_file:
        yield Archive(zip_file, name, kind)


@contextmanager
def damage_as_document_error(name: str, kind: ArchiveKind) -> Iterator[None]:
    """Raise the errors of zipfile and expat about a broken file as one ``DocumentError``."""
    try:
        yield
    except _DAMAGE_ERRORS as error:
        raise DocumentError(
            f"{name} is damaged or incomplete.",
            f"Get the file again, or open it in {kind.program}, which may repair it, and save it anew.",
            f"{type(error).__name__}: {error}",
        ) from error


def open_zip(file: BinaryIO, name: str, kind: ArchiveKind) -> zipfile.ZipFile:
    """``file`` as a ZIP archive, unless its directory is huge. Raises the errors of zipfile."""
    bounded = _BoundedFile(file)
    try:
        zip_file = zipfile.ZipFile(cast("BinaryIO", bounded))  # it reads the directory at once
    except _DirectoryTooLarge as error:
        raise _too_large(name, kind) from error
    bounded.is_bounded = False
    return zip_file


def other_content(name: str, kind: ArchiveKind) -> DocumentError:
    """The error for an archive called ``name`` (in quotes) that holds something else than ``kind``."""
    return DocumentError(
        f"{name} is a ZIP archive or a file of another program, not {kind.title}.",
        f"Save it as {kind.suffix}, PDF or plain text in the program that made it.",
    )


def _too_large(name: str, kind: ArchiveKind) -> DocumentError:
    return DocumentError(
        f"{name} would grow far too large when unpacked.",
        f"If you trust it, open it in {kind.program} and save its text as a new document.",
    )


class _DirectoryTooLarge(Exception):
    pass


class _BoundedFile:
    """A file of which at most ``_MAX_DIRECTORY`` bytes are read at once while ``is_bounded``.

    ``zipfile`` reads the whole list of members before it can be asked how many there are.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.is_bounded = True

    def read(self, size: int = -1) -> bytes:
        if not self.is_bounded:
            return self._file.read(size)
        data = self._file.read(_MAX_DIRECTORY + 1 if size < 0 else min(size, _MAX_DIRECTORY + 1))
        if len(data) > _MAX_DIRECTORY:
            raise _DirectoryTooLarge
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True
