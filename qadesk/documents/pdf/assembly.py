"""Writes the text of a document from its drafts: the text, its blocks, its pages and where its characters are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from qadesk.documents import parsing
from qadesk.documents.pdf.bookmarks import PlacedLine
from qadesk.documents.pdf.drafts import DIVIDED, Draft, break_after
from qadesk.documents.pdf.flow import Hyphens
from qadesk.documents.pdf.grid_cells import GridCell
from qadesk.documents.pdf.pieces import Piece
from qadesk.documents.pdf.rows import Line
from qadesk.records import Page
from qadesk.structure import Block, Cell, Row
from qadesk.structure.character_map import CharacterMap, Run


class Assembly:
    """Collects the text of a PDF document, block after block. ``name`` is that of the file, for errors.

    ``lines`` are those of the upright text of each page with one of the indices ``placed_pages``, by the index.
    """

    def __init__(self, name: str, hyphens: Hyphens, placed_pages: Iterable[int] = ()) -> None:
        self.lines: dict[int, list[PlacedLine]] = {index: [] for index in placed_pages}
        self._name = name
        self._hyphens = hyphens
        self._parts: list[str] = []
        self._length = 0
        self._runs: list[Run] = []
        self._blocks: list[Block] = []
        self._pages: dict[int, tuple[int, int]] = {}
        self._is_upright = True  # of the draft that is written

    @property
    def text(self) -> str:
        """The text written so far."""
        return "".join(self._parts)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks written so far."""
        return tuple(self._blocks)

    @property
    def characters(self) -> CharacterMap:
        """Where the characters written so far are."""
        return CharacterMap(self._runs)

    def pages(self, labels: Iterable[str]) -> tuple[Page, ...]:
        """The pages with these labels. One without text takes no room: it is where the one before ends."""
        pages = []
        end = 0
        for number, label in enumerate(labels, 1):
            start, end = self._pages.get(number, (end, end))
            pages.append(Page(number, label, start, end))
        return tuple(pages)

    def add(self, draft: Draft) -> None:
        """Write ``draft`` as a block. Raises ``DocumentError`` (``too_long``)."""
        if self._blocks:
            is_list = draft.kind in ("item", "pair") and self._blocks[-1].kind == draft.kind
            self._write("\n" if is_list else "\n\n")
        start = self._length
        self._is_upright = draft.is_upright
        if draft.grid:
            pages = iter(draft.pages)
            rows = tuple(
                [self._row(row, draft.grid.columns, pages, number) for number, row in enumerate(draft.grid.rows)]
            )
            self._blocks.append(Block("table", start, self._length, rows=rows))
            return
        body = self._lines(draft.lines, draft.breaks, draft.pages.__getitem__, draft.marker)
        self._blocks.append(Block(draft.kind, start, self._length, draft.level, body))

    def _lines(self, lines: Sequence[Line], breaks: Sequence[str], page: Callable[[int], int], marker: int = 0) -> int:
        """Write lines. Returns the offset behind the first ``marker`` characters."""
        start = self._length
        for number, line in enumerate(lines):
            after = breaks[number] if number < len(breaks) else ""
            if after == DIVIDED:
                is_dropped = self._hyphens.are_dropped(line.text, lines[number + 1].text)
                after = " " if line.text[-2:-1] == " " else ""
            else:
                is_dropped = False
            self._write_line(line, page(number), is_cut=is_dropped)
            if after:
                self._write(after)
        return min(start + marker, self._length)

    def _write_line(self, line: Line, page: int, *, is_cut: bool) -> None:
        """Write a line of the page with the number ``page``, without its last character if it ``is_cut``."""
        start = self._length
        if self._is_upright and page - 1 in self.lines:
            self.lines[page - 1].append(PlacedLine(start, line.left, line.bottom, line.top))
        for piece, space in line.parts():
            if space:
                self._write(space)
            is_last = is_cut and piece is line.pieces[-1]
            self._write_piece(piece, piece.text[:-1] if is_last else piece.text, page)
        self._pages[page] = (self._pages[page][0] if page in self._pages else start, self._length)

    def _row(self, row: Sequence[GridCell], columns: int, pages: Iterator[int], number: int) -> Row:
        """Write a row of a table, with an empty cell in each column that has none. ``pages``: those of its lines."""
        by_column = {cell.column: cell for cell in row}
        cells: list[Cell] = []
        column = 0
        if number:
            self._write("\n")
        while column < columns:
            cell = by_column.get(column) or GridCell(column, 1, [])
            cells.append(self._cell(cell, [next(pages) for _ in cell.lines]))
            column += cell.span
        return tuple(cells)

    def _cell(self, cell: GridCell, pages: Sequence[int]) -> Cell:
        if cell.column:
            self._write("\t")
        start, lines = self._length, cell.lines
        breaks = [break_after(line) for line in lines[:-1]]
        self._lines(lines, breaks, pages.__getitem__)
        return Cell(start, self._length, cell.column, cell.span, cell.is_header, cell.is_covered)

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        if self._length > parsing.MAX_CHARACTERS:
            raise parsing.too_long(self._name)

    def _write_piece(self, piece: Piece, text: str, page: int) -> None:
        start, length = self._length, len(text)
        self._write(text)
        length = min(length, piece.mapped)
        if length and piece.first >= 0:
            self._add_run(start, page, piece.first, length)

    def _add_run(self, offset: int, page: int, first: int, length: int) -> None:
        """Add a run, to the one before where only a space is between them in the text and on the page."""
        if self._runs:
            before = self._runs[-1]
            gap = offset - before.offset - before.length
            is_next = gap in (0, 1) and page == before.page and first - before.first - before.length == gap
            if is_next and self._parts[-2] == " " * gap:
                self._runs[-1] = before._replace(length=before.length + gap + length)
                return
        self._runs.append(Run(offset, page, first, length))
