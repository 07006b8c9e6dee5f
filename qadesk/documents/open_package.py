"""What all parts of one document in a ZIP archive share while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from qadesk.documents.archive import Archive
from qadesk.documents.parsing import Heartbeat


@dataclass(slots=True)
class OpenPackage:
    """An open document in an archive. ``name`` is the file's, in quotes."""

    archive: Archive
    name: str
    heartbeat: Heartbeat
    parts_read: set[str] = field(default_factory=set, kw_only=True)
    """Parts that were read: none is read twice, which could multiply a small file."""
    unknown_symbols: int = field(default=0, kw_only=True)
    has_prompts: bool = field(default=False, kw_only=True)
    """Whether prompts such as 'Click here to enter text' were left out."""
    messages: list[str] = field(default_factory=list, kw_only=True)
    """What else the user should know about the text."""

    @property
    def notes(self) -> tuple[str, ...]:
        """``Parsed.notes``."""
        messages = [*self.messages]
        if self.has_prompts:
            messages.append("Prompts of fields that are not filled in were left out.")
        if self.unknown_symbols == 1:
            messages.append("One symbol of a special font could not be read: \ufffd is in its place.")
        elif self.unknown_symbols:
            count = f"{self.unknown_symbols:,} symbols of special fonts"
            messages.append(f"{count} could not be read: \ufffd is in their place.")
        return tuple(dict.fromkeys(messages))

    def take(self, path: str) -> bool:
        """Whether the part ``path`` is there and was not read before."""
        is_new = path in self.archive and path.lower() not in self.parts_read
        self.parts_read.add(path.lower())
        return is_new
