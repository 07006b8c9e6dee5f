"""Reads one part of an OpenDocument file with text, element by element."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qadesk.documents.block_flow import BlockFlow
from qadesk.documents.odt.odf_file import OdfFile
from qadesk.documents.odt.odf_lists import OdfLists
from qadesk.documents.odt.odf_names import TEXT, odf_names
from qadesk.documents.odt.odf_paragraphs import OdfContext, OpenOdfParagraph
from qadesk.documents.odt.odf_styles import OdfStyleReader, TextLook
from qadesk.documents.odt.odf_tables import OdfTables
from qadesk.documents.writer import Writer
from qadesk.documents.xml_stream import number_of, values_of
from qadesk.structure import BlockKind

_MAX_CONTEXTS = 8  # text boxes and notes in one another; the text of deeper ones goes into the one around it
_MAX_SPACES = 1000  # of one element

_LEFT_OUT = frozenset((
    "text:tracked-changes", "office:annotation", "office:forms", "office:scripts", "text:script", "svg:title",
    "svg:desc", "text:number", "text:ruby-text", "text:table-of-content-source", "text:alphabetical-index-source",
    "text:bibliography-source", "text:illustration-index-source", "text:object-index-source",
    "text:table-index-source", "text:user-index-source", "presentation:notes",
))  # fmt: skip
_BODIES = ("office:text", "office:presentation", "office:spreadsheet", "office:chart")
# What holds paragraphs of its own in the middle of another one.
_SHAPES = (
    "draw:text-box", "draw:custom-shape", "draw:rect", "draw:line", "draw:polyline", "draw:polygon",
    "draw:regular-polygon", "draw:path", "draw:circle", "draw:ellipse", "draw:connector", "draw:caption",
    "draw:measure",
)  # fmt: skip
_PAGE_NUMBERS = frozenset(("text:page-number", "text:page-count"))
_WITHOUT_TEXT = frozenset(("", "text:note", "text:ruby"))
_FIELD = "text:*"  # stands for any element of the namespace that is not listed here
_NO_ATTRIBUTES: dict[str, str] = {}

ReadObject = Callable[["OdfStory", str], None]


class OdfStory:
    """Writes what the elements that it is given hold; all blocks are of ``kind`` if it is given."""

    def __init__(self, file: OdfFile, writer: Writer, read_object: ReadObject, kind: BlockKind | None = None) -> None:
        self.file = file
        self.body = ""
        """What the file holds: 'office:text', 'office:presentation' ..."""
        self.styles = file.styles.overlaid()
        self.lists = OdfLists(self.styles)
        self._contexts = [OdfContext(BlockFlow(writer), kind)]
        self._style_reader = OdfStyleReader(self.styles)
        self._read_object = read_object
        self._contexts_in_contexts: list[bool] = []  # for each open box or note whether it has a context of its own
        self._tables = OdfTables()
        self._stack: list[str] = []  # short names of the open elements, '' for those without a meaning here
        self._left_out = 0  # how many of the innermost open elements are left out
        self._note_class = ""
        self._citation: list[str] = []
        self._starts = self._own_starts()
        self._ends = self._own_ends()
        self._names = odf_names((
            *self._starts, *self._ends, *_LEFT_OUT, *_PAGE_NUMBERS, "text:ruby", "text:note-citation", "chart:axis",
        ))  # fmt: skip

    def _own_starts(self) -> Mapping[str, Callable[[dict[str, str]], None]]:
        return {
            **dict.fromkeys(_BODIES, lambda _: self._start_body()),
            "text:p": lambda values: self._start_paragraph(values, 0),
            "text:h": lambda values: self._start_paragraph(values, max(1, number_of(values.get("outline-level", "")))),
            "text:span": self._start_span,
            "text:s": lambda values: self.write_as_is(" " * min(number_of(values.get("c", ""), 1), _MAX_SPACES)),
            "text:tab": lambda _: self.write_as_is("\t"),
            "text:line-break": lambda _: self.write_as_is("\n"),
            "text:list": self.lists.start_list,
            "text:list-item": lambda values: self.lists.start_item(values, is_marked=True),
            "text:list-header": lambda values: self.lists.start_item(values, is_marked=False),
            "text:section": self._start_section,
            "text:note": self._start_note,
            "text:note-body": lambda _: self._start_note_body(),
            "text:placeholder": lambda _: self._leave_out_prompt(),
            "text:hidden-text": self._start_hidden,
            "text:hidden-paragraph": self._hide_paragraph,
            "table:table": lambda _: self._tables.start_table(self.context.flow),
            "table:table-header-rows": lambda _: self._tables.start_headers(),
            "table:table-row": lambda _: self._tables.start_row(),
            "table:table-cell": self._tables.start_cell,
            "table:covered-table-cell": self._start_covered_cell,
            "draw:object": self._start_object,
            "chart:title": lambda _: self._start_chart_title(),
            **dict.fromkeys(_SHAPES, lambda _: self._start_box()),
        }

    def _own_ends(self) -> Mapping[str, Callable[[], object]]:
        return {
            "text:p": self._end_paragraph,
            "text:h": self._end_paragraph,
            "text:span": self._end_span,
            "text:list": self.lists.end_list,
            "text:note-body": self._end_note_body,
            "chart:title": self._end_context,
            "table:table": self._tables.end_table,
            "table:table-header-rows": self._tables.end_headers,
            "table:table-row": self._tables.end_row,
            "table:table-cell": self._tables.end_cell,
            **dict.fromkeys(_SHAPES, self._end_box),
        }

    @property
    def context(self) -> OdfContext:
        """What is written to."""
        return self._contexts[-1]

    @property
    def paragraph(self) -> OpenOdfParagraph | None:
        """The open paragraph."""
        return self.context.paragraphs[-1] if self.context.paragraphs else None

    def write_as_is(self, text: str) -> None:
        """Add ``text`` with its spaces to the open paragraph."""
        if self.paragraph:
            self.paragraph.write_as_is(text, self.file)

    # Elements

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if not self.body:
            self._style_reader.start(name, attributes)
        element = self._names.get(name) or (_FIELD if name.startswith(TEXT) else "")
        self._stack.append(element)
        if self._left_out or element in _LEFT_OUT:
            self._left_out += 1
        elif handle := self._starts.get(element):
            handle(values_of(attributes) if attributes else _NO_ATTRIBUTES)

    def end(self, _: str) -> None:
        """An element ends."""
        element = self._stack.pop()
        if self._left_out:
            self._left_out -= 1
        elif handle := self._ends.get(element):
            handle()

    def data(self, text: str) -> None:
        """Text in the innermost element."""
        element = self._stack[-1] if self._stack else ""
        if self._left_out or element in _WITHOUT_TEXT or not element.startswith("text:"):
            return
        paragraph = self.paragraph
        if element == "text:note-citation":
            self._citation.append(text)
        elif paragraph and paragraph.write(text, self.file, is_page_number=element in _PAGE_NUMBERS):
            self._tables.note_text(is_bold=paragraph.looks[-1].is_bold)

    def _leave_out(self) -> None:
        """Leave out what is in the innermost element."""
        self._left_out = 1

    def _start_body(self) -> None:
        self.body = self.body or self._stack[-1]

    # Paragraphs

    def _start_paragraph(self, values: dict[str, str], outline: int) -> None:
        style = values.get("style-name", "")
        label = self.lists.label()
        if outline and label is None:
            label = self.lists.heading_label(outline, values)
        look = self.styles.look("paragraph", style, TextLook())
        names = self.styles.names("paragraph", style)
        depth = len(self.lists.open)
        self.context.paragraphs.append(OpenOdfParagraph(names, outline, label, depth, [look]))

    def _end_paragraph(self) -> None:
        if self.context.paragraphs:
            self.context.add(self.context.paragraphs.pop())

    def _start_span(self, values: dict[str, str]) -> None:
        if self.paragraph:
            looks = self.paragraph.looks
            looks.append(self.styles.look("text", values.get("style-name", ""), looks[-1]))

    def _end_span(self) -> None:
        if self.paragraph and len(self.paragraph.looks) > 1:
            self.paragraph.looks.pop()

    def _start_section(self, values: dict[str, str]) -> None:
        if values.get("display") == "none" or values.get("is-hidden") == "true":
            self._leave_out()

    def _start_hidden(self, values: dict[str, str]) -> None:
        if values.get("is-hidden") == "true":
            self._leave_out()

    def _hide_paragraph(self, values: dict[str, str]) -> None:
        if self.paragraph and values.get("is-hidden") == "true":
            self.paragraph.is_hidden = True

    def _leave_out_prompt(self) -> None:
        self.file.has_prompts = True
        self._leave_out()

    def _start_covered_cell(self, values: dict[str, str]) -> None:
        self._tables.cover_cell(values)
        self._leave_out()

    # Text boxes, notes, objects

    def _start_context(self, flow: BlockFlow, kind: BlockKind | None) -> None:
        """What follows goes into ``flow``."""
        has_own = len(self._contexts) <= _MAX_CONTEXTS
        self._contexts_in_contexts.append(has_own)
        if has_own:
            self._contexts.append(OdfContext(flow, kind, lists_around=self.lists.open))
            self.lists.open = []

    def _end_context(self) -> bool:
        """What follows goes where it went before. Returns whether it went into a flow of its own."""
        has_own = self._contexts_in_contexts.pop()
        if has_own:
            context = self._contexts.pop()
            context.flow.interrupt()
            self.lists.open = context.lists_around
        return has_own

    def _start_box(self) -> None:
        """A text box begins."""
        self._start_context(BlockFlow(Writer(self.file.name)), self.context.kind)

    def _end_box(self) -> None:
        """A text box ends: its text goes below the paragraph that it is anchored in."""
        box = self.context.flow.writer
        if self._end_context() and box.text:
            self.add_box(box)

    def add_box(self, box: Writer) -> None:
        """Write ``box`` below the open paragraph, or here if none is open."""
        if self.paragraph:
            self.paragraph.boxes.append(box)
        else:
            self.context.flow.write_apart(box)

    def _start_note(self, values: dict[str, str]) -> None:
        self._note_class = values.get("note-class", "")
        self._citation = []

    def _start_note_body(self) -> None:
        citation = " ".join("".join(self._citation).split())
        mark = f"[{citation}]" if citation.isalnum() else citation
        if self.paragraph:
            self.write_as_is(mark)
        flow = self.file.endnotes if self._note_class == "endnote" else self.file.footnotes
        self._start_context(flow, "footnote")
        if self._contexts_in_contexts[-1]:
            flow.mark = mark

    def _end_note_body(self) -> None:
        self.context.flow.mark = ""
        self._end_context()

    def _start_chart_title(self) -> None:
        is_of_axis = self._stack[-2:-1] == ["chart:axis"]
        self._start_context(self.context.flow, "paragraph" if is_of_axis else "caption")

    def _start_object(self, values: dict[str, str]) -> None:
        path = values.get("href", "").removeprefix("./")
        self._leave_out()
        if path:
            self._read_object(self, path)
