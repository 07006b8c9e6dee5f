"""One text of an RTF document (the main one, a header, the notes): its paragraphs and tables become blocks."""

from __future__ import annotations

from dataclasses import dataclass, field

from qadesk.documents.block_flow import BlockFlow
from qadesk.documents.paragraph_kinds import is_beside_page_number, plain_kind
from qadesk.documents.raised import Position, raised_text
from qadesk.documents.rtf.paragraph_styles import ParagraphStyle
from qadesk.documents.rtf.state import TextState
from qadesk.documents.rtf.table import RowLayout, RtfRow, write_table
from qadesk.documents.writer import Writer
from qadesk.errors import DocumentError
from qadesk.structure import BlockKind

MAX_CELLS = 200_000
"""Of all tables of the body, or of another part that is written by itself."""

_LONGEST_HEADING = 250  # characters
_MAX_LEVEL = 6


@dataclass(slots=True)
class RtfText:
    """Writes paragraphs and tables to ``flow``; all paragraphs as ``kind`` if given."""

    flow: BlockFlow
    name: str
    kind: BlockKind | None = None
    is_box: bool = False
    boxes: list[Writer] = field(default_factory=list)
    """The texts of text boxes in the open paragraph, which go below it."""
    layout: RowLayout = field(default_factory=RowLayout)
    has_page_number: bool = False
    """Whether the open paragraph has the number of a page, which is left out."""
    _pieces: list[str] = field(default_factory=list)
    _before: str = ""  # the last few characters of the paragraph
    _last_position: Position = ""
    _lead: list[str] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)  # of the open cell
    _nested: list[str] = field(default_factory=list)  # cells of the open row of a table in the open cell
    _nested_lines: list[str] = field(default_factory=list)
    _cells: list[str] = field(default_factory=list)
    _rows: list[RtfRow] = field(default_factory=list)
    _cell_count: int = 0

    # Text

    def write(self, text: str, state: TextState) -> None:
        """Add ``text`` to the open paragraph."""
        if state.position and state.position != self._last_position:
            text = raised_text(text, self._before, state.position)
        self._last_position = state.position
        self.write_plain(text)

    def write_plain(self, text: str) -> None:
        """Add ``text``, which is not raised."""
        self._pieces.append(text)
        self._before = (self._before + text)[-25:]

    def write_lead(self, text: str) -> None:
        """Add ``text`` to the printed number or bullet of the open paragraph."""
        self._lead.append(text)

    @property
    def has_text(self) -> bool:
        """Whether the open paragraph has text."""
        return any(not piece.isspace() for piece in self._pieces)

    def _take(self) -> tuple[str, str]:
        """The number or bullet, and the text of the open paragraph, which ends."""
        text, lead = "".join(self._pieces), " ".join("".join(self._lead).split())
        self._pieces, self._lead, self._before, self._last_position = [], [], "", ""
        if self.kind in ("header", "footer") and self.has_page_number and is_beside_page_number(text):
            text = ""
        self.has_page_number = False
        return lead, text.strip("\n")

    def _take_boxes(self) -> list[Writer]:
        boxes, self.boxes = self.boxes, []
        return boxes

    def _take_lines(self) -> list[str]:
        """The lines that the open paragraph, which ends, has in a cell."""
        lead, text = self._take()
        lines = (f"{lead} {text.strip()}".strip(), *(box.text for box in self._take_boxes()))
        return [line for line in lines if line]

    # Paragraphs

    def end_paragraph(self, state: TextState, style: ParagraphStyle) -> None:
        """End the open paragraph, which has the properties of ``state``."""
        if state.is_in_table:
            lines = self._nested_lines if state.nesting > 1 else self._lines
            lines += self._take_lines()
            return
        self._end_table()
        lead, text = self._take()
        if text.strip():
            kind, level = self._kind_of(lead, text, state, style)
            self.flow.write_block(kind, level, text, lead)
        for box in self._take_boxes():
            self.flow.write_apart(box)

    def _kind_of(self, lead: str, text: str, state: TextState, style: ParagraphStyle) -> tuple[BlockKind, int]:
        if self.kind:
            return self.kind, 0
        outline = style.outline if state.outline is None else state.outline
        if 0 <= outline < 9 and len(text) <= _LONGEST_HEADING:
            return "heading", min(outline + 1, _MAX_LEVEL)
        if lead:
            return "item", state.list_level + 1
        return ("caption", 0) if style.is_caption else plain_kind(text)

    # Tables

    def end_cell(self, *, is_nested: bool) -> None:
        """End the open cell."""
        line = "\n".join(self._take_lines())
        if is_nested:
            self._nested.append(" ".join(part for part in (*self._nested_lines, line) if part))
            self._nested_lines = []
            return
        self._count_cell()
        self.end_nested_row()
        self._lines.append(line)
        self._cells.append("\n".join(part for part in self._lines if part))
        self._lines = []

    def _count_cell(self) -> None:
        self._cell_count += 1
        if self._cell_count > MAX_CELLS:
            raise too_many_cells(self.name)

    def end_nested_row(self) -> None:
        """A row of a table in the open cell becomes a line of the cell."""
        if any(self._nested):
            self._lines.append("\t".join(self._nested))
        self._lines += self._nested_lines
        self._nested, self._nested_lines = [], []

    def end_row(self) -> None:
        """End the open row."""
        if self.has_text or self._lines:
            self.end_cell(is_nested=False)
        if self._cells:
            self._rows.append(RtfRow(self._cells, self.layout.edges[: len(self._cells)], self.layout.is_header))
        self._cells = []

    def _end_table(self) -> None:
        if self._cells or self._lines:  # a row that does not end
            after, self._pieces = self._pieces, []
            self.end_row()
            self._pieces = after
        if self._rows:
            rows, self._rows = self._rows, []
            self.flow.interrupt()
            write_table(rows, self.flow.writer)

    def end(self, state: TextState, style: ParagraphStyle) -> None:
        """End all that is open."""
        if self.has_text or self.boxes:
            self.end_paragraph(state, style)
        self._end_table()
        self._pieces, self._lead = [], []


def too_many_cells(name: str) -> DocumentError:
    """The error for a document (its name, in quotes) with more than ``MAX_CELLS``."""
    return DocumentError(
        f"{name} has tables of more than {MAX_CELLS:,} cells, the most that QADesk opens.",
        "Split it into smaller files and open the one you need.",
    )
