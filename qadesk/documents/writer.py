"""Collects the text of a document and its blocks while a reader goes through a file from beginning to end."""

from __future__ import annotations

from dataclasses import replace

from qadesk.documents import parsing
from qadesk.structure import Block, BlockKind, Cell, Row, shifted

_MAX_NESTED_TABLES = 20
_SPACE = " \t\n\r\f\v\xa0\u200b\ufeff"


class Writer:
    """Collects text in blocks, and tables in rows and cells.

    Adjacent breaks merge into the largest, as margins in a browser; breaks before the first and after the last word
    are dropped. Text that no block was started for is a paragraph, as far as ``block`` divides it. Blocks and tables
    inside a cell become lines of the cell's text. Raises ``DocumentError`` (``too_long``).
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._total = 0  # characters, those of open cells included
        self._texts = [_Pieces()]  # of the document, of the open cell, of the open cell of a table in that cell ...
        self._tables: list[_TableRows] = []  # the open ones, the innermost last
        self._unopened = 0  # how many open tables are nested too deep, and are none for us
        self._blocks: list[Block] = []
        self._kind: BlockKind = "paragraph"  # of the open block
        self._level = 0
        self._start = self._body = 0  # where the open block begins, and its text after a number, bullet or key
        self._is_started = False  # whether the open block has text

    @property
    def text(self) -> str:
        """The text written so far, without cells that are open."""
        return "".join(self._texts[0].pieces)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks written so far; ends the one that is open."""
        self.end_block()
        return tuple(self._blocks)

    @property
    def length(self) -> int:
        """How many characters the text has so far, without cells that are open."""
        return self._texts[0].length

    @property
    def is_at_line_start(self) -> bool:
        """Whether the next word is the first of a line or a cell."""
        text = self._texts[-1]
        return text.breaks > 0 or not text.pieces or text.pieces[-1][-1] in "\n\t"

    @property
    def is_in_cell(self) -> bool:
        """Whether a cell is open."""
        return len(self._texts) > 1

    def write(self, text: str) -> None:
        """Add ``text`` as it is."""
        if not text:
            return
        self._count(len(text))
        self._count(self._texts[-1].write_breaks())
        if not self.is_in_cell and not self._is_started:
            self._start = self._body = self._texts[0].length
            self._is_started = True
        self._texts[-1].add(text)

    def line(self) -> None:
        """End the line; twice leaves an empty one."""
        self._texts[-1].breaks += 1

    def block(self, breaks: int) -> None:
        """End the block; put at least ``breaks`` line ends between the text before and the text after."""
        text = self._texts[-1]
        if self.is_in_cell:
            text.breaks = max(text.breaks, min(breaks, 1))
            return
        self.end_block()
        text.breaks = max(text.breaks, breaks)

    def start_block(self, kind: BlockKind, level: int = 0, *, breaks: int = 2) -> None:
        """End the open block and start one of ``kind``, with at least ``breaks`` line ends before it."""
        self.block(breaks)
        if not self.is_in_cell:
            self._kind, self._level = kind, level

    def start_body(self) -> None:
        """What was written of the open block is its number, bullet or key; its text or value begins here."""
        if self._is_started and not self.is_in_cell:
            self._body = self._texts[0].length

    def end_block(self) -> None:
        """End the open block. Text that follows is a paragraph unless another block is started."""
        if self._is_started:
            self._add_block()
        self._kind, self._level, self._is_started = "paragraph", 0, False

    def append(self, other: Writer | parsing.Parsed) -> None:
        """Add the text and the blocks of ``other`` as blocks of their own, at least on a line of their own."""
        blocks, text = other.blocks, other.text
        if not text:
            return
        self.block(1)
        if self.is_in_cell:
            self.write(text)
            return
        self._count(len(text))
        self._count(self._texts[0].write_breaks())
        self._blocks += [shifted(block, self._texts[0].length) for block in blocks]
        self._texts[0].add(text)

    # Tables

    def start_table(self) -> None:
        """Start a table."""
        if len(self._tables) == _MAX_NESTED_TABLES:
            self._unopened += 1
            return
        self.block(2)
        self._tables.append(_TableRows())

    def row(self) -> None:
        """Begin a row of the open table, if one is."""
        if self._tables and not self._unopened:
            self._end_cell()
            self._tables[-1].rows.append([])

    def cell(self, *, span: int = 1, is_header: bool = False, is_covered: bool = False) -> None:
        """Begin a cell of the open table: ``Cell`` says what the arguments mean."""
        if not self._tables or self._unopened:
            return
        self._end_cell()
        table = self._tables[-1]
        if not table.rows:
            table.rows.append([])
        row = table.rows[-1]
        column = row[-1][0].column + row[-1][0].span if row else 0
        row.append((Cell(0, 0, column, max(1, span), is_header, is_covered), ""))
        table.is_cell_open = True
        self._texts.append(_Pieces())

    def mark_header(self, row: int = -1) -> None:
        """The cells of the row number ``row`` of the open table are header cells; -1 is the last one so far."""
        rows = self._tables[-1].rows if self._tables and not self._unopened else []
        if -len(rows) <= row < len(rows):
            rows[row][:] = [(replace(cell, is_header=True), text) for cell, text in rows[row]]

    def end_table(self) -> None:
        """End the table that was started last."""
        if self._unopened:
            self._unopened -= 1
        elif self._tables:
            self._end_cell()
            self._write_table(self._tables.pop())

    def _end_cell(self) -> None:
        table = self._tables[-1]
        if table.is_cell_open:
            row = table.rows[-1]
            row[-1] = (row[-1][0], "".join(self._texts.pop().pieces).strip(_SPACE))
            table.is_cell_open = False

    def _write_table(self, table: _TableRows) -> None:
        """Write the rows that have text, and count their characters only once."""
        rows = [row for row in table.rows if any(text.strip(_SPACE) for _, text in row)]
        self._total -= sum(len(text) for row in table.rows for _, text in row)
        self.block(2)
        offset = self._texts[-1].length + self._texts[-1].pending_breaks()
        pieces: list[str] = []
        placed: list[Row] = []
        for number, row in enumerate(rows):
            cells: list[Cell] = []
            for index, (cell, text) in enumerate(row):
                pieces += ["\n" if number and not index else "\t" if index else "", text]
                offset += len(pieces[-2])
                cells.append(replace(cell, start=offset, end=offset + len(text)))
                offset += len(text)
            placed.append(tuple(cells))
        if placed:
            start = self._texts[-1].length + self._texts[-1].pending_breaks()
            self.write("".join(pieces))
            self._is_started = False
            if not self.is_in_cell:
                self._blocks.append(Block("table", start, offset, rows=tuple(placed)))
        self.block(2)

    # Parts

    def _count(self, characters: int) -> None:
        self._total += characters
        if self._total > parsing.MAX_CHARACTERS:
            raise parsing.too_long(self._name)

    def _add_block(self) -> None:
        """Add the open block, which ends where the text ends, without the white space at its ends."""
        text = self._texts[0].from_offset(self._start)
        start = self._start + len(text) - len(text.lstrip(_SPACE))
        end = self._start + len(text.rstrip(_SPACE))
        if start < end:
            self._blocks.append(Block(self._kind, start, end, self._level, min(max(self._body, start), end)))


class _Pieces:
    """Text in pieces, and how many line ends come before the next one."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.breaks = 0

    def add(self, text: str) -> None:
        if text:
            self.pieces.append(text)
            self.length += len(text)

    def pending_breaks(self) -> int:
        """How many line ends ``write_breaks`` would write."""
        if not self.breaks or not self.pieces:
            return 0
        last = self.pieces[-1]
        return max(0, self.breaks - (len(last) - len(last.rstrip("\n"))))

    def write_breaks(self) -> int:
        """Write the line ends that come before the next text; returns how many."""
        count = self.pending_breaks()
        self.add("\n" * count)
        self.breaks = 0
        return count

    def from_offset(self, start: int) -> str:
        """The text from the offset ``start`` on, which is near the end."""
        pieces, length = [], self.length
        for piece in reversed(self.pieces):
            if length <= start:
                break
            pieces.append(piece)
            length -= len(piece)
        return "".join(reversed(pieces))[max(0, start - length) :]


class _TableRows:
    """The rows of an open table: cells with their texts; their offsets are not known yet."""

    def __init__(self) -> None:
        self.rows: list[list[tuple[Cell, str]]] = []
        self.is_cell_open = False
