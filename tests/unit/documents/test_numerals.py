from __future__ import annotations

import pytest

from qadesk.documents.numerals import numeral


@pytest.mark.parametrize(
    ("style", "number", "text"),
    [
        ("decimal", 12, "12"), ("decimalZero", 7, "07"), ("decimalZero", 12, "12"), ("decimalZero", 0, "00"),
        ("lowerRoman", 4, "iv"), ("upperRoman", 1994, "MCMXCIV"), ("lowerLetter", 26, "z"), ("lowerLetter", 28, "bb"),
        ("upperLetter", 53, "AAA"), ("ordinal", 1, "1st"), ("ordinal", 12, "12th"), ("ordinal", 23, "23rd"),
        ("ordinal", 0, "0th"), ("cardinalText", 1, "One"), ("cardinalText", 42, "Forty-two"),
        ("cardinalText", 300, "Three hundred"), ("cardinalText", 1101, "One thousand one hundred one"),
        ("ordinalText", 3, "Third"), ("ordinalText", 20, "Twentieth"), ("ordinalText", 21, "Twenty-first"),
        ("ordinalText", 4, "Fourth"), ("chicago", 5, "**"), ("numberInDash", 3, "- 3 -"), ("hex", 255, "FF"),
        ("decimalEnclosedCircle", 3, "③"), ("decimalEnclosedCircle", 30, "30"), ("decimalFullWidth", 12, "１２"),
        ("russianLower", 2, "б"), ("chineseCounting", 10, "十"), ("chineseCounting", 12, "十二"),
        ("chineseCounting", 20, "二十"), ("chineseCounting", 105, "一百〇五"), ("chineseCounting", 1234, "一二三四"),
        ("ideographTraditional", 1, "甲"), ("ideographTraditional", 11, "11"), ("ideographDigital", 20, "二〇"),
        ("ganada", 2, "나"), ("no such format", 5, "5"), ("lowerRoman", 0, "0"), ("lowerLetter", -3, "-3"),
        ("upperRoman", 999_999_999, "999999999"), ("lowerLetter", 30_000, "30000"),
    ],
)  # fmt: skip
def test_numerals(style: str, number: int, text: str) -> None:
    assert numeral(number, style) == text
