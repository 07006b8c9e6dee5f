"""Places the lines of each paragraph of the widget, by the block of the document that it belongs to.

A paragraph of the widget is a line of the text, a joined paragraph, or a row of a table. Only those on the screen are
laid out, so the length of the document does not matter.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from unicodedata import bidirectional

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QTextBlock, QTextDocument, QTextLayout, QTextOption
from PySide6.QtWidgets import QPlainTextDocumentLayout

from qadesk.records import Page
from qadesk.structure import Block, Row
from qadesk.ui.document.blocks.block_index import BlockIndex
from qadesk.ui.document.blocks.styles import BlockFonts, BlockStyle, gap_between, style_of
from qadesk.ui.document.blocks.table_columns import Columns, columns_of
from qadesk.ui.document.display_text import has_tab
from qadesk.ui.document.textmap import TextMap

_LEVEL_INDENT = 1.6  # of a list, by level, in font sizes
_MOST_LEVELS = 8
_CONTINUED_INDENT = 1.5  # of the second line of a value or of code
_RULE_HEIGHT = 1.5  # of a page rule, in pitches
_TAB = 3  # font sizes from tab stop to tab stop
_CELL_SPACE = 0.2  # above and below the text of a cell, in pitches
_OUTER_MARGIN = 28.0  # pixels between a wide table and the edge of the window
_HIDDEN = 1  # pixel: the height of an empty line after another, as a caret cannot be shown in none


@dataclass(frozen=True, slots=True)
class CellLines:
    """The lines ``first`` to ``last``, the end, of a paragraph of the widget are a cell between ``left`` and ``right``.

    ``left`` and ``right`` are in pixels from the left of the table.
    """

    first: int
    last: int
    left: float
    right: float


@dataclass(slots=True)
class Laid:
    """How a paragraph of the widget was laid out, in pixels from its upper left corner.

    ``number`` is that of its block, -1 for none; ``top`` and ``bottom`` enclose its lines with their ground.
    ``pages`` begin above it, at the height ``rule``; ``inner_pages`` begin at positions in it. ``row`` is the number of
    the row, -1 if it is none, and ``cells`` its cells. ``is_gap``: it is only space, and its text is not painted.
    """

    number: int
    block: Block | None
    style: BlockStyle
    direction: Qt.LayoutDirection
    top: float = 0.0
    bottom: float = 0.0
    rule: float = 0.0
    pages: list[Page] = field(default_factory=list)
    inner_pages: list[tuple[int, Page]] = field(default_factory=list)
    row: int = -1
    is_gap: bool = False
    cells: list[CellLines] = field(default_factory=list)


class BlockLayout(QPlainTextDocumentLayout):
    """The layout of a document's widget. ``laid`` tells how a paragraph that is on the screen was laid out.

    ``column`` is where the text begins, from the left of the widget, and its width, in pixels.
    """

    def __init__(
        self,
        document: QTextDocument,
        index: BlockIndex,
        text_map: TextMap,
        fonts: BlockFonts,
        column: tuple[float, float],
    ) -> None:
        super().__init__(document)
        self.index = index
        self.fonts = fonts
        self._map = text_map
        self._laid: dict[int, Laid] = {}  # by the number of the widget's paragraph
        self._columns: dict[int, Columns] = {}  # by the number of the table
        self._is_reporting = False
        self.left, self.width = column

    def set_column(self, left: float, width: float) -> None:
        """Put the text into another column."""
        if (left, width) != (self.left, self.width):
            self.left, self.width = left, width
            self._forget_lines()

    def restyle(self, fonts: BlockFonts) -> None:
        """Take other fonts, or the same in other colours."""
        self.fonts = fonts
        self._forget_lines()

    def _forget_lines(self) -> None:
        self._columns.clear()
        self._laid.clear()
        self.document().setDefaultFont(self.fonts.base)  # forgets the lines of all paragraphs
        self.document().firstBlock().clearLayout()  # except where there is only one

    def laid(self, paragraph: QTextBlock) -> Laid:
        """How ``paragraph`` is laid out; lays it out if need be."""
        self.blockBoundingRect(paragraph)
        return self._laid[paragraph.blockNumber()]

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        """The rectangle of a paragraph of the widget, which is laid out by this call; empty for an invalid one."""
        if not block.isValid():
            return QRectF()
        layout = block.layout()
        if not layout.lineCount():
            self._lay_out(block, layout)
        return QRectF(0, 0, self.documentSize().width(), block.userState())

    def _lay_out(self, paragraph: QTextBlock, layout: QTextLayout) -> None:
        start = self._map.offset(paragraph.position())
        end = self._map.offset(paragraph.position() + paragraph.length() - 1)
        number = self.index.number_at(start, end)
        block = self.index.blocks[number] if number >= 0 else None
        laid = Laid(number, block, style_of(block), _direction(self.index.text[start:end]))
        self._laid[paragraph.blockNumber()] = laid
        laid.row = self.index.row_at(number, start, end) if block and block.rows else -1
        laid.is_gap = laid.row < 0 and self.index.is_gap(number, start, end)
        laid.top = self._space_above(paragraph, laid, start, end)
        if laid.is_gap:
            height = self._lay_out_gap(paragraph, laid, start)
        elif laid.row >= 0:
            height = self._lay_out_row(paragraph, laid)
        else:
            height = self._lay_out_lines(paragraph, laid, start, end)
        paragraph.setUserState(math.ceil(height))
        self._set_line_count(paragraph, layout.lineCount())

    def _set_line_count(self, paragraph: QTextBlock, count: int) -> None:
        """Tell the widget, whose scroll bar counts lines, once for all paragraphs that it lays out for the answer."""
        if paragraph.lineCount() == count:
            return
        paragraph.setLineCount(count)
        if not self._is_reporting:
            self._is_reporting = True
            self.documentSizeChanged.emit(self.documentSize())
            self._is_reporting = False

    def _space_above(self, paragraph: QTextBlock, laid: Laid, start: int, end: int) -> float:
        """The pixels above the lines: a page rule, and what divides blocks that no empty line divides."""
        space = 0.0
        next_start = end + 1 if paragraph.next().isValid() else end
        shown = self.index.text[start:end]
        first = end if laid.is_gap else start + len(shown) - len(shown.lstrip())
        for page in self.index.pages_at(start, next_start):
            if page.start <= first:
                laid.pages.append(page)
            else:
                laid.inner_pages.append((self._map.position(page.start) - paragraph.position(), page))
        block, number = laid.block, laid.number
        if block and block.start >= start and number and not laid.is_gap and self.index.is_tight(number):
            space += gap_between(self.index.blocks[number - 1], block, is_tight=True) * self.fonts.pitch
        if laid.pages:
            laid.rule = space + _RULE_HEIGHT * self.fonts.pitch / 2
            space += _RULE_HEIGHT * self.fonts.pitch
        return round(space)

    # Kinds of paragraphs

    def _lay_out_gap(self, paragraph: QTextBlock, laid: Laid, start: int) -> float:
        layout = paragraph.layout()
        before, after, is_first = self.index.gap_at(start)
        self._begin(paragraph, laid, [])
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.width)
            line.setPosition(QPointF(self.left, 0))
        layout.endLayout()
        gap = gap_between(before, after, is_tight=False) * self.fonts.pitch if is_first else _HIDDEN
        laid.bottom = max(laid.top, gap, _HIDDEN)
        return laid.bottom

    def _lay_out_lines(self, paragraph: QTextBlock, laid: Laid, start: int, end: int) -> float:
        style, block, layout = laid.style, laid.block, paragraph.layout()
        first_indent, indent = self._indents(laid, start)
        self._begin(paragraph, laid, self._emphasis(laid, start), tab=indent - first_indent)
        pitch = self.fonts.line_pitch(style)
        is_first = block is None or block.start >= start
        is_last = block is None or block.end <= end
        y = laid.top + (round(style.ground * self.fonts.pitch) if is_first else 0)
        is_mirrored = laid.direction == Qt.LayoutDirection.RightToLeft
        left = first_indent
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(self.width - left, self.width / 4))
            height = max(pitch, math.ceil(line.height()))
            above = (height - math.ceil(line.height())) // 2
            line.setPosition(QPointF(self.left + (0 if is_mirrored else left), y + above))
            y += height
            left = indent
        layout.endLayout()
        laid.bottom = y + (round(style.ground * self.fonts.pitch) if is_last else 0)
        return laid.bottom

    def _lay_out_row(self, paragraph: QTextBlock, laid: Laid) -> float:
        layout = paragraph.layout()
        row = self.index.rows(laid.number)[laid.row]
        columns, table_left = self.columns(laid.number), self.table_left(laid.number)
        ends = [self._map.position(cell.end) - paragraph.position() for cell in row]
        laid.style = replace(laid.style, scale=columns.scale)
        pitch = self.fonts.line_pitch(laid.style)
        top = laid.top + round(_CELL_SPACE * self.fonts.pitch)
        self._begin(paragraph, laid, self._header_spans(row, ends))
        laid.bottom = y = top
        number, first = 0, 0
        while (line := layout.createLine()).isValid():
            while line.textStart() > ends[number] and number < len(row) - 1:
                laid.cells.append(CellLines(first, line.lineNumber(), *columns.box(row[number])))
                number, first, y = number + 1, line.lineNumber(), top
            left, right = columns.box(row[number])
            room = max(1.0, right - left - 2 * columns.padding)
            line.setLineWidth(room)
            shift = 0.0
            is_number = row[number].column in columns.numbers and row[number].span == 1
            if is_number and laid.direction == Qt.LayoutDirection.LeftToRight:
                shift = max(0.0, room - line.naturalTextWidth())
            height = max(pitch, math.ceil(line.height()))
            above = (height - math.ceil(line.height())) // 2
            line.setPosition(QPointF(table_left + left + columns.padding + shift, y + above))
            y += height
            laid.bottom = max(laid.bottom, y)
        layout.endLayout()
        laid.cells.append(CellLines(first, layout.lineCount(), *columns.box(row[number])))
        laid.bottom += round(_CELL_SPACE * self.fonts.pitch)
        return laid.bottom + 1  # the rule

    # Parts

    def columns(self, number: int) -> Columns:
        """The columns of table ``number``."""
        if number not in self._columns:
            style = style_of(self.index.blocks[number])
            plain, strong = self.fonts.font(style), self.fonts.font(style, is_strong=True)
            metrics = {False: QFontMetricsF(plain), True: QFontMetricsF(strong)}
            beyond = max(0.0, self.left - _OUTER_MARGIN)
            rows = self.index.rows(number)
            self._columns[number] = columns_of(self.index.text, rows, (self.width, self.width + 2 * beyond), metrics)
        return self._columns[number]

    def table_left(self, number: int) -> float:
        """The left edge of table ``number``, in pixels: one wider than the column is in the middle of the window."""
        return self.left - max(0.0, self.columns(number).width - self.width) / 2

    def _indents(self, laid: Laid, start: int) -> tuple[float, float]:
        """Where the first line and the others begin, in pixels from the left of the text."""
        block, size = laid.block, self.fonts.size
        if block is None or block.kind not in ("item", "pair", "code"):
            return 0.0, 0.0
        if block.kind != "item":
            return 0.0, _CONTINUED_INDENT * size
        metrics = QFontMetricsF(self.fonts.font(laid.style))
        level = min(max(1, block.level), _MOST_LEVELS) - 1
        outer = min(level * _LEVEL_INDENT * size, self.width / 4)
        unit = size / 2  # so that lists of different numbers side by side are aligned
        longest = metrics.horizontalAdvance(self.index.marker(laid.number).strip()) + unit
        inner = min(outer + max(_LEVEL_INDENT * size, math.ceil(longest / unit) * unit), self.width / 2)
        if block.start < start or block.body == block.start:
            return inner, inner
        if has_tab(self.index.text, block):
            return outer, inner
        return max(0.0, inner - metrics.horizontalAdvance(self.index.text[start : min(block.body, start + 100)])), inner

    def _emphasis(self, laid: Laid, start: int) -> list[tuple[int, int]]:
        """The key of a pair, as positions in the paragraph."""
        block = laid.block
        if block is None or block.kind != "pair" or block.body <= start:
            return []
        first = self._map.position(start)
        return [(self._map.position(block.start) - first, self._map.position(block.body) - first)]

    @staticmethod
    def _header_spans(row: Row, ends: list[int]) -> list[tuple[int, int]]:
        starts = [0, *(end + 1 for end in ends[:-1])]
        return [span for cell, span in zip(row, zip(starts, ends, strict=True), strict=True) if cell.is_header]

    def _begin(
        self, paragraph: QTextBlock, laid: Laid, strong_spans: Sequence[tuple[int, int]], tab: float = 0.0
    ) -> None:
        """Begin the layout of lines, with ``strong_spans`` of positions in bold.

        ``tab`` is where the text of a list item begins, in pixels from its number.
        """
        layout = paragraph.layout()
        option = self.document().defaultTextOption()
        option.setTabStopDistance(_TAB * self.fonts.size)
        if tab > 0:
            option.setTabs([QTextOption.Tab(tab, QTextOption.TabType.LeftTab)])
        option.setTextDirection(laid.direction)
        if laid.direction == Qt.LayoutDirection.RightToLeft:
            option.setAlignment(Qt.AlignmentFlag.AlignRight)
        layout.setTextOption(option)
        ranges = []
        for start, end, is_strong in ((0, paragraph.length(), False), *((*span, True) for span in strong_spans)):
            text_format = self.fonts.character_format(laid.style, is_strong=is_strong)
            if text_format is not None:
                text_range = QTextLayout.FormatRange()
                text_range.start, text_range.length, text_range.format = start, end - start, text_format
                ranges.append(text_range)
        if ranges or layout.formats():
            layout.setFormats(ranges)
        layout.beginLayout()


def _direction(text: str) -> Qt.LayoutDirection:
    """The direction of the first letter of ``text``: Qt would take that of the window."""
    letters = (bidirectional(character) for character in ("" if text.isascii() else text))
    first = next((letter for letter in letters if letter in ("L", "R", "AL")), "L")
    return Qt.LayoutDirection.LeftToRight if first == "L" else Qt.LayoutDirection.RightToLeft
