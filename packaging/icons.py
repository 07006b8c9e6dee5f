"""Writes the icon for Windows and macOS: one file with all sizes, of the PNG files in resources/icons.

Both formats can contain PNG files unchanged.
"""

from __future__ import annotations

import struct
from pathlib import Path

import facts

ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
ICNS_TYPES = {b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic13": 256, b"ic08": 256, b"ic14": 512, b"ic09": 512}
"""The types of an .icns file that hold PNG, each with the width of its picture in pixels."""


def write_ico(path: Path) -> Path:
    """Write the icon for Windows to ``path``. Returns ``path``."""
    pictures = [_png(size) for size in ICO_SIZES]
    parts = [struct.pack("<3H", 0, 1, len(pictures))]
    offset = 6 + 16 * len(pictures)
    for size, picture in zip(ICO_SIZES, pictures, strict=True):
        side = size % 256  # in the format 0 stands for 256
        parts.append(struct.pack("<4B2H2I", side, side, 0, 0, 1, 32, len(picture), offset))
        offset += len(picture)
    path.write_bytes(b"".join(parts + pictures))
    return path


def write_icns(path: Path) -> Path:
    """Write the icon for macOS to ``path``. Returns ``path``."""
    parts = [kind + struct.pack(">I", 8 + len(_png(size))) + _png(size) for kind, size in ICNS_TYPES.items()]
    content = b"".join(parts)
    path.write_bytes(b"icns" + struct.pack(">I", 8 + len(content)) + content)
    return path


def _png(size: int) -> bytes:
    return (facts.RESOURCES / "icons" / f"{facts.COMMAND}-{size}.png").read_bytes()
