"""Answers that are whole: an address, name in code, number or quantity is not cut, and a bracket has its partner.

The reader chooses tokens, and people read things: half an e-mail address, an amount without its currency, or "steps"
without "5 and 6", is no answer. A span that touches such a thing grows to all of it, inside its block or cell. Offsets
are code points of the text, ends exclusive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_NEAR = 100  # characters on either side in which a thing is looked for
_LONGEST = 400  # characters of a span that is completed
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_OPENERS = {closing: opening for opening, closing in _BRACKETS.items()}
_PARTNER = 60  # characters to the partner of a bracket: further away it belongs to something else

_HOST = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,24}"
_ADDRESS = re.compile(
    rf"[\w.+%-]{{1,64}}@{_HOST}"
    rf"|(?:https?|ftp)://[^\s<>\"]+[^\s<>\"'.,;:!?)\]]"
    rf"|www\.{_HOST}(?:/[^\s<>\"]*[^\s<>\"'.,;:!?)\]])?"
    rf"|{_HOST}/[^\s<>\"]*[^\s<>\"'.,;:!?)\]]"
    rf"|(?:[^\W_A-Z](?:[^\W_A-Z]|-)*\.){{2,}}[^\W\d_A-Z]{{2,24}}"
)
_PHONE = re.compile(r"(?<![\w.,])(?:\+|\(?0)[\d(][\d() /.-]{5,20}\d(?![\w])")

_CURRENCY = (
    r"(?:[$£€¥₹₺₽₩₪]|(?:USD|EUR|GBP|CHF|JPY|CAD|AUD|SEK|NOK|DKK|PLN|CZK|(?<!\w)[A-Z]{1,2}\$|Rs\.?)[ \u00a0\u202f]?)"
)
_DIGITS = r"\d(?:[\d.,'\u2019\u00a0\u202f]*\d)?"
_SCALE = r"(?:thousand|million|billion|trillion|hundred|dozen|Tsd\.?|Mio\.?|Mrd\.?|bn|mn|[kmM](?=\b))"
_UNIT = (
    r"(?:%|‰|per cent|percent|°[ \u00a0]?[CFK]?|[$£€¥₹]|USD|EUR|GBP|CHF|"
    r"(?:[kKmMGTPcdµμn]?(?:Hz|Pa|Wh|W|V|A|Ω|bit|m|g|l|L|s)|[kKMGT]i?B|km/h|m/s|mph|rpm|min|h|bar|dB|ha|lb|oz|ft|kcal|cal)"
    r"[²³23]?(?:/(?:h|s|m[²³]?|l|kg|min))?)"
)
_QUANTITY = re.compile(
    rf"(?:[±+~≈<>≤≥-] ?)?(?:{_CURRENCY} ?)?(?<![\w]){_DIGITS}(?:[ \u00a0\u202f-]?{_SCALE}(?!\w))?"
    rf"(?:[ \u00a0\u202f]?{_UNIT}(?!\w|\.\w))?"
)

_CODE = re.compile(r"`[^`\n]{1,80}`|[^\W\d]\w*(?:(?:\.|::|->)[^\W\d]\w*)*\(\)")
_NUMBERED = re.compile(
    r"\b(?:articles?|bays?|chapters?|clauses?|exits?|figures?|floors?|gates?|levels?|lines?|lots?|nos?\.|numbers?|pages?|"
    r"paragraphs?|phases?|platforms?|rooms?|rows?|routes?|sections?|stages?|steps?|tables?|terminals?|units?|weeks?|zones?)"
    r"(?=([ \u00a0]\d{1,4}[a-z]?(?:(?:, ?| and | or | to | ?[-–] ?)\d{1,4}[a-z]?)*)(?![\w%]|[.,]\d))",
    re.IGNORECASE,
)  # a noun that means nothing without the number behind it


def complete(text: str, start: int, end: int, low: int, high: int) -> tuple[int, int]:
    """``start:end`` grown to the whole of the things that it cuts, within ``low:high``, and with brackets in pairs.

    A span that is longer than any such thing is given back as it is.
    """
    if end - start > _LONGEST:
        return start, end
    for thing_start, thing_end in _things(text, start, end, low, high):
        if thing_start < end and start < thing_end:
            start, end = min(start, thing_start), max(end, thing_end)
    return _pair_brackets(text, start, end, low, high)


def _things(text: str, start: int, end: int, low: int, high: int) -> Iterator[tuple[int, int]]:
    """The addresses, names in code and numbers around ``start`` and ``end``, of the kinds that can be there."""
    near_start, near_end = max(low, start - _NEAR), min(high, end + _NEAR)
    is_in_run = bool((text[max(low, start - 1) : start] + text[end : min(high, end + 1)]).strip())
    patterns = [_ADDRESS, _CODE] if is_in_run else []
    if any(map(str.isdigit, text[start:end])):
        patterns += [_PHONE, _QUANTITY]
    for pattern in patterns:
        for match in pattern.finditer(text, near_start, near_end):
            yield match.span()
    for match in _NUMBERED.finditer(text, near_start, near_end):
        if match.end() == end:
            yield match.start(), match.end(1)


def _pair_brackets(text: str, start: int, end: int, low: int, high: int) -> tuple[int, int]:
    """The span with the near partner of each bracket, or without the bracket where it stands at its border."""
    opening, closing = _unpaired(text[start:end])
    if closing is not None:
        before = text.rfind(_OPENERS[text[start + closing]], max(low, start - _PARTNER), start)
        if before >= 0 and not _unpaired(text[before : start + closing + 1])[1]:
            start = before
        elif start + closing == end - 1:
            end -= 1
    elif opening is not None:
        after = text.find(_BRACKETS[text[start + opening]], end, min(high, end + _PARTNER))
        if after >= 0:
            end = after + 1
        elif opening == 0:
            start += 1
        else:
            end = start + len(text[start : start + opening].rstrip())
    return start, end


def _unpaired(span: str) -> tuple[int | None, int | None]:
    """The first opening bracket of ``span`` without a partner in it, and the first such closing one."""
    waiting: list[int] = []
    for at, character in enumerate(span):
        if character in _BRACKETS:
            waiting.append(at)
        elif character in _OPENERS:
            if not waiting or _BRACKETS[span[waiting[-1]]] != character:
                return (waiting[0] if waiting else None), at
            waiting.pop()
    return (waiting[0] if waiting else None), None
