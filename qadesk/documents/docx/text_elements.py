"""The elements of paragraphs and runs of text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from qadesk.documents.docx.paragraph_flow import OpenParagraph
from qadesk.documents.docx.raised import Position
from qadesk.documents.docx.symbol_fonts import UNKNOWN, symbol
from qadesk.documents.docx.word_file import WordFile
from qadesk.documents.office.office_names import is_on, value_of
from qadesk.documents.xml_stream import hex_of, number_of, values_of

_CHARACTERS = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "\u2011"}


class StoryWithText(Protocol):
    """What these elements need of the part of the document that they stand in."""

    file: WordFile

    @property
    def paragraph(self) -> OpenParagraph:
        """The open paragraph."""
        ...

    def parent(self, distance: int = 1) -> str:
        """The short name of the open element so many levels above the innermost one."""
        ...

    def write(self, text: str) -> None:
        """Add text to the open paragraph."""
        ...


class TextElements:
    """Fills the open paragraph of the story. ``starts`` says what to call for which element."""

    def __init__(self, story: StoryWithText) -> None:
        self._story = story
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "w:pStyle": self._paragraph_style,
            "w:numId": self._list,
            "w:ilvl": self._list_level,
            "w:outlineLvl": self._outline,
            "w:framePr": self._frame,
            "w:rStyle": self._run_style,
            "w:b": self._bold,
            "w:vanish": self._hidden,
            "w:rFonts": self._font,
            "w:vertAlign": self._vertical,
            "w:sym": self._symbol,
            "w:pgNum": self._page_number,
        }
        for element, character in _CHARACTERS.items():
            self.starts[element] = self._character(character)

    def _character(self, character: str) -> Callable[[dict[str, str]], None]:
        def handle(_: dict[str, str]) -> None:
            if self._story.parent() == "w:r":  # elsewhere <w:tab> defines a tab stop
                self._story.write(character)

        return handle

    # Properties of the paragraph

    def _paragraph_style(self, attributes: dict[str, str]) -> None:
        self._story.paragraph.style = value_of(attributes)

    def _list(self, attributes: dict[str, str]) -> None:
        self._story.paragraph.num_id = value_of(attributes)

    def _list_level(self, attributes: dict[str, str]) -> None:
        self._story.paragraph.num_level = number_of(value_of(attributes))

    def _outline(self, attributes: dict[str, str]) -> None:
        self._story.paragraph.outline = number_of(value_of(attributes), 9)

    def _frame(self, attributes: dict[str, str]) -> None:
        """A frame with a large first letter: the next paragraph is the rest of the word."""
        if values_of(attributes).get("dropCap", "none") != "none":
            self._story.paragraph.is_joined = True

    # Properties of a run

    def _is_of_run(self) -> bool:
        return self._story.parent() == "w:rPr" and self._story.parent(2) in ("w:r", "m:r")

    def _run_style(self, attributes: dict[str, str]) -> None:
        if self._is_of_run():
            self._story.paragraph.run.style = value_of(attributes)

    def _bold(self, attributes: dict[str, str]) -> None:
        if self._is_of_run():
            self._story.paragraph.run.is_bold = is_on(attributes)

    def _hidden(self, attributes: dict[str, str]) -> None:
        if self._is_of_run():
            self._story.paragraph.run.is_hidden = is_on(attributes)
        elif self._story.parent(2) == "w:pPr" and is_on(attributes):
            self._story.paragraph.is_mark_hidden = True

    def _font(self, attributes: dict[str, str]) -> None:
        if self._is_of_run():
            values = values_of(attributes)
            self._story.paragraph.run.font = values.get("ascii", "") or values.get("hAnsi", "")

    def _vertical(self, attributes: dict[str, str]) -> None:
        if self._is_of_run():
            value = value_of(attributes)
            raised: Position = "superscript" if value == "superscript" else ""
            self._story.paragraph.run.position = "subscript" if value == "subscript" else raised

    # Characters

    def _symbol(self, attributes: dict[str, str]) -> None:
        values = values_of(attributes)
        code = hex_of(values.get("char", ""))
        text = symbol(code, values.get("font", "")) if code else UNKNOWN
        self._story.file.unknown_symbols += text == UNKNOWN
        self._story.write(text)

    def _page_number(self, _: dict[str, str]) -> None:
        self._story.paragraph.has_page_number = True
