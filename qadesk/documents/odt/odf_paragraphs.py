"""An open paragraph of an OpenDocument file, and which block it becomes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from qadesk.documents import parsing
from qadesk.documents.block_flow import BlockFlow
from qadesk.documents.odt.odf_file import OdfFile
from qadesk.documents.odt.odf_lists import OpenOdfList
from qadesk.documents.odt.odf_styles import TextLook
from qadesk.documents.paragraph_kinds import is_beside_page_number, plain_kind
from qadesk.documents.raised import Position, raised_text
from qadesk.documents.symbol_fonts import UNKNOWN, without_private
from qadesk.documents.writer import Writer
from qadesk.structure import BlockKind

_SPACES = re.compile(r"[ \t\r\n]+")
_LONGEST_HEADING = 250  # characters
_MAX_LEVEL = 6
_KINDS: dict[str, BlockKind] = {"Caption": "caption", "Preformatted_20_Text": "code"}


@dataclass(slots=True)
class OpenOdfParagraph:
    """A paragraph while it is read."""

    styles: tuple[str, ...] = ()
    """Its style and those that this one is derived from."""
    outline: int = 0
    """The level of a heading, else 0."""
    label: str | None = None
    """The printed number or bullet."""
    depth: int = 0
    """How many lists are around it."""
    looks: list[TextLook] = field(default_factory=lambda: [TextLook()])
    """How the text looks, for each open element that changes that."""
    boxes: list[Writer] = field(default_factory=list)
    """The texts of text boxes that are anchored in it; they go below it."""
    is_hidden: bool = False
    has_page_number: bool = False
    _pieces: list[str] = field(default_factory=list)
    _beside_page_number: list[str] = field(default_factory=list)
    _length: int = 0
    _is_after_space: bool = True
    _last_position: Position = ""

    @property
    def text(self) -> str:
        """What was written so far."""
        return "".join(self._pieces).strip("\n").rstrip(" ")

    @property
    def is_only_page_number(self) -> bool:
        """Whether it is 'Page 3 of 9' or the like, with the numbers as fields."""
        return self.has_page_number and is_beside_page_number("".join(self._beside_page_number))

    def write(self, text: str, file: OdfFile, *, is_page_number: bool = False) -> bool:
        """Add ``text`` with its white space made single spaces, unless it is hidden. Returns whether it said more."""
        collapsed = _SPACES.sub(" ", text)
        if self._is_after_space:
            collapsed = collapsed.lstrip(" ")
        look = self.looks[-1]
        if not collapsed or look.is_hidden:
            return False
        if not collapsed.isascii():
            known = without_private(collapsed, look.font)
            file.unknown_symbols += known.count(UNKNOWN) - collapsed.count(UNKNOWN)
            collapsed = known
        self.has_page_number |= is_page_number
        if not is_page_number:
            self._beside_page_number.append(collapsed)
        if look.position != self._last_position:
            collapsed = raised_text(collapsed, self._pieces[-1] if self._pieces else "", look.position)
            self._last_position = look.position
        self.write_as_is(collapsed, file)
        self._is_after_space = collapsed.endswith(" ")
        return not collapsed.isspace()

    def write_as_is(self, text: str, file: OdfFile) -> None:
        """Add ``text`` with its spaces, unless it is hidden."""
        if text and not self.looks[-1].is_hidden:
            self._length += len(text)
            if self._length > parsing.MAX_CHARACTERS:
                raise parsing.too_long(file.name)
            self._pieces.append(text)
            self._is_after_space = False


@dataclass(slots=True)
class OdfContext:
    """The text, or a text box or note in it: paragraphs and lists in it have nothing to do with those around it."""

    flow: BlockFlow
    kind: BlockKind | None = None
    """The kind of all blocks in it."""
    paragraphs: list[OpenOdfParagraph] = field(default_factory=list)
    lists_around: list[OpenOdfList] = field(default_factory=list)

    def add(self, paragraph: OpenOdfParagraph) -> None:
        """Write ``paragraph``, which has ended, and the text boxes in it."""
        text = "" if paragraph.is_hidden else paragraph.text
        if self.kind in ("header", "footer") and paragraph.is_only_page_number:
            text = ""
        if text.strip():
            kind, level = self._kind_of(paragraph, text)
            self.flow.write_block(kind, level, text, paragraph.label or "")
        else:
            self.flow.write_blank()
        for box in paragraph.boxes:
            self.flow.write_apart(box)

    def _kind_of(self, paragraph: OpenOdfParagraph, text: str) -> tuple[BlockKind, int]:
        styles = paragraph.styles
        if self.kind:
            return self.kind, 0
        if paragraph.outline and len(text) <= _LONGEST_HEADING:
            return "heading", min(paragraph.outline, _MAX_LEVEL)
        if "Title" in styles:
            return "heading", 1
        if paragraph.label:
            return "item", max(1, paragraph.depth)
        if named := next((_KINDS[style] for style in styles if style in _KINDS), None):
            return named, 0
        return ("paragraph", 0) if self.flow.writer.is_in_cell else plain_kind(text)
