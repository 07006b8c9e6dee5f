"""Quotes and dashes as LaTeX prints them."""

from __future__ import annotations

import re

_SIGNS = {
    "---": "—", "--": "–", "``": "“", "''": "”", "`": "‘", "'": "’", ",,": "„", "<<": "«", ">>": "»", "!`": "¡",
    "?`": "¿",
}  # fmt: skip
_SIGN = re.compile(r"---?|``|''|,,|<<|>>|[!?]`|[`']")
_GERMAN_SIGNS = {
    '"`': "„", "\"'": "“", '"=': "-", '"-': "", '"~': "-", '""': "", '"|': "", '"<': "«", '">': "»", '"a': "ä",
    '"o': "ö", '"u': "ü", '"A': "Ä", '"O': "Ö", '"U': "Ü", '"s': "ß", '"z': "ß",
}  # fmt: skip
_GERMAN_SIGN = re.compile('"[`\'=~|<>"aouAOUsz-]')


def typeset(text: str, *, is_german: bool = False) -> str:
    """``text`` with the characters for which LaTeX writes several. ``is_german``: babel's shorthands too."""
    if is_german and '"' in text:
        text = _GERMAN_SIGN.sub(lambda sign: _GERMAN_SIGNS[sign[0]], text)
    return _SIGN.sub(lambda sign: _SIGNS[sign[0]], text)
