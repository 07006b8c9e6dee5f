"""The words of diagrams (SmartArt)."""

from __future__ import annotations

from qadesk.documents.office.office_names import office_names
from qadesk.documents.open_package import OpenPackage
from qadesk.documents.writer import Writer
from qadesk.documents.xml_stream import XmlHandler, parse_xml, values_of

_NAMES = office_names(("dgm:pt", "a:p", "a:t"))
_CONNECTIONS = frozenset(("pres", "parTrans", "sibTrans"))  # points of a diagram that are only drawn


def diagram_text(file: OpenPackage, path: str) -> Writer | None:
    """The words of the SmartArt whose data is the part ``path``; None if there are none."""
    if not file.take(path):
        return None
    reader = _DiagramReader(file)
    handler = XmlHandler(reader.start, reader.end, reader.data)
    parse_xml(file.archive.open_part(path), file.name, handler, file.heartbeat)
    return reader.writer if reader.writer.text.strip() else None


class _DiagramReader:
    """Each paragraph of a point of a diagram becomes a line."""

    def __init__(self, file: OpenPackage) -> None:
        self.writer = Writer(file.name)
        self._is_shown = False  # whether the open point has text that is shown
        self._is_text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = _NAMES.get(name, "")
        if element == "dgm:pt":
            self._is_shown = values_of(attributes).get("type", "") not in _CONNECTIONS
        self._is_text = element == "a:t"

    def data(self, text: str) -> None:
        if self._is_text and self._is_shown:
            self.writer.write(text)

    def end(self, name: str) -> None:
        element = _NAMES.get(name, "")
        self._is_text = False
        if element == "a:p":
            self.writer.block(1)
        elif element == "dgm:pt":
            self._is_shown = False
