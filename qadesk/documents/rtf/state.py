"""What holds inside a group of RTF, and is as before when the group ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from qadesk.documents.rtf.story import Story

Target = Literal["text", "lead", "fonts", "styles", "instruction", "nothing"]
"""Where text goes: into the story, to the printed number of a list, to a table of the document, to a field, or away."""


@dataclass(slots=True)
class GroupState:
    """The state of the open group."""

    story: Story
    target: Target = "text"
    fallback: int = 1
    """How many bytes after a character in Unicode stand for it in older programs (\\uc)."""
    font: int = -1
    is_hidden: bool = False
    is_deleted: bool = False
    position: Literal["", "superscript", "subscript"] = ""
    is_in_table: bool = False
    nesting: int = 1
    """How deep the table of the paragraph lies in cells (\\itap)."""
    style: int = 0
    outline: int | None = None
    list_level: int = 0

    def copy(self) -> GroupState:
        """The state with which a group inside this one begins."""
        return GroupState(
            self.story, self.target, self.fallback, self.font, self.is_hidden, self.is_deleted, self.position,
            self.is_in_table, self.nesting, self.style, self.outline, self.list_level,
        )  # fmt: skip
