"""What the boxes and buttons of a form on a web page show."""

from __future__ import annotations

from qadesk.documents.html.page_tree import Element

_WITH_VALUES = frozenset((
    "", "button", "date", "datetime-local", "email", "month", "number", "reset", "search", "submit", "tel", "text",
    "time", "url", "week",
))  # fmt: skip
_PLACES_OF_BOXES = frozenset(("dd", "label", "li", "p", "td", "th"))  # elsewhere many only open a menu


def control_text(element: Element) -> str:
    """What the element ``input`` shows: its value, or ☐, ☑, ○, ◉ for one to check."""
    kind = element.attributes.get("type", "").lower()
    if kind in _WITH_VALUES:
        return element.attributes.get("value", "")
    if kind in ("checkbox", "radio") and element.parent and element.parent.tag in _PLACES_OF_BOXES:
        is_checked = "checked" in element.attributes
        return ("☑" if is_checked else "☐") if kind == "checkbox" else ("◉" if is_checked else "○")
    return ""
