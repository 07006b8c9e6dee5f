"""The styles of an OpenDocument file, as far as they change what is read: bold, hidden, raised, lists, master pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import IO, NamedTuple

from qadesk.documents.odt.odf_names import odf_names
from qadesk.documents.raised import Position
from qadesk.documents.xml_stream import XmlHandler, number_of, parse_xml, values_of

_MAX_STYLES = 100_000
_MAX_ANCESTORS = 30
_MAX_LEVEL = 10
_MAX_FORMAT = 200  # characters
_BOLD = frozenset(("bold", "600", "700", "800", "900"))
_NUMBER_STYLES = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
    "01, 02, 03, ...": "decimalZero", "一, 二, 三, ...": "chineseCounting",
}  # fmt: skip
_LEVELS = ("text:list-level-style-number", "text:list-level-style-bullet", "text:list-level-style-image",
           "text:outline-level-style")  # fmt: skip
_NAMES = odf_names((
    *_LEVELS, "style:style", "style:text-properties", "style:drawing-page-properties", "text:list-style",
    "text:outline-style",
))  # fmt: skip


@dataclass(slots=True)
class OdfStyle:
    """What a style says itself; None where it leaves that to its parent."""

    parent: str = ""
    is_bold: bool | None = None
    is_hidden: bool | None = None
    position: Position | None = None
    font: str | None = None
    master_page: str = ""


class TextLook(NamedTuple):
    """How text looks, as far as it counts."""

    is_bold: bool = False
    is_hidden: bool = False
    position: Position = ""
    font: str = ""


@dataclass(slots=True)
class OdfListLevel:
    """How a level of a list is marked. ``style`` is a number format of Word, '' for no number."""

    is_bullet: bool = False
    style: str = ""
    prefix: str = ""
    suffix: str = ""
    form: str = ""
    """The whole printed number with %1% to %10% in the places of the numbers, where the file says so."""
    places: int = 1
    """The numbers of how many levels are printed, this one included."""
    start: int = 1


@dataclass(slots=True)
class OdfStyles:
    """The styles by family and name, and the lists by name; what is not among them is as in ``base``."""

    styles: dict[tuple[str, str], OdfStyle] = field(default_factory=dict)
    lists: dict[str, dict[int, OdfListLevel]] = field(default_factory=dict)
    outline: dict[int, OdfListLevel] = field(default_factory=dict)
    base: OdfStyles | None = None
    _looks: dict[tuple[str, str, TextLook], TextLook] = field(default_factory=dict)

    @classmethod
    def read(cls, part: IO[bytes], name: str) -> OdfStyles:
        """The styles in ``part``; ``name`` is the file's, in quotes."""
        reader = OdfStyleReader(cls())
        parse_xml(part, name, XmlHandler(reader.start))
        return reader.styles

    def overlaid(self) -> OdfStyles:
        """These styles, to which the automatic ones of a part are added without changing these."""
        return OdfStyles(outline=self.outline, base=self)

    def style(self, family: str, name: str) -> OdfStyle | None:
        """The style ``name`` of ``family``; None if there is none."""
        style = self.styles.get((family, name))
        return self.base.style(family, name) if style is None and self.base else style

    def list_levels(self, name: str) -> dict[int, OdfListLevel]:
        """The levels of the list ``name``; none if there is no such list."""
        if name in self.lists or self.base is None:
            return self.lists.get(name, {})
        return self.base.list_levels(name)

    def master_pages(self) -> set[str]:
        """The master pages that styles name."""
        styles = {**self.base.styles, **self.styles} if self.base else self.styles
        return {style.master_page for style in styles.values()}

    def names(self, family: str, name: str) -> tuple[str, ...]:
        """The style and those that it is derived from, the nearest first."""
        names: dict[str, None] = {}
        while name and name not in names and len(names) < _MAX_ANCESTORS:
            names[name] = None
            style = self.style(family, name)
            name = style.parent if style else ""
        return tuple(names)

    def look(self, family: str, name: str, around: TextLook) -> TextLook:
        """How text in the style looks that stands in text that looks like ``around``."""
        key = (family, name, around)
        if key not in self._looks:
            look = around
            for ancestor in reversed(self.names(family, name)):
                if style := self.style(family, ancestor):
                    look = _changed(look, style)
            self._looks[key] = look
        return self._looks[key]


def _changed(look: TextLook, style: OdfStyle) -> TextLook:
    return TextLook(
        look.is_bold if style.is_bold is None else style.is_bold,
        look.is_hidden if style.is_hidden is None else style.is_hidden,
        look.position if style.position is None else style.position,
        look.font if style.font is None else style.font,
    )


class OdfStyleReader:
    """Takes the elements of styles.xml, or of content.xml until its body begins, and adds to ``styles``."""

    def __init__(self, styles: OdfStyles) -> None:
        self.styles = styles
        base = styles.base or OdfStyles()
        self._most_styles = _MAX_STYLES - len(base.styles)
        self._most_lists = _MAX_STYLES - len(base.lists)
        self._style = OdfStyle()
        self._levels: dict[int, OdfListLevel] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        element = _NAMES.get(name)
        if element is None:
            return
        values = values_of(attributes)
        if element == "style:style":
            self._start_style(values)
        elif element == "style:text-properties":
            _set_text_properties(self._style, values)
        elif element == "style:drawing-page-properties":
            self._style.is_hidden = values.get("visibility") == "hidden" or self._style.is_hidden
        elif element == "text:list-style":
            self._levels = {}
            if len(self.styles.lists) < self._most_lists:
                self.styles.lists[values.get("name", "")] = self._levels
        elif element == "text:outline-style":
            self._levels = self.styles.outline
        else:
            number = number_of(values.get("level", ""))
            if 0 < number <= _MAX_LEVEL:
                self._levels[number] = _level(element, values)

    def _start_style(self, values: dict[str, str]) -> None:
        self._style = OdfStyle(values.get("parent-style-name", ""), master_page=values.get("master-page-name", ""))
        if len(self.styles.styles) < self._most_styles:
            self.styles.styles[values.get("family", ""), values.get("name", "")] = self._style


def _set_text_properties(style: OdfStyle, values: dict[str, str]) -> None:
    if "font-weight" in values:
        style.is_bold = values["font-weight"] in _BOLD
    if "display" in values:
        style.is_hidden = values["display"] == "none"
    if "text-position" in values:
        style.position = _position(values["text-position"])
    if "font-name" in values:
        style.font = values["font-name"].rstrip("0123456789")  # Wingdings1 is a second entry for Wingdings


def _position(value: str) -> Position:
    """What 'super 58%', 'sub' or '33% 58%' means: how high, and how large."""
    height = value.split(" ", maxsplit=1)[0]
    if height == "super":
        return "superscript"
    if height == "sub" or height.startswith("-"):
        return "subscript"
    return "" if height.rstrip("%").strip("0.") == "" else "superscript"


def _level(element: str, values: dict[str, str]) -> OdfListLevel:
    is_bullet = element in ("text:list-level-style-bullet", "text:list-level-style-image")
    style = values.get("num-format", "")
    return OdfListLevel(
        is_bullet,
        _NUMBER_STYLES.get(style, "decimal") if style else "",
        values.get("num-prefix", "")[:_MAX_FORMAT],
        (values.get("bullet-char", "•") if is_bullet else values.get("num-suffix", ""))[:_MAX_FORMAT],
        values.get("num-list-format", "")[:_MAX_FORMAT],
        max(1, number_of(values.get("display-levels", ""), 1)),
        number_of(values.get("start-value", ""), 1),
    )
