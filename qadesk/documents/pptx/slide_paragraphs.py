"""Makes blocks of the paragraphs of one shape."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from qadesk.documents import parsing
from qadesk.documents.block_flow import BlockFlow
from qadesk.documents.paragraph_kinds import plain_kind
from qadesk.documents.pptx.bullets import LEVELS, BulletCounter, BulletStyle, LevelStyles
from qadesk.documents.pptx.shapes import Shape
from qadesk.documents.pptx.slide_layouts import Placeholder, SlideLayout
from qadesk.documents.raised import Position, raised_text
from qadesk.structure import BlockKind

_EMPTY_LINE = re.compile(r"\n\s*\n")

SlideKind = Literal["slide", "notes"]


@dataclass(slots=True)
class SlideParagraph:
    """A paragraph while it is read."""

    level: int = 0
    bullet: BulletStyle = field(default_factory=BulletStyle)
    position: Position = ""
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    _last_position: Position = ""

    def write(self, text: str, name: str) -> None:
        """Add ``text``; ``name`` is the file's, in quotes."""
        if self.position != self._last_position:
            text = raised_text(text, self.pieces[-1] if self.pieces else "", self.position)
            self._last_position = self.position
        self.length += len(text)
        if self.length > parsing.MAX_CHARACTERS:
            raise parsing.too_long(name)
        self.pieces.append(text)


class ShapeText:
    """Writes the paragraphs of ``shape``."""

    def __init__(self, shape: Shape, layout: SlideLayout, kind: SlideKind) -> None:
        self.shape = shape
        self.styles: LevelStyles = {}
        """The bullets of the levels, as the shape itself has them."""
        self.flow = BlockFlow(shape.writer)
        self._layout = layout
        self._kind = kind
        self._counter = BulletCounter()

    def start_cell(self) -> None:
        """A cell of a table begins, with numbers of its own."""
        self._counter = BulletCounter()

    def add(self, paragraph: SlideParagraph) -> None:
        """Write ``paragraph``, which has ended."""
        text = "".join(paragraph.pieces).replace("\v", "\n").strip("\n ")
        if not text.strip():
            return
        if self.shape.is_title and self._kind == "slide":
            self._add_to_title(text)
            return
        style = self._bullet(paragraph, self.shape.placeholder)
        label = self._counter.label(style, paragraph.level)
        for part in _EMPTY_LINE.split(text):
            kind, level = self._kind_of(part, label, paragraph.level)
            self.flow.write_block(kind, level, part, label)
            label = ""

    def _add_to_title(self, text: str) -> None:
        """A title is one heading, whatever number of lines it has."""
        writer, line = self.flow.writer, " ".join(text.split())
        if writer.length:
            writer.write(f" {line}")
        else:
            writer.start_block("heading", 1)
            writer.write(line)

    def _kind_of(self, text: str, label: str, level: int) -> tuple[BlockKind, int]:
        if self.shape.is_edge:
            return "footer", 0
        if self._kind == "notes":
            return "footnote", 0
        if label:
            return "item", min(level, LEVELS) + 1
        return ("paragraph", 0) if self.flow.writer.is_in_cell else plain_kind(text)

    def _bullet(self, paragraph: SlideParagraph, placeholder: Placeholder | None) -> BulletStyle:
        """How the paragraph is marked: it says so itself, or its shape does, or the layout of the slide."""
        style = paragraph.bullet.over(self.styles.get(paragraph.level, BulletStyle()))
        if placeholder is None or self.flow.writer.is_in_cell:
            return style
        return style.over(self._layout.bullet(placeholder, paragraph.level))
