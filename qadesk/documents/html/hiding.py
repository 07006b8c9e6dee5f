"""Finds the elements of a page that are hidden: by attributes, by styles of their own, and by the page's style sheets.

What only a click unfolds, such as the answer to a question in a list of them, is taken as shown; a menu is not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from qadesk.documents.html.media_queries import is_for_screens
from qadesk.documents.html.page_tree import Element, tree_of
from qadesk.documents.html.raised_text import short_text
from qadesk.documents.html.selectors import Compound, Selector, classes_of, selectors_of
from qadesk.documents.html.shown import is_formula
from qadesk.documents.html.style_sheets import Declaration, declarations_of, rules_of
from qadesk.documents.parsing import Heartbeat

_MAX_STATEMENTS = 200_000  # declarations, for each of their selectors
_MAX_STEPS = 500_000  # comparisons of an element with a part of a selector
_MAX_SHARED = 10_000  # different tags with attributes whose rules are remembered
_OWN, _IMPORTANT = 1 << 32, 1 << 33  # what a style of the element itself and !important add to the rank of a rule

_BLOCK_DISPLAYS = frozenset(("block", "flex", "flow-root", "grid", "list-item", "table", "table-row"))
_BOX_DISPLAYS = frozenset(("flex", "grid", "inline-flex", "inline-grid", "table-row"))  # of boxes beside one another

_MENUS = frozenset(("dialog", "header", "menu", "nav"))
_MENU_ROLES = frozenset(("alertdialog", "dialog", "listbox", "menu", "menubar", "navigation", "tablist"))


class ShownPage(NamedTuple):
    """The tree of a page in which hidden elements are marked, and whether all its style sheets were applied."""

    body: Element
    is_complete: bool


def shown_page(page: str, heartbeat: Heartbeat, *, is_xml: bool = False, with_sheets: bool = True) -> ShownPage:
    """The tree of ``page``. Without its style sheets, only attributes and styles of single elements hide."""
    body = tree_of(page, heartbeat, is_xml=is_xml)
    sheets: list[str] = []
    controlled: set[str] = set()  # ids of what a button or a link of the page unfolds
    for element in _elements(body):
        if element.tag == "style" and is_for_screens(element.attributes.get("media", "")):
            sheets.append("".join(child for child in element.children if isinstance(child, str)))
        elif "aria-controls" in element.attributes:
            controlled.update(element.attributes["aria-controls"].split())
    cascade = _Cascade(sheets if with_sheets else (), heartbeat)
    _mark_hidden(body, cascade, controlled, heartbeat)
    return ShownPage(body, cascade.steps_left > 0)


def _mark_hidden(body: Element, cascade: _Cascade, controlled: Container[str | None], heartbeat: Heartbeat) -> None:
    """Set ``is_hidden``, ``is_block`` and ``is_apart`` of what is in ``body``."""
    order: list[tuple[Element, bool]] = []  # parents before what is in them
    waiting = [(child, True) for child in body.elements()]
    while waiting:
        heartbeat()
        element, is_visible = waiting.pop()
        display, visibility = cascade.look_of(element)
        is_open = display != "none" if display else not _is_closed(element)
        _set_place(element, display)
        element.is_hidden = not (is_open or _is_folded(element, controlled))
        if visibility in ("collapse", "hidden", "visible"):
            is_visible = visibility == "visible"
        is_visible = is_visible or is_formula(element)
        order.append((element, is_visible))
        if not element.is_hidden or is_formula(element):
            waiting += [(child, is_visible) for child in element.elements()]
    _hide_invisible(order)


def _elements(body: Element) -> Iterator[Element]:
    """All elements but those in templates."""
    waiting = [body]
    while waiting:
        element = waiting.pop()
        yield element
        if element.children and element.tag != "template":
            waiting += [child for child in reversed(element.children) if isinstance(child, Element)]


def _set_place(element: Element, display: str) -> None:
    """Say of ``element``, and of what is in it, whether they are in one line of text with what is beside them."""
    element.is_block = display in _BLOCK_DISPLAYS
    if display in ("inline-block", "table-cell"):
        element.is_apart = len(short_text(element).strip()) != 1  # not the letters of a word, which are animated
    elif display in _BOX_DISPLAYS:
        for child in element.elements():
            child.is_apart = True


def _is_closed(element: Element) -> bool:
    attributes = element.attributes
    if element.tag == "dialog" and "open" not in attributes:
        return True
    return "hidden" in attributes and attributes["hidden"].lower() != "until-found"


def _is_folded(element: Element, controlled: Container[str | None]) -> bool:
    """Whether ``element``, which is not shown, is a part of the text that a click unfolds."""
    role = element.attributes.get("role", "")
    is_controlled = element.attributes.get("id") in controlled and element.tag not in ("ol", "ul")
    if not is_controlled and role != "tabpanel":
        return False
    place: Element | None = element
    while place:
        if place.tag in _MENUS or place.attributes.get("role") in _MENU_ROLES:
            return False
        place = place.parent
    return True


def _hide_invisible(order: list[tuple[Element, bool]]) -> None:
    """Take the text out of what is invisible; what holds nothing visible is hidden."""
    for element, is_visible in reversed(order):
        if not is_visible:
            element.children = [*element.elements()]
            element.is_hidden = all(child.is_hidden for child in element.elements())


class _RankedRule(NamedTuple):
    selector: Selector
    declaration: Declaration
    rank: int


class _Cascade:
    """What the rules say of an element, the one of the highest rank in CSS. ``steps_left``: comparisons allowed."""

    def __init__(self, sheets: Iterable[str], heartbeat: Heartbeat) -> None:
        statements = list(islice(_statements(sheets, heartbeat), _MAX_STATEMENTS + 1))
        self.steps_left = _MAX_STEPS if len(statements) <= _MAX_STATEMENTS else 0
        self._rules: defaultdict[tuple[str, str], list[_RankedRule]] = defaultdict(list)
        self._shared: dict[tuple[object, ...], Sequence[_RankedRule]] = {}
        for rule in _ranked(statements if self.steps_left else ()):
            self._rules[_key(rule.selector.subject)].append(rule)

    def look_of(self, element: Element) -> tuple[str, str]:
        """The display and the visibility of ``element``; '' where nothing says."""
        if not self._rules and "style" not in element.attributes:
            return "", ""
        best = {"display": (-1, ""), "visibility": (-1, "")}
        for rule in self._rules_for(element):
            name, value, _ = rule.declaration
            if rule.rank > best[name][0] and self._is_within(rule.selector, element):
                best[name] = (rule.rank, value)
        if "style" in element.attributes:
            for name, value, is_important in declarations_of(element.attributes["style"]):
                rank = _OWN + is_important * _IMPORTANT
                if rank >= best[name][0]:
                    best[name] = (rank, value)
        return best["display"][1], best["visibility"][1]

    def _rules_for(self, element: Element) -> Sequence[_RankedRule]:
        """The rules for what ``element`` itself is. All elements with the same tag and attributes share them."""
        key = (element.tag, *element.attributes.items())
        rules = self._shared.get(key)
        if rules is None:
            candidates = self._candidates(element)
            rules = _without_overruled(rule for rule in candidates if rule.selector.subject.matches(element))
            if len(self._shared) < _MAX_SHARED:
                self._shared[key] = rules
        self.steps_left -= len(rules)
        return rules if self.steps_left > 0 else ()

    def _candidates(self, element: Element) -> Iterator[_RankedRule]:
        """The rules whose selectors end with what ``element`` has."""
        attributes = element.attributes
        keys = [("", ""), ("tag", element.tag)]
        if attributes:
            keys.append(("id", attributes.get("id", "")))
            keys += [("class", name) for name in classes_of(element)]
        for key in keys:
            for rule in self._rules.get(key, ()):
                self.steps_left -= 1
                if self.steps_left <= 0:
                    return
                yield rule

    def _is_within(self, selector: Selector, element: Element) -> bool:
        """Whether ``element`` is in what ``selector`` says."""
        places = [element]  # the innermost first
        for is_parent, compound in selector.outer:
            parents = (place.parent for place in places) if is_parent else _ancestors(places[0])
            candidates = [parent for parent in parents if parent]
            self.steps_left -= len(candidates)
            if self.steps_left <= 0:
                return False
            places = [place for place in candidates if compound.matches(place)]
            if not places:
                return False
        return True


def _ancestors(element: Element) -> Iterator[Element]:
    while element.parent:
        element = element.parent
        yield element


def _statements(sheets: Iterable[str], heartbeat: Heartbeat) -> Iterator[tuple[Selector, Declaration]]:
    """What ``sheets`` say, in their order, under selectors that are known."""
    for sheet in sheets:
        for rule in rules_of(sheet, heartbeat):
            for selector in selectors_of(rule.selectors):
                for declaration in rule.declarations:
                    yield selector, declaration


def _ranked(statements: Iterable[tuple[Selector, Declaration]]) -> Iterator[_RankedRule]:
    """The rules of ``statements``, of the same ones the last, ranked by importance, specificity and order."""
    declarations: dict[tuple[Selector, str, bool], Declaration] = {}
    for selector, declaration in statements:
        key = (selector, declaration.name, declaration.is_important)
        declarations.pop(key, None)  # the order is that of the last one
        declarations[key] = declaration
    ordered = sorted(declarations.items(), key=lambda item: item[0][0].specificity)
    for place, ((selector, _, is_important), declaration) in enumerate(ordered):
        yield _RankedRule(selector, declaration, place + is_important * _IMPORTANT)


def _without_overruled(rules: Iterable[_RankedRule]) -> Sequence[_RankedRule]:
    """``rules`` without those that one of a higher rank overrules wherever the element is."""
    best: dict[str, _RankedRule] = {}
    within: list[_RankedRule] = []
    for rule in rules:
        name = rule.declaration.name
        if rule.selector.outer:
            within.append(rule)
        elif name not in best or rule.rank > best[name].rank:
            best[name] = rule
    return (*best.values(), *within)


def _key(subject: Compound) -> tuple[str, str]:
    """Under which of what an element has the rules for it are kept."""
    if subject.identifier:
        return "id", subject.identifier
    if subject.classes:
        return "class", subject.classes[0]
    return ("tag", subject.tag) if subject.tag else ("", "")
