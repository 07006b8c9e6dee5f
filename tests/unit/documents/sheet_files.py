"""Small Excel workbooks as bytes, made of raw XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from qadesk.documents import xlsx
from qadesk.documents.parsing import Parsed, Source

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = f'xmlns="{MAIN}" xmlns:r="{OFFICE}"'
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

Cells = Mapping[str, object]
"""Texts, numbers and truth values by references such as 'B2'; a pair is the type and the stored value of a cell."""


def sheet_xml(
    cells: Cells, *, styles: Mapping[str, int] | None = None, before: str = "", after: str = "", **rows: str
) -> str:
    """A sheet. ``rows``: attributes of rows, such as r3='hidden="1"'; ``before`` and ``after`` stand around them."""
    lines: dict[int, list[str]] = {int(name[1:]): [] for name in rows}
    for reference, value in cells.items():
        number = int(reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        lines.setdefault(number, []).append(_cell(reference, value, (styles or {}).get(reference)))
    data = "".join(
        f'<row r="{number}" {rows.get(f"r{number}", "")}>{"".join(lines[number])}</row>' for number in sorted(lines)
    )
    return f"<worksheet {SPACES}>{before}<sheetData>{data}</sheetData>{after}</worksheet>"


def workbook(
    *sheets: tuple[str, str] | tuple[str, str, str],
    strings: Sequence[str] = (),
    styles: str = "",
    properties: str = "",
    parts: Mapping[str, str] | None = None,
) -> bytes:
    """A workbook of ``sheets``: title, XML and perhaps attributes. ``strings`` are XML inside <si>, ``styles`` too.

    ``parts``: other members by path.
    """
    relations = "".join(
        _relation(f"s{number}", "worksheet", f"worksheets/s{number}.xml") for number in range(len(sheets))
    )
    relations += _relation("st", "styles", "styles.xml") + _relation("ss", "sharedStrings", "sharedStrings.xml")
    rows = "".join(
        f'<sheet name={quoteattr(sheet[0])} sheetId="{number + 1}" r:id="s{number}" {"".join(sheet[2:])}/>'
        for number, sheet in enumerate(sheets)
    )
    members = {
        "[Content_Types].xml": f'<Types><Override ContentType="{TYPE}.sheet.main+xml"/></Types>',
        "_rels/.rels": f"<Relationships>{_relation('r', 'officeDocument', 'xl/workbook.xml')}</Relationships>",
        "xl/_rels/workbook.xml.rels": f"<Relationships>{relations}</Relationships>",
        "xl/workbook.xml": f"<workbook {SPACES}>{properties}<sheets>{rows}</sheets></workbook>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"".join(f"<si>{text}</si>" for text in strings)}</sst>',
        **{f"xl/worksheets/s{number}.xml": sheet[1] for number, sheet in enumerate(sheets)},
        **(parts or {}),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for path, text in members.items():
            out.writestr(path, text)
    return file.getvalue()


def number_styles(*codes: str) -> str:
    """Styles of cells with the number formats ``codes``, from 1; the style after them is bold."""
    formats = "".join(
        f'<numFmt numFmtId="{164 + number}" formatCode={quoteattr(code)}/>' for number, code in enumerate(codes)
    )
    cells = "".join(f'<xf numFmtId="{164 + number}" fontId="0"/>' for number in range(len(codes)))
    return (
        f"<numFmts>{formats}</numFmts><fonts><font/><font><b/></font></fonts>"
        f'<cellXfs><xf numFmtId="0"/>{cells}<xf numFmtId="0" fontId="1"/></cellXfs>'
    )


def parsed(data: bytes) -> Parsed:
    """What the reader makes of ``data``."""
    return xlsx.read(Source(io.BytesIO(data), "'x'"))


def one_sheet(cells: Cells, **arguments: object) -> Parsed:
    """What is read of a workbook with one sheet. ``number_formats``: codes of the styles from 1, then comes bold."""
    codes = arguments.pop("number_formats", ())
    xml = sheet_xml(cells, **arguments)  # type: ignore[arg-type]
    return parsed(workbook(("Sheet1", xml), styles=number_styles(*codes)))  # type: ignore[misc]


def cells(result: Parsed, table: int = 0) -> list[list[str]]:
    """The texts of the cells of a table."""
    tables = [block for block in result.blocks if block.rows]
    return [[result.text[cell.start : cell.end] for cell in row] for row in tables[table].rows]


def _relation(key: str, purpose: str, target: str) -> str:
    return f'<Relationship Id="{key}" Type="{OFFICE}/{purpose}" Target="{target}"/>'


def _cell(reference: str, value: object, style: int | None) -> str:
    attributes = f'r="{reference}"' + (f' s="{style}"' if style is not None else "")
    if isinstance(value, tuple):
        type_, stored = value
        return f'<c {attributes} t="{type_}"><v>{escape(str(stored))}</v></c>'
    if isinstance(value, bool):
        return f'<c {attributes} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f'<c {attributes} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c {attributes}><v>{value}</v></c>"
