"""Writes what a browser shows of the tree of a web page, as text and blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial

from qadesk.documents.html.description_lists import only_child, values_by_term
from qadesk.documents.html.form_controls import control_text
from qadesk.documents.html.mathml import mathml_text
from qadesk.documents.html.office_pages import note_link, word_mark
from qadesk.documents.html.page_tree import HEADINGS, Element
from qadesk.documents.html.raised_text import script_marks
from qadesk.documents.html.shown import is_shown, item_marker, item_style, leading_integer
from qadesk.documents.html.table_parts import MAX_COVERED, Covering, TablePart, TableRow, captions_of, parts_of
from qadesk.documents.parsing import Heartbeat
from qadesk.documents.writer import Writer
from qadesk.structure import BlockKind

_SPACES = re.compile(r"[ \t\n\r\f]{2,}|[\t\n\r\f]")  # what becomes a space; not the no-break space
_LONGEST_PIECE = 1 << 20  # characters: to replace spaces takes many times the memory of the text
_PARAGRAPHS = frozenset(("blockquote", "dl", "figure", "hr", "p"))
_BLOCKS = frozenset((
    "address", "article", "aside", "caption", "center", "dd", "details", "dialog", "div", "dt", "fieldset", "footer",
    "form", "header", "hgroup", "legend", "main", "nav", "optgroup", "option", "search", "section", "select", "summary",
    "tbody", "td", "textarea", "tfoot", "th", "thead", "tr",
))  # fmt: skip
_CODE = frozenset(("listing", "pre", "xmp"))
_LISTS = frozenset(("dir", "menu", "ol", "ul"))
_DIVIDED = _PARAGRAPHS | _BLOCKS | _CODE | _LISTS | HEADINGS | {"br", "table"}
_NOTES_CLASS = re.compile(r"\b(?:footnotes?|endnotes|references)\b", re.I)
_NOTES_ROLES = frozenset(("doc-endnotes", "doc-footnote"))

Step = Element | str | Callable[[], object]
"""A part of the page, or what to do between two of them."""


class _OpenList:
    """An open list: how its items are marked, and the number of the next one."""

    def __init__(self, element: Element, style: str) -> None:
        self.style = style
        self.is_reversed = element.tag == "ol" and "reversed" in element.attributes
        count = sum(child.tag == "li" for child in element.elements()) if self.is_reversed else 1
        self.next = leading_integer(element.attributes.get("start", ""), count)

    def marker(self, item: Element) -> str:
        """The number or bullet of ``item``, which is the next one."""
        number = leading_integer(item.attributes.get("value", ""), self.next)
        self.next = number - 1 if self.is_reversed else number + 1
        return item_marker(number, item_style(item, self.style))


class PageWriter:
    """Goes through the tree of a page without recursion: what is left to do is in ``_steps``, the next last."""

    def __init__(self, name: str, heartbeat: Heartbeat) -> None:
        self.writer = Writer(name)
        self._heartbeat = heartbeat
        self._steps: list[Step] = []
        self._lists: list[_OpenList] = []
        self._verbatim = 0  # how many elements that keep white space are open
        self._unmarked = 0  # how many open elements have lists without marks: navigation
        self._notes = 0  # how many open elements hold notes
        self._covered_left = MAX_COVERED
        self._space = False  # whether white space comes before the next word
        self._lead = ""  # the number or bullet before the next word
        self._lead_kind: BlockKind | None = None  # the block that begins with it
        self._lead_level = 0  # of a list item that is in no list
        self._before = ""  # the last few characters of the line
        self._is_after_script = False
        self._line_ends = 0  # that were asked for since the last word

    def write(self, body: Element) -> None:
        """Write what is in ``body``. Raises ``DocumentError`` (``too_long``)."""
        self._do(*body.children)
        while self._steps:
            self._heartbeat()
            step = self._steps.pop()
            if isinstance(step, str):
                self._text(step)
            elif not isinstance(step, Element):
                step()
            elif is_shown(step):
                self._enter(step)

    def _do(self, *steps: Step) -> None:
        self._steps += reversed(steps)

    # Text

    def _text(self, text: str) -> None:
        if self._verbatim:
            self._write(text.replace("\r\n", "\n").replace("\r", "\n"))
            return
        for start in range(0, len(text), _LONGEST_PIECE):
            self._words(text[start : start + _LONGEST_PIECE])

    def _words(self, text: str) -> None:
        collapsed = _SPACES.sub(" ", text)
        words = collapsed.strip(" ")
        self._space = self._space or collapsed.startswith(" ")
        if words:
            self._write(words)
            self._space = collapsed.endswith(" ")

    def _write(self, text: str) -> None:
        if self._lead or self._lead_kind:
            self._write_lead()
        is_space = self._space and not self.writer.is_at_line_start
        if self._is_after_script and self._before[-1:].isdigit() and text[:1].isdigit():
            is_space = True  # log_10 100
        self.writer.write(f" {text}" if is_space else text)
        self._space = self._is_after_script = False
        self._before = ("" if is_space or self.writer.is_at_line_start else self._before[-8:]) + text[-8:]
        self._line_ends = 0

    def _write_lead(self) -> None:
        if self._lead_kind:
            level = max(1, len(self._lists) + self._lead_level) if self._lead_kind == "item" else 0
            self.writer.start_block(self._lead_kind, level, breaks=1)
        has_body = self._lead_kind is not None or self._lead == "\n"
        lead, self._lead, self._lead_kind, self._lead_level = self._lead, "", None, 0
        self.writer.write(lead)
        if has_body:
            self.writer.start_body()
        self._space = False

    def _end_lead(self) -> None:
        """Write the number before what is no paragraph, on a line of its own; a bullet says nothing there."""
        if self._lead_kind and self._lead.strip("• "):
            self._lead = self._lead.rstrip()
            self._write_lead()
        self._lead, self._lead_kind = "", None

    # Elements

    def _enter(self, element: Element) -> None:  # noqa: C901 - a table of tags
        tag = element.tag
        if tag in ("sup", "sub"):
            self._enter_script(element)
        elif tag in HEADINGS:
            self._enter_block(element, "heading", int(tag[1]))
        elif tag in ("caption", "figcaption"):
            self._enter_block(element, "caption")
        elif tag == "li":
            self._enter_item(element)
        elif tag in _LISTS:
            self._enter_list(element)
        elif tag in _CODE or tag == "textarea":
            self._enter_verbatim(element)
        elif tag == "br":
            self._line()
        elif tag == "table":
            self._enter_table(element)
        elif tag == "ruby":
            self._enter_ruby(element)
        elif tag == "math":
            self._do(mathml_text(element))
        elif tag == "q":
            self._do("“", *element.children, "”")
        else:
            self._enter_other(element)

    def _enter_other(self, element: Element) -> None:
        tag = element.tag
        is_line = tag in _BLOCKS or element.is_block or (tag == "text" and element.is_foreign)
        breaks = 2 if tag in _PARAGRAPHS else int(is_line)
        steps: list[Step] = [*element.children]
        if tag in ("div", "dl"):
            steps = _with_pairs(element, self._pair)
        if (element.is_apart or tag in ("button", "input")) and not self._verbatim:
            steps = [" ", control_text(element) if tag == "input" else "", *steps, " "]
        if breaks:
            self._break(breaks)
            steps.append(partial(self._break, breaks))
        if tag == "p" and not self._lead_kind:
            self._start_office_paragraph(element, steps)
        if tag in ("nav", "menu") or element.attributes.get("role") in ("menu", "menubar", "navigation", "tablist"):
            self._unmarked += 1
            steps.append(partial(self._count, "_unmarked", -1))
        if _holds_notes(element):
            self._notes += 1
            steps.append(partial(self._count, "_notes", -1))
        self._do(*steps)

    def _start_office_paragraph(self, element: Element, steps: list[Step]) -> None:
        """Make ``element`` a list item or a note if a program for documents means it to be one."""
        mark, link = word_mark(element), note_link(element)
        if mark:
            mark.element.is_hidden = True
            self._break(1)
            self._lead, self._lead_kind, self._lead_level = f"{mark.text} ", "item", mark.level
        elif link:
            link.children.append(" ")
            self._lead_kind = "footnote"
        if mark or link:
            steps[-1] = self._end_item

    def _count(self, name: str, change: int) -> None:
        setattr(self, name, getattr(self, name) + change)

    def _break(self, breaks: int) -> None:
        self._space = self._is_after_script = False
        self._before = ""
        self.writer.block(breaks)

    def _line(self) -> None:
        self._space = self._is_after_script = False
        self._before = ""
        self._line_ends += 1
        if self._line_ends == 2 and not self.writer.is_in_cell:
            self.writer.end_block()  # an empty line divides paragraphs
        self.writer.line()

    def _enter_block(self, element: Element, kind: BlockKind, level: int = 0) -> None:
        self._break(2)
        self.writer.start_block(kind, level)
        if self._lead_kind:
            self._lead_kind = None  # the heading begins with the number of the item
            self._lead = self._lead if self._lead.strip("• ") else ""
        self._do(*element.children, partial(self._break, 2))

    def _enter_verbatim(self, element: Element) -> None:
        is_code = element.tag in _CODE
        self._end_lead()
        self._break(2 if is_code else 1)
        if is_code:
            self.writer.start_block("code")
        self._verbatim += 1
        end = partial(self._count, "_verbatim", -1)
        self._do(*element.children, end, partial(self._break, 2 if is_code else 1))

    def _enter_script(self, element: Element) -> None:
        before = "" if self._space or self.writer.is_at_line_start else self._before
        opening, closing = script_marks(element, before)
        self._do(opening, *element.children, closing, self._end_script)

    def _end_script(self) -> None:
        self._is_after_script = True

    def _enter_ruby(self, element: Element) -> None:
        """The text, and how it is read in brackets after all of it."""
        is_reading = [isinstance(child, Element) and child.tag in ("rt", "rtc") for child in element.children]
        readings = [child for child, is_one in zip(element.children, is_reading, strict=True) if is_one]
        base = [child for child, is_one in zip(element.children, is_reading, strict=True) if not is_one]
        self._do(*base, *(("(", *readings, ")") if readings else ()))

    # Lists

    def _enter_list(self, element: Element) -> None:
        is_nested = bool(self._lists)
        style = "1" if element.tag == "ol" else "•"
        is_marked = not self._unmarked and element.tag != "menu"
        self._lists.append(_OpenList(element, item_style(element, style) if is_marked else ""))
        holds_notes = int(_holds_notes(element))
        self._notes += holds_notes
        breaks = 1 if is_nested else 2
        self._break(breaks)
        ends = (self._lists.pop, partial(self._count, "_notes", -holds_notes), partial(self._break, breaks))
        self._do(*element.children, *ends)

    def _enter_item(self, element: Element) -> None:
        marker = self._lists[-1].marker(element) if self._lists else "" if self._unmarked else "• "
        outer = self._lead if self._lead_kind and self._lead.strip("• ") else ""
        self._break(1)
        self._lead = outer + marker
        self._lead_kind = "footnote" if self._notes else "item"
        self._do(*element.children, self._end_item)

    def _end_item(self) -> None:
        self._lead, self._lead_kind, self._lead_level = "", None, 0
        self._break(1)

    def _pair(self, key: Element, value: Element) -> Iterable[Step]:
        """The steps that write ``key`` and ``value`` as one block, on two lines."""
        return (
            partial(self._break, 1),
            partial(self.writer.start_block, "pair", breaks=1),
            *key.children,
            self._start_value,
            *only_child(value).children,
            self._end_item,
        )

    def _start_value(self) -> None:
        self._space = self._is_after_script = False
        self._before = ""
        self._lead = "" if self.writer.is_at_line_start else "\n"

    # Tables

    def _enter_table(self, element: Element) -> None:
        self._end_lead()
        self._break(2)
        steps: list[Step] = list(captions_of(element))
        for part in parts_of(element):
            steps += self._layout_steps(part) if part.is_layout else [partial(self._start_part, part)]
        self._do(*steps, partial(self._break, 2))

    def _layout_steps(self, part: TablePart) -> Iterable[Step]:
        for row in part.rows:
            for cell in row.cells:
                yield partial(self._break, 1)
                yield from cell.children
            yield partial(self._break, 1)

    def _start_part(self, part: TablePart) -> None:
        self.writer.start_table()
        covering = Covering(self._covered_left)
        self._do(*(partial(self._start_row, row, covering) for row in part.rows), partial(self._end_part, covering))

    def _end_part(self, covering: Covering) -> None:
        self._covered_left = covering.left
        self.writer.end_table()
        self._break(2)

    def _start_row(self, row: TableRow, covering: Covering) -> None:
        self.writer.row()
        steps: list[Step] = []
        for place in covering.places(row):
            is_header = row.is_head or (place.element is not None and place.element.tag == "th")
            is_covered = place.element is None
            steps.append(
                partial(
                    self._start_cell, span=place.span, is_header=is_header and not is_covered, is_covered=is_covered
                )
            )
            steps += place.element.children if place.element else ()
        self._do(*steps)

    def _start_cell(self, *, span: int, is_header: bool, is_covered: bool) -> None:
        self._space = self._is_after_script = False
        self._before = ""
        self.writer.cell(span=span, is_header=is_header, is_covered=is_covered)


def _holds_notes(element: Element) -> bool:
    attributes = element.attributes
    return attributes.get("role") in _NOTES_ROLES or bool(_NOTES_CLASS.search(attributes.get("class", "")))


def _with_pairs(parent: Element, pair: Callable[[Element, Element], Iterable[Step]]) -> list[Step]:
    """The children of ``parent``, each dt with a single dd as the steps of ``pair``."""
    values = values_by_term(parent, _DIVIDED - {"br"})
    used = {id(value) for value in values.values()}
    steps: list[Step] = []
    for child in parent.children:
        if id(child) in values and isinstance(child, Element):
            steps += pair(child, values[id(child)])
        elif id(child) not in used:
            steps.append(child)
    return steps
