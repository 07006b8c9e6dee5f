"""What the child process that parses files replies, checked: it read an untrusted file, and so is not trusted."""

from __future__ import annotations

from typing import Any

from qadesk.documents.parsing import Parsed
from qadesk.errors import DocumentError, EncodingNeeded, PasswordNeeded
from qadesk.records import Page
from qadesk.structure import OutlineEntry
from qadesk.structure.character_map import CharacterMap
from qadesk.structure.serial import from_lists


def parsed_from(reply: dict[str, Any]) -> Parsed:
    """The ``reply`` as ``Parsed``. Raises the error in it, or ValueError, TypeError, KeyError for an invalid reply."""
    if "message" in reply:
        parts = (str(reply["message"]), str(reply["hint"]), str(reply["detail"]))
        if reply["wrong_password"] is not None:
            raise PasswordNeeded(*parts, wrong=bool(reply["wrong_password"]))
        raise EncodingNeeded(*parts) if reply["needs_encoding"] else DocumentError(*parts)
    text = str(reply["text"])
    pages = tuple(
        Page(int(number), str(label), int(start), int(end), str(unit))
        for number, label, start, end, unit in reply["pages"]
    )
    if not all(0 <= page.start <= page.end <= len(text) for page in pages):
        raise ValueError("pages outside the text")
    outline = tuple(OutlineEntry(str(title), int(level), int(start)) for title, level, start in reply["outline"])
    if not all(0 <= entry.start <= len(text) and entry.level > 0 for entry in outline):
        raise ValueError("an outline that leads outside the text")
    return Parsed(
        text,
        pages,
        tuple(str(note) for note in reply["notes"]),
        from_lists(reply["blocks"], len(text)),
        outline,
        CharacterMap.from_base64(reply["characters"], len(text), len(pages)),
        _rows(reply["rows"], len(text)),
        _page_numbers(reply["scans"], len(pages)),
        _page_numbers(reply["recognized_pages"], len(pages)),
    )


def _page_numbers(numbers: list[Any], count: int) -> tuple[int, ...]:
    """The numbers of some of ``count`` pages. Raises ``ValueError``."""
    if not all(type(number) is int and 1 <= number <= count for number in numbers):
        raise ValueError("pages that are none")
    return tuple(numbers)


def _rows(rows: list[list[Any]], length: int) -> tuple[tuple[int, int], ...]:
    """Where the rows of a spreadsheet begin, and their numbers. Raises ``ValueError``, ``TypeError``."""
    before = 0
    for start, number in rows:
        if type(start) is not int or type(number) is not int or not before <= start <= length or number < 0:
            raise ValueError("rows outside the text")
        before = start
    return tuple((start, number) for start, number in rows)
