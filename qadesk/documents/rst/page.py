"""Goes through the lines of reStructuredText and writes what is printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qadesk.documents.parsing import Heartbeat
from qadesk.documents.rst import lines as look
from qadesk.documents.rst.definitions import note_numbers
from qadesk.documents.rst.directive_writer import DirectiveWriter
from qadesk.documents.rst.directives import directive
from qadesk.documents.rst.rst_text import RstText
from qadesk.documents.rst.tables import RstRows, grid_table, simple_table

_MAX_DEPTH = 20
"""Text that is nested deeper is a paragraph."""


class RstPage:
    """Writes the text of a file to ``flow``."""

    def __init__(self, lines: Sequence[str], name: str, heartbeat: Heartbeat) -> None:
        self._lines = lines
        self._heartbeat = heartbeat
        self._levels: dict[tuple[str, bool], int] = {}  # of headings, by sign and whether there is a line above
        self._notes = note_numbers(lines)
        self._note_count = 0
        self._text = RstText(lines, self._notes, name, heartbeat)
        self.flow = self._text.flow
        self._directives = DirectiveWriter(self._text, self._body, self._table)
        self._depth = 0
        self._list_depth = 0
        self._last_number = 0

    @property
    def other_files(self) -> list[str]:
        """The names of files that the file takes in."""
        return self._directives.other_files

    def write(self) -> None:
        """Write all of it. Raises ``DocumentError`` (``too_long``)."""
        self._body(self._lines)

    def _body(self, lines: Sequence[str]) -> None:
        """Write ``lines``, which have no indentation in common."""
        if self._depth == _MAX_DEPTH:
            self._text.write_paragraph(" ".join(line.strip() for line in lines))
            return
        self._depth += 1
        place = 0
        while place < len(lines):
            self._heartbeat()
            place = self._part(lines, place) if lines[place] else place + 1
        self._depth -= 1

    def _part(self, lines: Sequence[str], place: int) -> int:
        """Write the part that begins with the line at ``place``, and return where it ends."""
        line = lines[place]
        if line[0] == " ":
            end = look.indented(lines, place)
            self.flow.end()
            self._body(look.dedented(lines[place:end]))
            self.flow.end()
            return end
        for matches, write in _PARTS:
            if matches(line):
                end = write(self, lines, place)
                if end > place:
                    return end
        return self._paragraph(lines, place)

    # Text

    def _paragraph(self, lines: Sequence[str], place: int) -> int:
        following = lines[place + 1] if place + 1 < len(lines) else ""
        if len(following) >= min(len(lines[place]), 4) and look.is_adornment(following):
            return self._heading(lines, place, place + 1, has_line_above=False)
        if following.startswith(" ") and not lines[place].endswith("::"):
            return self._definition(lines, place)
        end = place + 1
        while end < len(lines) and lines[end] and not lines[end].startswith(" "):
            end += 1
        words = " ".join(line.strip() for line in lines[place:end])
        is_literal = words.endswith("::") and not words.endswith("\\::")
        if is_literal:
            words = words[:-2].rstrip() if words == "::" or words[:-2].endswith(" ") else words[:-1]
        self._text.write_paragraph(words)
        return self._literal(lines, end) if is_literal else end

    def _literal(self, lines: Sequence[str], place: int) -> int:
        """Write the code that follows ``::``."""
        start = place
        while start < len(lines) and not lines[start]:
            start += 1
        if start == len(lines):
            return place
        if lines[start][0] == " ":
            end = look.indented(lines, start)
        elif not lines[start][0].isalnum() and not look.EXPLICIT.match(lines[start]):  # quoted, as > of a mail
            end = start
            while end < len(lines) and lines[end].startswith(lines[start][0]):
                end += 1
        else:
            return place
        self._text.write_code(lines[start:end])
        return end

    def _heading(self, lines: Sequence[str], place: int, under: int, *, has_line_above: bool) -> int:
        style = (lines[under][0], has_line_above)
        level = self._levels.setdefault(style, len(self._levels) + 1)
        self.flow.start("heading", min(6, level))
        self._text.write(lines[place].strip())
        self.flow.end()
        return under + 1

    def _adornment(self, lines: Sequence[str], place: int) -> int:
        """Write the heading that has a line above it; a line alone divides parts."""
        has_title = place + 2 < len(lines) and lines[place + 1] and look.is_adornment(lines[place + 2])
        if has_title and lines[place + 2][0] == lines[place][0]:
            return self._heading(lines, place + 1, place + 2, has_line_above=True)
        is_alone = place + 1 == len(lines) or not lines[place + 1]
        if is_alone and len(lines[place]) >= 4:
            self.flow.end()
            return place + 1
        return place

    # Lists

    def _item(self, lines: Sequence[str], place: int, lead: str, width: int) -> int:
        """Write an item with the number or bullet ``lead``; its text begins after ``width`` characters."""
        end = look.indented(lines, place + 1)
        self._list_depth += 1
        self.flow.start_item(lead, self._list_depth)
        self._body([lines[place][width:], *look.dedented(lines[place + 1 : end])])
        self.flow.drop_lead()
        self._list_depth -= 1
        self.flow.paragraph()
        return end

    def _bullet(self, lines: Sequence[str], place: int) -> int:
        match = look.BULLET.match(lines[place])
        return self._item(lines, place, "•", match.end()) if match else place

    def _number(self, lines: Sequence[str], place: int) -> int:
        match = look.NUMBER.match(lines[place])
        following = lines[place + 1] if place + 1 < len(lines) else ""
        if match is None or (following and following[0] != " " and not look.NUMBER.match(following)):
            return place
        number = match[1]
        if "#" in number:
            is_first = not self._is_after_number(lines, place)
            self._last_number = 1 if is_first else self._last_number + 1
            number = number.replace("#", str(self._last_number))
        elif number.strip("(.)").isdecimal():
            self._last_number = int(number.strip("(.)"))
        return self._item(lines, place, number, match.end())

    def _is_after_number(self, lines: Sequence[str], place: int) -> bool:
        """Whether the part before is an item with a number too."""
        for before in range(place - 1, max(-1, place - 200), -1):
            if lines[before] and lines[before][0] != " ":
                return look.NUMBER.match(lines[before]) is not None
        return False

    def _definition(self, lines: Sequence[str], place: int) -> int:
        end = look.indented(lines, place + 1)
        self._pair(lines[place], "\n", look.dedented(lines[place + 1 : end]))
        return end

    def _field(self, lines: Sequence[str], place: int) -> int:
        match = look.FIELD.match(lines[place])
        if match is None:
            return place
        end = look.indented(lines, place + 1)
        self._pair(f"{match[1]}:", " ", [lines[place][match.end() :], *look.dedented(lines[place + 1 : end])])
        return end

    def _option(self, lines: Sequence[str], place: int) -> int:
        match = look.OPTION.match(lines[place])
        if match is None:
            return place
        end = look.indented(lines, place + 1)
        self._pair(match[0].rstrip(), " ", [lines[place][match.end() :], *look.dedented(lines[place + 1 : end])])
        return end

    def _pair(self, key: str, between: str, value: Sequence[str]) -> None:
        """Write a key and the first paragraph of its value as one block, and what follows as others."""
        self.flow.drop_lead()
        self.flow.end_words()
        self.flow.writer.start_block("pair", breaks=1)
        self._text.write(key)
        first = next((number for number, line in enumerate(value) if line), len(value))
        if first < len(value) and self._is_text(value, first):
            end = first + 1
            while end < len(value) and value[end] and value[end][0] != " ":
                end += 1
            self.flow.start_value(between)
            self._paragraph(value[first:end], 0)
            value, first = value[end:], 0
        self.flow.writer.block(1)
        self.flow.end_words()
        self._body(value[first:])
        self.flow.writer.block(1)

    def _is_text(self, lines: Sequence[str], place: int) -> bool:
        """Whether a paragraph of words begins at ``place``."""
        line = lines[place]
        following = lines[place + 1] if place + 1 < len(lines) else ""
        is_other = line[0] == " " or any(matches(line) for matches, _ in _PARTS) or following.startswith(" ")
        return not is_other and not line.endswith("::") and not look.is_adornment(following)

    # Other parts

    def _doctest(self, lines: Sequence[str], place: int) -> int:
        end = look.filled(lines, place)
        self._text.write_code(lines[place:end])
        return end

    def _line_block(self, lines: Sequence[str], place: int) -> int:
        end = place
        while end < len(lines) and (look.LINE.match(lines[end]) or (end > place and lines[end].startswith(" "))):
            if look.LINE.match(lines[end]):
                self.flow.line()
            self._text.write(" " + lines[end].lstrip("|").strip())
            end += 1
        self.flow.paragraph()
        return end

    def _grid(self, lines: Sequence[str], place: int) -> int:
        end = place
        while end < len(lines) and lines[end].startswith(("+", "|")):
            end += 1
        table = grid_table(lines[place:end])
        if table is None:
            self._text.write_code(lines[place:end])
        else:
            self._table(table)
        return end

    def _simple(self, lines: Sequence[str], place: int) -> int:
        end, borders = place + 1, 1
        while end < len(lines):
            is_border = look.SIMPLE.fullmatch(lines[end]) is not None
            borders += is_border
            end += 1
            if is_border and (borders == 3 or end == len(lines) or not lines[end]):
                break
        else:
            return place
        table = simple_table(lines[place:end])
        if table is None:
            return place
        self._table(table)
        return end

    def _table(self, table: RstRows) -> None:
        writer = self.flow.writer
        self.flow.drop_lead()
        self.flow.end_words()
        writer.start_table()
        for number, row in enumerate(table.rows):
            writer.row()
            for column, cell in enumerate(row):
                is_header = (number < table.headers or column < table.stubs) and not cell.is_covered
                writer.cell(span=cell.span, is_header=is_header, is_covered=cell.is_covered)
                self.flow.end_words()
                self._body(cell.lines)
        writer.end_table()
        self.flow.end_words()

    # What begins with two dots

    def _explicit(self, lines: Sequence[str], place: int) -> int:
        match = look.EXPLICIT.match(lines[place])
        if match is None:
            return place
        end = look.indented(lines, place + 1)
        first, rest = lines[place][match.end() :], lines[place + 1 : end]
        note, named = look.NOTE.match(first), look.DIRECTIVE.match(first)
        if note:
            self._note(note[1], [first[note.end() :], *look.dedented(rest)])
        elif named:
            self._directives.write(directive(named[1].lower(), first[named.end() :].strip(), rest))
        return end  # all else is a target, a substitution or a comment

    def _note(self, name: str, lines: Sequence[str]) -> None:
        if name == "#":
            self._note_count += 1
            name = f"#{self._note_count}"
        number = self._notes.get(name, name.lstrip("#"))
        lead = f"{number}." if number.isdecimal() else f"[{number}]"
        self.flow.start_item(lead, 0, "footnote")
        self._body(lines)
        self.flow.drop_lead()
        self.flow.paragraph()


_Write = Callable[[RstPage, Sequence[str], int], int]
_PARTS: tuple[tuple[Callable[[str], object], _Write], ...] = (
    (look.EXPLICIT.match, RstPage._explicit),
    (re.compile("__ ").match, lambda _page, _lines, place: place + 1),  # the address of a link
    (look.SIMPLE.fullmatch, RstPage._simple),
    (look.is_adornment, RstPage._adornment),
    (look.BULLET.match, RstPage._bullet),
    (look.NUMBER.match, RstPage._number),
    (look.FIELD.match, RstPage._field),
    (look.OPTION.match, RstPage._option),
    (re.compile(r">>> ").match, RstPage._doctest),
    (look.GRID.fullmatch, RstPage._grid),
    (look.LINE.match, RstPage._line_block),
)
