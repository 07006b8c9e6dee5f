"""Tables for spreadsheets: CSV and TSV, with the names of the columns in the first line.

A question with several answers has a line for each, with the same id. Cells that a spreadsheet would run as a formula
are written with an apostrophe in front, which is removed when they are read.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from qadesk.errors import DataError
from qadesk.labels.formats import jsonl, label_studio
from qadesk.labels.formats.raw_rows import MAX_TEXT, Note, RawRow
from qadesk.labels.formats.writing import AGREEMENT_SCORE, AUTHOR, Entry
from qadesk.records import LABELLED, OPEN

COLUMNS = ("id", "title", "question", "answer", "answer_start", "is_impossible", "state", "note", "context")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")  # the beginning of a formula, escaped or not
_LISTS = re.compile(r"""\[\s*\{|\{\s*['"](text|answer_start|start|choices)['"]""")  # of answers, in a cell
_ARRAY = re.compile(r"array\((\[[^\[\]]*\])(?:, dtype=\w+)?\)")  # as numpy writes a list
# Columns of texts, which can look like lists.
_TEXTS = {name for part in ("text", "question", "title", "note", "key") for name in jsonl.NAMES[part]}
_MAX_LITERAL = 100_000  # characters of a cell
TableLine = tuple[str, dict[str, Any]]  # where it is, for messages; the values by column


def is_table(text: str) -> bool:
    """Whether the first line of ``text`` has a column for the question and one for the text."""
    names = _column_names(_header(text)[0])
    return all(any(name in names for name in jsonl.NAMES[part]) for part in ("question", "text"))


def rows(text: str, note: Note) -> Iterator[RawRow]:
    """The questions of a table; lines with the same id and question are its answers. Raises ``DataError``."""
    first: dict[str, dict[str, Any]] = {}
    lines = []
    for where, values in _lines(text):
        key = next((values[name] for name in jsonl.NAMES["key"] if values.get(name)), "")
        if key in first and _has_same_question(values, first[key]):
            _add_answer(values, first[key], where, note)
            continue
        if key:
            first.setdefault(key, values)
        lines.append((where, values))
    for line in lines:
        yield from (label_studio if label_studio.is_task(line[1]) else jsonl).rows([line])


def _lines(text: str) -> Iterator[TableLine]:
    """The lines below the header, without empty cells and empty lines."""
    limit = csv.field_size_limit(MAX_TEXT + 1)
    try:
        header, delimiter = _header(text)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        next(reader)
        names = _column_names(header)
        start = reader.line_num + 1
        for cells in reader:
            values = {name: unescape(cell) for name, cell in zip(names, cells, strict=False) if cell.strip()}
            if values:
                yield f"line {start}", _typed(values)
            start = reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            "This table cannot be read to its end.", "A quotation mark may be missing.", f"{error}"
        ) from error
    finally:
        csv.field_size_limit(limit)


def _header(text: str) -> tuple[list[str], str]:
    """The cells of the first line, and the delimiter between them."""
    line = text[:10_000].split("\n", 1)[0].rstrip("\r")
    delimiter = max(",;\t", key=line.count)
    return next(csv.reader([line], delimiter=delimiter), []), delimiter


def _column_names(cells: Sequence[str]) -> list[str]:
    return [cell.strip().casefold().replace(" ", "_") for cell in cells]


def _typed(values: dict[str, str]) -> dict[str, Any]:
    """The cells, with lists and records for those that hold answers as JSON or as Python writes them."""
    own = _TEXTS | {"answer"} if "answer_start" in values else _TEXTS
    return {name: _literal(cell) if name not in own and _LISTS.match(cell) else cell for name, cell in values.items()}


def _literal(cell: str) -> Any:
    """The value of a cell with JSON or, as pandas writes it, Python; the cell itself if it is neither."""
    if len(cell) > _MAX_LITERAL:
        return cell
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        try:
            return ast.literal_eval(_ARRAY.sub(r"\1", cell))
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            return cell


def _has_same_question(values: dict[str, Any], first: dict[str, Any]) -> bool:
    names = [name for part in ("question", "text") for name in jsonl.NAMES[part] if name in values and name in first]
    return all(values[name] == first[name] for name in names)


def _add_answer(values: dict[str, Any], first: dict[str, Any], where: str, note: Note) -> None:
    """Add the answer of a further line (``values``) to those of its question (``first``)."""
    for row in (first, values):
        answer = row.pop("answer", None)
        if answer is not None:
            row["answers"] = [{"text": answer, "answer_start": row.pop("answer_start", row.pop("start", None))}]
    more = values.get("answers")
    is_whole = any(name in values for name in jsonl.NAMES["text"])
    if not isinstance(more, list) or (is_whole and all(answer in first.get("answers", ()) for answer in more)):
        note(where, "An earlier row has the same id: this one is a duplicate and was left out.")
        return
    answers = [*first.get("answers", ()), *more]
    first.update({**values, **first, "answers": answers})  # in a sorted table the line with the text can be the last


def write(entries: Sequence[Entry]) -> Iterator[str]:
    """The table, line by line. Further answers are on lines below the first, without the text."""
    names = {name for entry in entries for name in entry.extra.get("row", {})}
    fields = [name for name in (AUTHOR, AGREEMENT_SCORE) if name in names]
    yield _line((*COLUMNS, *fields))
    for entry in entries:
        label = entry.label
        first = label.answers[0] if label.answers else None
        yield _line(
            (label.key, entry.title, label.question, first.text if first else "", first.start if first else "",
             "true" if label.is_impossible else "", "" if label.state in (OPEN, LABELLED) else label.state,
             label.note, entry.text.text, *(str(entry.extra.get("row", {}).get(name, "")) for name in fields))
        )  # fmt: skip
        for span in label.answers[1:]:
            yield _line((label.key, "", label.question, span.text, span.start, "", "", "", "", *("" for _ in fields)))


def _line(cells: Sequence[str | int]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow([escape(cell) if isinstance(cell, str) else cell for cell in cells])
    return line.getvalue()


def escape(cell: str) -> str:
    """``cell`` so that a spreadsheet shows it and does not run it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unescape(cell: str) -> str:
    """``cell`` as it was before ``escape``."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
