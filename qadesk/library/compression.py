"""How texts are compressed in the index: with brotli, which makes short texts small as it knows common words."""

from __future__ import annotations

import zlib

_QUALITY = 5  # 6 takes longer for 0.3 % less, 9 ten times as long for 0.6 %
_THOROUGH = 10  # 15 % less than 5, twenty times as long; 11 takes twice as long as 10 for 1.5 % less
_CHECKSUM = 4  # bytes: brotli has none


def compress(data: bytes, *, thoroughly: bool = False) -> bytes:
    """``data`` as it is stored. ``thoroughly`` makes it 15 % smaller, at some 1 MB a second."""
    import brotli

    packed = bytes(brotli.compress(data, brotli.MODE_TEXT, _THOROUGH if thoroughly else _QUALITY))
    return _checksum(packed) + packed


def decompress(stored: bytes) -> bytes:
    """What ``compress`` was given. Raises ``ValueError`` if it is damaged."""
    import brotli

    packed = stored[_CHECKSUM:]
    if _checksum(packed) != stored[:_CHECKSUM]:
        raise ValueError("compressed data with an invalid checksum")
    try:
        return bytes(brotli.decompress(packed))
    except brotli.error as error:
        raise ValueError("invalid compressed data") from error


def _checksum(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(_CHECKSUM, "big")
