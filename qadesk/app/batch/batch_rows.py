"""The rows of a batch job as they are read from its input."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from qadesk.documents.open_file import without_surrogates

COLUMNS = ("id", "question", "context", "file")
"""What is read of a row; other columns are left alone."""

MOST_ROWS = 256
"""More are in no chunk."""

_LEAST_CHUNKS = 1600  # so that the chunks that 16 workers have in work are 1 % of a job

MOST_CHARACTERS = 1_000_000
"""A chunk with more has a single row, as far as that is known before its rows are read."""


class BatchRow(NamedTuple):
    """A question with its context, or the file that it is put to; neither where the library is asked.

    ``error`` is a sentence that says why it cannot be asked, or ''.
    """

    id: str
    question: str
    context: str | None = None
    file: str | None = None
    error: str = ""


def rows_per_chunk(rows: int) -> int:
    """How many of ``rows`` rows a chunk has at most."""
    return max(1, min(MOST_ROWS, rows // _LEAST_CHUNKS))


def row_of(number: int, values: Mapping[str, Any]) -> BatchRow:
    """The row ``number`` with these values of ``COLUMNS``."""
    question, context, file = (_text(values, column) for column in COLUMNS[1:])
    id_ = _id(values.get("id"), number)
    if question is None:
        error = "The row has no question."
    elif context is None and file is None:
        error = "The row has neither a context nor a file."
    else:
        return BatchRow(id_, question, context, None if context is not None else file)
    return BatchRow(id_, question or "", file=file, error=error)


def _text(values: Mapping[str, Any], column: str) -> str | None:
    """The text in ``column``; None for what is missing or no text."""
    value = values.get(column)
    if not isinstance(value, str):
        return None
    return value if column == "file" else without_surrogates(value)  # a file's name may have bytes that are no text


def _id(value: Any, number: int) -> str:
    if value is None:
        return str(number)
    return without_surrogates(value if isinstance(value, str) else json.dumps(value, default=str))
