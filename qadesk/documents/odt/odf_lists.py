"""The printed numbers and bullets of lists and numbered headings, counted as LibreOffice counts them.

An element ``text:list`` on level 1 counts anew unless it says that it continues another one. Levels within it count on
until an item of a higher level comes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from qadesk.documents.numerals import numeral
from qadesk.documents.odt.odf_styles import OdfListLevel, OdfStyles
from qadesk.documents.symbol_fonts import bullet
from qadesk.documents.xml_stream import number_of

_MAX_LISTS = 100_000
_MAX_LEVEL = 10
_PLACE = re.compile(r"%(10|[1-9])%")
_BULLET = OdfListLevel(is_bullet=True, suffix="•")

Counts = dict[int, int]
"""The number that was printed last on each level, from 1."""


@dataclass(slots=True)
class OpenOdfList:
    """A list while it is read."""

    style: str
    counts: Counts
    is_pending: bool = False
    """Whether the number of the open item is still to be printed."""
    start: int | None = None
    """The number of the open item, if it says one."""


@dataclass(slots=True)
class OdfLists:
    """All lists of one part. ``open`` are those around what is read, the innermost last."""

    styles: OdfStyles
    open: list[OpenOdfList] = field(default_factory=list)
    _by_id: dict[str, Counts] = field(default_factory=dict)
    _by_style: dict[str, Counts] = field(default_factory=dict)
    _headings: Counts = field(default_factory=dict)

    def start_list(self, values: dict[str, str]) -> None:
        """A list begins, in the open item if there is one."""
        style = values.get("style-name", "")
        if self.open:
            style, counts = style or self.open[-1].style, self.open[-1].counts
        elif (other := values.get("continue-list", "")) in self._by_id:
            counts = self._by_id[other]
        elif values.get("continue-numbering") == "true":
            counts = self._by_style.get(style, {})
        else:
            counts = {}
        self.open.append(OpenOdfList(style, counts))
        if len(self._by_id) < _MAX_LISTS and len(self.open) == 1:
            self._by_style[style] = counts
            if "id" in values:
                self._by_id[values["id"]] = counts

    def end_list(self) -> None:
        """The innermost list ends."""
        if self.open:
            self.open.pop()

    def start_item(self, values: dict[str, str], *, is_marked: bool) -> None:
        """An item begins."""
        if self.open:
            start = values.get("start-value")
            self.open[-1].is_pending = is_marked
            self.open[-1].start = None if start is None else number_of(start, 1)

    def label(self) -> str | None:
        """The mark of the paragraph that begins now; None if it is not the first one of an item."""
        if not self.open or not self.open[-1].is_pending:
            return None
        last, level = self.open[-1], min(len(self.open), _MAX_LEVEL)
        last.is_pending = False
        levels = self.styles.list_levels(last.style)
        how = levels.get(level) or (None if levels else _BULLET)
        if how is None:
            return None
        _advance(last.counts, level, how.start if last.start is None else None, last.start)
        return _label(how, levels, last.counts, level)

    def heading_label(self, level: int, values: dict[str, str]) -> str:
        """The number of a heading, '' if headings of its level have none."""
        how = self.styles.outline.get(level)
        if how is None or (not how.style and not how.form) or values.get("is-list-header") == "true":
            return ""
        is_restarted = values.get("restart-numbering") == "true"
        own = number_of(values.get("start-value", ""), how.start) if is_restarted else None
        _advance(self._headings, level, how.start, own)
        return _label(how, self.styles.outline, self._headings, level)


def _advance(counts: Counts, level: int, first: int | None, own: int | None) -> None:
    """Count one more on ``level``: the number ``own`` if there is one, ``first`` at the beginning."""
    if own is not None:
        counts[level] = own
    elif level in counts:
        counts[level] += 1
    else:
        counts[level] = 1 if first is None else first
    for deeper in [number for number in counts if number > level]:
        del counts[deeper]


def _label(how: OdfListLevel, levels: dict[int, OdfListLevel], counts: Counts, level: int) -> str:
    if how.is_bullet:
        return bullet(how.suffix, "")
    if how.form:
        return _PLACE.sub(lambda match: _number(int(match[1]), levels, counts), how.form).strip()
    if not how.style:
        return (how.prefix + how.suffix).strip()
    places = range(max(1, level - how.places + 1), level + 1)
    numbers = [number for place in places if (number := _number(place, levels, counts))]
    return f"{how.prefix}{'.'.join(numbers)}{how.suffix}".strip()


def _number(level: int, levels: dict[int, OdfListLevel], counts: Counts) -> str:
    how = levels.get(level)
    if how is None or not how.style:
        return ""
    return numeral(counts.get(level, how.start), how.style)
