"""What a line begins with: the number or bullet of a list item, the word of a caption, a time, the mark of a footnote.

Also whether it ends as a sentence does.
"""

from __future__ import annotations

import re

_BULLET = r"[•‣◦▪▫●○■□◆◇►➢➤✓✔✗❖⁃∙·○–—\-*o§]"
_NUMBER = r"\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\([ivxlIVXL]{1,6}\)|[ivxl]{1,6}[.)]|\d{1,2}(?:\.\d{1,2}){1,4}\.?"
_MARKER = re.compile(rf"(?:{_BULLET}|{_NUMBER})")
_ITEM = re.compile(rf"(?:({_BULLET})|({_NUMBER}))\s+(?=(\S))")
_CAPTION = re.compile(
    r"(?:Table|Tab\.|Figure|Fig\.|Chart|Box|Exhibit|Scheme|Plate|Diagram|Listing|Tabelle|Abbildung|Abb\.|Tableau|Tabla|"
    r"Figura|Tabella|Tabela)\s+(?:[A-Z]?\d{1,3}(?:[.\-–]\d{1,3})*|[IVX]{1,6})\s*(?:[.:–—|]|\s-\s|$)",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(r"(?:\d{1,3}|[*†‡§¶]{1,3}|[a-z])[.)]?\s*(?=[^\W\d_]|[\"“‘'(])")
_STAMP = re.compile(
    r"[\[(]?(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?\s+)?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b\.?)?[\])]?\s*"
    r"(?:[-–—|]\s*)?(?=([^\s\d_,.;:!?)]))",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")

_ENDS = frozenset(".!?:;…。！？")
_OPENING = "\"'“‘(["
_CLOSING = "\"'”’»)]"


def ends_sentence(text: str) -> bool:
    """Whether ``text`` ends as a sentence does."""
    return text.rstrip(_CLOSING)[-1:] in _ENDS


def is_marker(text: str) -> bool:
    """Whether ``text`` is only the number or bullet of a list item."""
    return _MARKER.fullmatch(text.strip()) is not None


def marker_length(text: str) -> int:
    """How many characters of ``text`` are a number or bullet and the space after it; 0 if it is no list item."""
    match = _ITEM.match(text)
    if match is None:
        return 0
    bullet, number, after = match.groups()
    if bullet and bullet in "-–—*o§":
        return match.end() if after.isalpha() and (bullet != "o" or after.isupper()) else 0
    if number and "." in number[:-1] and not (after.isupper() or after in _OPENING):  # as in "12.50 are due"
        return 0
    if number and number[:-1].isalpha() and len(number) == 2 and not text[match.end() :].strip()[1:2].isalpha():
        return 0  # an initial
    return match.end()


def is_caption(text: str) -> bool:
    """Whether ``text`` begins as a caption does: 'Table 3: ...', 'Figure 2.'."""
    return _CAPTION.match(text) is not None


def stamp_form(text: str) -> str:
    """The form of the time of day, perhaps with a date, that ``text`` begins with: "0:0 " in "14:02 Ana: yes".

    "" if there is none, or the text goes on behind it.
    """
    match = _STAMP.match(text)
    return _DIGITS.sub("0", match[0]) if match and not match[1].islower() else ""


def is_footnote(text: str) -> bool:
    """Whether ``text`` begins with the mark of a footnote."""
    return _FOOTNOTE.match(text) is not None
