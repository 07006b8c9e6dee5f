"""The contents of a label file, decoded once, as the formats are recognised by them and read from them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from qadesk.errors import DataError
from qadesk.labels.formats.raw_rows import Note
from qadesk.labels.text_files import read_bytes

JSON_SUFFIXES = (".json",)
LINES_SUFFIXES = (".jsonl", ".ndjson")
TABLE_SUFFIXES = (".csv", ".tsv")
MAX_BYTES = 250_000_000
Row = tuple[str, Any]  # where it is in the file, for messages; a JSON value


@dataclass(frozen=True, slots=True)
class Content:
    """A file that is one JSON value (``document``), JSON rows (``rows``, also those inside ``document``), or a table.

    ``table`` is None unless the file is neither JSON nor JSON Lines. ``stem`` is the name of the file without its
    suffix, ``digest`` the beginning of its SHA-256.
    """

    stem: str
    digest: str
    document: Any = None
    rows: Sequence[Row] = ()
    table: str | None = None

    @property
    def first_row(self) -> Mapping[str, Any] | None:
        """The first row that is a JSON object."""
        return next((row for _, row in self.rows if isinstance(row, dict)), None)


def read_content(path: Path, note: Note, hint: str) -> Content:
    """The contents of the file at ``path``; lines that are not valid JSON are reported to ``note`` and left out.

    Raises ``DataError``, with ``hint``, if it cannot be read, is too large, or should be JSON by its name and is not.
    """
    data = read_bytes(path, MAX_BYTES, hint)
    stem, digest = path.stem, sha256(data).hexdigest()[:12]
    suffix = path.suffix.casefold()
    if suffix in TABLE_SUFFIXES:
        return Content(stem, digest, table=_decode(path, data))
    if suffix not in LINES_SUFFIXES:
        try:
            document = json.loads(data)
        except (ValueError, RecursionError) as error:  # RecursionError: deeply nested brackets
            if suffix in JSON_SUFFIXES and not _looks_like_lines(data):
                raise DataError(f"'{path.name}' is not valid JSON.", hint, str(error)) from error
        else:
            return Content(stem, digest, document, _rows_of(document))
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return Content(stem, digest, rows=_parse_lines(_decode(path, data), note))
    return Content(stem, digest, table=_decode(path, data))


def _rows_of(document: Any) -> list[Row]:
    """The rows of a list, of an object with a list under ``data``, or the object as the only row."""
    values = document
    if isinstance(document, dict):
        values = document["data"] if isinstance(document.get("data"), list) else [document]
    return [(f"row {number}", row) for number, row in enumerate(values, 1)] if isinstance(values, list) else []


def _parse_lines(text: str, note: Note) -> list[Row]:
    rows = []
    for number, line in enumerate(text.split("\n"), 1):  # not splitlines, which also splits inside JSON strings
        if line.strip():
            try:
                rows.append((f"line {number}", json.loads(line)))
            except (ValueError, RecursionError):
                note(f"line {number}", "It is not valid JSON and was left out.")
    return rows


def _decode(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"'{path.name}' is not in UTF-8.", "Save it as UTF-8 (in a spreadsheet: 'CSV UTF-8').", str(error)
        ) from error


def _looks_like_lines(data: bytes) -> bool:
    """Whether the first line is a JSON object and the second begins one."""
    first, _, rest = data.strip().partition(b"\n")
    return first.startswith(b"{") and first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")
