"""What the tests of readers of marked-up text look at: the text, blocks and tables that come out of a source."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

from qadesk.documents.parsing import Parsed, Source
from qadesk.errors import DocumentError
from qadesk.structure import units
from qadesk.structure.serial import from_lists, to_lists

Read = Callable[[Source], Parsed]


def parsed_by(read: Read, source: str | bytes) -> Parsed:
    """What the reader ``read`` makes of ``source``."""
    data = source.encode() if isinstance(source, str) else source
    return read(Source(io.BytesIO(data), "'x'"))


def kinds_and_texts(parsed: Parsed) -> list[tuple[str, str]]:
    """The kind and text of each block, all of which can be stored."""
    text, parts = parsed.text, parsed.blocks
    assert from_lists(to_lists(parts), len(text)) == parts
    return [(part.kind, text[part.start : part.end]) for part in parts]


def first_table(parsed: Parsed) -> list[list[tuple[str, int, bool, bool]]]:
    """The cells of the first table: text, span, whether it is a header and whether it is covered."""
    table = next(part for part in parsed.blocks if part.kind == "table")
    return [
        [(parsed.text[cell.start : cell.end], cell.span, cell.is_header, cell.is_covered) for cell in row]
        for row in table.rows
    ]


def assert_sound(parsed: Parsed) -> None:
    """Its blocks can be stored, and each unit has text in it."""
    assert from_lists(to_lists(parsed.blocks), len(parsed.text)) == parsed.blocks
    for start, end in units(parsed.blocks):
        assert parsed.text[start:end].strip()
        assert 0 <= start < end <= len(parsed.text)


def assert_changes_are_read(read: Read, data: bytes, changes: Iterable[tuple[int, int]]) -> None:
    """``data`` with the bytes of ``changes`` at their places is read, or refused as a document."""
    changed = bytearray(data)
    for place, byte in changes:
        changed[place % len(changed)] = byte
    try:
        parsed = parsed_by(read, bytes(changed))
    except DocumentError:
        return
    assert all(0 <= part.start < part.end <= len(parsed.text) for part in parsed.blocks)
