"""The parts of a workbook that say which sheets there are, and where their parts are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from qadesk.documents.archive import Archive, other_content
from qadesk.documents.office.relations import main_part, relations_of
from qadesk.documents.xlsx.excel_names import KIND, excel_names, is_set
from qadesk.documents.xml_stream import XmlHandler, parse_xml, values_of
from qadesk.errors import DocumentError

_MOST_SHEETS = 5000
_MOST_TITLE = 100  # characters; Excel allows 31
_NAMES = excel_names(("x:workbook", "x:workbookPr", "x:sheet"))
_BINARY = ".bin"  # the parts of a workbook that is saved as .xlsb


class Sheet(NamedTuple):
    """A sheet: its title, the path of its part, what that is ('worksheet', 'chartsheet'), whether it is hidden."""

    title: str
    path: str
    purpose: str
    is_hidden: bool


@dataclass(slots=True)
class Workbook:
    """The sheets in the order of their tabs, the paths of the parts that they share, and what day dates count from."""

    sheets: list[Sheet] = field(default_factory=list)
    shared_strings: str = ""
    styles: str = ""
    begins_in_1904: bool = False


def open_workbook(archive: Archive) -> Workbook:
    """What ``archive`` says of its sheets. Raises ``DocumentError`` if it is no workbook."""
    path = main_part(archive)
    if path.lower().endswith(_BINARY):
        raise DocumentError(
            f"{archive.name} is a binary Excel workbook (.xlsb).", "Open it in Excel and save it as .xlsx."
        )
    relations = relations_of(archive, path)
    paths = {relation.purpose: relation.path for relation in relations.values()}
    workbook = Workbook(shared_strings=paths.get("sharedStrings", ""), styles=paths.get("styles", ""))
    is_workbook = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_workbook
        element = _NAMES.get(name)
        if element is None:
            return
        values = values_of(attributes)
        if element == "x:workbook":
            is_workbook = True
        elif element == "x:workbookPr":
            workbook.begins_in_1904 = is_set(values.get("date1904", "0"))
        elif len(workbook.sheets) < _MOST_SHEETS:
            relation = relations.get(values.get("id", ""))
            title = " ".join(values.get("name", "").split())[:_MOST_TITLE]
            is_hidden = values.get("state", "visible") != "visible"
            if relation:
                title = title or str(len(workbook.sheets) + 1)
                workbook.sheets.append(Sheet(title, relation.path, relation.purpose, is_hidden))

    parse_xml(archive.open_part(path, is_small=True), archive.name, XmlHandler(start))
    if not is_workbook:
        raise other_content(archive.name, KIND)
    return workbook
