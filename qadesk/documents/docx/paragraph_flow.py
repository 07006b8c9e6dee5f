"""Paragraphs of a Word document become blocks: headings, list items, pairs of key and value, captions, code."""

from __future__ import annotations

from dataclasses import dataclass, field

from qadesk.documents import parsing
from qadesk.documents.block_flow import BlockFlow
from qadesk.documents.docx.numbering import ListLabel
from qadesk.documents.docx.style_sheet import StyleMeaning, StyleSheet
from qadesk.documents.docx.word_file import WordFile
from qadesk.documents.paragraph_kinds import is_beside_page_number, plain_kind
from qadesk.documents.raised import Position
from qadesk.documents.writer import Writer
from qadesk.structure import BlockKind

_LONGEST_HEADING = 250  # characters; in contracts whole clauses have the styles of headings
_MAX_LEVEL = 6


@dataclass(slots=True)
class RunProperties:
    """What the open run of text says itself."""

    style: str = ""
    is_bold: bool | None = None
    is_hidden: bool | None = None
    font: str = ""
    position: Position = ""


@dataclass(slots=True)
class OpenParagraph:
    """A paragraph while it is read."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    boxes: list[Writer | parsing.Parsed] = field(default_factory=list)
    """The texts of text boxes and diagrams: they are anchored in a paragraph, and go below it."""
    style: str = ""
    num_id: str = ""
    num_level: int | None = None
    outline: int | None = None
    is_joined: bool = False
    """Whether the next paragraph goes on with this one: its end is deleted, or it is one large first letter."""
    is_mark_hidden: bool = False
    run: RunProperties = field(default_factory=RunProperties)
    last_position: Position = ""
    """That of the text written last: what is raised in several runs is raised once."""
    has_page_number: bool = False
    words_beside_page_number: list[str] = field(default_factory=list)

    def is_bold(self, styles: StyleSheet) -> bool:
        """Whether the open run is bold: it says so itself, or its style, or that of the paragraph does."""
        own = self.run.is_bold
        if own is None and self.run.style:
            own = styles.meaning(self.run.style).is_bold
        return bool(styles.meaning(self.style).is_bold if own is None else own)

    def is_hidden(self, styles: StyleSheet) -> bool:
        """Whether the open run is hidden text."""
        own = self.run.is_hidden
        if own is None and self.run.style:
            own = styles.meaning(self.run.style).is_hidden
        return bool(styles.meaning(self.style).is_hidden if own is None else own)


class ParagraphFlow(BlockFlow):
    """Writes the paragraphs of the text, of a text box, a note or a header to ``writer``, all as ``kind`` if given."""

    def __init__(self, writer: Writer, file: WordFile, kind: BlockKind | None = None) -> None:
        super().__init__(writer)
        self._file = file
        self._kind = kind
        self._before: OpenParagraph | None = None  # one that the next paragraph goes on with

    def add(self, paragraph: OpenParagraph) -> None:
        """Write ``paragraph``, or wait for the one that it is joined with."""
        if self._before is not None:
            _prepend(self._before, paragraph)
            self._before = None
        if paragraph.is_joined:
            self._before = paragraph
        else:
            self._write(paragraph)

    def interrupt(self) -> None:
        """A table, the end of a cell or the end of all comes: no paragraph goes on after it."""
        if self._before is not None:
            paragraph, self._before = self._before, None
            self._write(paragraph)
        super().interrupt()

    def _write(self, paragraph: OpenParagraph) -> None:
        text = "".join(paragraph.pieces).strip("\n")
        if self._kind in ("header", "footer") and _is_page_number(paragraph):
            text = ""
        meaning = self._file.styles.meaning(paragraph.style)
        is_blank = not text.strip()
        label = None if is_blank and paragraph.is_mark_hidden else self._label(paragraph, meaning)
        is_number = label is not None and bool(label.text) and not label.is_bullet
        # A column of automatic numbers is made of paragraphs without text. Elsewhere they say nothing.
        if not is_blank or (is_number and self.writer.is_in_cell):
            kind, level = self._kind_of(paragraph, meaning, label, text)
            number, is_spaced = (label.text, label.is_spaced) if label else ("", True)
            self.write_block(kind, level, text, number, is_spaced=is_spaced)
        else:
            self.write_blank()
        for box in paragraph.boxes:
            self.write_apart(box)

    def _kind_of(
        self, paragraph: OpenParagraph, meaning: StyleMeaning, label: ListLabel | None, text: str
    ) -> tuple[BlockKind, int]:
        if self._kind:
            return self._kind, 0
        outline = meaning.outline if paragraph.outline is None else paragraph.outline
        if outline is not None and 0 <= outline < 9 and len(text) <= _LONGEST_HEADING:
            return "heading", min(outline + 1, _MAX_LEVEL)
        if label is not None and label.text:
            _, depth = self._list_level(paragraph, meaning)
            return "item", meaning.list_depth if meaning.list_depth and not depth else depth + 1
        if meaning.is_caption:
            return "caption", 0
        if meaning.is_code:
            return "code", 0
        return ("paragraph", 0) if self.writer.is_in_cell else plain_kind(text)

    def _label(self, paragraph: OpenParagraph, meaning: StyleMeaning) -> ListLabel | None:
        num_id, level = self._list_level(paragraph, meaning)
        return self._file.numbering.label(num_id, level) if num_id else None

    def _list_level(self, paragraph: OpenParagraph, meaning: StyleMeaning) -> tuple[str, int]:
        """The list of ``paragraph``, '' for none, and the level from 0."""
        num_id = paragraph.num_id or meaning.num_id
        if not num_id or paragraph.num_level is not None:
            return num_id, paragraph.num_level or 0
        level = self._file.numbering.level_of_style(num_id, meaning.numbered_by)
        if level is None and num_id == meaning.num_id:
            level = meaning.num_level
        return num_id, level or 0


def _prepend(before: OpenParagraph, paragraph: OpenParagraph) -> None:
    """Put ``before``, which is not used any more, before ``paragraph``, without copying what is already there."""
    before.pieces += paragraph.pieces
    before.boxes += paragraph.boxes
    before.words_beside_page_number += paragraph.words_beside_page_number
    paragraph.pieces, paragraph.boxes = before.pieces, before.boxes
    paragraph.words_beside_page_number = before.words_beside_page_number
    paragraph.has_page_number |= before.has_page_number


def _is_page_number(paragraph: OpenParagraph) -> bool:
    """Whether the paragraph is 'Page 3 of 9' or the like, with the numbers as fields."""
    if not paragraph.has_page_number:
        return False
    return is_beside_page_number("".join(paragraph.words_beside_page_number))
