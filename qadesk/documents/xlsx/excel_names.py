"""Excel's own names of elements."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qadesk.documents.archive import ArchiveKind
from qadesk.documents.office.office_names import office_names

KIND = ArchiveKind("an Excel workbook", "Excel or LibreOffice", ".xlsx")
"""How the sentences about the archive call it."""

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
"""The size of a sheet in Excel."""

_EXCEL = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # of workbooks that are saved as Strict Open XML
)
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 1."""


def excel_names(short_names: Iterable[str]) -> dict[str, str]:
    """The names as the parser gives them, by both namespaces of Excel, each with its short form, such as 'x:c'."""
    return office_names(short_names, x=_EXCEL)


def cell_of(reference: str) -> tuple[int, int] | None:
    """Row and column, from 1, of a reference such as 'B12'; None for what is none."""
    match = _CELL.fullmatch(reference)
    if not match:
        return None
    column = 0
    for letter in match[1].upper():
        column = 26 * column + ord(letter) - 64
    row = int(match[2])
    return (row, column) if 0 < row <= MAX_ROWS and column <= MAX_COLUMNS else None


def area_of(reference: str) -> Area | None:
    """The area of a reference such as 'B12:D14'; None for what is none."""
    first, _, last = reference.partition(":")
    start, end = cell_of(first), cell_of(last or first)
    if not start or not end or start[0] > end[0] or start[1] > end[1]:
        return None
    return (*start, *end)


def is_set(value: str) -> bool:
    """Whether an attribute with ``value`` says yes."""
    return value in ("1", "true")


def unescaped(text: str) -> str:
    """``text`` with the characters that XML cannot hold, which are written as '_x000D_'."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
