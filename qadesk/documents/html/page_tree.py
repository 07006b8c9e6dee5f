"""Builds the tree of a web page from its tags, by the rules of the HTML standard that matter for what is shown.

No element is more than ``_MAX_DEPTH`` deep in the tree: what is nested deeper becomes a sibling, as in browsers. So
each step costs a bounded number of looks at the open elements, however a page nests. Formatting elements (b, i, font)
are not opened again after a paragraph, as nothing that is shown depends on them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from qadesk.documents.html.tags import ESCAPABLE_RAW, RAW, Tag, Tokenizer
from qadesk.documents.parsing import Heartbeat

_MAX_DEPTH = 256

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_VOID = frozenset((
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "image", "img", "input", "keygen",
    "link", "meta", "param", "source", "track", "wbr",
))  # fmt: skip
_TEXT_ONLY = RAW | ESCAPABLE_RAW  # nothing is nested in them
_IGNORED = frozenset(("body", "frame", "frameset", "head", "html"))
_FORMATTING = frozenset((
    "a", "b", "big", "code", "em", "font", "form", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
))  # fmt: skip
_CLOSES_P = HEADINGS | {
    "address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "li", "listing", "main", "menu",
    "nav", "ol", "p", "plaintext", "pre", "search", "section", "summary", "table", "ul", "xmp",
}  # fmt: skip
_SECTIONS = frozenset(("tbody", "tfoot", "thead"))
_TABLE_PARTS = _SECTIONS | {"caption", "col", "colgroup", "td", "th", "tr"}
_IN_TABLE = _SECTIONS | {"colgroup", "table", "tr"}  # where only parts of the table may be
_SCOPE = frozenset((
    "annotation-xml", "applet", "caption", "desc", "foreignobject", "marquee", "mi", "mn", "mo", "ms", "mtext",
    "object", "body", "table", "td", "template", "th",
))  # fmt: skip
_TABLE_SCOPE = frozenset(("body", "table", "template"))
_LIST_SCOPE = _SCOPE | {"ol", "ul"}
_P_SCOPE = _SCOPE | {"button"}
_CELLS = frozenset(("caption", "colgroup", "td", "th"))
# What ends where a cell, a row or another part of a table begins, and what may be around it.
_CELL_PLACE = (_CELLS, _SECTIONS | {"tr"} | _TABLE_SCOPE)
_ROW_PLACE = (_CELLS | {"tr"}, _SECTIONS | _TABLE_SCOPE)
_SECTION_PLACE = (_CELLS | {"tr"} | _SECTIONS, _TABLE_SCOPE)
_SPECIAL = _SCOPE | _CLOSES_P | _TABLE_PARTS | {"button", "select", "iframe", "noscript", "script", "style", "textarea"}
_WITHIN_LAYOUT = HEADINGS | {"article", "hr", "main", "nav", "section", "table"}

_HTML_IN_FOREIGN = frozenset(("annotation-xml", "desc", "foreignobject", "mi", "mn", "mo", "ms", "mtext", "title"))
_ENDS_FOREIGN = HEADINGS | {
    "b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed", "head", "hr", "i",
    "img", "li", "listing", "menu", "meta", "nobr", "ol", "p", "pre", "ruby", "s", "small", "span", "strike", "strong",
    "sub", "sup", "table", "tt", "u", "ul", "var",
}  # fmt: skip


class Element:
    """An element of a page: its tag in lower case, those attributes that the reader uses, and what is in it."""

    __slots__ = (
        "attributes", "children", "is_apart", "is_block", "is_foreign", "is_hidden", "is_layout", "parent", "tag",
    )  # fmt: skip

    def __init__(self, tag: str, parent: Element | None, attributes: Mapping[str, str], *, is_foreign: bool) -> None:
        self.tag = tag
        self.parent = parent
        self.attributes = attributes
        self.is_foreign = is_foreign
        self.is_apart = False  # beside what comes before and after, not in one line of text with it
        self.is_block = False  # on lines of its own by a style
        self.is_hidden = False  # by an attribute or a style
        self.is_layout = False  # a table row that only places parts of the page
        self.children: list[Element | str] = []

    def elements(self) -> Iterable[Element]:
        """The children that are elements."""
        return (child for child in self.children if isinstance(child, Element))


def tree_of(page: str, heartbeat: Heartbeat, *, is_xml: bool = False) -> Element:
    """The tree of ``page``: its ``body``, in which the elements of the head are too; the parent is ``html``."""
    builder = _TreeBuilder(is_xml=is_xml)
    tokens = Tokenizer(page, is_xml=is_xml)
    for token in tokens:
        heartbeat()
        if isinstance(token, str):
            builder.text(token)
        elif token.is_end:
            builder.end(token)
        else:
            builder.start(token)
        tokens.is_foreign = builder.is_foreign
    return builder.root


class _TreeBuilder:
    def __init__(self, *, is_xml: bool) -> None:
        self.root = Element("body", Element("html", None, {}, is_foreign=False), {}, is_foreign=False)
        self.is_foreign = False  # whether the open element is one of SVG or MathML
        self._is_xml = is_xml
        self._open = [self.root]
        self._has_p = [False]  # for each open element, whether a paragraph ends where a block begins in it
        self._counts: defaultdict[str, int] = defaultdict(int)  # of the open elements
        self._unopened: defaultdict[str, int] = defaultdict(int)  # those nested too deep
        self._skips_line_end = False

    def text(self, text: str) -> None:
        if self._skips_line_end:
            text = text.removeprefix("\n")
            self._skips_line_end = False
        text = text.replace("\0", "")
        parent = self._open[-1]
        if text and parent.tag in _IN_TABLE and not parent.is_foreign and text.strip(" \t\n\r\f"):
            self._add_before_table(text)
        elif text:
            parent.children.append(text)

    def start(self, tag: Tag) -> None:
        self._skips_line_end = False
        name = tag.name
        if self.is_foreign and name in _ENDS_FOREIGN:
            self._leave_foreign()
        if self.is_foreign or name in ("svg", "math"):
            self._push(tag, is_foreign=True)
            if tag.is_self_closing:
                self._pop_if(name)
        elif name in _IGNORED:
            self._add_attributes(tag)
        elif name in _TABLE_PARTS:
            self._start_table_part(tag)
        else:
            self._make_room(name)
            self._push(tag)
            if name in _VOID or (self._is_xml and tag.is_self_closing):
                self._pop_if(name)
            self._skips_line_end = name in ("listing", "pre", "textarea")

    def _add_attributes(self, tag: Tag) -> None:
        """Give the attributes of a tag html or body to the element that is there already, as browsers do."""
        for element in (self.root, self.root.parent):
            if element and element.tag == tag.name:
                element.attributes = {**tag.attributes, **element.attributes}

    def end(self, tag: Tag) -> None:
        self._skips_line_end = False
        name = tag.name
        if self.is_foreign and name in ("br", "p"):
            self._leave_foreign()
        if self._unopened and self._unopened[name]:
            self._unopened[name] -= 1
        elif name == "br":
            self.start(Tag("br"))
        elif self._counts[name]:
            self._end_open(name)
        elif name == "p" and not self.is_foreign:
            self._add_empty_p()
        elif name in HEADINGS:
            self._close(HEADINGS, _SCOPE)

    def _end_open(self, name: str) -> None:
        """Close an open element ``name``, if the end tag is where it can."""
        if self._open[-1].is_foreign and name not in ("br", "p"):
            self._end_foreign(name)
        else:
            self._end_html(name)

    def _end_html(self, name: str) -> None:
        if name in _TABLE_PARTS or name == "table":
            self._close({name}, _TABLE_SCOPE - {name})
        elif name in _FORMATTING:
            self._end_formatting(name)
        elif name == "p":
            if not self._close({name}, _P_SCOPE):
                self._add_empty_p()
        elif name == "li":
            self._close({name}, _LIST_SCOPE)
        elif name in _SPECIAL:
            self._close(HEADINGS if name in HEADINGS else {name}, _SCOPE - {name})
        else:
            self._close({name}, _SPECIAL)

    def _leave_foreign(self) -> None:
        while self.is_foreign:
            self._pop()  # ends at the root, which is not foreign

    def _end_foreign(self, name: str) -> None:
        for element in reversed(self._open):
            if element.tag == name:
                self._pop_to(element)
                return
            if not element.is_foreign:
                self._end_html(name)
                return

    def _add_empty_p(self) -> None:
        """Add the paragraph that an end tag alone makes; several of them look like one."""
        siblings = self._open[-1].children
        last = siblings[-1] if siblings else None
        if not isinstance(last, Element) or last.tag != "p" or last.children or last.attributes:
            self.start(Tag("p"))
            self._pop_if("p")

    def _end_formatting(self, name: str) -> None:
        """Close a formatting element; what is open within it stays open where that is more than formatting."""
        within_special = False
        for place in range(len(self._open) - 1, 0, -1):
            element = self._open[place]
            if element.tag == name:
                if within_special:
                    del self._open[place], self._has_p[place]
                    self._counts[name] -= 1
                else:
                    self._pop_to(element)
                return
            if element.tag in _SCOPE:
                return
            within_special = within_special or element.tag in _SPECIAL

    # Where an element may be

    def _make_room(self, name: str) -> None:
        """Close the open elements that end where ``name`` begins."""
        if name in ("li", "dd", "dt"):
            self._close_items(name)
        if name in _CLOSES_P and self._has_p[-1]:
            self._close({"p"}, _SCOPE | {"button"})
        top = self._open[-1].tag
        if (name in HEADINGS and top in HEADINGS) or (name in ("option", "optgroup") and top == "option"):
            self._pop()
        elif name in ("rb", "rp", "rt", "rtc"):
            while self._open[-1].tag in ("rb", "rp", "rt"):
                self._pop()
        elif name in ("button", "select"):
            self._close({name}, _SCOPE)
        elif name in ("a", "nobr") and self._counts[name]:
            self._end_formatting(name)
        elif name == "table" and top in _IN_TABLE:
            self._close({"table"}, _TABLE_SCOPE - {"table"})

    def _close_items(self, name: str) -> None:
        items = ("li",) if name == "li" else ("dd", "dt")
        if not any(self._counts[item] for item in items):
            return
        for element in reversed(self._open):
            if element.tag in items:
                self._pop_to(element)
                return
            if element.tag in _SPECIAL and element.tag not in ("address", "div", "p"):
                return

    def _start_table_part(self, tag: Tag) -> None:
        if not self._counts["table"]:
            return
        name = tag.name
        ends, contexts = _CELL_PLACE if name in ("td", "th") else _ROW_PLACE if name == "tr" else _SECTION_PLACE
        while self._close(ends, _TABLE_SCOPE):
            pass
        while self._open[-1].tag not in contexts and not self._open[-1].is_foreign:
            self._pop()
        if name in ("td", "th") and self._open[-1].tag != "tr":
            self._push(Tag("tr"))
        self._push(tag)
        if name == "col":
            self._pop_if(name)

    # The stack of open elements

    def _close(self, names: Iterable[str], scope: Iterable[str]) -> bool:
        """Close the innermost open element of ``names`` that is within ``scope``. Returns whether there is one."""
        if not any(self._counts[name] for name in names):
            return False
        for element in reversed(self._open):
            if element.tag in names and not element.is_foreign:
                self._pop_to(element)
                return True
            if element.tag in scope:
                return False
        return False

    def _push(self, tag: Tag, *, is_foreign: bool = False) -> None:
        parent = self._open[-1]
        element = Element(tag.name, parent, tag.attributes, is_foreign=is_foreign)
        if tag.name in _WITHIN_LAYOUT and self._counts["tr"]:
            next(open_ for open_ in reversed(self._open) if open_.tag == "tr").is_layout = True
        is_part = tag.name in _TABLE_PARTS or tag.name in ("form", "script", "style", "template")
        if parent.tag in _IN_TABLE and not parent.is_foreign and not is_part:
            self._add_before_table(element)
        else:
            parent.children.append(element)
        if len(self._open) < _MAX_DEPTH + (tag.name in _TEXT_ONLY):
            self._open.append(element)
            is_border = tag.name in _SCOPE or tag.name == "button"
            self._has_p.append(tag.name == "p" or (self._has_p[-1] and not is_border))
            self._counts[tag.name] += 1
            self._set_foreign()
        elif tag.name not in _VOID:
            self._unopened[tag.name] += 1

    def _add_before_table(self, node: Element | str) -> None:
        """Add what is in a table, but in none of its cells, before the table, as browsers do."""
        table = next(element for element in reversed(self._open) if element.tag in ("table", "body", "template"))
        if table.tag != "table" or table.parent is None:
            table.children.append(node)
            return
        if isinstance(node, Element):
            node.parent = table.parent
        siblings = table.parent.children
        siblings.insert(len(siblings) - (bool(siblings) and siblings[-1] is table), node)

    def _pop(self) -> None:
        if len(self._open) > 1:
            self._counts[self._open.pop().tag] -= 1
            self._has_p.pop()
            if self._unopened:
                self._unopened.clear()
            self._set_foreign()

    def _pop_to(self, element: Element) -> None:
        while len(self._open) > 1 and self._open[-1] is not element:
            self._pop()
        self._pop()

    def _pop_if(self, name: str) -> None:
        if self._unopened and self._unopened[name]:
            self._unopened[name] -= 1
        elif self._open[-1].tag == name:
            self._pop()

    def _set_foreign(self) -> None:
        top = self._open[-1]
        if not top.is_foreign:
            self.is_foreign = False
            return
        is_html = top.tag in _HTML_IN_FOREIGN and (
            top.tag != "annotation-xml" or "html" in top.attributes.get("encoding", "").lower()
        )
        self.is_foreign = not is_html
