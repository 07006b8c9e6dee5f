"""What all parts of one document in a ZIP archive share while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from qadesk.documents.archive import Archive
from qadesk.documents.parsing import Heartbeat
from qadesk.documents.symbol_fonts import unknown_symbols_note


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
        if self.unknown_symbols:
            messages.append(unknown_symbols_note(self.unknown_symbols))
        return tuple(dict.fromkeys(messages))

    def take(self, path: str) -> bool:
        """Whether the part ``path`` is there and was not read before."""
        is_new = path in self.archive and path.lower() not in self.parts_read
        self.parts_read.add(path.lower())
        return is_new
