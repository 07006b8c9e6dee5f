"""ZIP archives made to fill the memory before anything in them is read."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from qadesk.documents.formats import FORMATS, format_of
from qadesk.errors import DocumentError

ARCHIVES = [row for row in FORMATS if row.media_types]


def archive_with_directory(members: int) -> bytes:
    """An archive that lists one empty member so many times."""
    name = b"a"
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + name
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + name
    size = members * len(entry)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, min(members, 65535), min(members, 65535), size, len(local), 0)
    return local + entry * members + end


@pytest.mark.parametrize("members", [20_000, 1_000_000])
@pytest.mark.parametrize("row", ARCHIVES, ids=lambda row: row.kind)
def test_a_list_of_a_million_members(row, members: int) -> None:
    file = io.BytesIO(archive_with_directory(members))
    path = Path(f"a{row.suffixes[0]}")
    from qadesk.documents.parsing import Source

    start = time.monotonic()
    tracemalloc.start()
    with pytest.raises(DocumentError, match="would grow far too large when unpacked") as excinfo:
        format_of(path, file).read(Source(file, f"'{path.name}'"))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100_000_000
    assert time.monotonic() - start < 10
    assert excinfo.value.hint


def test_a_bomb_is_not_unpacked_to_find_out_what_it_is() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name in ("mimetype", "[Content_Types].xml"):
            with out.open(name, "w") as part:
                for _ in range(100):
                    part.write(b" " * 1_000_000)
    tracemalloc.start()
    with pytest.raises(DocumentError, match="is a ZIP archive or a file of another program"):
        format_of(Path("a"), file)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000
