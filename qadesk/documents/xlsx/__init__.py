"""The reader of Excel workbooks (.xlsx, .xlsm), which are ZIP archives of XML. The XML is read as a stream.

Each visible sheet is a page. ``sheet_cells`` reads a sheet, ``cell_texts`` says what its cells show, ``sheet_blocks``
makes tables of its rows. Formulas are not computed, and macros, links and pictures are not opened.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from qadesk.documents.archive import Archive, open_archive
from qadesk.documents.office.relations import relations_of
from qadesk.documents.open_package import OpenPackage
from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.sheet_writer import SheetWriter
from qadesk.documents.xlsx.cell_styles import read_styles
from qadesk.documents.xlsx.cell_texts import CellTexts
from qadesk.documents.xlsx.excel_names import KIND, area_of, excel_names
from qadesk.documents.xlsx.shared_strings import read_shared_strings
from qadesk.documents.xlsx.sheet_blocks import MOST_COLUMNS, write_sheet
from qadesk.documents.xlsx.sheet_cells import Room, SheetCells, read_sheet
from qadesk.documents.xlsx.workbook import Sheet, open_workbook
from qadesk.documents.xml_stream import XmlHandler, parse_xml
from qadesk.errors import DocumentError
from qadesk.records import Page

_TABLE = excel_names(("x:table",))


@dataclass(slots=True)
class _WorkbookReading:
    """What was read so far, and the titles of sheets of which something was left out."""

    file: OpenPackage
    texts: CellTexts
    writer: SheetWriter
    room: Room
    hidden_rows: list[str] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    uncomputed: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)


def read(source: Source) -> Parsed:
    """The text of the visible sheets of ``source``. Raises ``DocumentError``."""
    with open_archive(source.file, source.name, KIND) as archive:
        return _read(archive, source)


def _read(archive: Archive, source: Source) -> Parsed:
    file = OpenPackage(archive, source.name, source.heartbeat)
    workbook = open_workbook(archive)
    strings = read_shared_strings(file, workbook.shared_strings)
    texts = CellTexts(strings, read_styles(archive, workbook.styles), begins_in_1904=workbook.begins_in_1904)
    hidden = [sheet.title for sheet in workbook.sheets if sheet.is_hidden]
    visible = {sheet.path.lower(): sheet for sheet in workbook.sheets if not sheet.is_hidden}  # each part is read once
    sheets = [sheet for sheet in visible.values() if _has_cells(sheet, archive)]
    others = [sheet.title for sheet in visible.values() if not _has_cells(sheet, archive)]
    reading = _WorkbookReading(file, texts, SheetWriter(source.heartbeat), Room())
    starts = []
    for sheet in sheets:
        starts.append(reading.writer.length)
        _read_sheet(reading, sheet, has_title=len(sheets) > 1)
    text = reading.writer.text
    _check_is_not_all_hidden(source.name, text, [*hidden, *reading.hidden_rows, *reading.hidden_columns])
    pages = tuple(
        Page(number, sheet.title, start, end, "sheet")
        for number, (sheet, start, end) in enumerate(zip(sheets, starts, [*starts[1:], len(text)], strict=True), 1)
    )
    notes = _notes(reading, hidden, others)
    return Parsed(text, pages, notes, tuple(reading.writer.blocks), rows=tuple(reading.writer.rows))


def _has_cells(sheet: Sheet, archive: Archive) -> bool:
    return sheet.purpose == "worksheet" and sheet.path in archive


def _read_sheet(reading: _WorkbookReading, sheet: Sheet, *, has_title: bool) -> None:
    """Write a sheet; where ``has_title``, below its title."""
    if reading.room.cells <= 0 or reading.room.characters <= 0:
        reading.cut.append(f"the sheet {sheet.title}")
        return
    cells = read_sheet(reading.file, sheet.path, reading.texts, reading.room)
    _add_headers_of_tables(reading.file, sheet, cells)
    if has_title and cells.rows:
        reading.writer.add_block("heading", sheet.title, level=1)
    if write_sheet(reading.writer, cells, reading.room, 2 if has_title else 1):
        reading.wide.append(sheet.title)
    if cells.has_hidden_rows:
        reading.hidden_rows.append(sheet.title)
    if cells.has_hidden_columns:
        reading.hidden_columns.append(sheet.title)
    if cells.has_uncomputed:
        reading.uncomputed.append(sheet.title)
    if cells.cut_at:
        reading.cut.append(f"the sheet {sheet.title} from row {cells.cut_at:,} on")


def _add_headers_of_tables(file: OpenPackage, sheet: Sheet, cells: SheetCells) -> None:
    """Add to the header rows those of the tables that are in the sheet."""

    def start(name: str, attributes: dict[str, str]) -> None:
        if (
            name in _TABLE
            and attributes.get("headerRowCount", "1") != "0"
            and (area := area_of(attributes.get("ref", "")))
        ):
            cells.header_rows.add(area[0])

    relations = relations_of(file.archive, sheet.path) if cells.table_ids else {}
    for identifier in cells.table_ids:
        relation = relations.get(identifier)
        if relation and file.take(relation.path):
            part = file.archive.open_part(relation.path, is_small=True)
            parse_xml(part, file.name, XmlHandler(start), file.heartbeat)


def _check_is_not_all_hidden(name: str, text: str, hidden: list[str]) -> None:
    if hidden and not text.strip():
        raise DocumentError(
            f"{name} holds no text but in hidden sheets, rows or columns.", "Unhide them in Excel and save it."
        )


def _notes(reading: _WorkbookReading, hidden: list[str], others: list[str]) -> tuple[str, ...]:
    notes = [
        f"{what} left out: {_listed(titles)}."
        for what, titles in (
            ("Hidden sheets were", hidden),
            ("Hidden rows were", reading.hidden_rows),
            ("Hidden columns were", reading.hidden_columns),
            ("Sheets without cells, such as charts, were", others),
            (f"The columns after the first {MOST_COLUMNS} filled ones were", reading.wide),
            (
                "Formulas without a stored value (Excel stores it when it saves the file) were",
                reading.uncomputed,
            ),
            ("This file is too long to be read as a whole. It was", reading.cut),
        )
        if titles
    ]
    return tuple(notes)


def _listed(titles: list[str]) -> str:
    names = list(dict.fromkeys(titles))
    return ", ".join(names) if len(names) <= 10 else f"{', '.join(names[:10])} and {len(names) - 10} more"
