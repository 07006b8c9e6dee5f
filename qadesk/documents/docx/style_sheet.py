"""The styles of a Word document, as far as they say what a paragraph, a run of text or a table is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import IO

from qadesk.documents.docx.word_names import word_names
from qadesk.documents.office.office_names import is_on
from qadesk.documents.xml_stream import XmlHandler, number_of, parse_xml, values_of

_MAX_STYLES = 20_000
_MAX_BASES = 20  # how many styles are followed from one to the one that it is based on

_NAMES = word_names((
    "w:style", "w:name", "w:basedOn", "w:outlineLvl", "w:numId", "w:ilvl", "w:b", "w:vanish", "w:rFonts",
    "w:tblStylePr", "w:shd",
))  # fmt: skip
_HEADING = re.compile(r"heading ?([1-9])", re.I)
_LIST = re.compile(r"list (?:bullet|number) ?([2-9])", re.I)
_CODE = re.compile(r".*\b(?:code|preformatted|verbatim|listing)\b.*", re.I)
_MONOSPACED = re.compile(
    r"courier.*|consolas|lucida console|menlo|monaco|andale mono|.*\b(?:mono|typewriter)\b.*", re.I
)
_BODY_TEXT = 9  # the outline level of what is no heading


@dataclass(slots=True)
class Style:
    """What a style itself says; None and '' where it says nothing. ``outline`` counts from 0."""

    identifier: str
    name: str = ""
    base: str = ""
    outline: int | None = None
    num_id: str = ""
    num_level: int | None = None
    is_bold: bool | None = None
    is_hidden: bool | None = None
    font: str = ""
    has_header_row: bool = False


@dataclass(frozen=True, slots=True)
class StyleMeaning:
    """What a style says together with the styles that it is based on.

    ``outline`` counts from 0 and is None for what is no heading. ``numbered_by``: the identifiers of the style and of
    the one that names its list, which a list's levels name. ``list_depth``: from the name, 0 without one.
    """

    outline: int | None = None
    num_id: str = ""
    num_level: int | None = None
    numbered_by: tuple[str, ...] = ()
    list_depth: int = 0
    is_bold: bool | None = None
    is_hidden: bool | None = None
    font: str = ""
    is_caption: bool = False
    is_code: bool = False
    has_header_row: bool = False


_SAYS_NOTHING = StyleMeaning()


@dataclass(slots=True)
class StyleSheet:
    """The styles by their identifiers. One that is not there says what its identifier says as a name."""

    styles: dict[str, Style] = field(default_factory=dict)
    default: str = "Normal"
    _meanings: dict[str, StyleMeaning] = field(default_factory=dict)

    @classmethod
    def read(cls, part: IO[bytes], name: str) -> StyleSheet:
        """The style sheet in ``part``; ``name`` is the file's, in quotes."""
        reader = _StyleReader()
        parse_xml(part, name, XmlHandler(reader.start, reader.end))
        return reader.sheet

    def meaning(self, identifier: str) -> StyleMeaning:
        """What the style ``identifier`` means; '' is the default of paragraphs."""
        identifier = identifier or self.default
        meaning = self._meanings.get(identifier)
        if meaning is None:
            if identifier not in self.styles and len(self._meanings) >= _MAX_STYLES:
                return _SAYS_NOTHING
            meaning = self._meanings[identifier] = self._meaning(self._chain(identifier))
        return meaning

    def _chain(self, identifier: str) -> list[Style]:
        """The style and those that it is based on, the last one first."""
        chain: list[Style] = []
        seen: set[str] = set()
        while len(chain) < _MAX_BASES and identifier in self.styles and identifier not in seen:
            seen.add(identifier)
            chain.append(self.styles[identifier])
            identifier = chain[-1].base
        return chain[::-1] or [Style(identifier, identifier)]

    def _meaning(self, chain: list[Style]) -> StyleMeaning:
        meaning = StyleMeaning()
        for style in chain:
            named = _named(style.name)
            is_default = style.identifier == self.default
            meaning = StyleMeaning(
                outline=_outline(style, named, meaning),
                num_id=style.num_id or meaning.num_id,
                num_level=meaning.num_level if style.num_level is None else style.num_level,
                numbered_by=(style.identifier,) if style.num_id else meaning.numbered_by,
                list_depth=named.list_depth or meaning.list_depth,
                is_bold=meaning.is_bold if style.is_bold is None else style.is_bold,
                is_hidden=meaning.is_hidden if style.is_hidden is None else style.is_hidden,
                font=style.font or meaning.font,
                is_caption=named.is_caption or meaning.is_caption,
                # Not in a document that is all in such letters, as from a typewriter, or in the style Plain Text.
                is_code=named.is_code or meaning.is_code or (_is_monospaced(style) and not is_default),
                has_header_row=style.has_header_row or meaning.has_header_row,
            )
        return replace(meaning, numbered_by=(chain[-1].identifier, *meaning.numbered_by))


