"""What a paragraph of a document is by its words alone: a list item, a key and its value, the number of a page."""

from __future__ import annotations

import re

from qadesk.structure import BlockKind
from qadesk.structure.plain.item_marks import ItemMark, mark_of

_TAB_PAIR = re.compile(r"[^\W_][^:\t\n]{0,59}[ ]?:[ ]*\t[\t ]*(?=\S)(?P<value>[^\t\n]+)")
_PLAIN_PAIR = re.compile(r"(?=[A-ZÀ-ÞΑ-ΩА-Я0-9])[^\W_][^:\t\n.;!?,]{0,39}\.? ?:[ \t]+(?=\S)(?P<value>[^\n\t]{1,120})")
_MAX_KEY_WORDS = 4
_SENTENCE_END = re.compile(r"[.!?]\s+\S|[a-zß-ÿ]{3}[.!?]\Z")
_PAGE_WORDS = frozenset((
    "page", "pages", "p", "of", "seite", "seiten", "s", "von", "pagina", "página", "páginas", "pág", "de", "di",
    "del", "sur", "strana", "stránka", "str", "z", "ze", "stran", "sida", "av", "side", "af", "sivu", "oldal", "blad",
    "bl", "blatt", "van", "страница", "стр", "из", "sayfa", "strona",
))  # fmt: skip
_WORDS = re.compile(r"[^\W_]+")


def plain_kind(text: str) -> tuple[BlockKind, int]:
    """The kind and level of a paragraph by its words alone."""
    if mark := typed_mark(text):
        return "item", max(1, mark.style.count(".") - 1)
    return ("pair", 0) if value_start(text) else ("paragraph", 0)


def value_start(text: str) -> int:
    """Where the value begins in a paragraph that is a key and its value, such as 'Rent: 900 euros'; else 0."""
    match = _TAB_PAIR.fullmatch(text)
    if match:
        return match.start("value")
    match = _PLAIN_PAIR.fullmatch(text)
    if not match or _SENTENCE_END.search(match["value"]):
        return 0
    return match.start("value") if len(text[: match.start("value")].split()) <= _MAX_KEY_WORDS else 0


def typed_mark(text: str) -> ItemMark | None:
    """The number or bullet that someone typed at the beginning of ``text``, as '3.1 ' or '(a) ', if there is one.

    A letter needs two brackets: 'A. Moe' is a person.
    """
    mark = mark_of(text)
    return mark if mark and (mark.style[0] in ".1" or mark.style.endswith("()") or not mark.number) else None


def are_page_words(text: str) -> bool:
    """Whether ``text``, which stands beside the number of a page, says no more than 'Page' or 'of'."""
    return all(word.lower() in _PAGE_WORDS for word in _WORDS.findall(text))
