"""Reads a slide, or the page with its notes, element by element: its shapes and what is written in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qadesk.documents.office.alternatives import Alternatives
from qadesk.documents.office.charts import chart_text
from qadesk.documents.office.diagrams import diagram_text
from qadesk.documents.office.equations import EQUATION_ELEMENTS, Equation
from qadesk.documents.office.office_names import is_on
from qadesk.documents.office.relations import Relation, relation_id
from qadesk.documents.open_package import OpenPackage
from qadesk.documents.pptx.bullets import BULLET_ELEMENTS, LEVELS, BulletStyle
from qadesk.documents.pptx.shapes import Shape
from qadesk.documents.pptx.slide_file import SlideFile
from qadesk.documents.pptx.slide_layouts import LEVEL_ELEMENTS, Placeholder, SlideLayout
from qadesk.documents.pptx.slide_names import slide_names
from qadesk.documents.pptx.slide_paragraphs import ShapeText, SlideKind, SlideParagraph
from qadesk.documents.symbol_fonts import UNKNOWN, without_private
from qadesk.documents.writer import Writer
from qadesk.documents.xml_stream import number_of, values_of

_MAX_SHAPES = 50_000  # of a slide
_MAX_GROUPS = 40  # in one another
_SHAPES = ("p:sp", "p:cxnSp", "p:graphicFrame", "p:pic")
_FRAMES = frozenset(("a:xfrm", "p:xfrm"))
_OTHERS = ("a:xfrm", "p:xfrm", "a:t", "m:t", "a:lstStyle", "p:nvGrpSpPr", "p:grpSpPr")

Handlers = Mapping[str, Callable[[dict[str, str]], object]]


class ShapeReader:
    """Takes the elements of a part. ``shapes`` are those of the slide."""

    def __init__(
        self, file: SlideFile, layout: SlideLayout, relations: Mapping[str, Relation], kind: SlideKind = "slide"
    ) -> None:
        self.shapes: list[Shape] = []
        self.is_slide = False
        self.is_hidden = False
        self._file = file
        self._layout = layout
        self._relations = relations
        self._kind: SlideKind = kind
        self._groups: list[Shape] = []
        self._groups_in_groups = 0  # how many open groups are nested too deep
        self._count = 0
        self._text: ShapeText | None = None  # of the open shape
        self._paragraph: SlideParagraph | None = None
        self._equation: Equation | None = None
        self._level = 0  # of the open style in the list of styles of the shape
        self._is_table_with_header = False
        self._rows = 0
        self._stack: list[str] = []
        self._left_out = 0
        self._alternatives = Alternatives()
        self._written = 0
        self._starts = self._own_starts()
        self._ends = self._own_ends()
        self._names = slide_names((*self._starts, *self._ends, *_OTHERS, *EQUATION_ELEMENTS))

    def _own_starts(self) -> Handlers:
        return {
            "p:sld": self._start_slide,
            "p:notes": self._start_slide,
            **dict.fromkeys(_SHAPES, lambda _: self._start_shape()),
            "p:grpSp": lambda _: self._start_group(),
            "p:cNvPr": self._properties,
            "p:ph": self._placeholder,
            "a:off": self._offset,
            "a:ext": self._extent,
            **{element: self._style_of_level(level) for element, level in LEVEL_ELEMENTS.items()},
            **{element: self._bullet(element) for element in BULLET_ELEMENTS},
            "a:p": lambda _: self._start_paragraph(),
            "a:pPr": self._paragraph_properties,
            "a:rPr": self._run_properties,
            "a:r": lambda _: self._start_run(),
            "a:br": lambda _: self._write("\n"),
            "a:fld": self._field,
            "m:oMath": lambda _: self._start_equation(),
            "a:tbl": lambda _: self._start_table(),
            "a:tblPr": self._table_properties,
            "a:tr": lambda _: self._start_row(),
            "a:tc": self._start_cell,
            "c:chart": self._chart,
            "dgm:relIds": self._diagram,
            "mc:AlternateContent": lambda _: self._alternatives.start_choice(),
            "mc:Choice": lambda _: self._start_alternative(),
            "mc:Fallback": lambda _: self._start_alternative(),
        }

    def _own_ends(self) -> Mapping[str, Callable[[], object]]:
        return {
            **dict.fromkeys(_SHAPES, self._end_shape),
            "p:grpSp": self._end_group,
            "a:p": self._end_paragraph,
            "m:oMath": self._end_equation,
            "a:tbl": self._end_table,
            "a:tr": self._end_row,
            "mc:AlternateContent": self._alternatives.end_choice,
            "mc:Choice": lambda: self._alternatives.end_alternative(self._written),
        }

    # Elements

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        element = self._names.get(name, "")
        self._stack.append(element)
        if self._left_out:
            self._left_out += 1
        elif self._equation and element in EQUATION_ELEMENTS:
            self._equation.start(element, attributes)
        elif handle := self._starts.get(element):
            handle(attributes)

    def end(self, _: str) -> None:
        """An element ends."""
        element = self._stack.pop()
        if self._left_out:
            self._left_out -= 1
        elif self._equation and element in EQUATION_ELEMENTS:
            self._equation.end(element)
        elif handle := self._ends.get(element):
            handle()

    def data(self, text: str) -> None:
        """Text in the innermost element."""
        if not self._left_out and self._stack and self._stack[-1] in ("a:t", "m:t"):
            known = text if text.isascii() else without_private(text, "")
            self._file.unknown_symbols += known.count(UNKNOWN) - text.count(UNKNOWN) if known != text else 0
            self._write(known)

    def _parent(self) -> str:
        return self._stack[-2] if len(self._stack) > 1 else ""

    def _start_slide(self, attributes: dict[str, str]) -> None:
        self.is_slide = True
        self.is_hidden = not is_on({"val": values_of(attributes).get("show", "1")})

    # Shapes

    @property
    def _open(self) -> Shape | None:
        """The open shape, or else the innermost open group."""
        return self._text.shape if self._text else self._groups[-1] if self._groups else None

    def _start_shape(self) -> None:
        if self._text or self._count >= _MAX_SHAPES:  # a shape in a shape is none
            self._left_out = 1
            return
        self._count += 1
        shape = Shape(Writer(self._file.name))
        (self._groups[-1].shapes if self._groups else self.shapes).append(shape)
        self._text = ShapeText(shape, self._layout, self._kind)

    def _end_shape(self) -> None:
        if self._text:
            self._text.flow.interrupt()
        self._text = None

    def _start_group(self) -> None:
        if len(self._groups) >= _MAX_GROUPS or self._text:
            self._groups_in_groups += 1
            return
        group = Shape(Writer(self._file.name), is_group=True)
        (self._groups[-1].shapes if self._groups else self.shapes).append(group)
        self._groups.append(group)

    def _end_group(self) -> None:
        if self._groups_in_groups:
            self._groups_in_groups -= 1
        else:
            self._groups.pop()

    def _properties(self, attributes: dict[str, str]) -> None:
        is_own = not self._groups_in_groups or self._text
        if self._open and is_own and is_on({"val": values_of(attributes).get("hidden", "0")}):
            self._open.is_hidden = True

    def _placeholder(self, attributes: dict[str, str]) -> None:
        if self._text:
            values = values_of(attributes)
            self._text.shape.placeholder = Placeholder(values.get("type", ""), values.get("idx", ""))

    def _offset(self, attributes: dict[str, str]) -> None:
        if self._open and self._parent() in _FRAMES and not self._groups_in_groups:
            values = values_of(attributes)
            self._open.left, self._open.top = _length(values.get("x", "")), _length(values.get("y", ""))

    def _extent(self, attributes: dict[str, str]) -> None:
        if self._open and self._parent() in _FRAMES and not self._groups_in_groups:
            values = values_of(attributes)
            self._open.width, self._open.height = _length(values.get("cx", "")), _length(values.get("cy", ""))

    # Paragraphs

    def _style_of_level(self, level: int) -> Callable[[dict[str, str]], None]:
        def handle(_: dict[str, str]) -> None:
            self._level = level

        return handle

    def _bullet(self, element: str) -> Callable[[dict[str, str]], None]:
        def handle(attributes: dict[str, str]) -> None:
            values = values_of(attributes)
            if self._paragraph and self._parent() == "a:pPr":
                self._paragraph.bullet = self._paragraph.bullet.changed(element, values)
            elif self._text and self._parent() in LEVEL_ELEMENTS:
                styles = self._text.styles
                styles[self._level] = styles.get(self._level, BulletStyle()).changed(element, values)

        return handle

    def _start_paragraph(self) -> None:
        if self._text:
            self._paragraph = SlideParagraph()

    def _end_paragraph(self) -> None:
        if self._text and self._paragraph:
            self._text.add(self._paragraph)
        self._paragraph = None

    def _paragraph_properties(self, attributes: dict[str, str]) -> None:
        if self._paragraph:
            level = number_of(values_of(attributes).get("lvl", ""))
            self._paragraph.level = min(max(level, 0), LEVELS - 1)

    def _start_run(self) -> None:
        if self._paragraph:
            self._paragraph.position = ""

    def _run_properties(self, attributes: dict[str, str]) -> None:
        if self._paragraph and self._parent() in ("a:r", "a:fld"):
            baseline = values_of(attributes).get("baseline", "0").lstrip()
            is_raised = baseline.strip("0%") != ""
            self._paragraph.position = (
                "" if not is_raised else "subscript" if baseline.startswith("-") else "superscript"
            )

    def _field(self, attributes: dict[str, str]) -> None:
        self._start_run()
        if values_of(attributes).get("type") == "slidenum":
            self._left_out = 1

    def _write(self, text: str) -> None:
        if self._equation:
            self._equation.write(text)
        elif self._paragraph:
            self._paragraph.write(text, self._file.name)
        self._written += len(text)

    def _start_equation(self) -> None:
        if self._equation is None:
            self._equation = Equation()

    def _end_equation(self) -> None:
        equation, self._equation = self._equation, None
        if equation and self._paragraph:
            self._paragraph.position = ""
            self._paragraph.write(equation.text(), self._file.name)

    # Tables

    def _start_table(self) -> None:
        self._is_table_with_header, self._rows = False, 0
        if self._text:
            self._text.flow.writer.start_table()

    def _end_table(self) -> None:
        if self._text:
            self._text.flow.writer.end_table()

    def _table_properties(self, attributes: dict[str, str]) -> None:
        self._is_table_with_header = is_on({"val": values_of(attributes).get("firstRow", "0")})

    def _start_row(self) -> None:
        if self._text:
            self._text.flow.writer.row()

    def _end_row(self) -> None:
        if self._text and self._is_table_with_header and not self._rows:
            self._text.flow.writer.mark_header()
        self._rows += 1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        values = values_of(attributes)
        if not self._text or is_on({"val": values.get("hMerge", "0")}):
            self._left_out = 1
            return
        is_covered = is_on({"val": values.get("vMerge", "0")})
        span = min(max(1, number_of(values.get("gridSpan", ""), 1)), 1000)
        self._text.flow.writer.cell(span=span, is_covered=is_covered)
        self._text.start_cell()
        if is_covered:
            self._left_out = 1

    # Charts, diagrams, alternatives

    def _chart(self, attributes: dict[str, str]) -> None:
        self._draw(chart_text, relation_id(attributes))

    def _diagram(self, attributes: dict[str, str]) -> None:
        self._draw(diagram_text, values_of(attributes).get("dm", ""))

    def _draw(self, read: Callable[[OpenPackage, str], Writer | None], identifier: str) -> None:
        relation = self._relations.get(identifier)
        drawing = read(self._file, relation.path) if relation and self._text else None
        if drawing and self._text:
            self._text.flow.write_apart(drawing)
            self._written += drawing.length

    def _start_alternative(self) -> None:
        if not self._alternatives.start_alternative(self._written):
            self._left_out = 1


def _length(text: str) -> int:
    """A length in EMU, which has more digits than ``number_of`` takes."""
    try:
        return int(text) if len(text) < 16 else 0
    except ValueError:
        return 0
