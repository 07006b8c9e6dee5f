"""The printed numbers and bullets of list items in plain text."""

from __future__ import annotations

import re
from typing import NamedTuple

_MARK = re.compile(
    r"(?:(?P<bullet>[-*+•‣▪◦●○■□–])"
    r"|\((?P<inner>\d{1,3}|[a-zA-Z]|[ivx]{2,5}|[IVX]{2,5})\)"
    r"|(?P<outer>\d{1,3}|[a-zA-Z]|[ivx]{2,5}|[IVX]{2,5})(?P<close>[.)])"
    r"|(?P<clause>\d{1,3}(?:\.\d{1,3}){1,5})[.)]?)"
    r"[ \t]+(?=(?P<next>\S))"
)
_ROMAN = {"i": 1, "v": 5, "x": 10}


class ItemMark(NamedTuple):
    """The mark of an item: its ``style``, alike in all items of one list, its number and how long it is with spaces."""

    style: str
    number: int
    length: int


def mark_of(text: str) -> ItemMark | None:
    """The mark that the line ``text`` begins with; None if it begins with none."""
    match = _MARK.match(text)
    if match is None:
        return None
    length = match.end()
    if match["bullet"]:
        return ItemMark(match["bullet"], 0, length)
    if match["clause"]:
        *_, last = parts = match["clause"].split(".")
        is_plain = match["next"].isupper() or match["next"] in "\"'“‘(["  # and not 3.5 million
        return ItemMark("." * len(parts), int(last), length) if is_plain else None
    value = match["inner"] or match["outer"]
    frame = "()" if match["inner"] else match["close"]
    if value.isdigit():
        return ItemMark("1" + frame, int(value), length)
    if len(value) == 1:
        return ItemMark(("a" if value.islower() else "A") + frame, ord(value.lower()) - ord("a") + 1, length)
    return ItemMark(("i" if value.islower() else "I") + frame, _roman(value.lower()), length)


def is_next(mark: ItemMark, after: ItemMark) -> bool:
    """Whether an item with ``mark`` may follow one with ``after`` in a list."""
    if mark.style == after.style:
        return mark.number in (0, after.number, after.number + 1)
    return mark.style[0] in "iI" and (mark.number, after.number) == (2, 9)  # (i), which is taken for a letter, (ii)


def _roman(value: str) -> int:
    digits = [_ROMAN[digit] for digit in value]
    following = [*digits[1:], 0]
    return sum(-digit if digit < after else digit for digit, after in zip(digits, following, strict=True))
