"""Writes the words of a marked-up text: spaces between them, paragraphs, and items with their numbers."""

from __future__ import annotations

import re

from qadesk.documents.writer import Writer
from qadesk.structure import BlockKind

_SPACES = re.compile(r"[ \t\n\r\f\v]+")


class InlineFlow:
    """Collects words; white space between them is one space, and none where a line begins."""

    def __init__(self, name: str) -> None:
        self.writer = Writer(name)
        self._space = False
        self._is_body_start = False  # whether the space before the text of an item is written
        self._before = ""  # the last characters of the line
        self._lead = ""  # the number or bullet before the next word
        self._lead_kind: BlockKind | None = None
        self._lead_level = 0

    # Words

    def text(self, text: str) -> None:
        """Write ``text``; its white space is spaces between words."""
        collapsed = _SPACES.sub(" ", text)
        words = collapsed.strip(" ")
        self._space = self._space or collapsed.startswith(" ")
        if words:
            self._write(words)
            self._space = collapsed.endswith(" ")

    def _write(self, words: str) -> None:
        self.begin_words()
        if self._lead_kind:
            self._write_lead()
        is_space = self._space and not self.writer.is_at_line_start and not self._is_body_start
        self.writer.write(f" {words}" if is_space else words)
        self._before = ("" if is_space else self._before[-24:]) + words[-24:]
        self._space = self._is_body_start = False

    def end_words(self) -> None:
        """What comes next begins without a space."""
        self._space, self._before = False, ""

    def begin_words(self) -> None:
        """Called before words are written."""

    def verbatim(self, code: str) -> None:
        """Write ``code`` as a block of its own, white space and all."""
        code = code.strip("\n").rstrip()
        if not code.strip():
            return
        if self.writer.is_in_cell:
            self.text(code)
            return
        self.start("code")
        self.writer.write("\n".join(line.rstrip() for line in code.expandtabs(4).split("\n")))
        self.end()

    def raw(self, text: str) -> None:
        """Write ``text`` as a word, with the spaces in it."""
        if text.strip():
            self._write(" ".join(text.split("\n")))

    # Lines and blocks

    def line(self) -> None:
        """End the line."""
        self._space, self._before = False, ""
        if not self.writer.is_at_line_start:
            self.writer.line()

    def paragraph(self) -> None:
        """End the paragraph; in the cell of a table, the line."""
        self.end_words()
        self.writer.block(2)

    def start(self, kind: BlockKind, level: int = 0) -> None:
        """Start a block of ``kind``."""
        self.drop_lead()
        self.paragraph()
        self.writer.start_block(kind, level)

    def end(self) -> None:
        """End the block that was started."""
        self.drop_lead()
        self.paragraph()

    def start_item(self, lead: str, level: int, kind: BlockKind = "item") -> None:
        """Start an item or a note with the number or bullet ``lead`` when its first word comes."""
        self.drop_lead()
        self.end_words()
        self.writer.block(1)
        self._lead, self._lead_kind, self._lead_level = f"{lead} " if lead else "", kind, level

    def start_body(self) -> None:
        """What was written of the item is its lead."""
        if self._lead_kind:
            return
        if not self.writer.is_at_line_start:  # the term
            self.writer.write(" ")
        self._is_body_start = True
        self.writer.start_body()

    def start_value(self, between: str) -> None:
        """What was written of the pair is its key; ``between`` stands before its value."""
        self.end_words()
        if not self.writer.is_at_line_start:
            self.writer.write(between)
        self._is_body_start = True
        self.writer.start_body()

    def _write_lead(self) -> None:
        lead, kind, level = self._lead, self._lead_kind or "item", self._lead_level
        self._lead, self._lead_kind = "", None
        self.writer.start_block(kind, level, breaks=1)
        self.writer.write(lead)
        self.writer.start_body()
        self._space, self._before = False, ""

    def drop_lead(self) -> None:
        """Write the number before what is no paragraph, on a line of its own; a bullet says nothing there."""
        if self._lead_kind and self._lead.strip("• "):
            self._lead = self._lead.rstrip()
            self._write_lead()
        self._lead, self._lead_kind = "", None
