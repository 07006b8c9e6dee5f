"""PowerPoint's own names of elements."""

from __future__ import annotations

from collections.abc import Iterable

from qadesk.documents.office.office_names import office_names

_POWERPOINT = (
    "http://schemas.openxmlformats.org/presentationml/2006/main",
    "http://purl.oclc.org/ooxml/presentationml/main",  # of files that are saved as Strict Open XML
)


def slide_names(short_names: Iterable[str]) -> dict[str, str]:
    """The names as the parser gives them, by both namespaces of PowerPoint, each with its short form: 'p:sp'."""
    return office_names(short_names, p=_POWERPOINT)
