"""Charts: their titles, and their data, which a chart keeps as it was drawn last, as a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from qadesk.documents.office.office_names import is_on, office_names
from qadesk.documents.open_package import OpenPackage
from qadesk.documents.writer import Writer
from qadesk.documents.xml_stream import XmlHandler, number_of, parse_xml, values_of

_MAX_CELLS = 50_000  # of a chart
_MAX_LEVELS = 8  # of categories
_MOST_FORMAT = 255  # characters, as in Excel

_AXES = ("c:catAx", "c:dateAx", "c:serAx", "c:valAx")
_CATEGORIES = ("c:cat", "c:xVal")
_VALUES = ("c:val", "c:yVal")
_ROLES = (*_CATEGORIES, *_VALUES, "c:tx")
_NAMES = office_names((
    *_AXES, *_ROLES, "a:p", "a:t", "c:date1904", "c:dLbls", "c:formatCode", "c:lvl", "c:pt", "c:ser", "c:title", "c:v",
))  # fmt: skip

_NUMBER_FORMAT = re.compile(r"(?P<grouped>#,##)?(?:#+|0)(?:\.(?P<decimals>0{1,10}))?(?P<percent>%)?")
_FORMAT_TEXTS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|general', re.I)


@dataclass(slots=True)
class _ChartSeries:
    name: str = ""
    levels: list[dict[int, str]] = field(default_factory=lambda: [{}])
    """The categories by the numbers of their points; the innermost level first."""
    values: dict[int, str] = field(default_factory=dict)

    def categories(self) -> dict[int, str]:
        """The names of the categories; those of outer levels, which stand for several points, come before.

        Without names they are 1, 2, 3 and so on.
        """
        numbers = sorted(self.levels[0].keys() | self.values.keys())
        if not self.levels[0]:
            return {number: str(number + 1) for number in numbers}
        parts: dict[int, list[str]] = {number: [] for number in numbers}
        for depth, level in enumerate(reversed(self.levels), 1):
            last = ""
            for number in numbers:
                last = level.get(number, "" if depth == len(self.levels) else last)
                parts[number].append(last)
        return {number: " ".join(filter(None, names)) for number, names in parts.items()}


def chart_text(file: OpenPackage, path: str) -> Writer | None:
    """The titles and the data of the chart in the part ``path``; None if there is nothing to read."""
    if not file.take(path):
        return None
    reader = _ChartReader()
    handler = XmlHandler(reader.start, reader.end, reader.data)
    parse_xml(file.archive.open_part(path), file.name, handler, file.heartbeat)
    writer = Writer(file.name)
    for kind, title in (("caption", reader.title), *(("paragraph", axis) for axis in reader.value_titles)):
        if title:
            writer.start_block("caption" if kind == "caption" else "paragraph", breaks=1)
            writer.write(title)
    _write_tables(reader, writer, file)
    return writer if writer.text.strip() else None


def _write_tables(reader: _ChartReader, writer: Writer, file: OpenPackage) -> None:
    """One table for adjacent series with the same categories."""
    drawn = [(series.categories(), series) for series in reader.series if series.values]
    tables = [
        (categories, [series for _, series in group]) for categories, group in groupby(drawn, key=lambda pair: pair[0])
    ]
    if sum((len(categories) + 1) * (len(columns) + 1) for categories, columns in tables) > _MAX_CELLS:
        file.messages.append("The data of a chart are too many to show and were left out.")
        return
    for categories, columns in tables:
        writer.start_table()
        _write_row(writer, (reader.category_title, *(series.name for series in columns)))
        if any(series.name for series in columns):
            writer.mark_header()
        for number, category in categories.items():
            _write_row(writer, (category, *(series.values.get(number, "") for series in columns)))
        writer.end_table()


def _write_row(writer: Writer, texts: Iterable[str]) -> None:
    writer.row()
    for text in texts:
        writer.cell()
        writer.write(text)


class _ChartReader:
    """Takes the elements of the part of a chart."""

    def __init__(self) -> None:
        self.series: list[_ChartSeries] = []
        self.title = ""
        self.category_title = ""
        self.value_titles: list[str] = []
        self._open: list[str] = []  # the elements that have a meaning here, by their short names
        self._format = ""
        self._number = 0  # of the point
        self._pieces: list[str] = []
        self._titles: list[str] = []  # the paragraphs of the open title
        self._first_day = date(1899, 12, 30)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = _NAMES.get(name)
        if not element:
            return
        self._open.append(element)
        if element == "c:ser":
            self.series.append(_ChartSeries())
        elif element == "c:pt":
            values = values_of(attributes)
            self._number = number_of(values.get("idx", ""))
        elif element == "c:date1904" and is_on(attributes):
            self._first_day = date(1904, 1, 1)
        elif element in _ROLES:
            self._format = ""
        elif element == "c:lvl" and self.series and self.series[-1].levels[-1]:
            levels = self.series[-1].levels
            self.series[-1].levels = [*levels[: _MAX_LEVELS - 1], {}]
        if element in ("c:title", "a:p", "c:v", "c:formatCode"):
            self._pieces = []

    def data(self, text: str) -> None:
        if self._open and self._open[-1] in ("a:t", "c:formatCode", "c:v"):
            self._pieces.append(text)

    def end(self, name: str) -> None:
        element = _NAMES.get(name)
        if not element:
            return
        self._open.pop()
        text = " ".join("".join(self._pieces).split())
        if element == "c:formatCode":
            self._format = text[:_MOST_FORMAT]
        elif element in ("a:p", "c:v") and "c:title" in self._open:
            self._titles.append(text)
        elif element == "c:v" and self.series and "c:ser" in self._open and "c:dLbls" not in self._open:
            self._take_value(text)
        elif element == "c:title":
            self._end_title()
        if element in ("a:p", "c:v", "c:formatCode"):
            self._pieces = []

    def _role(self) -> str:
        return next((element for element in reversed(self._open) if element in _ROLES), "")

    def _take_value(self, text: str) -> None:
        series, role = self.series[-1], self._role()
        if role == "c:tx":
            series.name = f"{series.name} {text}".strip()
        elif role in _CATEGORIES:
            series.levels[-1][self._number] = self._shown(text)
        elif role in _VALUES:
            series.values[self._number] = self._shown(text)

    def _end_title(self) -> None:
        title = " ".join(filter(None, self._titles))
        self._titles = []
        axis = next((element for element in self._open if element in _AXES), "")
        if axis in ("c:catAx", "c:dateAx"):
            self.category_title = self.category_title or title
        elif axis:
            self.value_titles.append(title)
        else:
            self.title = title

    def _shown(self, text: str) -> str:
        """The cached number ``text`` as its format shows it: percent, thousands, decimals, and dates as 2019-03-31."""
        try:
            number = float(text)
        except ValueError:
            return text
        code = self._format.partition(";")[0]
        if match := _NUMBER_FORMAT.fullmatch(code):
            decimals = len(match["decimals"] or "")
            shown = f"{number * 100 if match['percent'] else number:{',' if match['grouped'] else ''}.{decimals}f}"
            return f"{shown}%" if match["percent"] else shown
        if re.search("[dmy]", _FORMAT_TEXTS.sub("", code), re.I) and 0 < number < 2_000_000:
            return (self._first_day + timedelta(days=int(number))).isoformat()
        return f"{number:.10g}" if len(text) > 12 else text
