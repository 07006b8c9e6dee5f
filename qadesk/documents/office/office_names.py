"""The names of elements in files of Office Open XML, and what their attribute ``val`` says."""

from __future__ import annotations

from collections.abc import Iterable

from qadesk.documents.xml_stream import qualified_names, values_of

_OFFICE = "http://schemas.openxmlformats.org"
_STRICT = "http://purl.oclc.org/ooxml"  # the names of documents that are saved as Strict Open XML
SPACES = {
    "m": (f"{_OFFICE}/officeDocument/2006/math", f"{_STRICT}/officeDocument/math"),
    "a": (f"{_OFFICE}/drawingml/2006/main", f"{_STRICT}/drawingml/main"),
    "c": (f"{_OFFICE}/drawingml/2006/chart", f"{_STRICT}/drawingml/chart"),
    "dgm": (f"{_OFFICE}/drawingml/2006/diagram", f"{_STRICT}/drawingml/diagram"),
    "mc": (f"{_OFFICE}/markup-compatibility/2006",),
}
"""The namespaces that several kinds of Office files share."""


def office_names(names: Iterable[str], **more: tuple[str, ...]) -> dict[str, str]:
    """The names as the parser gives them, with their short forms; ``more``: namespaces by prefix beside ``SPACES``."""
    return qualified_names(names, {**SPACES, **more})


def value_of(attributes: dict[str, str], default: str = "") -> str:
    """The attribute ``val``, which is what most elements say."""
    return values_of(attributes).get("val", default)


def is_on(attributes: dict[str, str]) -> bool:
    """Whether an element such as <w:b w:val="0"/> switches its property on, as it does without a value."""
    return value_of(attributes, "1").lower() not in ("0", "false", "off")
