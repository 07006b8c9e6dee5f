"""What a model may be called, and what its folder is called then."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qadesk.errors import ModelError

LONGEST = 60  # characters
UNFINISHED = "."
"""How the names of folders begin that are no models yet, or no more."""

_BAD = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff/\\:*?"<>|]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)  # by Windows


def check(name: str) -> str:
    """``name`` without white space around it. Raises ``ModelError`` in words where no folder can be called so."""
    wanted = name.strip()
    if not wanted:
        raise ModelError("A model needs a name.", "Type one.")
    if len(wanted) > LONGEST:
        raise ModelError("This name is too long.", f"Take at most {LONGEST} characters.")
    if wanted != folder_name(wanted):
        raise ModelError(
            f"A model cannot be called '{_BAD.sub('�', wanted)}'.",
            "Use letters, digits, spaces and hyphens.",
        )
    return wanted


def folder_name(name: str) -> str:
    """The nearest name to ``name`` that a folder can have on every system."""
    plain = _BAD.sub("-", " ".join(name.split()))[:LONGEST].strip(" .")
    return f"_{plain}" if _RESERVED.fullmatch(plain) else plain or "model"


def free(name: str, taken: Iterable[str]) -> str:
    """The nearest name to ``name`` that a folder can have and that is not in ``taken``: 'name', or 'name (2)'."""
    plain = folder_name(name)
    used = {each.casefold() for each in taken}
    number, found = 1, plain
    while found.casefold() in used:
        number += 1
        found = f"{plain[: LONGEST - 6]} ({number})"
    return found
