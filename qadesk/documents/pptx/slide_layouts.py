"""What the placeholders of a slide have from its layout and its master: the bullets of their levels."""

from __future__ import annotations

from dataclasses import dataclass, field

from qadesk.documents.office.relations import relations_of
from qadesk.documents.open_package import OpenPackage
from qadesk.documents.pptx.bullets import BULLET_ELEMENTS, LEVELS, BulletStyle, LevelStyles
from qadesk.documents.pptx.slide_names import slide_names
from qadesk.documents.xml_stream import XmlHandler, parse_xml, values_of

LEVEL_ELEMENTS = {f"a:lvl{level + 1}pPr": level for level in range(LEVELS)}
_TEXT_STYLES = {"p:titleStyle": "title", "p:bodyStyle": "body", "p:otherStyle": "other"}
_NAMES = slide_names((*LEVEL_ELEMENTS, *_TEXT_STYLES, *BULLET_ELEMENTS, "p:sp", "p:ph", "a:lstStyle", "a:p"))
_TITLES = frozenset(("title", "ctrTitle"))
_OTHERS = frozenset(("dt", "ftr", "sldNum", "hdr"))
_MAX_PLACEHOLDERS = 1000  # of a layout


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Which part of its layout a shape fills. ``type`` is '' for the text or whatever else is the content."""

    type: str = ""
    index: str = ""

    @property
    def family(self) -> str:
        """Which text style of the master it has: 'title', 'body' or 'other'."""
        return "title" if self.type in _TITLES else "other" if self.type in _OTHERS else "body"


@dataclass(slots=True)
class SlideLayout:
    """The bullets of a layout or master, by its placeholders, and for the rest of a master by its text styles."""

    placeholders: dict[Placeholder, LevelStyles] = field(default_factory=dict)
    text_styles: dict[str, LevelStyles] = field(default_factory=dict)
    master: SlideLayout | None = None

    def bullet(self, placeholder: Placeholder, level: int) -> BulletStyle:
        """How paragraphs of ``placeholder`` on ``level`` are marked."""
        style = BulletStyle()
        for layout in (self, self.master):
            if layout is not None:
                style = style.over(layout.own_styles(placeholder).get(level, BulletStyle()))
        top = self.master or self
        return style.over(top.text_styles.get(placeholder.family, {}).get(level, BulletStyle()))

    def own_styles(self, placeholder: Placeholder) -> LevelStyles:
        """The styles of the placeholder here that ``placeholder`` fills: of its index, else of its type."""
        by_index = (
            levels for other, levels in self.placeholders.items() if other.index and other.index == placeholder.index
        )
        by_type = (levels for other, levels in self.placeholders.items() if other.family == placeholder.family)
        found = next(by_index, None) if self.master is not None else None
        return found if found is not None else next(by_type, {})


def master_of(file: OpenPackage, path: str) -> str:
    """The part with the master of the layout in the part ``path``; '' if it has none."""
    relations = relations_of(file.archive, path).values()
    return next((relation.path for relation in relations if relation.purpose == "slideMaster"), "")


def read_layout(file: OpenPackage, path: str) -> SlideLayout:
    """The layout or master in the part ``path``, a layout without its master; an empty one if there is no such part."""
    reader = _LayoutReader()
    if path in file.archive:
        part = file.archive.open_part(path, is_small=True)
        parse_xml(part, file.name, XmlHandler(reader.start, reader.end), file.heartbeat)
    return reader.layout


class _LayoutReader:
    """Takes the elements of the part of a layout or master."""

    def __init__(self) -> None:
        self.layout = SlideLayout()
        self._shape: LevelStyles = {}
        self._levels: LevelStyles | None = None  # those of the open list of styles
        self._level = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = _NAMES.get(name)
        if element is None:
            return
        values = values_of(attributes)
        if element == "p:sp":
            self._shape = {}
        elif element == "p:ph":
            if len(self.layout.placeholders) < _MAX_PLACEHOLDERS:
                key = Placeholder(values.get("type", ""), values.get("idx", ""))
                self.layout.placeholders.setdefault(key, self._shape)
        elif element == "a:lstStyle":
            self._levels = self._shape
        elif element in _TEXT_STYLES:
            self._levels = self.layout.text_styles.setdefault(_TEXT_STYLES[element], {})
        elif element in LEVEL_ELEMENTS:
            self._level = LEVEL_ELEMENTS[element]
        elif element in BULLET_ELEMENTS and self._levels is not None:
            before = self._levels.get(self._level, BulletStyle())
            self._levels[self._level] = before.changed(element, values)

    def end(self, name: str) -> None:
        element = _NAMES.get(name)
        if element == "a:lstStyle" or element in _TEXT_STYLES:
            self._levels = None
