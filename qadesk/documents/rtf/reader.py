"""Goes through the tokens of an RTF document once: groups and control words change the state, text goes to a story."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

from qadesk.documents.block_flow import BlockFlow
from qadesk.documents.numerals import numeral
from qadesk.documents.parsing import Parsed, Source
from qadesk.documents.rtf.characters import RtfCharacters
from qadesk.documents.rtf.field_groups import FieldGroup
from qadesk.documents.rtf.groups import GroupState, Target
from qadesk.documents.rtf.paragraph_styles import DocumentTables, ParagraphStyle
from qadesk.documents.rtf.property_words import PROPERTIES
from qadesk.documents.rtf.rtf_text import MAX_CELLS, RtfText, too_many_cells
from qadesk.documents.rtf.rtf_tokens import CLOSE, OPEN, TEXT, RtfTokens
from qadesk.documents.rtf.state import TextState
from qadesk.documents.rtf.words import CHARACTERS, PICTURES, SKIPPED
from qadesk.documents.symbol_fonts import bullet
from qadesk.documents.text_parts import edge_blocks
from qadesk.documents.writer import Writer
from qadesk.errors import DocumentError

_MAX_DEPTH = 2000
_MAX_EDGES = 200  # different headers, and different footers
_TARGETS: dict[str, Target] = {
    "fonttbl": "fonts", "stylesheet": "styles", "listtext": "lead", "pntext": "lead", "fldinst": "instruction",
    "formfield": "instruction", "upr": "nothing", "ud": "text", "shpinst": "nothing",
}  # fmt: skip
_ENDS = frozenset(("par", "sect", "\n", "\r"))
_BREAKS = frozenset(("page", "column"))


class RtfReader:
    """Reads one document to its writers: the body, the notes, and headers and footers."""

    def __init__(self, data: bytes, source: Source) -> None:
        self.name = source.name
        self.body, self.notes = Writer(source.name), Writer(source.name)
        self.headers: dict[str, Parsed] = {}
        self.footers: dict[str, Parsed] = {}
        self.is_complete = True
        self.has_pictures = self.has_formulas = False
        self._tokens = RtfTokens(data, source.heartbeat)
        self._tables = DocumentTables()
        self._state = GroupState(RtfText(BlockFlow(self.body), source.name))
        self._stack: list[GroupState] = []
        self._characters = RtfCharacters(self._tables)
        self._is_starred = False  # the next word may be skipped with its group if it is not known
        self._field = FieldGroup()
        self._note_counts = [0, 0]  # of footnotes and endnotes
        self._note_mark = ""
        self._handlers = self._all_handlers()

    def read(self) -> None:
        """Read the document. Raises ``DocumentError``."""
        if self._tokens.has_more_cells(MAX_CELLS):  # known before so many are read
            raise too_many_cells(self.name)
        has_text = False  # whether bytes wait to be decoded
        for kind, data, word, number in self._tokens:
            if kind == TEXT:
                self._characters.add(data)
                has_text = True
                continue
            if has_text:
                self._emit(self._characters.take(self._state))
                has_text = False
            if kind == OPEN:
                self._open()
            elif kind == CLOSE:
                self._close()
                if not self._stack:
                    break
            else:
                self._word(word, number)
        self._emit(self._characters.take(self._state))
        self.is_complete = not self._stack
        while self._stack:
            self._close()

    @property
    def unknown_symbols(self) -> int:
        """How many symbols of special fonts have no place in Unicode that we know."""
        return self._characters.unknown_symbols

    # Groups

    def _open(self) -> None:
        if len(self._stack) == _MAX_DEPTH:
            raise DocumentError(
                f"{self.name} is nested too deep: it is damaged, or was made to harm programs.",
                "Open it in the program that made it and save it as a new file or as plain text.",
            )
        self._stack.append(self._state)
        self._state = self._state.copy()
        self._is_starred = False
        self._characters.end_fallback()

    def _close(self) -> None:
        if not self._stack:
            return
        before, self._state = self._state, self._stack.pop()
        self._is_starred = False
        self._characters.end_fallback()
        if before.story is not self._state.story:
            self._end_story(before)
        elif before.target == self._state.target == "styles":
            self._tables.start_row()
        elif not self._stack:
            self._state.story.end(before.text, self._style(before))

    def _skip(self) -> None:
        if self._stack:
            self._tokens.skip_group()

    def _style(self, state: GroupState) -> ParagraphStyle:
        return self._tables.styles.get(state.text.style, ParagraphStyle())

    # Text

    def _emit(self, text: str) -> None:
        state = self._state
        if state.text.is_hidden or state.text.is_deleted or not text:
            return
        if state.target == "text":
            state.story.write(text, state.text)
        elif state.target == "lead":
            is_bullet = len(text) == 1 and text != "\t"
            state.story.write_lead(bullet(text, self._characters.font(state).name) if is_bullet else text)
        elif state.target == "instruction":
            self._field.add(text)
        elif state.target == "fonts":
            self._tables.add_font_text(text)
        elif state.target == "styles":
            self._tables.add_style_text(text)

    def _write_unicode(self, number: int | None) -> None:
        self._emit(self._characters.unicode(number, self._state))

    # Control words

    def _word(self, word: str, number: int | None) -> None:
        is_starred, self._is_starred = self._is_starred, word == "*"
        if character := CHARACTERS.get(word):
            if not self._characters.end_fallback():  # else it stands for a character that was read already
                self._emit(character)
            return
        self._characters.end_fallback()
        if word in SKIPPED:
            self.has_pictures |= word in PICTURES
            self.has_formulas |= word == "mmath"
            self._skip()
        elif handler := self._handlers.get(word):
            handler(number)
        elif not self._change_state(word, number) and is_starred:
            self._skip()

    def _change_state(self, word: str, number: int | None) -> bool:
        """Change the state, or a table of the document, as ``word`` says. Returns whether it is known."""
        if self._state.target == "fonts":
            return self._tables.add_font_word(word, number or 0)
        if self._state.target == "styles":
            return self._tables.add_style_word(word, number or 0)
        if change := PROPERTIES.get(word):
            change(self._state, number)
        elif word in _TARGETS:
            self._state.target = _TARGETS[word]
        else:
            return self._characters.set_code_page(word, number)
        return True

    def _all_handlers(self) -> dict[str, Callable[[int | None], None]]:
        handlers: dict[str, Callable[[int | None], None]] = {
            "u": self._write_unicode, "deff": self._set_default_font,
            "field": self._start_field, "fldrslt": self._start_result, "ffres": self._set_box,
            "ffdefres": self._set_default_box, "chftn": self._refer, "footnote": self._start_note,
            "shptxt": self._start_box, "dptxbxtext": self._start_box, "nesttableprops": self._end_nested_row,
            "cell": self._end_cell, "nestcell": self._end_nested_cell, "row": self._end_row,
        }  # fmt: skip
        for word in ("header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"):
            kind: Literal["header", "footer"] = "header" if word.startswith("header") else "footer"
            handlers[word] = partial(self._start_edge, kind)
        return handlers | dict.fromkeys(_ENDS, self._end_paragraph) | dict.fromkeys(_BREAKS, self._end_page)

    def _set_default_font(self, number: int | None) -> None:
        self._characters.default_font = number or 0

    # Paragraphs and tables

    @property
    def _is_text(self) -> bool:
        return self._state.target == "text"

    def _end_paragraph(self, _number: int | None) -> None:
        if self._is_text:
            self._state.story.end_paragraph(self._state.text, self._style(self._state))

    def _end_page(self, _number: int | None) -> None:
        if self._is_text and self._state.story.has_text and not self._state.text.is_in_table:
            self._state.story.end_paragraph(self._state.text, self._style(self._state))

    def _end_cell(self, _number: int | None) -> None:
        if self._is_text:
            self._state.story.end_cell(is_nested=False)

    def _end_nested_cell(self, _number: int | None) -> None:
        if self._is_text:
            self._state.story.end_cell(is_nested=True)

    def _end_row(self, _number: int | None) -> None:
        if self._is_text:
            self._state.story.end_row()

    def _end_nested_row(self, _number: int | None) -> None:
        self._skip()  # the layout of the row, which is a line for us
        self._state.story.end_nested_row()

    # Fields

    def _start_field(self, _number: int | None) -> None:
        self._field = FieldGroup()

    def _start_result(self, _number: int | None) -> None:
        if self._field.is_page_number:
            self._state.story.has_page_number = True
            self._skip()
        elif (text := self._field.own_text) and self._state.target != "nothing":
            self._emit(text)
            self._skip()

    def _set_box(self, number: int | None) -> None:
        self._field.box = number or 0

    def _set_default_box(self, number: int | None) -> None:
        self._field.default_box = number or 0

    # Stories

    def _start_story(self, story: RtfText) -> None:
        if self._state.target == "nothing" and not story.is_box:
            self._skip()
            return
        self._state = GroupState(story, text=TextState(self._state.text.fallback, self._state.text.font))

    def _start_edge(self, kind: Literal["header", "footer"], _number: int | None) -> None:
        self._start_story(RtfText(BlockFlow(Writer(self.name)), self.name, kind))

    def _refer(self, _number: int | None) -> None:
        if self._state.story.kind == "footnote" or not self._is_text or self._state.text.is_deleted:
            return  # in the note itself its number stands before it already
        is_endnote = self._tokens.is_endnote_next()
        self._note_counts[is_endnote] += 1
        count = self._note_counts[is_endnote]
        self._note_mark = f"[{numeral(count, 'lowerRoman') if is_endnote else count}]"
        self._state.story.write_plain(self._note_mark)

    def _start_note(self, _number: int | None) -> None:
        mark, self._note_mark = self._note_mark, ""
        if self._state.text.is_deleted or self._state.story.kind == "footnote":
            self._skip()
        else:
            flow = BlockFlow(self.notes)
            flow.mark = mark
            self._start_story(RtfText(flow, self.name, "footnote"))

    def _start_box(self, _number: int | None) -> None:
        """A text box: it is anchored in a paragraph, and its text goes below it."""
        if self._state.story.is_box:
            self._skip()
        else:
            self._start_story(RtfText(BlockFlow(Writer(self.name)), self.name, is_box=True))

    def _end_story(self, state: GroupState) -> None:
        """The story of ``state`` ends with its group."""
        story, writer = state.story, state.story.flow.writer
        story.end(state.text, self._style(state))
        if story.is_box:
            self._state.story.boxes.append(writer)
        elif story.kind == "header":
            _add_edge(writer, "header", self.headers)
        elif story.kind == "footer":
            _add_edge(writer, "footer", self.footers)


def _add_edge(writer: Writer, kind: Literal["header", "footer"], edges: dict[str, Parsed]) -> None:
    text = writer.text
    if len(edges) < _MAX_EDGES and text not in edges:
        edges[text] = Parsed(text, blocks=tuple(edge_blocks(writer.blocks, kind)))
