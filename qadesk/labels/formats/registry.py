"""The formats of label files as one table, which of them a file is in, and which of them to write.

A new format is a module with its functions, and a row here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from qadesk.errors import DataError
from qadesk.labels.formats import csv_table, doccano, jsonl, label_studio, squad, squad_export
from qadesk.labels.formats.content import (
    JSON_SUFFIXES,
    LINES_SUFFIXES,
    TABLE_SUFFIXES,
    Content,
    read_content,
)
from qadesk.labels.formats.packed_files import PACKED_SUFFIX
from qadesk.labels.formats.raw_rows import MAX_ROWS, Note, RawRow
from qadesk.labels.formats.row_layouts import Row
from qadesk.labels.formats.writing import Entry
from qadesk.records import Label

Rows = tuple[int, Iterator[RawRow]]  # about how many there are, and the rows


@dataclass(frozen=True, slots=True)
class LabelFormat:
    """A format of label files. ``title_in_list`` is its name, or that of its family, in a sentence that lists formats.

    ``suffixes`` are those of files that are offered for import; a file that is written has one of them that is not in
    ``read_only_suffixes``, the first unless the user chooses another.
    ``sniff`` says whether a file is in the format, ``rows`` reads its rows, which are still to be checked, and reports
    to the note what is not a row. ``lacks`` is a sentence on what the format cannot hold, ``keeps`` whether it can hold
    a label, ``write`` gives the file in pieces.
    """

    name: str
    title: str
    title_in_list: str
    suffixes: tuple[str, ...]
    lacks: str
    keeps: Callable[[Label], bool]
    write: Callable[[Sequence[Entry]], Iterator[str]]
    sniff: Callable[[Content], bool]
    rows: Callable[[Content, Note], Rows]
    encoding: str = "utf-8"
    is_of_program: bool = False  # of another program, which exports it
    is_general: bool = False  # sniffed after all others
    read_only_suffixes: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """The suffix for a file that is written."""
        return self.suffixes[0]


@dataclass(frozen=True, slots=True)
class RawLabelFile:
    """A file in the format called ``format``, of about ``total`` rows.

    ``rows`` gives them, still to be checked, and reports to its argument what is not a row; each call begins anew.
    ``version`` is that of a SQuAD file, '' if it has none. With ``is_plain`` its offsets count alike in all programs.
    """

    format: str
    total: int
    rows: Callable[[Note], Iterator[RawRow]]
    version: str = ""
    is_plain: bool = False


def _is_squad(content: Content, has_flag: bool) -> bool:
    return content.squad is not None and squad.is_marked(content.squad) is has_flag


def _squad_rows(content: Content, note: Note) -> Rows:
    return squad.size(content.squad), squad.rows(content.squad, content.digest, content.stem, note)


def _has_row(is_row: Callable[[Mapping[str, Any]], bool]) -> Callable[[Content], bool]:
    return lambda content: any(map(is_row, content.objects))


def _json_rows(rows: Callable[[Iterable[Row]], Iterator[RawRow]]) -> Callable[[Content, Note], Rows]:
    """The rows of a file, each read by the format that it is in, ``rows`` reads those that are in any."""
    return lambda content, _note: (len(content.rows), _rows_of_any(content.rows, rows))


def _rows_of_any(content: Iterable[Row], rows: Callable[[Iterable[Row]], Iterator[RawRow]]) -> Iterator[RawRow]:
    for where, value in content:
        is_object = isinstance(value, dict)
        if is_object and label_studio.is_task(value):
            yield from label_studio.rows([(where, value)])
        elif is_object and doccano.is_row(value):
            yield from doccano.rows([(where, value)])
        else:
            yield from rows([(where, value)])


def _is_table(content: Content) -> bool:
    return content.table is not None and csv_table.is_table(content.table)


def _table_rows(content: Content, note: Note) -> Rows:
    table = content.table or ""
    return table.count("\n"), csv_table.rows(table, note)


_NOT_OPEN = "open and skipped questions and notes"
_NOT_LOST = "labels whose answers lost their place"
FORMATS = (  # in the order in which they are offered; sniffed in it, too
    LabelFormat(
        name="squad-2.0",
        title="SQuAD 2.0",
        title_in_list="SQuAD 1.1 and 2.0",
        suffixes=JSON_SUFFIXES,
        lacks=f"SQuAD 2.0 does not hold {_NOT_OPEN}.",
        keeps=partial(squad_export.keeps, has_flag=True),
        write=partial(squad_export.write, has_flag=True),
        sniff=partial(_is_squad, has_flag=True),
        rows=_squad_rows,
    ),
    LabelFormat(
        name="squad-1.1",
        title="SQuAD 1.1",
        title_in_list="SQuAD 1.1 and 2.0",
        suffixes=JSON_SUFFIXES,
        lacks=f"SQuAD 1.1 does not hold questions without an answer, {_NOT_OPEN}.",
        keeps=partial(squad_export.keeps, has_flag=False),
        write=partial(squad_export.write, has_flag=False),
        sniff=partial(_is_squad, has_flag=False),
        rows=_squad_rows,
    ),
    LabelFormat(
        name="jsonl",
        title="JSON Lines",
        title_in_list="JSON Lines",
        suffixes=LINES_SUFFIXES,
        lacks=f"JSON Lines do not hold {_NOT_LOST}.",
        keeps=jsonl.keeps,
        write=jsonl.write,
        sniff=_has_row(lambda _row: True),
        rows=_json_rows(jsonl.rows),
        is_general=True,
    ),
    LabelFormat(
        name="csv",
        title="Table (CSV)",
        title_in_list="CSV",
        suffixes=TABLE_SUFFIXES,
        read_only_suffixes=(".tsv",),
        lacks=f"CSV does not hold {_NOT_LOST}, nor keys of other formats.",
        keeps=jsonl.keeps,
        write=csv_table.write,
        sniff=_is_table,
        rows=_table_rows,
        encoding="utf-8-sig",  # without a byte order mark, spreadsheets do not take a table for UTF-8
    ),
    LabelFormat(
        name="label-studio",
        title="Label Studio",
        title_in_list="Label Studio",
        suffixes=JSON_SUFFIXES,
        lacks=f"Label Studio does not hold {_NOT_LOST}, nor keys of other formats.",
        keeps=jsonl.keeps,
        write=label_studio.write,
        sniff=_has_row(label_studio.is_task),
        rows=_json_rows(label_studio.rows),
        is_of_program=True,
    ),
    LabelFormat(
        name="doccano",
        title="doccano",
        title_in_list="doccano",
        suffixes=LINES_SUFFIXES,
        lacks=f"doccano does not hold {_NOT_LOST}, nor keys of other formats.",
        keeps=jsonl.keeps,
        write=doccano.write,
        sniff=_has_row(doccano.is_row),
        rows=_json_rows(doccano.rows),
        is_of_program=True,
    ),
)
NAMES = tuple(row.name for row in FORMATS)
SUFFIXES = (*dict.fromkeys(suffix for row in FORMATS for suffix in row.suffixes), PACKED_SUFFIX)
"""The suffixes of files that are offered for import."""

_TABLE_HINT = "A table needs a first line with the columns question and context."


def export_format(name: str, path: Path, labels: Sequence[Label]) -> LabelFormat:
    """The format ``name``, or for '' the one of the suffix of ``path``; for .json SQuAD 1.1 if it holds all ``labels``.

    Raises ``DataError`` if there is no such format.
    """
    if not name:
        return _format_of_suffix(path, labels)
    row = next((row for row in FORMATS if row.name == name), None)
    if row is None:
        raise DataError(f"There is no format '{name}'.", _choose_hint())
    return row


def _format_of_suffix(path: Path, labels: Sequence[Label]) -> LabelFormat:
    suffix = path.suffix.casefold()
    rows = {
        row.name: row
        for row in FORMATS
        if not row.is_of_program and suffix in row.suffixes and suffix not in row.read_only_suffixes
    }
    if not rows:
        raise DataError(f"'{path.name}' does not say in which format to write.", _choose_hint())
    needs_flag = any(label.is_impossible or '"marked":true' in label.extra for label in labels)
    if "squad-1.1" in rows and labels and not needs_flag:
        return rows["squad-1.1"]
    return next(iter(rows.values()))


def open_label_file(path: Path, note: Note) -> RawLabelFile:
    """Read the file at ``path`` and recognise its format; what is not a row in it is reported to ``note``.

    Raises ``DataError`` if it cannot be read, is too large, or is in none of the formats.
    """
    content = read_content(path, note, _hint())
    for row in sorted(FORMATS, key=lambda row: row.is_general):
        if row.sniff(content):
            total, _ = row.rows(content, _ignored)
            if total > MAX_ROWS:
                raise DataError(f"'{path.name}' has more than {MAX_ROWS:,} rows.", "Split it into smaller files.")
            return RawLabelFile(
                row.name,
                total,
                partial(_rows_of_format, row, content),
                _version(content.document),
                is_plain=content.is_plain,
            )
    if content.table is None:
        raise DataError(f"'{path.name}' holds no labels.", _hint())
    raise DataError(f"'{path.name}' is in no format that QADesk knows.", f"{_hint()} {_TABLE_HINT}")


def _rows_of_format(row: LabelFormat, content: Content, note: Note) -> Iterator[RawRow]:
    return row.rows(content, note)[1]


def _ignored(_where: str, _what: str) -> None:
    """Takes a problem that is reported by another call."""


def _version(document: Any) -> str:
    version = document.get("version") if isinstance(document, dict) else None
    return str(version).removeprefix("v") if isinstance(version, str | float) else ""


def _choose_hint() -> str:
    """A sentence on how to say in which format to write."""
    *suffixes, last = dict.fromkeys(row.suffix for row in FORMATS if not row.is_of_program)
    return f"Use a name that ends in {', '.join(suffixes)} or {last}, or choose one of {', '.join(NAMES)}."


def _hint() -> str:
    """A sentence with the formats that can be read."""
    own = dict.fromkeys(row.title_in_list for row in FORMATS if not row.is_of_program)
    *programs, last = dict.fromkeys(row.title_in_list for row in FORMATS if row.is_of_program)
    return f"QADesk reads labels from {', '.join(own)}, and exports of {', '.join(programs)} and {last}."
