"""The texts of cells, which a workbook keeps in a part of their own, each once."""

from __future__ import annotations

from qadesk.documents.open_package import OpenPackage
from qadesk.documents.parsing import too_long
from qadesk.documents.xlsx.excel_names import excel_names, unescaped
from qadesk.documents.xml_stream import XmlHandler, parse_xml

MOST_CHARACTERS = 200_000
"""The longest text of a cell that is read; Excel allows 32,767 characters."""

_MOST_STRINGS = 2_000_000
_MOST_TOTAL = 40_000_000  # characters
_NAMES = excel_names(("x:si", "x:t", "x:rPh"))


class StringReader:
    """Collects the text inside elements ``x:t``, but for readings in ``x:rPh``, which stand above other words."""

    def __init__(self) -> None:
        self.is_open = False
        self._is_reading = False
        self._pieces: list[str] = []
        self._length = 0

    def start(self, element: str) -> None:
        """An element has begun."""
        if element == "x:rPh":
            self._is_reading = True
        elif element == "x:t":
            self.is_open = not self._is_reading

    def end(self, element: str) -> None:
        """An element has ended."""
        if element == "x:rPh":
            self._is_reading = False
        elif element == "x:t":
            self.is_open = False

    def add(self, text: str) -> None:
        """Add ``text`` if it stands inside an element of text."""
        if self.is_open and self._length < MOST_CHARACTERS:
            self._pieces.append(text)
            self._length += len(text)

    def take(self) -> str:
        """The text that was collected since the last time."""
        text = unescaped("".join(self._pieces)[:MOST_CHARACTERS])
        self._pieces.clear()
        self._length = 0
        return text


def read_shared_strings(file: OpenPackage, path: str) -> list[str]:
    """The shared texts of a workbook. Raises ``DocumentError`` for more than any document may have."""
    strings: list[str] = []
    total = 0
    reader = StringReader()

    def start(name: str, _: dict[str, str]) -> None:
        element = _NAMES.get(name)
        if element:
            reader.start(element)

    def end(name: str) -> None:
        nonlocal total
        element = _NAMES.get(name)
        if element == "x:si":
            strings.append(reader.take())
            total += len(strings[-1])
            if len(strings) > _MOST_STRINGS or total > _MOST_TOTAL:
                raise too_long(file.name)
        elif element:
            reader.end(element)

    if path in file.archive:
        parse_xml(file.archive.open_part(path), file.name, XmlHandler(start, end, reader.add), file.heartbeat)
    return strings
