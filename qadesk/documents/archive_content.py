"""What kind of document a ZIP archive says that it is.

This runs in our own process: the XML in the archive is not parsed, only its beginning is searched.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import BinaryIO, NamedTuple

from qadesk.documents.archive import ArchiveKind, damage_as_document_error, open_zip

_MAX_MIMETYPE = 200  # bytes
_MAX_CONTENT_TYPES = 1_000_000  # bytes

_ZIP = ArchiveKind("a document", "the program that made it", "a document")
_MAIN_TYPE = re.compile(rb"""ContentType\s*=\s*["']([\w.+/-]{1,200}\bmain(?:\+xml)?)["']""", re.I)


class ArchiveContent(NamedTuple):
    """The media type of the document in an archive, '' if it says none, and the names of its members in lower case."""

    media_type: str
    members: frozenset[str]


def archive_content(file: BinaryIO, name: str) -> ArchiveContent:
    """What is in the ZIP archive ``file``. ``name`` is the file's, in quotes. Raises ``DocumentError``."""
    with damage_as_document_error(name, _ZIP), open_zip(file, name, _ZIP) as zip_file:
        members = {member.filename.replace("\\", "/").lower(): member for member in zip_file.infolist()}
        media_type = _beginning(zip_file, members.get("mimetype"), _MAX_MIMETYPE).strip()
        if not media_type:
            content_types = _beginning(zip_file, members.get("[content_types].xml"), _MAX_CONTENT_TYPES)
            main = _MAIN_TYPE.search(content_types)
            media_type = main[1] if main else b""
        return ArchiveContent(media_type.decode("ascii", "replace").lower(), frozenset(members))


def _beginning(zip_file: zipfile.ZipFile, member: zipfile.ZipInfo | None, size: int) -> bytes:
    """The first bytes of ``member``; none if it is missing or cannot be read, which its reader then tells."""
    if member is None or member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return b""
    try:
        with zip_file.open(member) as part:
            return part.read(size)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError, zlib.error):
        return b""
