"""How the bodies of mail are packed for transfer, and how large they are unpacked."""

from __future__ import annotations

import binascii
import re

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def from_base64(data: bytes) -> bytes:
    """``data`` unpacked; whatever is not base64 in it is left out."""
    digits = _NOT_BASE64.sub(b"", data)
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))


def unpacked(data: bytes, encoding: str) -> bytes:
    """``data`` packed as ``encoding`` says; as it is for those that change nothing, and for unknown ones."""
    if encoding == "base64":
        return from_base64(data)
    return binascii.a2b_qp(data) if encoding == "quoted-printable" else data


def unpacked_size(data: bytes, start: int, end: int, encoding: str) -> int:
    """The bytes that ``data[start:end]`` has unpacked, without unpacking it: of base64 by its digits."""
    if encoding != "base64":
        return end - start
    padding = data.count(b"=", max(start, end - 6), end)
    digits = end - start - data.count(b"\n", start, end) - data.count(b"\r", start, end) - padding
    return digits * 3 // 4
