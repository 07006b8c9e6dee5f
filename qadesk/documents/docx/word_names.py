"""Word's own names of elements."""

from __future__ import annotations

from collections.abc import Iterable

from qadesk.documents.office.office_names import office_names

_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",  # of documents that are saved as Strict Open XML
)


def word_names(short_names: Iterable[str]) -> dict[str, str]:
    """The names as the parser gives them, by both namespaces of Word, each with its short form, such as 'w:p'."""
    return office_names(short_names, w=_WORD)
