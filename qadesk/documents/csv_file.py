"""The reader of tables as text (.csv, .tsv): one table of all rows. A file that is no table is read as plain text."""

from __future__ import annotations

import csv
import io
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from qadesk.documents.parsing import MAX_CHARACTERS, Parsed, Source
from qadesk.documents.sheet_writer import SheetRow, SheetWriter
from qadesk.documents.text import as_plain_text, decoded_text

_DELIMITERS = "\t;|,"  # of two that divide a text alike the first one: a comma is also in numbers and sentences
_SAMPLE = 64 * 1024  # characters that the delimiter is found by
_SAMPLE_ROWS = 200
_MOST_COLUMNS = 2000
_MOST_CELLS = 500_000
_MOST_NAME = 60  # characters of the name of a column
_NO_END = "unexpected end of data"  # what the csv module says of a quotation mark without a second one
_MISSING_QUOTE = "A quotation mark is missing in this table: all quotation marks are shown as they are."


class _Dialect(NamedTuple):
    """How a table is divided. ``width``: how many cells most of its rows have. ``start``: where its text begins."""

    delimiter: str
    width: int
    start: int = 0


def read(source: Source) -> Parsed:
    """The table in ``source``. Raises ``DocumentError``."""
    decoded = decoded_text(source)
    limit = csv.field_size_limit(MAX_CHARACTERS + 1)
    try:
        dialect = _dialect_of(decoded.text)
        if dialect is None:
            return as_plain_text(decoded)
        return _read_table(decoded.text[dialect.start :], dialect, source, decoded.notes)
    finally:
        csv.field_size_limit(limit)


def _read_table(text: str, dialect: _Dialect, source: Source, notes: tuple[str, ...]) -> Parsed:
    is_quoted = _is_quoted(text, dialect)
    if not is_quoted and '"' in text:
        notes = (*notes, _MISSING_QUOTE)
    writer = SheetWriter(source.heartbeat)
    rest = _write_rows(writer, _rows(text, dialect, is_quoted), dialect, source)
    if rest:
        notes = (*notes, f"The table is too long: from row {rest:,} on its rows are read as lines of text.")
    return Parsed(writer.text, (), notes, tuple(writer.blocks), rows=tuple(writer.rows))


def _dialect_of(text: str) -> _Dialect | None:
    """How ``text`` is divided into rows of cells; None if it is no table."""
    start = 0
    first = text[:20].split("\n", 1)[0].rstrip("\r")
    if first.lower().startswith("sep=") and first[4:] in (*_DELIMITERS, ":", "^", "~"):  # Excel does not show it
        start = text.index("\n") + 1 if "\n" in text else len(text)
        delimiters = first[4]
    else:
        delimiters = _DELIMITERS
    sample = text[start : start + _SAMPLE]
    is_cut = len(text) > start + _SAMPLE
    rated = [(*_rating(sample, delimiter, is_cut), delimiter) for delimiter in delimiters]
    quality, width, delimiter = max(rated, key=lambda row: row[0])
    return _Dialect(delimiter, width, start) if quality else None


def _rating(sample: str, delimiter: str, is_cut: bool) -> tuple[float, int]:
    """How well ``delimiter`` divides the rows, 0 if it makes no table of them; and how many cells most rows have."""
    rows, is_valid = _sample_rows(sample, delimiter, is_cut)
    widths = [len(row) for row in rows if row]
    if is_cut or len(rows) > _SAMPLE_ROWS:
        widths = widths[:-1]  # the last one is cut, or is not part of the sample
    counts = Counter(width for width in widths if 1 < width <= _MOST_COLUMNS)
    if not counts or len(widths) < 2:
        return 0.0, 0
    width, count = counts.most_common(1)[0]
    is_table = 2 * count >= len(widths) and 4 * counts.total() >= 3 * len(widths)
    return (round(count / len(widths), 2) + is_valid, width) if is_table else (0.0, 0)


def _sample_rows(sample: str, delimiter: str, is_cut: bool) -> tuple[list[list[str]], bool]:
    """The first rows of ``sample``, and whether their quotation marks enclose cells between the delimiters."""
    rows: list[list[str]] = []
    is_quoted = True
    try:
        rows.extend(islice(_records(sample, delimiter, is_strict=True), _SAMPLE_ROWS + 1))
    except csv.Error as error:
        is_quoted = _NO_END not in str(error)
        if is_quoted or not is_cut or len(rows) < 2:  # it may be cut inside a cell
            return list(islice(_records(sample, delimiter, is_quoted), _SAMPLE_ROWS + 1)), False
    return rows, True


def _is_quoted(text: str, dialect: _Dialect) -> bool:
    """Whether quotation marks enclose cells, and none lacks its counterpart, so that it would swallow the rest."""
    if '"' not in text:
        return False
    try:
        deque(_records(text, dialect.delimiter, is_strict=True), maxlen=0)
    except csv.Error as error:
        return _NO_END not in str(error)
    return True


def _records(text: str, delimiter: str, is_quoted: bool = True, *, is_strict: bool = False) -> Iterator[list[str]]:
    """The cells of each row; an empty row has none. Raises ``csv.Error``."""
    return csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if is_quoted else csv.QUOTE_NONE,
        strict=is_strict,
        skipinitialspace=delimiter != "\t",
    )


def _rows(text: str, dialect: _Dialect, is_quoted: bool) -> Iterator[tuple[SheetRow, int]]:
    """The rows that are not empty, without the empty cells at their ends, and how many cells they have with these."""
    for number, cells in enumerate(_records(text, dialect.delimiter, is_quoted), 1):
        stripped = [cell.strip() for cell in cells]
        while stripped and not stripped[-1]:
            stripped.pop()
        if stripped:
            yield SheetRow(number, stripped), len(cells)


def _write_rows(writer: SheetWriter, rows: Iterator[tuple[SheetRow, int]], dialect: _Dialect, source: Source) -> int:
    """Write the lines above the table, then the table. Returns the number of the first row that is not in it, or 0."""
    table: list[SheetRow] = []
    cells = 0
    for row, width in rows:
        source.heartbeat()
        if not table and len(row.cells) == 1 and (width == 1 or dialect.width > 2):
            writer.add_block("paragraph", row.cells[0], row.number, breaks=1)
            continue
        table.append(row)
        cells += len(row.cells)
        if cells >= _MOST_CELLS:
            break
    if table:
        writer.add_table(table, header_rows=1 if _has_header(table, dialect.width) else None)
    return _write_rest(writer, rows, source)


def _has_header(table: Sequence[SheetRow], width: int) -> bool:
    """Whether the first row has a short name for each column, which is none of its values: most such files have one."""
    names = table[0].cells
    if len(names) < width or len(set(names)) < len(names) or len(table) < 2:
        return False
    if not all(name and len(name) <= _MOST_NAME and not any(map(str.isdigit, name[:2])) for name in names):
        return False
    return not any(map(set(enumerate(names)).intersection, (enumerate(row.cells) for row in table[1:_SAMPLE_ROWS])))


def _write_rest(writer: SheetWriter, rows: Iterator[tuple[SheetRow, int]], source: Source) -> int:
    """Write rows as lines of text. Returns the number of the first one, 0 if there is none."""
    first = 0
    for row, _ in rows:
        source.heartbeat()
        writer.add_block("paragraph", "\t".join(row.cells), breaks=1 if first else 2)
        first = first or row.number
    return first
