"""The formats of files with answers as one table. A new format is a module with ``write``, and a row here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qadesk.app.export import csv_entries, html_entries, json_entries, markdown_entries
from qadesk.app.export.entry_words import EntryWords
from qadesk.errors import DataError
from qadesk.records import HistoryEntry


@dataclass(frozen=True, slots=True)
class AnswerFormat:
    """A format: its ``name`` for the command line, its ``title`` for people, the suffixes of its files, the first of
    which a new one gets. ``write`` gives a file in pieces. ``about`` says in a sentence what it is for; ``has_all``: it
    has unlikely answers in any case.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    write: Callable[[Sequence[HistoryEntry], EntryWords], Iterator[str]]
    about: str
    encoding: str = "utf-8"
    has_all: bool = False

    @property
    def suffix(self) -> str:
        """The suffix of a new file."""
        return self.suffixes[0]


ANSWER_FORMATS = (  # in the order in which they are offered
    AnswerFormat(
        "markdown", "Markdown", (".md", ".markdown"), markdown_entries.write, "To read and to paste into notes."
    ),
    AnswerFormat(
        "html", "Web page (HTML)", (".html", ".htm"), html_entries.write,
        "To read and to print, in any browser. One file that needs nothing else.",
    ),
    AnswerFormat(
        "csv", "Table (CSV)", (".csv",), csv_entries.write, "For spreadsheet programs: a row an answer.",
        encoding="utf-8-sig",  # which those programs know by its mark
    ),
    AnswerFormat(
        "json", "Data (JSON)", (".json",), json_entries.write,
        "For other programs: all that is known of each answer, also unlikely ones.", has_all=True,
    ),
)  # fmt: skip
PDF_NAME, PDF_SUFFIX = "pdf", ".pdf"
"""The copy of a PDF with highlights (``pdf_copy``), which is no format for all answers."""


def answer_format(path: Path, name: str = "") -> AnswerFormat:
    """The format called ``name``, or for '' that of the suffix of ``path``. Raises ``DataError`` if there is none."""
    suffix = path.suffix.casefold()
    for row in ANSWER_FORMATS:
        if name == row.name or (not name and suffix in row.suffixes):
            return row
    names = ", ".join(row.name for row in ANSWER_FORMATS)
    suffixes = ", ".join(row.suffix for row in ANSWER_FORMATS)
    what = f"There is no format '{name}'." if name else f"'{path.name}' does not say in which format to write."
    raise DataError(what, f"Use a name that ends in {suffixes}, or choose one of {names}.")
