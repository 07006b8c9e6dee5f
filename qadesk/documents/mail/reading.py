"""What the messages of one file share while they are read."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from qadesk.documents.parsing import Heartbeat, Source

_MAX_PARTS = 100_000
_MAX_NAMES = 5


@dataclass(slots=True)
class MailReading:
    """The file that is read (``name``: in quotes), and what the user should know about it."""

    name: str
    heartbeat: Heartbeat
    parts_left: int = _MAX_PARTS
    notes: dict[str, None] = field(default_factory=dict)
    attachments: int = 0
    attachment_names: list[str] = field(default_factory=list)

    @property
    def source(self) -> Source:
        """The file, for the readers of web pages and Rich Text: they are given the bytes of a part."""
        return Source(io.BytesIO(), self.name, self.heartbeat)

    def note(self, sentence: str) -> None:
        """Say ``sentence``, once."""
        if sentence:
            self.notes[sentence] = None

    def count_attachment(self, name: str) -> None:
        """An attachment called ``name`` was not read."""
        self.attachments += 1
        if len(self.attachment_names) < _MAX_NAMES:
            self.attachment_names.append(f"'{name}'" if len(name) <= 60 else f"'{name[:40]}…{name[-15:]}'")

    def take_part(self) -> bool:
        """Whether one part more may be read."""
        self.heartbeat()
        self.parts_left -= 1
        if self.parts_left < 0:
            self.note(f"Only the first {_MAX_PARTS:,} parts were read.")
        return self.parts_left >= 0

    def all_notes(self) -> tuple[str, ...]:
        """``Parsed.notes``."""
        return (*self.notes, *((self._attachments_note(),) if self.attachments else ()))

    def _attachments_note(self) -> str:
        if self.attachments == 1:
            return f"The attachment {self.attachment_names[0]} was not read. Save and open it by itself."
        names = ", ".join(self.attachment_names)
        if self.attachments > len(self.attachment_names):
            names += " …"
        return f"{self.attachments:,} attachments were not read: {names}. Save and open them by themselves."
