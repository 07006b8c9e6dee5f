"""The ZIP archive that a Word document is: its parts, and the relations by which a part names others.

Nothing is unpacked to the disk. The archive's directory is checked before a member is read, and parts are streams.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, NamedTuple
from urllib.parse import unquote
from xml.parsers import expat

from qadesk.documents.docx.xml_stream import XmlHandler, parse_xml, values_of
from qadesk.errors import DocumentError

_MAX_MEMBERS = 10_000
_MAX_UNPACKED = 1_000_000_000
_MAX_XML = 400_000_000
_MAX_SMALL = 40_000_000  # bytes of a part that is kept in memory
_MAX_RELATIONS = 100_000

_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE_ERRORS = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, LookupError, NotImplementedError, OSError, ValueError,
)  # fmt: skip


class Relation(NamedTuple):
    """What a part names another part for, and the path of that part; '' if it is outside the archive."""

    purpose: str
    path: str


class WordArchive:
    """The open archive of a Word document called ``name`` (in quotes). Raises ``DocumentError`` for any other."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive = archive
        self._name = name
        _check_directory(archive, name)
        # Names of parts are compared without regard to case; some programs write backslashes.
        self._members = {member.filename.replace("\\", "/").lower(): member for member in archive.infolist()}

    def __contains__(self, path: str) -> bool:
        return path.lower() in self._members

    def open_part(self, path: str, *, is_small: bool = False) -> IO[bytes]:
        """The part ``path`` as a stream. Raises ``LookupError`` if there is none, ``DocumentError`` if it is huge."""
        member = self._members[path.lower()]
        is_bomb = member.file_size > 20_000_000 and member.file_size > 200 * member.compress_size
        if is_bomb or member.file_size > (_MAX_SMALL if is_small else _MAX_XML):
            raise _too_large(self._name)
        return self._archive.open(member)  # reads at most file_size bytes, even of a member that unpacks to more

    def size_of(self, path: str) -> int:
        """The bytes of the part ``path``, unpacked. Raises ``LookupError`` if there is none."""
        return self._members[path.lower()].file_size

    def relations(self, part: str = "") -> dict[str, Relation]:
        """The relations of ``part``, by their ids; those of the whole document for ''."""
        folder, file = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{file}.rels")
        relations: dict[str, Relation] = {}

        def start(_: str, attributes: dict[str, str]) -> None:
            values = values_of(attributes)
            if "Target" in values and len(relations) < _MAX_RELATIONS:
                key = values.get("Id", str(len(relations)))
                relations[key] = self._relation(folder, values)

        if path in self:
            parse_xml(self.open_part(path, is_small=True), self._name, XmlHandler(start))
        return relations

    def _relation(self, folder: str, values: dict[str, str]) -> Relation:
        purpose = values.get("Type", "").rpartition("/")[2]
        if values.get("TargetMode") == "External":
            return Relation(purpose, "")
        target = values["Target"].replace("\\", "/")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        return Relation(purpose, path if path in self else unquote(path))

    def main_part(self) -> str:
        """The path of the part with the text: usually, not always, word/document.xml."""
        paths = [relation.path for relation in self.relations().values() if relation.purpose == "officeDocument"]
        if not paths:
            raise not_word(self._name)
        return paths[0]


@contextmanager
def damage_as_document_error(name: str) -> Iterator[None]:
    """Raise the errors of zipfile and expat about a broken file as one ``DocumentError``."""
    try:
        yield
    except _DAMAGE_ERRORS as error:
        raise DocumentError(
            f"{name} is damaged or incomplete.",
            "Get the file again, or open it in Word, which may repair it, and save it anew.",
            f"{type(error).__name__}: {error}",
        ) from error


def not_word(name: str) -> DocumentError:
    """The error for an archive called ``name`` (in quotes) that holds something else."""
    return DocumentError(
        f"{name} is a ZIP archive or a file of another program, not a Word document.",
        "Save it as .docx, PDF or plain text in the program that made it.",
    )


def _check_directory(archive: zipfile.ZipFile, name: str) -> None:
    """Raise ``DocumentError`` if the archive's directory lists what no Word document has."""
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > _MAX_UNPACKED:
        raise _too_large(name)
    if any(member.flag_bits & 1 for member in members):
        raise DocumentError(f"{name} is a ZIP archive with a password, not a Word document.", "Unpack it first.")
    if any(member.compress_type not in _COMPRESSIONS for member in members):
        raise not_word(name)


def _too_large(name: str) -> DocumentError:
    return DocumentError(
        f"{name} would grow far too large when unpacked.",
        "If you trust it, open it in Word and save its text as a new document.",
    )
