"""The characters of RTF: bytes in the code page of their font, and Unicode with a fallback behind each character."""

from __future__ import annotations

from qadesk.documents.rtf.code_pages import SYMBOLS, Font, codec_of_page
from qadesk.documents.rtf.groups import GroupState
from qadesk.documents.rtf.paragraph_styles import DocumentTables
from qadesk.documents.symbol_fonts import UNKNOWN, bullet, symbol

_PAGES = {"ansi": 1252, "mac": 10000, "pc": 437, "pca": 850}
_SYMBOL_FONT = Font(SYMBOLS, "symbol")
_TAB = 9


class RtfCharacters:
    """Decodes bytes that belong together at once: a character of some code pages has two of them."""

    def __init__(self, tables: DocumentTables) -> None:
        self.unknown_symbols = 0
        self.default_font = 0
        self._tables = tables
        self._codec = "cp1252"
        self._bytes = bytearray()
        self._to_skip = 0  # bytes that stand for a character which was read already
        self._high = 0  # the first half of a character outside the basic plane

    def set_code_page(self, word: str, number: int | None) -> bool:
        """Take the code page of the document from a control word. Returns whether it names one."""
        if word != "ansicpg" and word not in _PAGES:
            return False
        codec = codec_of_page(_PAGES.get(word, number or 1252))
        self._codec = "cp1252" if codec == SYMBOLS else codec
        return True

    def add(self, data: bytes) -> None:
        """Add bytes of the text, without those that stand for a character that was read already."""
        if self._to_skip:
            skipped = min(self._to_skip, len(data))
            self._to_skip -= skipped
            data = data[skipped:]
        self._bytes += data

    def end_fallback(self) -> bool:
        """The fallback of a character ends. Returns whether something was still to come of it."""
        was_open, self._to_skip = self._to_skip > 0, 0
        return was_open

    def take(self, state: GroupState) -> str:
        """The text of the bytes that were added."""
        data = bytes(self._bytes)
        self._bytes.clear()
        font = self.font(state)
        if font.codec == SYMBOLS:
            return "".join(self._symbol(byte, font, state) for byte in data)
        return data.decode(font.codec or self._codec, "replace")

    def unicode(self, number: int | None, state: GroupState) -> str:
        """The character with the code ``number``; '' for the first half of one."""
        code = (number or 0) & 0xFFFF
        self._to_skip = state.text.fallback
        high, self._high = self._high, 0
        if 0xD800 <= code < 0xDC00:
            self._high = code
            return ""
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00 if high else ord(UNKNOWN)
        if 0xF000 <= code < 0xF100:
            font = self.font(state)
            return self._symbol(code, font if font.codec == SYMBOLS else _SYMBOL_FONT, state)
        return chr(code) if code >= 32 else ""

    def font(self, state: GroupState) -> Font:
        """The font of the text."""
        if state.target in ("fonts", "styles"):
            return Font()
        number = state.text.font if state.text.font >= 0 else self.default_font
        return self._tables.fonts.get(number, Font())

    def _symbol(self, code: int, font: Font, state: GroupState) -> str:
        if state.target == "lead":
            return "" if code == _TAB else bullet(chr(code), font.name)
        text = symbol(code, font.name)
        self.unknown_symbols += text == UNKNOWN
        return text
