"""Goes through the lines of a plain text and makes blocks of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from qadesk.structure import Block
from qadesk.structure.plain.aligned_columns import aligned_table
from qadesk.structure.plain.cell_rows import bar_table, comma_table, tab_table
from qadesk.structure.plain.hard_wraps import wraps_of
from qadesk.structure.plain.key_lines import value_offset
from qadesk.structure.plain.line_groups import paragraphs_of
from qadesk.structure.plain.nesting import Nesting
from qadesk.structure.plain.table_blocks import Finding
from qadesk.structure.plain.text_lines import PlainLine
from qadesk.structure.plain.titles import heading_level, is_capitals, is_caption_line, underline_level

_TABLES: tuple[Callable[[str, Sequence[PlainLine], int], Finding], ...] = (
    tab_table,
    bar_table,
    comma_table,
    aligned_table,
)
_MOST_CELLS = 1_000_000  # of all tables; rows after them are lines
_CODE_INDENT = 4
_CODE = re.compile(r"[{}();=<>\[\]$\\]|->|::|^(?:def|class|if|for|import|return)\b")

Recognised = tuple[Sequence[Block], int]
"""Blocks, and the number of the first line after them; none where nothing was recognised."""


class Recognition:
    """The work on one text. ``lines``: at least one."""

    def __init__(self, text: str, lines: Sequence[PlainLine]) -> None:
        self._text = text
        self._lines = lines
        self._wraps = wraps_of(lines)
        self._nesting = Nesting()
        self._next_table = [0] * len(_TABLES)  # no table of the kind begins before this line
        self._next_code = 0
        self._cells = 0
        self._blocks: list[Block] = []
        capitals = sum(is_capitals(line.text) for line in lines)
        self._is_all_capitals = capitals > max(10, 0.4 * len(lines))

    def run(self) -> list[Block]:
        """The blocks of the lines."""
        index, plain = 0, 0  # ``plain``: the first of the lines before ``index`` that are of no special kind
        while index < len(self._lines):
            if self._lines[index].is_first:
                plain = self._add_plain(plain, index)
            blocks, end = self._special(index)
            if blocks:
                self._add_plain(plain, index)
                if blocks[0].kind not in ("item", "table", "code"):
                    self._nesting.clear()
                self._blocks += blocks
                plain = end
            index = max(end, index + 1)
        self._add_plain(plain, index)
        return _with_levels_from_1(self._blocks)

    def _add_plain(self, start: int, end: int) -> int:
        """Add the lines ``start`` to ``end``, which are of no special kind; returns ``end``."""
        if start < end:
            self._blocks += paragraphs_of(self._lines[start:end], self._wraps[start:end])
            if self._lines[start].indent == 0:
                self._nesting.clear()
        return end

    def _special(self, index: int) -> Recognised:
        """The blocks of a special kind that begin with the line ``index``."""
        if index and self._wraps[index - 1] and not self._lines[index].mark:
            return (), index
        for recognise in (
            self._code,
            self._table,
            self._caption,
            self._next_item,
            self._heading,
            self._item,
            self._pair,
        ):
            blocks, end = recognise(index)
            if blocks:
                return blocks, end
        return (), index

    def _code(self, index: int) -> Recognised:
        lines, end = self._lines, index
        if index < self._next_code or lines[index].indent < _CODE_INDENT:
            return (), index
        while end < len(lines) and lines[end].indent >= _CODE_INDENT and (end == index or not lines[end].is_first):
            end += 1
        self._next_code = end
        is_code = lines[index].is_first and not lines[index].mark and _looks_like_code(lines[index:end])
        return ((Block("code", lines[index].start, lines[end - 1].end),), end) if is_code else ((), index)

    def _table(self, index: int) -> Recognised:
        for number, find in enumerate(_TABLES):
            if index >= self._next_table[number] and self._cells < _MOST_CELLS:
                table, end = find(self._text, self._lines, index)
                self._next_table[number] = end
                if table:
                    self._cells += sum(map(len, table.rows))
                    return (table,), end
        return (), index

    def _caption(self, index: int) -> Recognised:
        line = self._lines[index]
        if not is_caption_line(line):
            return (), index
        end = self._end_of_hanging(index)
        return (Block("caption", line.start, self._lines[end - 1].end, is_wrapped=self._is_wrapped(index, end)),), end

    def _heading(self, index: int) -> Recognised:
        line = self._lines[index]
        after_heading = bool(self._blocks) and (
            self._blocks[-1].kind == "heading" and index > 0 and self._blocks[-1].end == self._lines[index - 1].end
        )
        level = heading_level(self._lines, index, self._wraps, after_heading)
        if level == 0 or (self._is_all_capitals and is_capitals(line.text)):
            return (), index
        heading = Block("heading", line.start, line.end, min(level, 6))
        end = index + 1
        if end < len(self._lines) and not self._lines[end].is_first and underline_level(self._lines[end], line):
            below = self._lines[end]
            return (heading, Block("paragraph", below.start, below.end)), end + 1
        return (heading,), end

    def _next_item(self, index: int) -> Recognised:
        """The item that goes on with a list, which would be a heading elsewhere."""
        mark = self._lines[index].mark
        return self._item(index) if mark and self._nesting.is_continued_by(mark) else ((), index)

    def _item(self, index: int) -> Recognised:
        line = self._lines[index]
        mark = line.mark
        if mark is None or not any(map(str.isalnum, line.text[mark.length :])):
            return (), index
        if not self._nesting.is_continued_by(mark) and not self._may_begin_list(index):
            return (), index
        end = self._end_of_hanging(index)
        is_apart = line.is_first and index > 0 and self._lines[index - 1].text[-1] not in ":—–-,"
        level = self._nesting.add(line.indent, mark, is_apart)
        body, last = line.start + mark.length, self._lines[end - 1].end
        return (Block("item", line.start, last, level, body, self._is_wrapped(index, end)),), end

    def _may_begin_list(self, index: int) -> bool:
        """Whether an item may begin with the line: not in a sentence that was wrapped, and not with initials."""
        lines, line = self._lines, self._lines[index]
        mark = line.mark
        if index > 1 and not line.is_first and mark and mark.number != 1:
            before = lines[index - 1]
            if self._wraps[index - 2] and before.right > 50 and not before.is_clause_end and before.text[-1] != ",":
                return False
        if mark is None or mark.style != "A.":
            return True
        others = [other for line in lines[index + 1 : index + 10] if (other := line.mark)]
        return any(other.style == mark.style and other.number == mark.number + 1 for other in others)

    def _end_of_hanging(self, index: int) -> int:
        """The number of the line after those that belong to the item or pair that begins with the line ``index``."""
        indent, end = self._lines[index].indent, index + 1
        while end < len(self._lines) and not self._lines[end].is_first:
            line = self._lines[end]
            is_hanging = line.indent > indent + 1 and not line.mark and "\t" not in line.text
            if not self._wraps[end - 1] and not is_hanging:
                break
            end += 1
        return end

    def _is_wrapped(self, start: int, end: int) -> bool:
        joints = range(start, end - 1)
        return bool(joints) and all(self._wraps[index] or self._lines[index + 1].goes_on for index in joints)

    def _pair(self, index: int) -> Recognised:
        offset = value_offset(self._lines, index)
        if offset is None:
            return (), index
        end = self._end_of_hanging(index)
        line, last = self._lines[index], self._lines[end - 1].end
        pair = Block("pair", line.start, last, body=line.start + offset, is_wrapped=self._is_wrapped(index, end))
        return (pair,), end


def _looks_like_code(lines: Sequence[PlainLine]) -> bool:
    """Whether half of the lines have the signs of code, and a third end or begin like it."""
    signs = sum(_CODE.search(line.text) is not None for line in lines)
    ends = sum(
        line.text[-1] in "{};)]:," or "=" in line.text or line.text.startswith(("$", "<", "#", "//")) for line in lines
    )
    return 2 * signs >= len(lines) and 3 * ends >= len(lines)


def _with_levels_from_1(blocks: list[Block]) -> list[Block]:
    """``blocks`` with the levels of headings moved so that the highest one is 1."""
    highest = min((block.level for block in blocks if block.kind == "heading"), default=1)
    if highest == 1:
        return blocks
    return [replace(block, level=block.level - highest + 1) if block.kind == "heading" else block for block in blocks]
