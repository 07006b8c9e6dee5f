"""The numbers and bullets of lists, counted as Word counts them.

A paragraph names a list (``numId``) and a level from 0. The list names an abstract list, which has the levels' formats
and the counters: lists of one abstract list go on counting together, unless a list overrides where a level starts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, NamedTuple

from qadesk.documents.docx.numerals import numeral
from qadesk.documents.docx.symbol_fonts import bullet
from qadesk.documents.docx.word_names import word_names
from qadesk.documents.office.office_names import is_on
from qadesk.documents.xml_stream import XmlHandler, number_of, parse_xml, values_of

_LEVELS = 9
_MAX_LISTS = 100_000
_MAX_FORMAT = 200  # characters
_NAMES = word_names((
    "w:abstractNum", "w:num", "w:abstractNumId", "w:numStyleLink", "w:lvlOverride", "w:startOverride", "w:lvl",
    "w:start", "w:numFmt", "w:lvlText", "w:lvlRestart", "w:isLgl", "w:suff", "w:pStyle", "w:rFonts", "w:vanish",
    "w:lvlPicBulletId",
))  # fmt: skip
_PLACE = re.compile("%([1-9])")
_ZEROS = re.compile(r"0+1(?=\D|\Z)")  # a format of one's own is given as its first numbers: '001, 002, 003, ...'


class ListLabel(NamedTuple):
    """The printed number or bullet, '' where there is none, and whether a space or tab comes after it."""

    text: str
    is_spaced: bool
    is_bullet: bool


@dataclass(slots=True)
class ListLevel:
    """How a level is numbered. ``restart``: the number, from 1, of the level that restarts it; 0: none does."""

    start: int = 0  # as the standard has it for a level that does not say
    style: str = "decimal"
    digits: int = 0
    text: str = ""
    restart: int | None = None
    is_legal: bool = False
    suffix: str = "tab"
    paragraph_style: str = ""
    font: str = ""
    is_hidden: bool = False


@dataclass(slots=True)
class AbstractList:
    """The levels of a list, and its counters: None for a level that begins anew."""

    levels: dict[int, ListLevel] = field(default_factory=dict)
    style_link: str = ""
    counts: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


@dataclass(slots=True)
class NumberedList:
    """A list: the abstract list that it counts with, and what it overrides."""

    abstract: str = ""
    levels: dict[int, ListLevel] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)
    started: set[int] = field(default_factory=set)  # levels whose override was used, which happens once


@dataclass(slots=True)
class Numbering:
    """All lists of a document."""

    abstracts: dict[str, AbstractList] = field(default_factory=dict)
    lists: dict[str, NumberedList] = field(default_factory=dict)
    list_of_style: Callable[[str], str] = lambda _: ""
    """The list that a style of lists names."""

    @classmethod
    def read(cls, part: IO[bytes], name: str) -> Numbering:
        """The lists in ``part``; ``name`` is the file's, in quotes."""
        reader = _NumberingReader()
        parse_xml(part, name, XmlHandler(reader.start, reader.end))
        return reader.numbering

    def level_of_style(self, num_id: str, styles: tuple[str, ...]) -> int | None:
        """The level of the list ``num_id`` that is for paragraphs of the first of ``styles`` that one is for."""
        both = self._list_and_abstract(num_id)
        if both is None:
            return None
        levels = {**both[1].levels, **both[0].levels}
        for style in styles:
            for number, level in levels.items():
                if level.paragraph_style == style:
                    return number
        return None

    def label(self, num_id: str, number: int) -> ListLabel | None:
        """The label of the next paragraph on level ``number`` of the list ``num_id``; None if there is no such list."""
        both = self._list_and_abstract(num_id)
        if both is None:
            return None
        numbered, abstract = both
        number = min(max(number, 0), _LEVELS - 1)
        levels = {**abstract.levels, **numbered.levels}
        level = levels.get(number)
        if level is None:
            return None
        _count(numbered, abstract, levels, number)
        is_bullet = level.style == "bullet"
        if level.is_hidden:
            text = ""
        elif is_bullet:
            text = bullet(level.text, level.font)
        else:
            text = _PLACE.sub(lambda match: _place(int(match[1]) - 1, level, levels, abstract.counts), level.text)
        return ListLabel(text.strip(), level.suffix != "nothing", is_bullet)

    def _list_and_abstract(self, num_id: str) -> tuple[NumberedList, AbstractList] | None:
        """The list and the abstract list that has its levels, which a style may name."""
        numbered = self.lists.get(num_id)
        abstract = self.abstracts.get(numbered.abstract) if numbered else None
        if numbered is None or abstract is None:
            return None
        if abstract.style_link and not abstract.levels:
            linked = self.lists.get(self.list_of_style(abstract.style_link))
            abstract = self.abstracts.get(linked.abstract, abstract) if linked else abstract
        return numbered, abstract


