"""Characters of fonts that draw symbols in the places of letters, as Unicode.

Word stores such a character as a code of the font: 0x20 to 0xFF, or the same plus 0xF000.
"""

from __future__ import annotations

import re

_SYMBOL_FONT = (
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"  # from 0x20
)
_SYMBOL_FONT_HIGH = (  # from 0xA0
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\ufffd〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
)

_WINGDINGS = {
    0x20: " ", 0x21: "✏", 0x22: "✂", 0x23: "✁", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x36: "⌛", 0x37: "⌨", 0x3E: "✇",
    0x3F: "✍", 0x41: "✌", 0x43: "👍", 0x44: "👎", 0x45: "☜", 0x46: "☞", 0x47: "☝", 0x48: "☟", 0x4A: "☺",
    0x4B: "😐", 0x4C: "☹", 0x4D: "💣", 0x4E: "☠", 0x4F: "⚐", 0x51: "✈", 0x52: "☼", 0x53: "💧", 0x54: "❄",
    0x55: "✞", 0x58: "✠", 0x59: "✡", 0x5A: "☪", 0x5B: "☯", 0x5C: "ॐ", 0x5D: "☸", 0x5E: "♈", 0x5F: "♉", 0x60: "♊",
    0x61: "♋", 0x62: "♌", 0x63: "♍", 0x64: "♎", 0x65: "♏", 0x66: "♐", 0x67: "♑", 0x68: "♒", 0x69: "♓",
    0x6A: "&", 0x6B: "&", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x73: "⬧",
    0x74: "⧫", 0x75: "◆",
    0x76: "❖", 0x77: "⬥", 0x78: "⌧", 0x7B: "❀", 0x7C: "✿", 0x7D: "❝", 0x7E: "❞", 0x80: "⓪", 0x8B: "⓿", 0x9E: "·",
    0x9F: "•", 0xA0: "▫", 0xA1: "○", 0xA4: "◉", 0xA5: "◎", 0xA7: "▪", 0xA8: "◻", 0xAA: "✦", 0xAB: "★", 0xAC: "✶",
    0xAD: "✴", 0xAE: "✹", 0xAF: "✵", 0xD5: "⌫", 0xD6: "⌦", 0xD8: "➢", 0xDC: "➲", 0xDF: "←", 0xE0: "→", 0xE1: "↑",
    0xE2: "↓", 0xE3: "↖", 0xE4: "↗", 0xE5: "↙", 0xE6: "↘", 0xE7: "←", 0xE8: "→", 0xE9: "↑", 0xEA: "↓", 0xEF: "⇦",
    0xF0: "⇨", 0xF1: "⇧", 0xF2: "⇩", 0xF3: "⬄", 0xF4: "⇳", 0xF8: "▭", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    **{0x81 + index: chr(0x2460 + index) for index in range(10)},
    **{0x8C + index: chr(0x2776 + index) for index in range(10)},
}  # fmt: skip
_WINGDINGS_2 = {
    0x20: " ", 0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x55: "⊗", 0x56: "⊘", 0x97: "●",
    0x98: "•", 0xA2: "■", 0xA3: "□",
    **{0x6A + index: chr(0x2460 + index) for index in range(10)},
    **{0x75 + index: chr(0x2776 + index) for index in range(10)},
}  # fmt: skip
_WINGDINGS_3 = {
    0x20: " ", 0x21: "→", 0x22: "←", 0x23: "↑", 0x24: "↓", 0x66: "←", 0x67: "→", 0x68: "↑", 0x69: "↓", 0x70: "▲",
    0x71: "▼", 0x72: "△", 0x73: "▽", 0x74: "◀", 0x75: "▶", 0x76: "◁", 0x77: "▷", 0x7D: "▶", 0x80: "▲",
}  # fmt: skip
_WEBDINGS = {
    0x20: " ", 0x33: "◀", 0x34: "▶", 0x35: "▲", 0x36: "▼", 0x61: "✔", 0x63: "□", 0x67: "■", 0x6E: "●", 0x72: "✗",
    0x78: "☒", 0x9C: "⚑", 0xC8: "📞", 0xC9: "☎",
}  # fmt: skip
_FONTS = {
    "symbol": {
        **{0x20 + index: character for index, character in enumerate(_SYMBOL_FONT)},
        **{0xA0 + index: character for index, character in enumerate(_SYMBOL_FONT_HIGH)},
    },
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "wingdings 3": _WINGDINGS_3,
    "webdings": _WEBDINGS,
}
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
UNKNOWN = "\ufffd"


def symbol(code: int, font: str) -> str:
    """The character with the code ``code`` of ``font``; ``UNKNOWN`` where it has no place in Unicode that we know."""
    table = _FONTS.get(font.strip().lower())
    if table:
        return table.get(code - 0xF000 if code >= 0xF000 else code, UNKNOWN)
    is_character = 0x20 <= code < 0xD800 or 0xF900 <= code < 0xFFFE
    return chr(code) if is_character else UNKNOWN


def without_private(text: str, font: str) -> str:
    """``text`` in ``font`` with the codes of a symbol font as Unicode: Symbol's where ``font`` is another font."""
    if text.isascii() or not _PRIVATE.search(text):
        return text
    symbol_font = font if font.strip().lower() in _FONTS else "symbol"
    return _PRIVATE.sub(lambda match: symbol(ord(match[0]), symbol_font), text)


def bullet(text: str, font: str) -> str:
    """The bullet of a list, printed as ``text`` in ``font``: '•' where the symbol is not known."""
    if text == "o" and font.lower().startswith("courier"):
        return "◦"  # Word's bullet of the second level, a letter in the place of a circle
    if len(text) == 1 and font.strip().lower() in _FONTS:
        text = symbol(ord(text), font)
    return without_private(text, font).replace(UNKNOWN, "•")


def unknown_symbols_note(count: int) -> str:
    """What the user should know about ``count`` symbols that became ``UNKNOWN``, at least one."""
    if count == 1:
        return f"One symbol of a special font could not be read: {UNKNOWN} is in its place."
    return f"{count:,} symbols of special fonts could not be read: {UNKNOWN} is in their place."
