"""Values of label files as one type: other programs write numbers as text, text as numbers, and NaN for nothing."""

from __future__ import annotations

import math
import re
from typing import Any

_WHOLE = re.compile(r"\s*([+-]?\d{1,18})(\.0+)?\s*")  # pandas writes 12.0
_FLAGS = {"true": True, "yes": True, "1": True, "x": True, "false": False, "no": False, "0": False}


def is_missing(value: Any) -> bool:
    """Whether ``value`` says nothing: None, an empty text, or NaN, which pandas writes for an empty cell."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def text_of(value: Any) -> Any:
    """``value`` as a text if it is a number, None if it is NaN; anything else as it is."""
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return str(int(value)) if value.is_integer() else str(value)
    return str(value) if type(value) is int and abs(value) < 10**18 else value


def offset_of(value: Any) -> Any:
    """``value`` as a whole number if it is one, also as text; None if it says nothing; anything else as it is."""
    if is_missing(value):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    match = _WHOLE.fullmatch(value) if isinstance(value, str) else None
    return int(match[1]) if match else value


def flag_of(value: Any) -> Any:
    """``value`` as True or False if it is one of the usual spellings; None if it says nothing; else as it is."""
    if is_missing(value):
        return None
    if isinstance(value, str):
        return _FLAGS.get(value.strip().casefold(), value)
    return bool(value) if isinstance(value, int | float) and value in (0, 1) else value