def _count(numbered: NumberedList, abstract: AbstractList, levels: dict[int, ListLevel], number: int) -> None:
    counts = abstract.counts
    override = numbered.starts.get(number)
    before = counts[number]
    if override is not None and (number not in numbered.started or before is None):
        counts[number] = override
    else:
        counts[number] = levels[number].start if before is None else before + 1
    numbered.started.add(number)
    for higher in range(number):  # '1.1' without '1' before it: the next one is '2'
        if counts[higher] is None and higher in levels:
            counts[higher] = numbered.starts.get(higher, levels[higher].start)
    for deeper in range(number + 1, _LEVELS):
        restart = levels[deeper].restart if deeper in levels else None
        if restart is None or number < restart:
            counts[deeper] = None


def _place(place: int, level: ListLevel, levels: dict[int, ListLevel], counts: list[int | None]) -> str:
    """What stands for %1 (``place`` 0) to %9 in the format of ``level``."""
    other = levels.get(place)
    if other is None or other.style in ("none", "bullet"):
        return ""
    number = counts[place] or 0
    if level.is_legal:
        return str(number)
    return f"{number:0{other.digits}}" if other.digits else numeral(number, other.style)


class _NumberingReader:
    def __init__(self) -> None:
        self.numbering = Numbering()
        self._abstract = AbstractList()
        self._list = NumberedList()
        self._level = ListLevel()
        self._is_in_list = False  # in <w:num>, not in <w:abstractNum>
        self._override = 0  # the level that is overridden

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = _NAMES.get(name)
        if element is None:
            return
        values = values_of(attributes)
        value = values.get("val", "")
        if element in ("w:abstractNum", "w:num"):
            self._start_list(element, values)
        elif element == "w:abstractNumId":
            self._list.abstract = value
        elif element == "w:numStyleLink":
            self._abstract.style_link = value
        elif element == "w:lvlOverride":
            self._override = number_of(values.get("ilvl", ""))
        elif element == "w:startOverride":
            self._list.starts[self._override] = number_of(value)
        elif element == "w:lvl":
            self._start_level(number_of(values.get("ilvl", "")))
        else:
            _set_property(self._level, element, attributes, values)

    def end(self, name: str) -> None:
        if _NAMES.get(name) == "w:lvl":
            self._level = ListLevel()

    def _start_list(self, element: str, values: dict[str, str]) -> None:
        self._is_in_list = element == "w:num"
        if self._is_in_list:
            self._list = NumberedList()
            if len(self.numbering.lists) < _MAX_LISTS:
                self.numbering.lists[values.get("numId", "")] = self._list
        else:
            self._abstract = AbstractList()
            if len(self.numbering.abstracts) < _MAX_LISTS:
                self.numbering.abstracts[values.get("abstractNumId", "")] = self._abstract

    def _start_level(self, number: int) -> None:
        self._level = ListLevel()
        if 0 <= number < _LEVELS:
            (self._list.levels if self._is_in_list else self._abstract.levels)[number] = self._level


def _set_property(level: ListLevel, element: str, attributes: dict[str, str], values: dict[str, str]) -> None:
    value = values.get("val", "")
    if element == "w:numFmt":
        zeros = _ZEROS.match(values.get("format", ""))
        level.style, level.digits = value, min(len(zeros[0]), 20) if zeros else 0
    elif element == "w:isLgl":
        level.is_legal = is_on(attributes)
    elif element == "w:vanish":
        level.is_hidden = is_on(attributes)
    elif element == "w:rFonts":
        level.font = values.get("ascii", "") or values.get("hAnsi", "")
    else:
        _set_value(level, element, value)


def _set_value(level: ListLevel, element: str, value: str) -> None:
    if element == "w:start":
        level.start = number_of(value)
    elif element == "w:lvlText":
        level.text = value[:_MAX_FORMAT]
    elif element == "w:lvlRestart":
        level.restart = number_of(value)
    elif element == "w:suff":
        level.suffix = value
    elif element == "w:pStyle":
        level.paragraph_style = value
    elif element == "w:lvlPicBulletId":
        level.text = "•"
