"""The compressed Rich Text in which Outlook keeps the text of some messages ([MS-OXRTFCP])."""

from __future__ import annotations

import struct

from qadesk.documents.parsing import Heartbeat

_HEADER = struct.Struct("<IIII")
_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_RING = 4096
_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_MAX_BYTES = 40_000_000
_BEATS = 10_000


def decompressed(data: bytes, heartbeat: Heartbeat) -> bytes:
    """The Rich Text in ``data``, as far as it is whole; b'' if there is none."""
    if len(data) < _HEADER.size:
        return b""
    _, size, kind, _ = _HEADER.unpack_from(data)
    if kind == _PLAIN:
        return data[_HEADER.size : _HEADER.size + size]
    return _unpacked(data, min(size, _MAX_BYTES), heartbeat) if kind == _COMPRESSED else b""


def _unpacked(data: bytes, size: int, heartbeat: Heartbeat) -> bytes:
    """Each byte of flags says of the eight things behind it whether they are bytes or copies of what came before."""
    out, place, end = bytearray(_START), _HEADER.size, len(_START) + size
    while place < len(data) and len(out) < end:
        flags, place = data[place], place + 1
        if not place % _BEATS:
            heartbeat()
        for bit in range(8):
            if not flags >> bit & 1:
                out += data[place : place + 1]
                place += 1
                continue
            code = int.from_bytes(data[place : place + 2], "big")
            place += 2
            distance = (len(out) - (code >> 4)) % _RING
            if not distance or distance > len(out) or place > len(data):
                return bytes(out[len(_START) :])  # the end mark, or damage
            _copy(out, distance, (code & 15) + 2)
    return bytes(out[len(_START) : end])


def _copy(out: bytearray, distance: int, length: int) -> None:
    start = len(out) - distance
    if distance >= length:
        out += out[start : start + length]
    else:  # the copy goes on with what it has just written
        out += (out[start:] * (length // distance + 1))[:length]
