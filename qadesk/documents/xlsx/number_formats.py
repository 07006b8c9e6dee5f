"""Numbers as a cell shows them: thousands, decimals, per cent, powers of ten, fractions, and text around them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from qadesk.documents.xlsx.dates import shown_date
from qadesk.documents.xlsx.format_codes import CodeToken, FormatSection, sections_of

_MOST_DIGITS = 40  # of a number before the point that are written without a power of ten
_CONTEXT = Context(prec=1000, rounding=ROUND_HALF_UP)  # more digits than a number and its format can have
_MOST_WHOLE = 10**15  # as many digits as Excel keeps of a number


def shown_number(value: float, code: str, *, begins_in_1904: bool = False) -> str:
    """The number ``value`` in the format ``code``."""
    section, number = _chosen(value, sections_of(code))
    if not section.tokens:
        return general(value) if not code else ""
    if section.kind == "date":
        text = shown_date(value, section.tokens, begins_in_1904=begins_in_1904)
        return general(value) if text is None else text.strip()
    if section.kind == "general":
        return "".join(general(number) if token.kind == "general" else token.text for token in section.tokens).strip()
    if section.kind == "text":
        return "".join("" if token.text == "@" else token.text for token in section.tokens).strip() or general(value)
    if abs(number) >= 10.0**_MOST_DIGITS:
        return general(value)
    return _formatted(number, section.tokens)


def shown_text(text: str, code: str) -> str:
    """``text`` in the format ``code``, which may put other text around it."""
    sections = sections_of(code)
    section = sections[3] if len(sections) > 3 else sections[-1]
    if ("sign", "@") not in section.tokens:
        return text
    return "".join(text if token == ("sign", "@") else token.text for token in section.tokens)


def general(value: float) -> str:
    """``value`` in the format General: as many digits as fit into a wide column, whole numbers with all of theirs."""
    if value == int(value) and abs(value) < _MOST_WHOLE:
        return str(int(value))
    mantissa, _, exponent = f"{value:.10g}".partition("e")
    return f"{mantissa}E{exponent}" if exponent else mantissa


def _chosen(value: float, sections: Sequence[FormatSection]) -> tuple[FormatSection, float]:
    """The section for ``value``, and the number that it shows: without its sign where the section is for negatives."""
    numeric = sections[:3]
    if any(section.condition for section in numeric):
        for index, section in enumerate(numeric):
            if section.accepts(value) or (section.condition is None and index == len(numeric) - 1):
                return section, abs(value) if index else value
        return numeric[-1], value
    if value < 0 and len(numeric) > 1:
        return numeric[1], -value
    if value == 0 and len(numeric) > 2:
        return numeric[2], value
    return numeric[0], value


def _formatted(value: float, tokens: Sequence[CodeToken]) -> str:
    sign = "-" if value < 0 else ""
    if any(token.kind == "exponent" for token in tokens):
        return sign + _with_exponent(abs(value), tokens).strip()
    if ("sign", "/") in tokens:
        return sign + _with_fraction(abs(value), tokens).strip()
    return sign + _decimal(Decimal(repr(abs(value))), tokens).strip()


def _decimal(number: Decimal, tokens: Sequence[CodeToken]) -> str:
    """``number`` with the digits that ``tokens`` have places for, rounded as Excel rounds."""
    point = _point(tokens)
    before, after = tokens[:point], tokens[point + 1 :]
    places = [index for index, token in enumerate(tokens) if token.kind == "digit"]
    commas = [index for index, token in enumerate(tokens) if token == ("sign", ",")]
    scale = sum(index > places[-1] for index in commas)  # each divides by a thousand
    is_grouped = any(places[0] < index < min(places[-1], point) for index in commas)
    number = number.scaleb(2 * sum(token == ("sign", "%") for token in tokens) - 3 * scale)
    decimals = sum(token.kind == "digit" for token in after)
    digits = f"{number.quantize(Decimal(1).scaleb(-decimals), context=_CONTEXT):f}"
    whole, _, rest = digits.partition(".")
    return _whole(whole, before, is_grouped) + _decimals(rest, after)


def _point(tokens: Sequence[CodeToken]) -> int:
    """Where the point is among the ``tokens``; their number if there is none."""
    return next((index for index, token in enumerate(tokens) if token == ("sign", ".")), len(tokens))


def _whole(digits: str, tokens: Sequence[CodeToken], is_grouped: bool) -> str:
    """The digits before the point in their places, from the right; the first place takes all that are left over."""
    digits = digits.lstrip("0")
    first = next((index for index, token in enumerate(tokens) if token.kind == "digit"), -1)
    pieces: list[str] = []
    count = 0

    def put(digit: str) -> None:
        nonlocal count
        if is_grouped and count and count % 3 == 0:
            pieces.append(",")
        pieces.append(digit)
        count += 1

    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token.kind == "digit":
            if digits:
                put(digits[-1])
                digits = digits[:-1]
            elif token.text == "0":
                put("0")
            while index == first and digits:
                put(digits[-1])
                digits = digits[:-1]
        elif token != ("sign", ","):
            pieces.append(token.text[::-1])
    return "".join(pieces)[::-1] if first >= 0 else digits + "".join(pieces)[::-1]


def _decimals(digits: str, tokens: Sequence[CodeToken]) -> str:
    """The point and the digits after it, without those zeros at their end that have optional places."""
    places = [token.text for token in tokens if token.kind == "digit"]
    count = len(digits)
    while count and digits[count - 1] == "0" and places[count - 1] != "0":
        count -= 1
    pieces = ["." if count or (tokens and not places) else ""]
    place = 0
    for token in tokens:
        if token.kind == "digit":
            pieces.append(digits[place] if place < count else "")
            place += 1
        elif token != ("sign", ","):
            pieces.append(token.text)
    return "".join(pieces)


def _with_exponent(value: float, tokens: Sequence[CodeToken]) -> str:
    """``value`` as a power of ten: '1.25E+03'."""
    at = next(index for index, token in enumerate(tokens) if token.kind == "exponent")
    mantissa, rest = tokens[:at], tokens[at + 1 :]
    point = _point(mantissa)
    step = max(1, sum(token.kind == "digit" for token in mantissa[:point]))
    number = Decimal(repr(value))
    exponent = number.adjusted() // step * step if number else 0
    decimals = sum(token.kind == "digit" for token in mantissa[point:])
    if number.scaleb(-exponent).quantize(Decimal(1).scaleb(-decimals), context=_CONTEXT) >= 10**step:
        exponent += step  # 9.99 was rounded to 10.0
    places = sum(token.kind == "digit" for token in rest)
    sign = "-" if exponent < 0 else "+" if tokens[at].text == "E+" else ""
    end = "".join(token.text for token in rest if token.kind == "text")
    return f"{_decimal(number.scaleb(-exponent), mantissa)}E{sign}{abs(exponent):0{min(places, 4)}}{end}"


def _with_fraction(value: float, tokens: Sequence[CodeToken]) -> str:
    """``value`` as a whole number and a fraction: '2 1/3'."""
    at = tokens.index(CodeToken("sign", "/"))
    after = "".join(token.text for token in tokens[at + 1 :]).strip()
    numerator_at = at
    while numerator_at and tokens[numerator_at - 1].kind == "digit":
        numerator_at -= 1
    has_whole = any(token.kind == "digit" for token in tokens[:numerator_at])
    whole = int(value) if has_whole else 0
    rest = Fraction(value) - whole
    if after.isdigit() and int(after) and len(after) < 6:
        numerator, denominator = round(rest * int(after)), int(after)
    else:
        limited = rest.limit_denominator(10 ** min(max(1, sum(map(after.count, "?#0"))), 4) - 1)
        numerator, denominator = limited.numerator, limited.denominator
    if has_whole and numerator == denominator:
        whole, numerator = whole + 1, 0
    fraction = f"{numerator}/{denominator}" if numerator or not has_whole else ""
    return " ".join(part for part in (str(whole) if has_whole and (whole or not fraction) else "", fraction) if part)
