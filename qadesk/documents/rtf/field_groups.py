"""Fields of an RTF document, such as links and boxes to tick: an instruction, and its result as text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from qadesk.documents.symbol_fonts import symbol

_MAX_INSTRUCTION = 2000
_PAGES = frozenset(("PAGE", "NUMPAGES", "SECTIONPAGES"))
_SYMBOL = re.compile(r"\s*SYMBOL\s+(0x[0-9a-f]{1,6}|\d{1,6})(?:.*?\\f\s*\"?([\w ]{1,60}))?", re.I)
_BY_DEFAULT = 25  # of a box: it is as the document has it


@dataclass(slots=True)
class FieldGroup:
    """The field whose instruction was read last."""

    _pieces: list[str] = field(default_factory=list)
    _length: int = 0
    box: int = _BY_DEFAULT
    """Whether a box is ticked: 0 or 1."""
    default_box: int = 0

    def add(self, text: str) -> None:
        """Add ``text`` to the instruction."""
        if self._length < _MAX_INSTRUCTION:
            self._pieces.append(text)
            self._length += len(text)

    @property
    def _instruction(self) -> str:
        return "".join(self._pieces)

    @property
    def _name(self) -> str:
        words = self._instruction.split(maxsplit=1)
        return words[0].upper() if words else ""

    @property
    def is_page_number(self) -> bool:
        """Whether the result is the number of a page, which changes with the paper."""
        return self._name in _PAGES

    @property
    def own_text(self) -> str:
        """The text of a field that has no result of its own."""
        if self._name == "FORMCHECKBOX":
            return "☒" if (self.default_box if self.box == _BY_DEFAULT else self.box) else "☐"
        match = _SYMBOL.match(self._instruction)
        if match is None:
            return ""
        code = int(match[1], 16 if match[1][:2].lower() == "0x" else 10)
        return symbol(code, match[2] or "")
