"""The text that a cell shows, of its stored value, its type and its style."""

from __future__ import annotations

from collections.abc import Sequence

from qadesk.documents.xlsx.cell_styles import CellStyle
from qadesk.documents.xlsx.dates import serial_of
from qadesk.documents.xlsx.excel_names import unescaped
from qadesk.documents.xlsx.number_formats import shown_number, shown_text
from qadesk.documents.xml_stream import number_of

_MOST_NUMBERS = 100_000  # whose texts are remembered, as the same ones come again
_MOST_WHOLE = 15  # digits that Excel keeps of a number
_MOST_DIGITS = 400  # characters of a number
_DEFAULT = CellStyle()
_TRUTH = {"0": "FALSE", "1": "TRUE", "false": "FALSE", "true": "TRUE"}


class CellTexts:
    """Makes texts of values, for all sheets of a workbook. A ``style`` is a number as it stands in the file."""

    def __init__(self, strings: Sequence[str], styles: Sequence[CellStyle], *, begins_in_1904: bool) -> None:
        self._strings = strings
        self._styles = {str(number): style for number, style in enumerate(styles)}
        self._begins_in_1904 = begins_in_1904
        self._numbers: dict[tuple[str, str], str] = {}

    def is_bold(self, style: str) -> bool:
        """Whether cells of ``style`` are bold."""
        return self._styles.get(style, _DEFAULT).is_bold

    def text(self, value: str, type_: str, style: str) -> str:
        """The text of a cell with the stored ``value``; '' for one that is empty."""
        code = self._styles.get(style, _DEFAULT).number_format
        if type_ == "n":
            is_plain = code == "General" and value.isdecimal() and value[0] != "0" and len(value) <= _MOST_WHOLE
            return value if is_plain else self._number(value, style, code)
        if type_ == "s":
            index = number_of(value, -1)
            return _shown_text(self._strings[index], code) if 0 <= index < len(self._strings) else ""
        if type_ == "b":
            return _TRUTH.get(value, value)
        if type_ == "d" and (serial := serial_of(value, begins_in_1904=self._begins_in_1904)) is not None:
            return shown_number(serial, code, begins_in_1904=self._begins_in_1904)
        return _shown_text(unescaped(value), code)

    def _number(self, value: str, style: str, code: str) -> str:
        text = self._numbers.get((value, style))
        if text is None:
            try:
                number = float(value) if len(value) <= _MOST_DIGITS else float("nan")
            except ValueError:
                return _shown_text(value, code)
            is_finite = number - number == 0
            text = shown_number(number, code, begins_in_1904=self._begins_in_1904) if is_finite else value
            if len(self._numbers) < _MOST_NUMBERS:
                self._numbers[value, style] = text
        return text


def _shown_text(text: str, code: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return shown_text(text, code) if "@" in code else text
