"""How each kind of block looks. Sizes are relative to the text of a paragraph, heights to the pitch of its lines."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QTextCharFormat

from qadesk.structure import Block
from qadesk.ui.kit import theme
from qadesk.ui.kit.widgets import resized

PITCH = 1.75  # from line to line of a paragraph, in font sizes


@dataclass(frozen=True, slots=True)
class BlockStyle:
    """``scale`` is that of the font, ``pitch`` from line to line in sizes of that font, ``tone`` a colour's name.

    ``gap`` is the space above where the text has an empty line, ``tight_gap`` where it has none, in pitches of a
    paragraph; ``ground`` the space between the text and the edge of the ground painted below it.
    """

    scale: float = 1.0
    pitch: float = PITCH
    tone: str = "ink"
    is_strong: bool = False
    is_fixed: bool = False
    gap: float = 0.6
    tight_gap: float = 0.0
    ground: float = 0.0


_PARAGRAPH = BlockStyle()
_HEADINGS = (
    BlockStyle(1.6, 1.3, is_strong=True, gap=1.1, tight_gap=0.8),
    BlockStyle(1.35, 1.35, is_strong=True, gap=1.0, tight_gap=0.7),
    BlockStyle(1.15, 1.45, is_strong=True, gap=0.9, tight_gap=0.6),
    BlockStyle(1.0, 1.6, is_strong=True, gap=0.8, tight_gap=0.5),
)
_STYLES = {
    "item": BlockStyle(gap=0.35, tight_gap=0.15),
    "pair": BlockStyle(pitch=1.6, gap=0.3, tight_gap=0.05),
    "table": BlockStyle(pitch=1.5, gap=0.7, tight_gap=0.4),
    "caption": BlockStyle(0.88, 1.5, "muted", gap=0.45, tight_gap=0.2),
    "footnote": BlockStyle(0.85, 1.5, gap=0.4, tight_gap=0.15),
    "header": BlockStyle(0.82, 1.5, "muted", gap=0.5),
    "footer": BlockStyle(0.82, 1.5, "muted", gap=0.5),
    "code": BlockStyle(0.9, 1.5, is_fixed=True, gap=0.6, tight_gap=0.3, ground=0.35),
}
_AFTER_HEADING = 0.3


def style_of(block: Block | None) -> BlockStyle:
    """The style of ``block``; that of a paragraph for text in no block."""
    if block is None:
        return _PARAGRAPH
    if block.kind == "heading":
        return _HEADINGS[min(max(1, block.level), len(_HEADINGS)) - 1]
    return _STYLES.get(block.kind, _PARAGRAPH)


def gap_between(before: Block | None, after: Block | None, *, is_tight: bool) -> float:
    """The space between two blocks, in pitches; ``is_tight``: the text has no empty line between them."""
    if before is None or after is None:
        return 0.0
    style = style_of(after)
    gap = style.tight_gap if is_tight else style.gap
    if before.kind == "heading" and after.kind != "heading":
        return min(gap, _AFTER_HEADING) if not is_tight else 0.15
    if before.kind in ("table", "code") and after.kind not in ("heading", "caption"):
        return max(gap, style_of(before).gap if not is_tight else 0.3)
    if before.kind in ("item", "pair") and before.kind != after.kind:
        return max(gap, _PARAGRAPH.gap if not is_tight else 0.15)
    return gap


class BlockFonts:
    """The fonts of the styles, made of the font of a paragraph."""

    def __init__(self, base: QFont) -> None:
        self.base = base
        self.size = float(QFontInfo(base).pixelSize())
        self.pitch = round(PITCH * self.size)
        self._fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()

    def font(self, style: BlockStyle, *, is_strong: bool = False) -> QFont:
        """The font of ``style``."""
        font = resized(self.base, style.scale)
        if style.is_fixed:
            font.setFamilies([self._fixed])
            font.setFixedPitch(True)
        if style.is_strong or is_strong:
            font.setWeight(QFont.Weight.Bold)
        return font

    def character_format(self, style: BlockStyle, *, is_strong: bool = False) -> QTextCharFormat | None:
        """The format of text in ``style``; None where it is that of a paragraph."""
        style = replace(style, is_strong=style.is_strong or is_strong)
        if style.scale == 1.0 and style.tone == "ink" and not style.is_strong and not style.is_fixed:
            return None
        text_format = QTextCharFormat()
        text_format.setFont(self.font(style), QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesAll)
        text_format.setForeground(theme.colour(style.tone))
        return text_format

    def line_pitch(self, style: BlockStyle) -> int:
        """Pixels from line to line in ``style``."""
        return round(self.size * style.scale * style.pitch)
