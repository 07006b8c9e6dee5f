"""Writes the text of a LaTeX file: spaces, paragraphs, items and the cells of tables."""

from __future__ import annotations

import re

from qadesk.documents.raised_numbers import RAISED_NUMBER, takes_power
from qadesk.documents.writer import Writer
from qadesk.structure import BlockKind

_SPACES = re.compile(r"[ \t\n\r\f\v]+")
_NOTE_NUMBERS = re.compile(r"\d+(?:\s*[,;–-]\s*\d+)+")
_MAX_HEADER_ROWS = 3


class OpenTable:
    """A table whose rows and cells are begun where something is in them."""

    def __init__(self) -> None:
        self.rows = 0
        self.is_row_open = False
        self.is_cell_open = False
        self.column = 0
        self.rules: list[int] = []  # how many rows are above each rule
        self.covered: dict[int, int] = {}  # rows that a cell of each column still covers

    def header_rows(self) -> int:
        """How many rows are above the first rule that has rows above and below it. A grid of rules says nothing."""
        inner = sorted({rule for rule in self.rules if 0 < rule < self.rows})
        if not inner or inner[0] > _MAX_HEADER_ROWS or (self.rows > 2 and len(inner) == self.rows - 1):
            return 0
        return inner[0]


class Flow:
    """Collects words; white space between them is one space, and none where a line begins."""

    def __init__(self, name: str) -> None:
        self.writer = Writer(name)
        self._tables: list[OpenTable] = []
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
        self._open_cell()
        if self._lead_kind:
            self._write_lead()
        is_space = self._space and not self.writer.is_at_line_start and not self._is_body_start
        self.writer.write(f" {words}" if is_space else words)
        self._before = ("" if is_space else self._before[-24:]) + words[-24:]
        self._space = self._is_body_start = False

    def raised(self, text: str) -> None:
        """Write ``text`` that is raised: a power, the mark of a note, or the end of a word."""
        is_number = RAISED_NUMBER.fullmatch(text) is not None
        if self._space or not self._before or self.writer.is_at_line_start:
            self.text(text)
        elif _NOTE_NUMBERS.fullmatch(text) or (is_number and not takes_power(self._before)):
            self.text(f"[{text}]")
        else:
            self.text(f"^{text}" if is_number else text)

    def lowered(self, text: str) -> None:
        """Write ``text`` that is lowered: the 2 of H2O, but 10_2."""
        is_glued = self._before[-1:].isdigit() and text[:1].isdigit() and not self._space
        self.text(f"_{text}" if is_glued else text)

    def verbatim(self, code: str) -> None:
        """Write ``code`` as a block of its own, white space and all."""
        code = code.strip("\n").rstrip()
        if not code.strip():
            return
        if self.is_in_table:
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
        self._space, self._before = False, ""
        if not self.is_in_table or self.writer.is_in_cell:
            self.writer.block(2)

    def start(self, kind: BlockKind, level: int = 0) -> None:
        """Start a block of ``kind``."""
        self._drop_lead()
        self.paragraph()
        self.writer.start_block(kind, level)

    def end(self) -> None:
        """End the block that was started."""
        self._drop_lead()
        self.paragraph()

    def start_item(self, lead: str, level: int, kind: BlockKind = "item") -> None:
        """Start an item or a note with the number or bullet ``lead`` when its first word comes."""
        self._drop_lead()
        self._space, self._before = False, ""
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

    def _write_lead(self) -> None:
        lead, kind, level = self._lead, self._lead_kind or "item", self._lead_level
        self._lead, self._lead_kind = "", None
        self.writer.start_block(kind, level, breaks=1)
        self.writer.write(lead)
        self.writer.start_body()
        self._space, self._before = False, ""

    def _drop_lead(self) -> None:
        """Write the number before what is no paragraph, on a line of its own; a bullet says nothing there."""
        if self._lead_kind and self._lead.strip("• "):
            self._lead = self._lead.rstrip()
            self._write_lead()
        self._lead, self._lead_kind = "", None

    # Tables

    @property
    def is_in_table(self) -> bool:
        """Whether a table is open."""
        return bool(self._tables)

    def start_table(self) -> None:
        """Start a table; what comes before its first cell, as a caption, is not in it."""
        self._drop_lead()
        self.paragraph()
        self._open_cell()
        self._tables.append(OpenTable())

    def _open_cell(self, span: int = 1, *, is_covered: bool = False) -> None:
        if not self._tables or self._tables[-1].is_cell_open:
            return
        table = self._tables[-1]
        if not table.rows:
            self.writer.start_table()
        if not table.is_row_open:
            self.writer.row()
            table.rows += 1
            table.is_row_open, table.column = True, 0
        self.writer.cell(span=span, is_covered=is_covered)
        table.is_cell_open = True
        table.column += span
        self._space, self._before = False, ""

    def merge_columns(self, span: int) -> None:
        """The next cell covers ``span`` columns."""
        self._open_cell(span)

    def merge_rows(self, count: int) -> None:
        """The open cell covers ``count`` rows."""
        self._open_cell()
        if self._tables:
            self._tables[-1].covered[self._tables[-1].column - 1] = count

    def next_cell(self) -> None:
        """End the cell, which may be empty."""
        if self._tables:
            self._end_cell()

    def _end_cell(self) -> None:
        table = self._tables[-1]
        if not table.is_cell_open:
            column = table.column if table.is_row_open else 0
            self._open_cell(is_covered=table.covered.get(column, 0) > 0)
        table.is_cell_open = False
        self._space, self._before = False, ""

    def end_row(self) -> None:
        """End the row, if one is open."""
        if not self._tables or not self._tables[-1].is_row_open:
            return
        self._end_cell()
        table = self._tables[-1]
        table.is_row_open = False
        table.covered = {column: count - 1 for column, count in table.covered.items() if count > 1}

    def rule(self) -> None:
        """A line over all columns is drawn here."""
        if self._tables and not self._tables[-1].is_row_open:
            self._tables[-1].rules.append(self._tables[-1].rows)

    def end_table(self) -> None:
        """End the table that was started last."""
        if not self._tables:
            return
        table = self._tables.pop()
        if table.rows:
            for row in range(table.header_rows()):
                self.writer.mark_header(row)
            self.writer.end_table()
        self.paragraph()
