"""The elements of fields and of the boxes of old forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from qadesk.documents.docx.fields import Fields, FormBox
from qadesk.documents.office.office_names import value_of
from qadesk.documents.xml_stream import values_of

_BOX_ELEMENTS = ("w:checkBox", "w:ddList", "w:textInput", "w:listEntry", "w:result", "w:default", "w:checked")


class StoryWithFields(Protocol):
    """What these elements need of the part of the document that they stand in."""

    written: int
    fields: Fields

    def write(self, text: str) -> None:
        """Add text to the open paragraph."""
        ...


class FieldElements:
    """Tells the story's ``fields``. ``starts`` and ``ends`` say what to call for which element."""

    def __init__(self, story: StoryWithFields) -> None:
        self._story = story
        self._box: FormBox | None = None
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "w:fldChar": self._character,
            "w:fldSimple": self._start_simple,
            "w:ffData": self._start_box,
        }
        for element in _BOX_ELEMENTS:
            self.starts[element] = self._box_property(element)
        self.ends: Mapping[str, Callable[[], None]] = {"w:fldSimple": self._end, "w:ffData": self._end_box}

    def _character(self, attributes: dict[str, str]) -> None:
        kind = values_of(attributes).get("fldCharType", "")
        if kind == "begin":
            self._story.fields.begin(self._story.written)
        elif kind == "separate":
            self._story.fields.separate()
        elif kind == "end":
            self._end()

    def _start_simple(self, attributes: dict[str, str]) -> None:
        self._story.fields.begin_simple(values_of(attributes).get("instr", ""), self._story.written)

    def _end(self) -> None:
        text = self._story.fields.end(self._story.written)
        if text:
            self._story.write(text)

    def _start_box(self, _: dict[str, str]) -> None:
        self._box = FormBox()
        self._story.fields.set_box(self._box)

    def _end_box(self) -> None:
        self._box = None

    def _box_property(self, element: str) -> Callable[[dict[str, str]], None]:
        def handle(attributes: dict[str, str]) -> None:
            if self._box:
                self._box.set_property(element, attributes, value_of(attributes))

        return handle
