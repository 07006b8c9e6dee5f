"""Which formats there are, and which one a file is in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from qadesk.errors import DataError
from qadesk.labels.formats import csv_table, doccano, jsonl, label_studio, squad, squad_export
from qadesk.labels.formats.raw_rows import MAX_ROWS, Note, RawRow
from qadesk.labels.formats.writing import Entry
from qadesk.labels.text_files import read_bytes
from qadesk.records import Label

MAX_BYTES = 250_000_000


@dataclass(frozen=True, slots=True)
class LabelFormat:
    """A format to export to. ``lacks`` says in a sentence what it cannot hold, '' if it holds all."""

    name: str
    title: str
    suffix: str
    lacks: str
    keeps: Callable[[Label], bool]
    write: Callable[[Sequence[Entry]], Iterator[str]]
    encoding: str = "utf-8"


_NOT_OPEN = "open and skipped questions and notes"
_NOT_LOST = "labels whose answers lost their place"
FORMATS = (
    LabelFormat("squad-2.0", "SQuAD 2.0", ".json", f"SQuAD 2.0 does not hold {_NOT_OPEN}.",
           partial(squad_export.keeps, marks=True), partial(squad_export.write, marks=True)),
    LabelFormat("squad-1.1", "SQuAD 1.1", ".json", f"SQuAD 1.1 does not hold questions without an answer, {_NOT_OPEN}.",
           partial(squad_export.keeps, marks=False), partial(squad_export.write, marks=False)),
    LabelFormat("jsonl", "JSON Lines", ".jsonl", f"JSON Lines do not hold {_NOT_LOST}.", jsonl.keeps, jsonl.write),
    # with a byte order mark, as spreadsheets take a table for an old encoding without
    LabelFormat("csv", "Table (CSV)", ".csv", f"CSV does not hold {_NOT_LOST}, nor keys of other formats.",
           jsonl.keeps, csv_table.write, "utf-8-sig"),
    LabelFormat("label-studio", "Label Studio", ".json",
           f"Label Studio does not hold {_NOT_LOST}, nor keys of other formats.", jsonl.keeps, label_studio.write),
    LabelFormat("doccano", "doccano", ".jsonl",
           f"doccano does not hold {_NOT_LOST}, nor keys of other formats.", jsonl.keeps, doccano.write),
)  # fmt: skip
NAMES = tuple(each.name for each in FORMATS)
_HINT = "QADesk reads labels from SQuAD 1.1 and 2.0, JSON Lines, CSV, and exports of Label Studio and doccano."


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was recognised: its ``rows``, still to be checked, about ``total`` of them."""

    format: str
    total: int
    rows: Iterator[RawRow]


def export_format(name: str, path: Path, labels: Sequence[Label]) -> LabelFormat:
    """The format ``name``, or the one that the suffix of ``path`` tells; JSON is SQuAD, 1.1 if that holds all answers.

    Raises ``DataError`` if there is no such format.
    """
    if not name:
        needs_marks = any(label.is_impossible or '"marked":true' in label.extra for label in labels)
        json_name = "squad-2.0" if needs_marks or not labels else "squad-1.1"
        by_suffix = {".json": json_name, ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv"}
        name = by_suffix.get(path.suffix.casefold(), "")
        if not name:
            raise DataError(f"'{path.name}' does not say in which format to write.", _CHOOSE)
    found = next((each for each in FORMATS if each.name == name), None)
    if found is None:
        raise DataError(f"There is no format '{name}'.", _CHOOSE)
    return found


_CHOOSE = f"Use a name that ends in .json, .jsonl or .csv, or choose one of {', '.join(NAMES)}."


def open_label_file(path: Path, note: Note) -> Source:
    """Read the file at ``path`` and recognise it; ``note`` takes the problems of parts that are no rows.

    Raises ``DataError`` if it cannot be read, is too large, or is in none of the formats.
    """
    content = read_bytes(path, MAX_BYTES, _HINT)
    suffix = path.suffix.casefold()
    if suffix in (".csv", ".tsv"):
        return _table(path, content, note)
    if suffix not in (".jsonl", ".ndjson"):
        try:
            parsed = json.loads(content)
        except (ValueError, RecursionError) as error:  # recursion: brackets within brackets without end
            if suffix == ".json" and not _looks_like_lines(content):
                raise DataError(f"'{path.name}' is not valid JSON.", _HINT, str(error)) from error
        else:
            return _whole(path, content, parsed, note)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _lines(path, content, note)
    return _table(path, content, note)


def _whole(path: Path, content: bytes, parsed: Any, note: Note) -> Source:
    if squad.is_squad(parsed):
        name = "squad-2.0" if squad.is_marked(parsed) else "squad-1.1"
        file = sha256(content).hexdigest()[:12]
        return _source(path, name, squad.size(parsed), squad.rows(parsed, file, path.stem, note))
    listed = parsed
    if isinstance(parsed, dict):
        listed = parsed["data"] if isinstance(parsed.get("data"), list) else [parsed]
    if not isinstance(listed, list):
        raise DataError(f"'{path.name}' holds no labels.", _HINT)
    return _flat(path, [(f"row {number}", row) for number, row in enumerate(listed, 1)])


def _lines(path: Path, content: bytes, note: Note) -> Source:
    found = []
    for number, line in enumerate(_decoded(path, content).split("\n"), 1):  # not splitlines: it breaks inside texts
        if line.strip():
            try:
                found.append((f"line {number}", json.loads(line)))
            except (ValueError, RecursionError):
                note(f"line {number}", "It is not valid JSON and was left out.")
    return _flat(path, found)


def _flat(path: Path, listed: list[tuple[str, Any]]) -> Source:
    first = next((row for _, row in listed if isinstance(row, dict)), None)
    if first is None:
        raise DataError(f"'{path.name}' holds no labels.", _HINT)
    if label_studio.is_task(first):
        return _source(path, "label-studio", len(listed), label_studio.rows(listed))
    if doccano.is_row(first):
        return _source(path, "doccano", len(listed), doccano.rows(listed))
    return _source(path, "jsonl", len(listed), jsonl.rows(listed))


def _table(path: Path, content: bytes, note: Note) -> Source:
    text = _decoded(path, content)
    if not csv_table.is_table(text):
        raise DataError(f"'{path.name}' is in no format that QADesk knows.", f"{_HINT} {_TABLE_HINT}")
    return _source(path, "csv", text.count("\n"), csv_table.rows(text, note))


_TABLE_HINT = "A table needs a first line with the columns question and context."


def _decoded(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"'{path.name}' is not in UTF-8.", "Save it as UTF-8 (in a spreadsheet: 'CSV UTF-8').", str(error)
        ) from error


def _looks_like_lines(content: bytes) -> bool:
    first, _, rest = content.strip().partition(b"\n")
    return first.startswith(b"{") and first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")


def _source(path: Path, name: str, total: int, rows: Iterator[RawRow]) -> Source:
    if total > MAX_ROWS:
        raise DataError(f"'{path.name}' has more than {MAX_ROWS:,} rows.", "Split it into smaller files.")
    return Source(name, total, rows)
