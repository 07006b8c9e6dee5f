"""Writes paragraphs whose kind is known one after another: their numbers and bullets, keys, marks of notes, code."""

from __future__ import annotations

from qadesk.documents.paragraph_kinds import pair_value_start, typed_mark, would_glue
from qadesk.documents.parsing import Parsed
from qadesk.documents.writer import Writer
from qadesk.structure import BlockKind


class BlockFlow:
    """Writes to ``writer`` what follows one another in a text, a text box, a note or a header."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.mark = ""
        """The mark of a note: it stands before the next paragraph."""
        self._last: BlockKind | None = None  # the kind of the block before, if only blocks of text came since

    def interrupt(self) -> None:
        """A table, the end of a cell or the end of all comes."""
        self._last = None

    def write_blank(self) -> None:
        """A paragraph without text, which says nothing but within code."""
        if self._last == "code":
            self.writer.line()

    def write_block(self, kind: BlockKind, level: int, text: str, number: str = "", *, is_spaced: bool = True) -> None:
        """A paragraph with ``text`` after its printed ``number`` or bullet; ``is_spaced``: with a space between."""
        if kind == "code" and self._last == "code" and not self.writer.is_in_cell:
            self.writer.line()
            self.writer.write(text)
            return
        self.writer.start_block(kind, level, breaks=1 if kind == self._last == "item" else 2)
        if kind == "footnote":
            self.writer.write(f"{self.mark} " if self.mark else "")
            text, self.mark = text.lstrip(), ""  # a space comes after the mark that is drawn itself
        if number:
            text = text.lstrip()
            is_apart = is_spaced or would_glue(number, text)
            self.writer.write(f"{number} " if is_apart and text else number)
            if kind == "item":
                self.writer.start_body()
        self._write_text(kind, text, number)
        self._last = kind
        if kind != "code" or self.writer.is_in_cell:
            self.writer.block(1 if kind == "item" else 2)

    def write_apart(self, other: Writer | Parsed) -> None:
        """Something else between two paragraphs: a text box, a diagram."""
        self.writer.block(2)
        self.writer.append(other)
        self.writer.block(2)
        self._last = None

    def _write_text(self, kind: BlockKind, text: str, number: str) -> None:
        body = pair_value_start(text) if kind == "pair" else 0
        if kind == "item" and not number and (mark := typed_mark(text)):
            body = mark.length
        self.writer.write(text[:body])
        if body:
            self.writer.start_body()
        self.writer.write(text[body:])
