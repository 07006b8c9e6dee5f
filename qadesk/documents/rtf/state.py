"""What RTF says of characters and paragraphs, which holds inside a group."""

from __future__ import annotations

from dataclasses import dataclass

from qadesk.documents.raised import Position


@dataclass(slots=True)
class TextState:
    """How the text that comes is shown, and what kind of paragraph it is in."""

    fallback: int = 1
    """How many bytes after a character in Unicode stand for it in older programs (\\uc)."""
    font: int = -1
    is_hidden: bool = False
    is_deleted: bool = False
    position: Position = ""
    is_in_table: bool = False
    nesting: int = 1
    """How deep the table of the paragraph lies in cells (\\itap)."""
    style: int = 0
    outline: int | None = None
    list_level: int = 0
