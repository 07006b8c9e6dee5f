"""The icon files of Windows and macOS hold our pictures, each where the format says."""

from __future__ import annotations

import struct
from pathlib import Path

import icons

PNG = b"\x89PNG\r\n\x1a\n"


def width(picture: bytes) -> int:
    assert picture.startswith(PNG)
    return int(struct.unpack(">I", picture[16:20])[0])


def test_ico(tmp_path: Path) -> None:
    data = icons.write_ico(tmp_path / "a.ico").read_bytes()
    reserved, kind, count = struct.unpack_from("<3H", data)
    assert (reserved, kind, count) == (0, 1, len(icons.ICO_SIZES))
    end = 6 + 16 * count
    for number, size in enumerate(icons.ICO_SIZES):
        wide, high, _colours, _, planes, bits, length, offset = struct.unpack_from("<4B2H2I", data, 6 + 16 * number)
        assert (wide or 256, high or 256, planes, bits) == (size, size, 1, 32)
        assert offset == end
        assert width(data[offset : offset + length]) == size
        end += length
    assert end == len(data)


def test_icns(tmp_path: Path) -> None:
    data = icons.write_icns(tmp_path / "a.icns").read_bytes()
    assert data[:4] == b"icns"
    assert struct.unpack(">I", data[4:8])[0] == len(data)
    widths, at = {}, 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at + 4 : at + 8])
        widths[data[at : at + 4]] = width(data[at + 8 : at + length])
        at += length
    assert widths == icons.ICNS_TYPES
