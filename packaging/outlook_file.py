"""Writes small messages of Outlook (.msg), with nothing but the standard library: for the smoke test and the tests."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_END, _FREE, _FAT, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF

Tree = Mapping[str, "bytes | Tree"]
"""Streams, and storages with streams, by their names."""


@dataclass
class _Entry:
    name: str
    kind: int  # 1 storage, 2 stream, 5 root
    first: int = _END
    size: int = 0
    right: int = _NONE
    child: int = _NONE


@dataclass
class _Sectors:
    """The sectors of a file, and the table of chains."""

    data: bytearray = field(default_factory=bytearray)
    table: list[int] = field(default_factory=list)

    def add(self, data: bytes, size: int) -> int:
        """Add a chain of sectors of ``size`` bytes. Returns the number of its first one."""
        count = -(-len(data) // size)
        if not count:
            return _END
        first = len(self.table)
        self.table += [*range(first + 1, first + count), _END]
        self.data += data.ljust(count * size, b"\0")
        return first


def compound_file(tree: Tree) -> bytes:
    """A compound file (OLE, version 3) of at most 7 MB with the streams and storages of ``tree``."""
    entries, big, small = [_Entry("Root Entry", 5)], _Sectors(), _Sectors()
    entries[0].child = _add(tree, entries, big, small)
    entries[0].size = len(small.data)
    entries[0].first = big.add(bytes(small.data), _SECTOR)
    mini_fat = struct.pack(f"<{len(small.table)}I", *small.table)
    first_mini = big.add(mini_fat.ljust(-(-len(mini_fat) // _SECTOR) * _SECTOR, b"\xff"), _SECTOR)
    first_entry = big.add(b"".join(_packed(entry) for entry in entries), _SECTOR)
    fat_sectors = next(count for count in range(1, 110) if (len(big.table) + count) * 4 <= count * _SECTOR)
    first_fat = len(big.table)
    table = [*big.table, *[_FAT] * fat_sectors]
    table += [_FREE] * (fat_sectors * _SECTOR // 4 - len(table))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", bytes.fromhex("d0cf11e0a1b11ae1"), 62, 3, 0xFFFE, 9, 6, 0, fat_sectors, first_entry,
        0, _CUTOFF, first_mini, -(-len(mini_fat) // _SECTOR), _END, 0,
    )  # fmt: skip
    places = [first_fat + number if number < fat_sectors else _FREE for number in range(109)]
    return header + struct.pack("<109I", *places) + bytes(big.data) + struct.pack(f"<{len(table)}I", *table)


def _add(tree: Tree, entries: list[_Entry], big: _Sectors, small: _Sectors) -> int:
    """Add what is in ``tree`` to ``entries``, each entry with the next one at its right. Returns the first one."""
    numbers = []
    for name in sorted(tree, key=lambda name: (len(name), name.upper())):
        content, number = tree[name], len(entries)
        numbers.append(number)
        if isinstance(content, bytes):
            is_big = len(content) >= _CUTOFF
            first = big.add(content, _SECTOR) if is_big else small.add(content, _MINI)
            entries.append(_Entry(name, 2, first, len(content)))
        else:
            entries.append(_Entry(name, 1, 0))
            entries[number].child = _add(content, entries, big, small)
        if len(numbers) > 1:
            entries[numbers[-2]].right = number
    return numbers[0] if numbers else _NONE


def _packed(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII36xIQ", name, len(name), entry.kind, 1, _NONE, entry.right, entry.child, entry.first, entry.size
    )


def properties(header: int, values: Mapping[int, bytes | int | str], ticks: Mapping[int, int] | None = None) -> Tree:
    """The streams of the properties ``values`` (texts, numbers, bytes) and of the times ``ticks``, by their tags.

    ``header``: 32 for a message, 24 for one inside it, 8 for a recipient or an attachment.
    """
    streams: dict[str, bytes] = {}
    rows = bytearray(header)
    for tag, value in values.items():
        if isinstance(value, int):
            rows += struct.pack("<HHIII", 3, tag, 6, value, 0)
        else:
            kind, data = (0x1F, value.encode("utf-16-le")) if isinstance(value, str) else (0x102, value)
            streams[f"__substg1.0_{tag:04X}{kind:04X}"] = data
            rows += struct.pack("<HHIII", kind, tag, 6, len(data), 0)
    for tag, value in (ticks or {}).items():
        rows += struct.pack("<HHIQ", 0x40, tag, 6, value)
    return {"__properties_version1.0": bytes(rows), **streams}


def message(subject: str, body: str) -> bytes:
    """A message with a subject and a plain text."""
    return compound_file(properties(32, {0x001A: "IPM.Note", 0x0037: subject, 0x1000: body}))
