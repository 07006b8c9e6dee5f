"""Pages that Word, Outlook, LibreOffice and Google Docs write: their lists and notes are plain paragraphs."""

from __future__ import annotations

import re
from typing import NamedTuple

from qadesk.documents.html.page_tree import Element
from qadesk.documents.html.raised_text import short_text

_MAX_DEPTH = 6  # how deep in a paragraph its mark may be
_IS_MARK = re.compile(r"mso-list\s*:\s*ignore", re.I)
_LEVEL = re.compile(r"mso-list\s*:[^;]*\blevel([1-9])", re.I)
_BULLETS = frozenset("·o§Øüv–-•¨")  # most are letters of symbol fonts
_NOTE_LINK = re.compile(r"#(?:_?(?:ftn|edn)ref|ftnt_ref|sd(?:foot|end)note\d+anc)", re.I)


class WordMark(NamedTuple):
    """The number or bullet of a list item that Word wrote as a paragraph: its element, its text, the item's level."""

    element: Element
    text: str
    level: int


def word_mark(paragraph: Element) -> WordMark | None:
    """The mark at the beginning of ``paragraph``; None if it is no list item."""
    level = _LEVEL.search(paragraph.attributes.get("style", ""))
    if not level:
        return None
    element: Element | None = paragraph
    for _ in range(_MAX_DEPTH):
        element = _first_element(element) if element else None
        if element and _IS_MARK.search(element.attributes.get("style", "")):
            text = short_text(element).strip()
            return WordMark(element, "•" if text in _BULLETS else text, int(level[1]))
    return None


def note_link(paragraph: Element) -> Element | None:
    """The link at the beginning of ``paragraph`` that leads back to where the text names this note."""
    element: Element | None = paragraph
    for _ in range(_MAX_DEPTH):
        element = _first_element(element) if element else None
        if element and element.tag == "a":
            return element if _NOTE_LINK.match(element.attributes.get("href", "")) else None
    return None


def _first_element(element: Element) -> Element | None:
    """The element that ``element`` begins with."""
    for child in element.children[:3]:
        if isinstance(child, Element):
            return child
        if child.strip():
            return None
    return None
