"""The tables at the beginning of an RTF document: fonts, and the styles of paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from qadesk.documents.rtf.code_pages import Font, codec_of_charset, codec_of_page

_HEADING = re.compile(r"heading ([1-9])\b", re.I)
_NO_HEADING = 9
_MAX_NAME = 200
_MAX_ROWS = 10_000


class ParagraphStyle(NamedTuple):
    """A style. ``outline``: the level of a heading from 0, 9 for text."""

    outline: int = _NO_HEADING
    is_caption: bool = False


@dataclass(slots=True)
class DocumentTables:
    """The fonts and styles that were read so far, by their numbers, and the row of one of them that is open."""

    fonts: dict[int, Font] = field(default_factory=dict)
    styles: dict[int, ParagraphStyle] = field(default_factory=dict)
    _number: int = 0
    _codec: str = ""
    _outline: int = _NO_HEADING
    _is_of_paragraphs: bool = True
    _name: str = ""

    def start_row(self, number: int = 0) -> None:
        """The row of the font or style ``number`` begins."""
        self._number, self._codec, self._outline, self._is_of_paragraphs, self._name = number, "", _NO_HEADING, True, ""

    def add_font_word(self, word: str, number: int) -> bool:
        """A control word in the table of fonts. Returns whether it is known."""
        if word == "f":
            self.start_row(number)
        elif word == "fcharset":
            self._codec = codec_of_charset(number)
        elif word == "cpg":
            self._codec = codec_of_page(number)
        else:
            return False
        return True

    def add_style_word(self, word: str, number: int) -> bool:
        """A control word in the table of styles. Returns whether it is known."""
        if word == "s":
            self._number = number
        elif word in ("cs", "ds", "ts"):
            self._is_of_paragraphs = False
        elif word == "outlinelevel":
            self._outline = number
        else:
            return False
        return True

    def add_font_text(self, text: str) -> None:
        """Text in the table of fonts: names, each with a semicolon behind it."""
        if self._add_to_name(text) and len(self.fonts) < _MAX_ROWS:
            self.fonts[self._number] = Font(self._codec, self._name.strip())

    def add_style_text(self, text: str) -> None:
        """Text in the table of styles: names, each with a semicolon behind it."""
        if not self._add_to_name(text):
            return
        name, outline = self._name.strip().lower(), self._outline
        if heading := _HEADING.match(name):
            outline = int(heading[1]) - 1
        elif name == "title":
            outline = 0
        if self._is_of_paragraphs and len(self.styles) < _MAX_ROWS:
            self.styles[self._number] = ParagraphStyle(outline, name == "caption")
        self.start_row()

    def _add_to_name(self, text: str) -> bool:
        """Add ``text`` to the name of the row. Returns whether the name ends in it."""
        before, mark, _ = text.partition(";")
        self._name = (self._name + before)[:_MAX_NAME]
        return bool(mark)
