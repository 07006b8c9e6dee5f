"""Names of models, each of which is also a valid name for the model's folder."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qadesk.errors import ModelError

MAX_LENGTH = 60  # characters
HIDDEN = "."
"""What the names of folders begin with that hold no complete model: those are not listed."""

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff/\\:*?"<>|]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)  # by Windows


def valid_name(name: str) -> str:
    """``name`` without white space around it. Raises ``ModelError`` if no folder can be called so."""
    plain = name.strip()
    if not plain:
        raise ModelError("A model needs a name.", "Type one.")
    if len(plain) > MAX_LENGTH:
        raise ModelError("This name is too long.", f"Take at most {MAX_LENGTH} characters.")
    if plain != folder_name(plain):
        raise ModelError(
            f"A model cannot be called '{_FORBIDDEN.sub('�', plain)}'.",
            "Use letters, digits, spaces and hyphens.",
        )
    return plain


def folder_name(name: str) -> str:
    """The nearest name to ``name`` that a folder can have on every system."""
    plain = _FORBIDDEN.sub("-", " ".join(name.split()))[:MAX_LENGTH].strip(" .")
    return f"_{plain}" if _RESERVED.fullmatch(plain) else plain or "model"


def free(name: str, taken: Iterable[str]) -> str:
    """The nearest name to ``name`` that a folder can have and that is not ``taken``: 'name', or 'name (2)'."""
    plain = folder_name(name)
    used = {other.casefold() for other in taken}
    number, candidate = 1, plain
    while candidate.casefold() in used:
        number += 1
        candidate = f"{plain[: MAX_LENGTH - 6]} ({number})"
    return candidate
