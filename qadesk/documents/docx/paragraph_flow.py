"""Paragraphs of a Word document become blocks: headings, list items, pairs of key and value, captions, code."""

from __future__ import annotations

from dataclasses import dataclass, field

from qadesk.documents import parsing
from qadesk.documents.docx.numbering import ListLabel
from qadesk.documents.docx.raised import Position
from qadesk.documents.docx.style_sheet import StyleMeaning, StyleSheet
from qadesk.documents.docx.word_file import WordFile
from qadesk.documents.typed_kinds import are_page_words, plain_kind, typed_mark, value_start
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


class ParagraphFlow:
    """Writes the paragraphs of the text, of a text box, a note or a header to ``writer``, all as ``kind`` if given."""

    def __init__(self, writer: Writer, file: WordFile, kind: BlockKind | None = None) -> None:
        self.writer = writer
        self.mark = ""
        """The mark of a note: it stands before the next paragraph."""
        self._file = file
        self._kind = kind
        self._before: OpenParagraph | None = None  # one that the next paragraph goes on with
        self._last: BlockKind | None = None  # the kind of the block before, if only blocks of text came since

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
        self._last = None

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
            self._write_block(paragraph, meaning, label, text)
        elif self._last == "code":
            self.writer.line()
        for box in paragraph.boxes:
            self.writer.block(2)
            self.writer.append(box)
            self.writer.block(2)
            self._last = None

    def _write_block(self, paragraph: OpenParagraph, meaning: StyleMeaning, label: ListLabel | None, text: str) -> None:
        number = label.text if label else ""
        kind, level = self._kind_of(paragraph, meaning, label, text)
        if kind == "code" and self._last == "code" and not self.writer.is_in_cell:
            self.writer.line()
            self.writer.write(text)
            return
        self.writer.start_block(kind, level, breaks=1 if kind == self._last == "item" else 2)
        if kind == "footnote":
            self.writer.write(f"{self.mark} " if self.mark else "")
            text, self.mark = text.lstrip(), ""  # a space comes after the mark that Word draws itself
        if number:
            text = text.lstrip()
            is_spaced = label is None or label.is_spaced or _would_glue(number, text)
            self.writer.write(f"{number} " if is_spaced and text else number)
            if kind == "item":
                self.writer.start_body()
        self._write_text(kind, text, number)
        self._last = kind
        if kind != "code" or self.writer.is_in_cell:
            self.writer.block(1 if kind == "item" else 2)

    def _write_text(self, kind: BlockKind, text: str, number: str) -> None:
        body = value_start(text) if kind == "pair" else 0
        if kind == "item" and not number and (mark := typed_mark(text)):
            body = mark.length
        self.writer.write(text[:body])
        if body:
            self.writer.start_body()
        self.writer.write(text[body:])

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


def _would_glue(number: str, text: str) -> bool:
    """Whether ``number`` right before ``text`` would read as one word or number."""
    pair = number[-1:] + text[:1]
    return len(pair) == 2 and pair.isascii() and pair.isalnum()


def _is_page_number(paragraph: OpenParagraph) -> bool:
    """Whether the paragraph is 'Page 3 of 9' or the like, with the numbers as fields."""
    return paragraph.has_page_number and are_page_words("".join(paragraph.words_beside_page_number))
