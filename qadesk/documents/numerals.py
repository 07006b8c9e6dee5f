"""Numbers as documents print them in lists and at notes, by Word's names of formats: 4, iv, d, 4th, fourth, 四."""

from __future__ import annotations

from collections.abc import Callable

from qadesk.documents.roman import roman

_ONES = (
    "", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщыэюя"
_HEBREW = "אבגדהוזחטיכלמנסעפצקרשת"
_CHINESE = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_KOREAN = "가나다라마바사아자차카타파하"
_KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス"
_ARABIC = "أبتثجحخدذرزسشصضطظعغفقكلمنهوي"
_ABJAD = "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"
_NOTE_MARKS = "*†‡§"
_WITH_ZERO = frozenset(("decimalZero", "ordinal"))


def numeral(number: int, style: str) -> str:
    """``number`` in Word's number format ``style``; in digits if the format is unknown or has none for it."""
    write = _STYLES.get(style)
    is_written = 0 < number < 32768 or (number == 0 and style in _WITH_ZERO)
    return (write(number) if write and is_written else "") or str(number)


def _repeated(letters: str) -> Callable[[int], str]:
    """After the last letter come the first one doubled, the second one doubled ..."""
    size = len(letters)
    return lambda number: letters[(number - 1) % size] * ((number - 1) // size + 1) if number <= size * 30 else ""


def _ordinal(number: int) -> str:
    is_teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _words(number: int) -> str:
    if number < 20:
        return _ONES[number]
    if number < 100:
        ones = _ONES[number % 10]
        return _TENS[number // 10] + (f"-{ones}" if ones else "")
    if number < 1000:
        return f"{_ONES[number // 100]} hundred {_words(number % 100)}".strip()
    return f"{_words(number // 1000)} thousand {_words(number % 1000)}".strip()


def _ordinal_words(number: int) -> str:
    words = _words(number)
    start = max(words.rfind(" "), words.rfind("-")) + 1
    last = words[start:]
    ending = last[:-1] + "ieth" if last.endswith("y") else f"{last}th"
    return (words[:start] + _ORDINALS.get(last, ending)).capitalize()


def _chinese_digits(number: int) -> str:
    return "".join(_CHINESE[int(digit)] for digit in str(number))


def _chinese_count(number: int) -> str:
    """十二, 二十, 一百〇五: as in lists, up to 999."""
    if number > 999:
        return _chinese_digits(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_CHINESE[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _CHINESE[tens]) + "十"
    elif hundreds and ones:
        text += "〇"
    return text + (_CHINESE[ones] if ones else "")


def _one_of(letters: str) -> Callable[[int], str]:
    return lambda number: letters[number - 1] if number <= len(letters) else ""


def _circled(number: int) -> str:
    return chr(0x245F + number) if number <= 20 else ""


def _full_width(number: int) -> str:
    return "".join(chr(0xFF10 + int(digit)) for digit in str(number))


_STYLES: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02}",
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "lowerLetter": _repeated(_LETTERS),
    "upperLetter": _repeated(_LETTERS.upper()),
    "ordinal": _ordinal,
    "cardinalText": lambda number: _words(number).capitalize(),
    "ordinalText": _ordinal_words,
    "hex": lambda number: f"{number:X}",
    "chicago": _repeated(_NOTE_MARKS),
    "numberInDash": lambda number: f"- {number} -",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "russianLower": _repeated(_RUSSIAN),
    "russianUpper": _repeated(_RUSSIAN.upper()),
    "hebrew2": _one_of(_HEBREW),
    "arabicAlpha": _one_of(_ARABIC),
    "arabicAbjad": _one_of(_ABJAD),
    "ganada": _one_of(_KOREAN),
    "aiueoFullWidth": _one_of(_KANA),
    "irohaFullWidth": _one_of(_IROHA),
    "ideographTraditional": _one_of(_STEMS),
    "ideographZodiac": _one_of(_BRANCHES),
    "ideographDigital": _chinese_digits,
    "japaneseDigitalTenThousand": _chinese_digits,
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
         "taiwaneseCountingThousand", "koreanCounting"),
        _chinese_count,
    ),
}  # fmt: skip
