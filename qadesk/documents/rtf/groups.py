"""The state of an open group of RTF: when the group ends all is as it was before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from qadesk.documents.rtf.rtf_text import RtfText
from qadesk.documents.rtf.state import TextState

Target = Literal["text", "lead", "fonts", "styles", "instruction", "nothing"]
"""Where text goes: to the story, the printed number of a list, a table of the document, a field, or nowhere."""


@dataclass(slots=True)
class GroupState:
    """The story that the group is in, where its text goes, and how the text is shown."""

    story: RtfText
    target: Target = "text"
    text: TextState = field(default_factory=TextState)

    def copy(self) -> GroupState:
        """The state with which a group inside this one begins."""
        text = self.text  # ``replace`` takes three times as long, and a long document has a million groups
        own = TextState(
            text.fallback, text.font, text.is_hidden, text.is_deleted, text.position, text.is_in_table, text.nesting,
            text.style, text.outline, text.list_level,
        )  # fmt: skip
        return GroupState(self.story, self.target, own)
