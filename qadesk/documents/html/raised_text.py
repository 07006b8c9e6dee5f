"""How raised and lowered text (sup, sub) is told from the text before it, where it would change a number or a word."""

from __future__ import annotations

import re

from qadesk.documents.html.page_tree import Element
from qadesk.documents.raised_numbers import RAISED_NUMBER, letters_at_end, takes_power

_LONGEST = 24  # characters
_EXPRESSION = re.compile(r"[+\-−–]?\w+(?:\s*[+\-−–*/·,;]\s*\w+)*")
_ORDINALS = frozenset("aeoª°")  # 1a, 2e, 3o
_NOTE_CLASS = re.compile(r"note|reference|\bcite", re.I)


def script_marks(element: Element, before: str) -> tuple[str, str]:
    """What comes before and after the raised or lowered text ``element``, which follows ``before`` without a space.

    10<sup>3</sup> is 10^3, the mark of a note is in brackets, and 1<sup>st</sup> stays 1st, as does H<sub>2</sub>O.
    """
    text = short_text(element).strip()
    if not text or not before or before[-1].isspace():
        return "", ""
    if element.tag == "sub":
        return ("_", "") if before[-1].isdigit() and text[0].isdigit() else ("", "")
    return _raised_marks(text, before, _is_note(element))


def _raised_marks(text: str, before: str, is_note: bool) -> tuple[str, str]:
    has_number = any(character.isdigit() for character in text)
    if not _EXPRESSION.fullmatch(text) or not (has_number or len(text) == 1 or not text.isalpha()):
        return "", ""
    if is_note or not takes_power(before):
        return "[", "]"
    if text in _ORDINALS and letters_at_end(before) != 1:
        return "", ""
    return ("^", "") if RAISED_NUMBER.fullmatch(text) or len(text) == 1 else ("^(", ")")


def _is_note(element: Element) -> bool:
    """Whether it is a link within the page, or is named as one to a note."""
    for place in (element, element.parent, next(iter(element.elements()), None)):
        if place is None:
            continue
        if place.tag == "a" and "#" in place.attributes.get("href", ""):
            return True
        if place.tag in ("a", "sup") and _NOTE_CLASS.search(place.attributes.get("class", "")):
            return True
    return False


def short_text(element: Element) -> str:
    """The text in ``element``, or none if it is long."""
    pieces: list[str] = []
    waiting: list[Element | str] = [element]
    for _ in range(_LONGEST):
        if not waiting:
            return "".join(pieces)
        node = waiting.pop()
        if isinstance(node, str):
            pieces.append(node[: _LONGEST + 1])
        else:
            waiting += reversed(node.children[:_LONGEST])
    return ""
