"""The styles of a workbook's cells: the format of their numbers, and whether they are bold."""

from __future__ import annotations

from typing import NamedTuple

from qadesk.documents.archive import Archive
from qadesk.documents.office.office_names import is_on
from qadesk.documents.xlsx.excel_names import excel_names
from qadesk.documents.xml_stream import XmlHandler, number_of, parse_xml, values_of

_MOST = 100_000
_NAMES = excel_names(("x:numFmt", "x:fonts", "x:font", "x:b", "x:cellXfs", "x:cellStyleXfs", "x:xf", "x:dxfs"))

# Formats that a workbook names by number. 14 and 22 are those of the user's country: the order of day and month is
# not in the file, so that they are written from the year on.
_BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;(#,##0)",
    39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0",
    49: "@",
}  # fmt: skip


class CellStyle(NamedTuple):
    """How a cell is shown: the code of its number format, and whether its font is bold."""

    number_format: str = "General"
    is_bold: bool = False


def read_styles(archive: Archive, path: str) -> list[CellStyle]:
    """The styles of cells by number."""
    codes = dict(_BUILT_IN)
    fonts: list[bool] = []
    styles: list[CellStyle] = []
    section = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal section
        element = _NAMES.get(name)
        if element in ("x:fonts", "x:cellXfs", "x:cellStyleXfs", "x:dxfs"):
            section = element
        elif element == "x:numFmt" and section != "x:dxfs" and len(codes) < _MOST:
            values = values_of(attributes)
            codes[number_of(values.get("numFmtId", ""), -1)] = values.get("formatCode", "General")
        elif element == "x:font" and section == "x:fonts" and len(fonts) < _MOST:
            fonts.append(False)
        elif element == "x:b" and section == "x:fonts" and fonts:
            fonts[-1] = is_on(attributes)
        elif element == "x:xf" and section == "x:cellXfs" and len(styles) < _MOST:
            values = values_of(attributes)
            font = number_of(values.get("fontId", ""))
            code = codes.get(number_of(values.get("numFmtId", "")), "General")
            styles.append(CellStyle(code, 0 <= font < len(fonts) and fonts[font]))

    if path in archive:
        parse_xml(archive.open_part(path, is_small=True), archive.name, XmlHandler(start))
    return styles
