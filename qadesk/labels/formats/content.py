"""The contents of a label file, decoded once, as the formats are recognised by them and read from them."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from qadesk.errors import DataError
from qadesk.labels.formats.offset_counting import is_counted_alike
from qadesk.labels.formats.packed_files import unpacked_file
from qadesk.labels.formats.raw_rows import Note
from qadesk.labels.formats.row_layouts import Row, rows_in, squad_document
from qadesk.labels.text_files import read_bytes

JSON_SUFFIXES = (".json",)
LINES_SUFFIXES = (".jsonl", ".ndjson")
TABLE_SUFFIXES = (".csv", ".tsv")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
MAX_BYTES = 500_000_000
"""The size of a file that is read, also when it is unpacked."""


@dataclass(frozen=True, slots=True)
class Content:
    """A file that is one JSON value (``document``), JSON rows (``rows``, also those inside ``document``), or a table.

    ``squad`` is the whole of its SQuAD, if it is that or has parts of it as rows.
    ``table`` is None unless the file is neither JSON nor JSON Lines. ``stem`` is the name of the file without its
    suffixes, ``digest`` the beginning of its SHA-256. With ``is_plain`` it has no character that programs count in
    different ways.
    """

    stem: str
    digest: str
    document: Any = None
    rows: Sequence[Row] = ()
    table: str | None = None
    is_plain: bool = False
    squad: dict[str, Any] | None = None

    @property
    def objects(self) -> Iterator[Mapping[str, Any]]:
        """The rows that are JSON objects."""
        return (row for _, row in self.rows if isinstance(row, dict))


def read_content(path: Path, note: Note, hint: str) -> Content:
    """The contents of the file at ``path``; lines that are not valid JSON are reported to ``note`` and left out.

    Raises ``DataError``, with ``hint``, if it cannot be read, is too large, or should be JSON by its name and is not.
    """
    name, data = unpacked_file(path.name, read_bytes(path, MAX_BYTES, hint), MAX_BYTES)
    stem, suffix = Path(name).stem, Path(name).suffix.casefold()
    content = partial(Content, stem, sha256(data).hexdigest()[:12], is_plain=_is_plain(data))
    if suffix in TABLE_SUFFIXES:
        return content(table=_decode(path, data))
    if suffix not in LINES_SUFFIXES:
        try:
            document = json.loads(data)
        except (ValueError, RecursionError) as error:  # RecursionError: deeply nested brackets
            if suffix in JSON_SUFFIXES and not _looks_like_lines(data):
                raise DataError(f"'{path.name}' is not valid JSON.", hint, str(error)) from error
        else:
            rows = rows_in(document)
            return content(document, rows, squad=squad_document(document, rows))
    text = _decode(path, data)
    if text.lstrip()[:1] == "{":
        rows = _parse_lines(text, note)
        return content(rows=rows, squad=squad_document(None, rows))
    return content(table=text)


def _is_plain(data: bytes) -> bool:
    """Whether all programs count the texts in ``data`` alike, whose characters can be escaped as in JSON."""
    text = data.decode(json.detect_encoding(data), "replace")
    escaped = {chr(int(match[1], 16)) for match in _ESCAPED.finditer(text)}
    return "\\r" not in text and is_counted_alike(text) and is_counted_alike("".join(escaped))


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
    encoding = "utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise DataError(
            f"'{path.name}' is not in UTF-8.", "Save it as UTF-8 (in a spreadsheet: 'CSV UTF-8').", str(error)
        ) from error


def _looks_like_lines(data: bytes) -> bool:
    """Whether the first line is a JSON object and the second begins one."""
    first, _, rest = data.strip().partition(b"\n")
    return first.startswith(b"{") and first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")
