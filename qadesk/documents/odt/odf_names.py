"""The names of elements in OpenDocument files."""

from __future__ import annotations

from collections.abc import Iterable

from qadesk.documents.xml_stream import qualified_names

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
TEXT = f"{_OASIS}:text:1.0"
"""The namespace of paragraphs and of all fields in them."""

_SPACES = {
    "text": (TEXT,),
    **{prefix: (f"{_OASIS}:{prefix}:1.0",) for prefix in ("office", "style", "table", "chart", "presentation")},
    "draw": (f"{_OASIS}:drawing:1.0",),
    "svg": (f"{_OASIS}:svg-compatible:1.0",),
}


def odf_names(short_names: Iterable[str]) -> dict[str, str]:
    """The names as the parser gives them, each with its short form, such as 'text:p'."""
    return qualified_names(short_names, _SPACES)
