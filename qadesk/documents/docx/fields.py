"""Fields, such as page numbers, links and the boxes of old forms: what they compute and what they show.

A field is a code, which is not printed, and a result. Fields contain fields, in the code and in the result.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from qadesk.documents.office.office_names import is_on
from qadesk.documents.xml_stream import number_of

_PAGE_NUMBERS = frozenset(("PAGE", "NUMPAGES", "SECTIONPAGES"))
_MAX_CODE = 200  # characters of a code that are kept
_MAX_ENTRIES = 1000
_MAX_OPEN = 50  # fields within fields; the outermost one is forgotten then


@dataclass(slots=True)
class FormBox:
    """The text, drop-down or check box of an old form, as far as it is known."""

    entries: list[str] = field(default_factory=list)
    chosen: int | None = None
    default: str = ""
    is_checked: bool | None = None
    kind: str = ""

    def set_property(self, element: str, attributes: dict[str, str], value: str) -> None:
        """Take over the element ``element`` of the box's settings, with its attributes and its value."""
        if element in ("w:checkBox", "w:ddList", "w:textInput"):
            self.kind = element
        elif element == "w:listEntry" and len(self.entries) < _MAX_ENTRIES:
            self.entries.append(value)
        elif element == "w:result":
            self.chosen = number_of(value)
        elif element == "w:default":
            self.default = value
        elif element == "w:checked":
            self.is_checked = is_on(attributes)

    def text(self) -> str:
        """What the box shows."""
        if self.kind == "w:checkBox":
            is_checked = self.default in ("1", "true", "on") if self.is_checked is None else self.is_checked
            return "☒" if is_checked else "☐"
        if self.kind == "w:ddList":
            chosen = number_of(self.default) if self.chosen is None else self.chosen
            return self.entries[chosen] if 0 <= chosen < len(self.entries) else ""
        return self.default


@dataclass(slots=True)
class _OpenField:
    written: int  # how many characters of the document come before it
    code: str = ""
    is_in_code: bool = True
    is_page_number: bool = False
    box: FormBox | None = None


class Fields:
    """The open fields of a part of the document."""

    def __init__(self) -> None:
        self._open: list[_OpenField] = []
        self._codes = 0  # how many of them are in their code
        self._page_numbers = 0  # how many of them are page numbers

    @property
    def is_in_code(self) -> bool:
        """Whether what comes now is the code of a field, which is not printed."""
        return self._codes > 0

    @property
    def is_page_number(self) -> bool:
        """Whether what comes now is the number of a page or how many there are."""
        return self._page_numbers > 0

    def begin(self, written: int) -> None:
        """Begin a field after ``written`` characters of the document."""
        if len(self._open) == _MAX_OPEN:
            self._close(self._open.pop(0))
        self._open.append(_OpenField(written))
        self._codes += 1

    def begin_simple(self, code: str, written: int) -> None:
        """Begin a field whose code is known, with its result."""
        self.begin(written)
        self.write_code(code)
        self.separate()

    def write_code(self, text: str) -> None:
        """Add ``text`` to the code of the innermost field."""
        if self._open and len(self._open[-1].code) < _MAX_CODE:
            self._open[-1].code += text[:_MAX_CODE]

    def set_box(self, box: FormBox) -> None:
        """The innermost field is the box ``box`` of a form."""
        if self._open:
            self._open[-1].box = box

    def separate(self) -> None:
        """The code of the innermost field ends; its result begins."""
        if not self._open or not self._open[-1].is_in_code:
            return
        innermost = self._open[-1]
        innermost.is_in_code = False
        self._codes -= 1
        words = innermost.code.split(None, 1)
        innermost.is_page_number = bool(words) and words[0].upper() in _PAGE_NUMBERS
        self._page_numbers += innermost.is_page_number

    def end(self, written: int) -> str:
        """End the innermost field. Returns what a form's box shows if the field had no result of its own."""
        if not self._open:
            return ""
        self.separate()
        ended = self._open.pop()
        self._close(ended)
        return ended.box.text() if ended.box and ended.written == written else ""

    def end_paragraph(self) -> None:
        """A code that goes on after its paragraph is taken for damage: the text that follows must not be lost."""
        for open_field in self._open if self._codes else ():
            open_field.is_in_code = False
        self._codes = 0

    def _close(self, ended: _OpenField) -> None:
        self._codes -= ended.is_in_code
        self._page_numbers -= ended.is_page_number
