"""The text of one part of a Word document (Word calls it a story): the main text, the notes, a header or a footer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from qadesk.documents import parsing
from qadesk.documents.docx.embedded import read_chunk
from qadesk.documents.docx.field_elements import FieldElements
from qadesk.documents.docx.fields import Fields
from qadesk.documents.docx.paragraph_flow import OpenParagraph, ParagraphFlow, RunProperties
from qadesk.documents.docx.table_elements import TableElements
from qadesk.documents.docx.text_elements import TextElements
from qadesk.documents.docx.word_file import NoteMarks, Section, WordFile
from qadesk.documents.docx.word_names import word_names
from qadesk.documents.office.alternatives import Alternatives
from qadesk.documents.office.charts import chart_text
from qadesk.documents.office.diagrams import diagram_text
from qadesk.documents.office.equations import EQUATION_ELEMENTS, Equation
from qadesk.documents.office.office_names import is_on
from qadesk.documents.office.relations import Relation, relations_of
from qadesk.documents.raised import raised_text
from qadesk.documents.symbol_fonts import UNKNOWN, without_private
from qadesk.documents.writer import Writer
from qadesk.documents.xml_stream import XmlHandler, parse_xml, values_of
from qadesk.structure import BlockKind

_MAX_BOXES = 4  # text boxes in text boxes; the text of deeper ones goes into the one around it

_MAX_SECTIONS = 10_000  # with headers or footers of their own

_LEFT_OUT = frozenset((
    "w:del", "w:moveFrom",  # deleted or moved by tracked changes
    "w:rt",  # small characters over East Asian words
    # what the properties were before tracked changes
    "w:pPrChange", "w:rPrChange", "w:tblPrChange", "w:trPrChange", "w:tcPrChange", "w:sectPrChange",
))  # fmt: skip
_TEXT = frozenset(("w:t", "m:t"))
_OTHERS = ("w:instrText", "w:pPr", "w:rPr", "w:trPr", "w:tcPr")
_REFERENCES = frozenset(("w:footnoteReference", "w:endnoteReference"))


class Story:
    """Writes one part element by element, to ``writer``; all blocks of text are of ``kind`` if it is given."""

    def __init__(self, file: WordFile, path: str, writer: Writer, kind: BlockKind | None = None) -> None:
        self.file = file
        self.is_document = False
        self.written = 0
        self.fields = Fields()
        self._path = path
        self._kind = kind
        self._flows = [ParagraphFlow(writer, file, kind)]  # the last one is written to: that of a text box, if in one
        self._boxes_in_boxes = 0  # how many open text boxes are nested too deep
        self._paragraphs = [OpenParagraph()]  # the first one is for text outside paragraphs
        self._equation: Equation | None = None
        self._equations = 0  # how many formulas are open, one in another
        self._stack: list[str] = []  # short names of the open elements, '' for those without a meaning here
        self._left_out = 0  # how many of the innermost open elements are left out
        self._muted = 0  # how many placeholders are open
        self._placeholders: list[bool] = []  # for each open content control whether it only shows its placeholder
        self._alternatives = Alternatives()
        self._section = Section([], [])
        self._tables = TableElements(self)
        text, fields = TextElements(self), FieldElements(self)
        self._starts = {**text.starts, **fields.starts, **self._tables.starts, **self._own_starts()}
        self._ends = {**fields.ends, **self._tables.ends, **self._own_ends()}
        self._names = word_names((*self._starts, *self._ends, *_LEFT_OUT, *_TEXT, *_OTHERS, *EQUATION_ELEMENTS))

    def _own_starts(self) -> Mapping[str, Callable[[dict[str, str]], None]]:
        return {
            "w:document": self._start_document,
            "w:p": self._start_paragraph,
            "w:r": self._start_run,
            "m:r": self._start_run,
            "m:oMath": self._start_equation,
            "w:txbxContent": self._start_box,
            "w:sdt": lambda _: self._placeholders.append(False),
            "w:showingPlcHdr": self._placeholder,
            "w:sdtContent": self._start_content,
            "mc:AlternateContent": lambda _: self._alternatives.start_choice(),
            "mc:Choice": self._start_alternative,
            "mc:Fallback": self._start_alternative,
            "w:footnoteReference": lambda attributes: self._refer(self.file.footnotes, attributes),
            "w:endnoteReference": lambda attributes: self._refer(self.file.endnotes, attributes),
            "w:footnote": lambda attributes: self._start_note(self.file.footnotes, attributes),
            "w:endnote": lambda attributes: self._start_note(self.file.endnotes, attributes),
            "w:altChunk": self._embed,
            "dgm:relIds": lambda attributes: self._draw(diagram_text, values_of(attributes).get("dm", "")),
            "c:chart": lambda attributes: self._draw(chart_text, values_of(attributes).get("id", "")),
            "w:sectPr": self._start_section,
            "w:headerReference": lambda attributes: self._add_reference(self._section.headers, attributes),
            "w:footerReference": lambda attributes: self._add_reference(self._section.footers, attributes),
            "w:titlePg": self._first_pages,
        }

    def _own_ends(self) -> Mapping[str, Callable[[], object]]:
        return {
            "w:p": self._end_paragraph,
            "m:oMath": self._end_equation,
            "w:txbxContent": self._end_box,
            "w:sdt": self._placeholders.pop,
            "w:sdtContent": self._end_content,
            "mc:AlternateContent": self._alternatives.end_choice,
            "mc:Choice": lambda: self._alternatives.end_alternative(self.written),
            "w:footnote": self._end_note,
            "w:endnote": self._end_note,
            "w:sectPr": self._end_section,
        }

    def parse(self) -> None:
        """Write the text of the part. Raises ``LookupError`` if there is none."""
        handler = XmlHandler(self._start, self._end, self._data)
        parse_xml(self.file.archive.open_part(self._path), self.file.name, handler, self.file.heartbeat)
        self._flush()
        self.flow.interrupt()

    # What the elements need

    @property
    def flow(self) -> ParagraphFlow:
        """Where paragraphs are written to."""
        return self._flows[-1]

    @property
    def paragraph(self) -> OpenParagraph:
        """The open paragraph."""
        return self._paragraphs[-1]

    def parent(self, distance: int = 1) -> str:
        """The short name of the open element so many levels above the innermost one."""
        return self._stack[-1 - distance] if len(self._stack) > distance else ""

    def leave_out(self, distance: int) -> None:
        """Leave out what is still to come of the open element so many levels above the innermost one."""
        self._left_out = distance + 1

    def write(self, text: str) -> None:
        """Add ``text`` to the open paragraph, unless it is hidden."""
        paragraph = self.paragraph
        self.file.has_prompts |= self._muted > 0 and not text.isspace()
        if self._muted or self.fields.is_in_code or paragraph.is_hidden(self.file.styles):
            return
        self.written += len(text)
        paragraph.length += len(text)
        if paragraph.length > parsing.MAX_CHARACTERS:
            raise parsing.too_long(self.file.name)
        if self._equation:
            self._equation.write(text)
            return
        if paragraph.run.position != paragraph.last_position:
            text = raised_text(text, paragraph.pieces[-1] if paragraph.pieces else "", paragraph.run.position)
            paragraph.last_position = paragraph.run.position
        paragraph.pieces.append(text)
        if self._kind and self.fields.is_page_number:
            paragraph.has_page_number = True
        elif self._kind:
            paragraph.words_beside_page_number.append(text)
        if not text.isspace():
            self._tables.note_text(is_bold=paragraph.is_bold(self.file.styles))

    # Elements

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = self._names.get(name, "")
        self._stack.append(element)
        if self._left_out or element in _LEFT_OUT:
            self._start_left_out(element, attributes)
        elif not element:
            return
        elif self._equation and element in EQUATION_ELEMENTS:
            self._equation.start(element, attributes)
        elif handle := self._starts.get(element):
            handle(attributes)

    def _start_left_out(self, element: str, attributes: dict[str, str]) -> None:
        self._left_out += 1
        if element in _REFERENCES:
            notes = self.file.footnotes if element == "w:footnoteReference" else self.file.endnotes
            notes.deleted.add(values_of(attributes).get("id", ""))
        elif element in _LEFT_OUT and self._left_out == 1:
            if self.parent() == "w:trPr":
                self.leave_out(2)  # the whole row is deleted
            elif self.parent() == "w:rPr" and self.parent(2) == "w:pPr":
                self.paragraph.is_joined = True  # the end of the paragraph is deleted

    def _end(self, _: str) -> None:
        element = self._stack.pop()
        if self._left_out:
            self._left_out -= 1
        elif not element:
            return
        elif self._equation and element in EQUATION_ELEMENTS:
            self._equation.end(element)
        elif handle := self._ends.get(element):
            handle()

    def _data(self, text: str) -> None:
        if self._left_out:
            return
        element = self._stack[-1]
        if element in _TEXT:
            known = text if text.isascii() else without_private(text, self.paragraph.run.font)
            if known != text:
                self.file.unknown_symbols += known.count(UNKNOWN) - text.count(UNKNOWN)
            self.write(known)
        elif element == "w:instrText":
            self.fields.write_code(text)

    def _start_document(self, _: dict[str, str]) -> None:
        self.is_document = True

    def _start_paragraph(self, _: dict[str, str]) -> None:
        if len(self._paragraphs) == 1:
            self._flush()
        self._tables.open_cell()
        self._paragraphs.append(OpenParagraph())

    def _end_paragraph(self) -> None:
        self.flow.add(self._paragraphs.pop())
        if len(self._paragraphs) == 1:
            self.fields.end_paragraph()

    def _flush(self) -> None:
        """Write what stood outside paragraphs."""
        if self._paragraphs[0].pieces or self._paragraphs[0].boxes:
            self.flow.add(self._paragraphs[0])
            self._paragraphs[0] = OpenParagraph()

    def _start_run(self, _: dict[str, str]) -> None:
        self.paragraph.run = RunProperties()

    def _start_equation(self, _: dict[str, str]) -> None:
        self._equations += 1
        if self._equation is None:
            self._equation = Equation()

    def _end_equation(self) -> None:
        self._equations -= 1
        if self._equation and not self._equations:
            self.paragraph.pieces.append(self._equation.text())
            self._equation = None

    # Text boxes

    def _start_box(self, _: dict[str, str]) -> None:
        if len(self._flows) > _MAX_BOXES:
            self._boxes_in_boxes += 1
        else:
            self._flows.append(ParagraphFlow(Writer(self.file.name), self.file, self._kind))

    def _end_box(self) -> None:
        if self._boxes_in_boxes:
            self._boxes_in_boxes -= 1
            return
        ended = self._flows.pop()
        ended.interrupt()
        if ended.writer.text:
            self.paragraph.boxes.append(ended.writer)

    # Content controls and alternatives

    def _placeholder(self, attributes: dict[str, str]) -> None:
        if self._placeholders:
            self._placeholders[-1] = is_on(attributes)

    def _start_content(self, _: dict[str, str]) -> None:
        self._muted += bool(self._placeholders) and self._placeholders[-1]

    def _end_content(self) -> None:
        self._muted -= bool(self._placeholders) and self._placeholders[-1]

    def _start_alternative(self, _: dict[str, str]) -> None:
        if not self._alternatives.start_alternative(self.written):
            self.leave_out(0)

    # Notes and sections

    def _refer(self, notes: NoteMarks, attributes: dict[str, str]) -> None:
        values = values_of(attributes)
        identifier = values.get("id", "")
        if self.paragraph.is_hidden(self.file.styles):
            notes.deleted.add(identifier)
            return
        has_own_mark = values.get("customMarkFollows", "0") in ("1", "true", "on")
        self.write(notes.refer(identifier, has_own_mark=has_own_mark))

    def _start_note(self, notes: NoteMarks, attributes: dict[str, str]) -> None:
        values = values_of(attributes)
        identifier = values.get("id", "")
        is_deleted = identifier in notes.deleted and identifier not in notes.labels
        if is_deleted or values.get("type", "normal") != "normal":  # others are the lines that Word draws above notes
            self.leave_out(0)
        else:
            self.flow.mark = notes.labels.get(identifier, "")

    def _end_note(self) -> None:
        self.flow.interrupt()
        self.flow.mark = ""

    def _start_section(self, _: dict[str, str]) -> None:
        self._section = Section([], [])

    def _end_section(self) -> None:
        if any(self._section) and len(self.file.sections) < _MAX_SECTIONS:
            self.file.sections.append(self._section)

    def _add_reference(self, references: list[tuple[str, str]], attributes: dict[str, str]) -> None:
        values = values_of(attributes)
        references.append((values.get("type", "default"), values.get("id", "")))

    def _first_pages(self, attributes: dict[str, str]) -> None:
        self.file.has_first_pages |= is_on(attributes)

    # Other parts

    @cached_property
    def _relations(self) -> dict[str, Relation]:
        return relations_of(self.file.archive, self._path)

    def _embed(self, attributes: dict[str, str]) -> None:
        relation = self._relations.get(values_of(attributes).get("id", ""))
        parsed = read_chunk(self.file, relation.path) if relation else None
        if parsed:
            self._tables.open_cell()
            self.flow.interrupt()
            self.flow.writer.block(2)
            self.flow.writer.append(parsed)
            self.flow.writer.block(2)
            self.written += len(parsed.text)

    def _draw(self, read: Callable[[WordFile, str], Writer | None], relation_id: str) -> None:
        relation = self._relations.get(relation_id)
        drawing = read(self.file, relation.path) if relation else None
        if drawing and not self._muted and not self.paragraph.is_hidden(self.file.styles):
            self.paragraph.boxes.append(drawing)
            self.written += len(drawing.text)
