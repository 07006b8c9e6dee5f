"""Whether a browser shows an element, and the number or bullet that it prints before a list item."""

from __future__ import annotations

import re

from qadesk.documents.html.page_tree import Element
from qadesk.documents.roman import roman

# What a browser with scripts does not show.
_NOT_SHOWN = frozenset((
    "annotation", "annotation-xml", "audio", "canvas", "datalist", "iframe", "meter", "noembed", "noframes", "noscript",
    "object", "progress", "rp", "script", "style", "template", "title", "video",
))  # fmt: skip
_NOT_DRAWN = frozenset(("clippath", "defs", "desc", "marker", "mask", "metadata", "pattern", "symbol"))  # of SVG
_LINE_NUMBERS = re.compile(r"\b(?:linenos?|rouge-gutter)\b|\Agutter(?: gl)?\Z")  # beside code
_LIST_STYLE = re.compile(r"(?:^|;)\s*list-style(?:-type)?\s*:([^;]*)", re.I)
_MATHML_CLASS = re.compile(r"math-?ml", re.I)  # of the formula beside a picture of it
_INTEGER = re.compile(r"[ \t\n\f\r]*([+-]?[0-9]{1,9})")

_BULLETS = frozenset(("circle", "disc", "square"))
_NUMBER_STYLES = {
    "decimal": "1", "decimal-leading-zero": "1", "lower-alpha": "a", "lower-latin": "a", "lower-roman": "i",
    "upper-alpha": "A", "upper-latin": "A", "upper-roman": "I",
}  # fmt: skip


def is_shown(element: Element) -> bool:
    """Whether ``element`` is shown as far as it tells itself: what holds it may be hidden."""
    if element.tag in _NOT_SHOWN or (element.is_foreign and element.tag in _NOT_DRAWN):
        return False
    if element.tag == "td" and _LINE_NUMBERS.search(element.attributes.get("class", "")):
        return False
    if element.is_hidden:
        return is_formula(element)
    return element.attributes.get("aria-hidden") != "true" or not _is_beside_mathml(element)


def is_formula(element: Element) -> bool:
    """Whether ``element`` holds a formula of which a picture is shown instead."""
    return bool(_MATHML_CLASS.search(element.attributes.get("class", "")))


def _is_beside_mathml(element: Element) -> bool:
    """Whether ``element`` is a formula drawn for the eye, with the same formula in MathML as its neighbour."""
    return element.parent is not None and any(
        sibling.tag in ("math", "mjx-assistive-mml") or _MATHML_CLASS.search(sibling.attributes.get("class", ""))
        for sibling in (element.parent.children[:3] + element.parent.children[-3:])
        if isinstance(sibling, Element) and sibling is not element
    )


def leading_integer(text: str, default: int) -> int:
    """The whole number that ``text`` begins with, as browsers read attributes."""
    number = _INTEGER.match(text)
    return int(number[1]) if number else default


def item_style(element: Element, inherited: str) -> str:
    """How a list or list item is marked: "1", "a", "A", "i", "I", "•", or nothing."""
    style = _LIST_STYLE.search(element.attributes.get("style", ""))
    if style:
        words = style[1].lower().split()
        if "none" in words:
            return ""
        if any(word in _BULLETS for word in words):
            return "•"
        return next((_NUMBER_STYLES[word] for word in words if word in _NUMBER_STYLES), inherited)
    kind = element.attributes.get("type", "")
    if kind in ("1", "a", "A", "i", "I"):
        return kind
    return "•" if kind.lower() in _BULLETS else inherited


def item_marker(number: int, style: str) -> str:
    """The number or bullet before a list item, with the space after it."""
    if style in ("", "•"):
        return style and "• "
    if style in "aA" and number > 0:
        text = _letters(number)
    elif style in "iI" and 0 < number < 4000:
        text = roman(number)
    else:
        text = str(number)
    return f"{text.upper() if style in 'AI' else text}. "


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("a") + letter) + letters
    return letters
