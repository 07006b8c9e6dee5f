"""XML parts as streams of elements. No tree is built, which a hostile file could make huge.

XML with a DOCTYPE, which Word never writes, is refused: so there are no entities to expand, nothing outside to fetch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import IO, NamedTuple
from xml.parsers import expat

_CHUNK = 64 * 1024

_OFFICE = "http://schemas.openxmlformats.org"
_STRICT = "http://purl.oclc.org/ooxml"  # the names of documents that are saved as Strict Open XML
_SPACES = {
    "w": (f"{_OFFICE}/wordprocessingml/2006/main", f"{_STRICT}/wordprocessingml/main"),
    "m": (f"{_OFFICE}/officeDocument/2006/math", f"{_STRICT}/officeDocument/math"),
    "a": (f"{_OFFICE}/drawingml/2006/main", f"{_STRICT}/drawingml/main"),
    "c": (f"{_OFFICE}/drawingml/2006/chart", f"{_STRICT}/drawingml/chart"),
    "dgm": (f"{_OFFICE}/drawingml/2006/diagram", f"{_STRICT}/drawingml/diagram"),
    "mc": (f"{_OFFICE}/markup-compatibility/2006",),
}

StartElement = Callable[[str, dict[str, str]], None]
"""Called with the qualified name and the attributes of an element."""


class XmlHandler(NamedTuple):
    """What is called for each start of an element, each end of one and each piece of text."""

    start: StartElement
    end: Callable[[str], None] | None = None
    data: Callable[[str], None] | None = None


def qualified(names: Iterable[str]) -> dict[str, str]:
    """The names as the parser gives them, by both namespaces of Word, each with its short form, such as 'w:p'."""
    parts = ((name, *name.split(":")) for name in names)
    return {f"{space} {local}": name for name, prefix, local in parts for space in _SPACES[prefix]}


def values_of(attributes: dict[str, str]) -> dict[str, str]:
    """The attributes without their namespaces."""
    return {key.rpartition(" ")[2]: value for key, value in attributes.items()}


def value_of(attributes: dict[str, str], default: str = "") -> str:
    """The attribute ``val``, which is what most elements say."""
    return values_of(attributes).get("val", default)


def is_on(attributes: dict[str, str]) -> bool:
    """Whether an element such as <w:b w:val="0"/> switches its property on, as it does without a value."""
    return value_of(attributes, "1").lower() not in ("0", "false", "off")


def number_of(text: str, default: int = 0) -> int:
    """The whole number in ``text``, ``default`` for anything else and for numbers of many digits."""
    try:
        return int(text) if len(text) < 10 else default
    except ValueError:
        return default


def hex_of(text: str) -> int:
    """The hexadecimal number in ``text``; 0 for anything else and for numbers of many digits."""
    try:
        return int(text, 16) if len(text) < 7 else 0
    except ValueError:
        return 0


def parse_xml(part: IO[bytes], name: str, handler: XmlHandler, heartbeat: Callable[[], None] = lambda: None) -> None:
    """Give the elements of ``part``, which is closed, to ``handler``. Raises ``ValueError`` and the errors of expat.

    ``name`` is the file's name in quotes.
    """

    def refuse(*_: object) -> None:
        raise ValueError(f"{name} has XML with a DOCTYPE")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.data
    with part:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)
            heartbeat()
    parser.Parse(b"", True)
