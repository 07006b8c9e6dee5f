"""XML parts as streams of elements. No tree is built, which a hostile file could make huge.

XML with a DOCTYPE is refused: so there are no entities to expand, nothing outside to fetch. The programs that write
documents in ZIP archives never write one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import IO, NamedTuple
from xml.parsers import expat

_CHUNK = 64 * 1024

Namespaces = Mapping[str, tuple[str, ...]]
"""The addresses of namespaces by their prefixes; some have a second one, of another edition of the standard."""

StartElement = Callable[[str, dict[str, str]], None]
"""Called with the qualified name and the attributes of an element."""


class XmlHandler(NamedTuple):
    """What is called for each start of an element, each end of one and each piece of text."""

    start: StartElement
    end: Callable[[str], None] | None = None
    data: Callable[[str], None] | None = None


def qualified_names(names: Iterable[str], spaces: Namespaces) -> dict[str, str]:
    """The names as the parser gives them, in each of their namespaces, each with its short form, such as 'w:p'."""
    parts = ((name, *name.split(":")) for name in names)
    return {f"{space} {local}": name for name, prefix, local in parts for space in spaces[prefix]}


def values_of(attributes: dict[str, str]) -> dict[str, str]:
    """The attributes without their namespaces."""
    return {key.rpartition(" ")[2]: value for key, value in attributes.items()}


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
