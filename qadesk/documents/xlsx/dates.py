"""Dates and times as a cell shows them. Excel counts days, 1 being 1 January 1900, and takes 1900 for a leap year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from qadesk.documents.xlsx.format_codes import CodeToken

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LAST_DAY = 2_958_465  # 31 December 9999
_FROM_1904 = 1462  # days from 1 January 1900 to 1904, with the day that was none
_EPOCH, _LEAP_DAY = date(1899, 12, 30), 60


class _Moment(NamedTuple):
    """A date, and the thousandths of a second since midnight. ``total``: those since day 0 of the file."""

    year: int
    month: int
    day: int
    weekday: int
    milliseconds: int
    total: int


def shown_date(value: float, tokens: Sequence[CodeToken], *, begins_in_1904: bool) -> str | None:
    """The day number ``value`` in the format ``tokens``; None if it is no date."""
    offset = _FROM_1904 if begins_in_1904 else 0
    if not 0 <= value < _LAST_DAY + 1 - offset:
        return None
    decimals = _second_decimals(tokens)
    moment = _moment(value, decimals, offset)
    has_half = any(token.kind == "half" for token in tokens)
    pieces = []
    skipped = 0
    for index, token in enumerate(tokens):
        if skipped:
            skipped -= 1
        elif token.kind == "sign" and token.text == "." and decimals and _is_after_seconds(tokens, index):
            pieces.append(f".{moment.milliseconds % 1000:03}"[: decimals + 1])
            skipped = decimals
        else:
            pieces.append(_piece(moment, tokens, index, has_half))
    return "".join(pieces)


def serial_of(text: str, *, begins_in_1904: bool) -> float | None:
    """The day number of a date as ISO 8601 writes it, '2025-05-03T12:00:00'; None if it is none."""
    day, _, time = text.strip().rstrip("Z").partition("T")
    try:
        days = (date.fromisoformat(day) - _EPOCH).days
        parts = [float(part) for part in time.split(":")[:3]] if time else []
    except ValueError:
        return None
    seconds = sum(part * factor for part, factor in zip(parts, (3600, 60, 1), strict=False))
    if days <= _LEAP_DAY or not 0 <= seconds < 86400:
        return None
    return days + seconds / 86400 - (_FROM_1904 if begins_in_1904 else 0)


def _moment(value: float, decimals: int, offset: int) -> _Moment:
    step = 10 ** (3 - decimals)
    total = round(value * 86_400_000 / step) * step
    days, milliseconds = divmod(total, 86_400_000)
    days = min(days + offset, _LAST_DAY)
    if days == _LEAP_DAY:
        return _Moment(1900, 2, 29, 2, milliseconds, total)
    day = _EPOCH + timedelta(days + (days < _LEAP_DAY))
    if not days:
        return _Moment(1900, 1, 0, 5, milliseconds, total)
    weekday = (day.weekday() - (days < _LEAP_DAY)) % 7
    return _Moment(day.year, day.month, day.day, weekday, milliseconds, total)


def _second_decimals(tokens: Sequence[CodeToken]) -> int:
    """How many decimals of the seconds are shown, at most 3."""
    for index, token in enumerate(tokens):
        if token == ("sign", ".") and _is_after_seconds(tokens, index):
            count = 0
            while index + 1 + count < len(tokens) and tokens[index + 1 + count] == ("digit", "0"):
                count += 1
            return min(count, 3)
    return 0


def _is_after_seconds(tokens: Sequence[CodeToken], index: int) -> bool:
    return index > 0 and tokens[index - 1].kind in ("date", "elapsed") and tokens[index - 1].text[0] == "s"


def _piece(moment: _Moment, tokens: Sequence[CodeToken], index: int, has_half: bool) -> str:
    kind, text = tokens[index]
    hours, minutes = moment.milliseconds // 3_600_000, moment.milliseconds // 60_000 % 60
    if kind == "date":
        if text[0] == "m" and _is_minutes(tokens, index):
            return f"{minutes:0{min(len(text), 2)}}"
        if text[0] in "hs":
            number = moment.milliseconds // 1000 % 60 if text[0] == "s" else (hours - 1) % 12 + 1 if has_half else hours
            return f"{number:0{min(len(text), 2)}}"
        return _day_piece(moment, text)
    if kind == "elapsed":
        unit = {"h": 3_600_000, "m": 60_000, "s": 1000}[text[0]]
        return f"{moment.total // unit:0{min(len(text), 9)}}"
    if kind == "half":
        parts = text.split("/")
        return parts[hours >= 12]
    return text


def _is_minutes(tokens: Sequence[CodeToken], index: int) -> bool:
    """Whether the letters m are minutes, not months: they are after hours or before seconds."""
    if len(tokens[index].text) > 2:
        return False
    times = [position for position, token in enumerate(tokens) if token.kind in ("date", "elapsed")]
    place = times.index(index)
    before = tokens[times[place - 1]].text[0] if place else ""
    after = tokens[times[place + 1]].text[0] if place + 1 < len(times) else ""
    return before == "h" or after == "s"


def _day_piece(moment: _Moment, text: str) -> str:
    if text[0] in "ye":
        return f"{moment.year % 100:02}" if text in ("y", "yy") else f"{moment.year:04}"
    number, name = (moment.month, _MONTHS[moment.month - 1]) if text[0] == "m" else (moment.day, _DAYS[moment.weekday])
    if len(text) <= 2:
        return f"{number:0{len(text)}}"
    if len(text) == 5 and text[0] == "m":
        return name[0]
    return name[:3] if len(text) == 3 else name
