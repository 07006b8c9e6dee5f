"""A compound file (OLE), which is a small file system: storages are folders, streams are files.

Every chain of sectors is bounded by the size of the file, and every entry is visited once: damaged and hostile files
have chains and folders that lead back to themselves.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from qadesk.documents.format_row import OLE

_HEADER = struct.Struct("<8s16xHHHHH6xIIIIIIIII")
_ENTRY = struct.Struct("<64sHBBIII36xIQ")
_END = 0xFFFFFFFA  # from here on numbers of sectors mean something else: an end, a free one
_NONE = 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_MAX_ENTRIES = 200_000
_MAX_DEPTH = 60
_FIRST_FAT_SECTORS = 109  # whose numbers stand in the header


class CompoundFileError(ValueError):
    """The file is damaged, or no compound file."""


class _StorageEntry(NamedTuple):
    """An entry of a folder: what ``_ENTRY`` packs. The entries of a folder are a tree, of which it names the root."""

    name: bytes
    name_length: int
    kind: int
    colour: int
    left: int
    right: int
    child: int
    first: int
    size: int


@dataclass(slots=True)
class Storage:
    """A folder: its streams and storages by their names in small letters."""

    streams: dict[str, tuple[int, int]] = field(default_factory=dict)
    """The first sector and the size of each."""
    storages: dict[str, Storage] = field(default_factory=dict)


class CompoundFile:
    """The compound file ``data``. Raises ``CompoundFileError``."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or not data.startswith(OLE):
            raise CompoundFileError("no header")
        header = _HEADER.unpack_from(data)
        _, _, _, _, shift, mini_shift, _, _, first_entry, _, self._cutoff, first_mini, _, first_more, _ = header
        if shift not in (9, 12) or mini_shift != 6:
            raise CompoundFileError("sectors of an unknown size")
        self._data, self._size, self._mini_size = data, 1 << shift, 1 << mini_shift
        self._sector_count = (len(data) - 1) // self._size  # the header takes the place of one
        self._fat = self._table(self._fat_sectors(first_more), 1 + self._sector_count * 4 // self._size)
        self._mini_fat = self._table(self._chain(first_mini, self._fat), 1 + self._sector_count // 16)
        self._entries = self._directory(first_entry)
        root = self._entries[0]
        self._mini_stream = self._read(root.first, root.size)
        self._left = 4 * len(data)  # bytes that may be read: entries may share their sectors
        self.root = self._storage_at(root.child, set())

    # Sectors

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._data[start : start + self._size]

    def _fat_sectors(self, first_more: int) -> list[int]:
        """The sectors that hold the table of chains: the header names the first ones, chained sectors the others."""
        numbers = list(struct.unpack_from(f"<{_FIRST_FAT_SECTORS}I", self._data, 76))
        per_sector = self._size // 4 - 1
        sectors_before: set[int] = set()
        while first_more < _END and first_more not in sectors_before:
            sectors_before.add(first_more)
            sector = self._sector(first_more)
            if len(sector) < self._size:
                break
            *more, first_more = struct.unpack(f"<{per_sector + 1}I", sector)
            numbers += more
        return list(dict.fromkeys(number for number in numbers if number < self._sector_count))

    def _table(self, sectors: Iterable[int], most: int) -> tuple[int, ...]:
        """The numbers in the first ``most`` of ``sectors``: more of them the file cannot have sectors for."""
        raw = b"".join(self._sector(number) for number in islice(sectors, most))
        return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])

    def _chain(self, number: int, table: tuple[int, ...]) -> Iterator[int]:
        """The sectors of the chain that begins with ``number``."""
        for _ in range(len(table)):
            if number >= len(table):
                return
            yield number
            number = table[number]

    def _read(self, first: int, size: int) -> bytes:
        chain = islice(self._chain(first, self._fat), min(size // self._size + 1, self._sector_count))
        return b"".join(self._sector(number) for number in chain)[:size]

    def _read_mini(self, first: int, size: int) -> bytes:
        mini, width = self._mini_stream, self._mini_size
        chain = islice(self._chain(first, self._mini_fat), size // width + 1)
        return b"".join(mini[number * width : (number + 1) * width] for number in chain)[:size]

    def stream(self, storage: Storage, name: str, limit: int = 1 << 40) -> bytes:
        """The first ``limit`` bytes of the stream ``name``; b'' if there is none."""
        first, size = storage.streams.get(name.lower(), (_NONE, 0))
        length = min(size, limit, len(self._data))
        self._left -= length
        if self._left < 0:
            raise CompoundFileError("streams that share their sectors")
        return self._read_mini(first, length) if size < self._cutoff else self._read(first, length)

    # Folders

    def _directory(self, first: int) -> list[_StorageEntry]:
        """The entries of all folders."""
        sectors = islice(self._chain(first, self._fat), _MAX_ENTRIES * _ENTRY.size // self._size + 1)
        data = b"".join(self._sector(number) for number in sectors)
        whole = data[: len(data) // _ENTRY.size * _ENTRY.size]
        entries = [_StorageEntry._make(fields) for fields in _ENTRY.iter_unpack(whole)]
        if not entries or entries[0].kind != _ROOT or len(entries) > _MAX_ENTRIES:
            raise CompoundFileError("no root, or too many entries")
        return entries

    def _storage_at(self, child: int, entries_before: set[int], depth: int = 0) -> Storage:
        """The storage whose entries are the tree that begins with the entry ``child``, without ``entries_before``."""
        storage, todo = Storage(), [child]
        while todo:
            number = todo.pop()
            if number >= len(self._entries) or number in entries_before:
                continue
            entries_before.add(number)
            entry = self._entries[number]
            todo += [entry.left, entry.right]
            key = entry.name[: max(0, min(entry.name_length, 64) - 2)].decode("utf-16-le", "replace").lower()
            if entry.kind == _STREAM:
                size = entry.size if self._size > 512 else entry.size & 0xFFFFFFFF
                storage.streams[key] = (entry.first, size)
            elif entry.kind == _STORAGE and depth < _MAX_DEPTH:
                storage.storages[key] = self._storage_at(entry.child, entries_before, depth + 1)
        return storage
