"""The printed numbers and bullets of paragraphs on slides."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from qadesk.documents.numerals import numeral
from qadesk.documents.symbol_fonts import bullet
from qadesk.documents.xml_stream import number_of

LEVELS = 9
BULLET_ELEMENTS = ("a:buNone", "a:buChar", "a:buAutoNum", "a:buBlip", "a:buFont")

_SCHEME = re.compile(r"(?P<style>\w+?)(?P<form>ParenBoth|ParenR|Period|Plain|Minus)")
_STYLES = {
    "alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman", "romanUc": "upperRoman",
    "circleNumDb": "decimalEnclosedCircle", "ea1Chs": "chineseCounting", "ea1Cht": "chineseCounting",
}  # fmt: skip
_FORMS = {"ParenBoth": "({})", "ParenR": "{})", "Period": "{}.", "Plain": "{}", "Minus": "- {} -"}


@dataclass(frozen=True, slots=True)
class BulletStyle:
    """How a paragraph is marked; '' for what it leaves to the styles above it."""

    kind: Literal["", "none", "character", "number"] = ""
    text: str = ""
    """The bullet, or the scheme of the numbers."""
    font: str = ""
    start: int = 1

    def changed(self, element: str, values: dict[str, str]) -> BulletStyle:
        """The style after one of ``BULLET_ELEMENTS``."""
        if element == "a:buFont":
            return BulletStyle(self.kind, self.text, values.get("typeface", ""), self.start)
        if element == "a:buNone":
            return BulletStyle("none", font=self.font)
        if element == "a:buAutoNum":
            start = number_of(values.get("startAt", ""), 1)
            return BulletStyle("number", values.get("type", ""), self.font, start)
        return BulletStyle("character", values.get("char", "•")[:9], self.font)

    def over(self, other: BulletStyle) -> BulletStyle:
        """What this style says, and where it says nothing what ``other`` says."""
        if not self.kind:
            return BulletStyle(other.kind, other.text, self.font or other.font, other.start)
        return self if self.font else BulletStyle(self.kind, self.text, other.font, self.start)


LevelStyles = dict[int, BulletStyle]
"""The styles of paragraphs by their levels from 0."""


@dataclass(slots=True)
class BulletCounter:
    """Counts the numbered paragraphs of one text box."""

    _counts: dict[int, tuple[BulletStyle, int]] = field(default_factory=dict)

    def label(self, style: BulletStyle, level: int) -> str:
        """The mark of the next paragraph; '' for none."""
        for deeper in range(level + 1, LEVELS):
            self._counts.pop(deeper, None)
        before, count = self._counts.pop(level, (style, 0))
        if style.kind == "character":
            return bullet(style.text, style.font).strip() or "•"
        if style.kind != "number":
            return ""
        count = count + 1 if count and before == style else style.start
        self._counts[level] = (style, count)
        match = _SCHEME.fullmatch(style.text)
        if match is None:
            return f"{count}."
        return _FORMS[match["form"]].format(numeral(count, _STYLES.get(match["style"], "decimal")))
