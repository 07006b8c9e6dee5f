"""Which terms of a description list (dl) are keys with one short value, and the values."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from qadesk.documents.html.page_tree import Element
from qadesk.documents.html.shown import is_shown


def values_by_term(parent: Element, divided: Collection[str]) -> Mapping[int, Element]:
    """The value of each term in ``parent``, by the ``id`` of the term, where both are a line: none of ``divided`` is in
    them.
    """
    terms = [child for child in parent.elements() if child.tag in ("dd", "dt") and is_shown(child)]
    values = {}
    for place, term in enumerate(terms):
        tags = [other.tag for other in terms[place : place + 3]]
        is_single = tags[:2] == ["dt", "dd"] and tags[2:] != ["dd"] and (not place or terms[place - 1].tag == "dd")
        if is_single and _is_line(term, divided) and _is_line(only_child(terms[place + 1]), divided):
            values[id(term)] = terms[place + 1]
    return values


def only_child(element: Element) -> Element:
    """The paragraph that is all there is in ``element``, or ``element``."""
    children = [child for child in element.children if isinstance(child, Element) or child.strip()]
    first = children[0] if len(children) == 1 else None
    return first if isinstance(first, Element) and first.tag in ("div", "p") and is_shown(first) else element


def _is_line(element: Element, divided: Collection[str]) -> bool:
    return not any(child.tag in divided for child in element.elements())