def _named(name: str) -> StyleMeaning:
    """What the name of a style says. Word stores the names of its own styles in English in every language."""
    lower = name.lower()
    heading, depth = _HEADING.fullmatch(name), _LIST.fullmatch(name)
    outline = int(heading[1]) - 1 if heading else 0 if lower == "title" else None
    return StyleMeaning(
        outline=outline,
        list_depth=int(depth[1]) if depth else 0,
        is_caption=lower == "caption",
        is_code=_CODE.fullmatch(name) is not None,
    )


def _outline(style: Style, named: StyleMeaning, base: StyleMeaning) -> int | None:
    if style.outline is not None:
        return style.outline if 0 <= style.outline < _BODY_TEXT else None
    return base.outline if named.outline is None else named.outline


def _is_monospaced(style: Style) -> bool:
    return bool(_MONOSPACED.fullmatch(style.font)) and style.name.lower() != "plain text"


class _StyleReader:
    def __init__(self) -> None:
        self.sheet = StyleSheet()
        self._style = Style("")
        self._conditional = ""  # the part of a table for which the open properties are

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = _NAMES.get(name)
        if element is None:
            return
        values = values_of(attributes)
        if element == "w:style":
            self._start_style(values)
        elif element == "w:tblStylePr":
            self._conditional = values.get("type", "other")
        elif self._conditional:
            is_marked = element in ("w:b", "w:shd") and is_on(attributes)
            self._style.has_header_row |= self._conditional == "firstRow" and is_marked
        else:
            self._property(element, attributes, values)

    def end(self, name: str) -> None:
        if _NAMES.get(name) == "w:tblStylePr":
            self._conditional = ""
        elif _NAMES.get(name) == "w:style":
            self._style = Style("")  # what stands between styles belongs to none

    def _start_style(self, values: dict[str, str]) -> None:
        self._style = Style(values.get("styleId", ""))
        self._conditional = ""
        if len(self.sheet.styles) < _MAX_STYLES:
            self.sheet.styles[self._style.identifier] = self._style
        is_default = values.get("default", "0") not in ("0", "false", "off")
        if values.get("type") == "paragraph" and is_default:
            self.sheet.default = self._style.identifier

    def _property(self, element: str, attributes: dict[str, str], values: dict[str, str]) -> None:
        style, value = self._style, values.get("val", "")
        if element == "w:name":
            style.name = value
        elif element == "w:basedOn":
            style.base = value
        elif element == "w:outlineLvl":
            style.outline = number_of(value, _BODY_TEXT)
        elif element == "w:numId":
            style.num_id = value
        elif element == "w:ilvl":
            style.num_level = number_of(value)
        elif element == "w:b":
            style.is_bold = is_on(attributes)
        elif element == "w:vanish":
            style.is_hidden = is_on(attributes)
        elif element == "w:rFonts":
            style.font = values.get("ascii", "")
