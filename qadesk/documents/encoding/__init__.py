"""Decodes the bytes of a text file: finds its encoding, and whether it is text at all."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from qadesk.documents.encoding.guessing import guess_codec
from qadesk.documents.encoding.unicode_forms import (
    MARKS,
    count_sequences,
    decode_damaged_utf8,
    is_damaged_utf8,
    is_valid_utf8,
    wide_codec,
)
from qadesk.documents.encoding.whatwg import Encoding, encoding_of, encoding_with

__all__ = ["Decoded", "decode", "may_be_text"]

_SAMPLE = 64 * 1024
_TEXT_CONTROLS = set("\t\n\v\f\r\x1b\b\x1a\x85")  # layout, terminal colours, the end mark of old systems
_CONTROL_BYTES = bytes(byte for byte in (*range(1, 32), 127) if chr(byte) not in _TEXT_CONTROLS)
_ESCAPES = (
    (b"\x1b$B", "iso2022_jp_ext"),
    (b"\x1b$@", "iso2022_jp_ext"),
    (b"\x1b(J", "iso2022_jp_ext"),
    (b"\x1b$)C", "iso2022_kr"),
)
_MULTIBYTE = frozenset(("cp932", "euc_jp", "gb18030", "big5hkscs", "cp949"))
_BAD_BYTES = "Some bytes are not text in this encoding and are shown as \ufffd."
_NULS = "Zero bytes, which are no text, were left out."


class Decoded(NamedTuple):
    """A text, and a note for the user where its encoding is not certain."""

    text: str
    note: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """The note, if there is one."""
        return (self.note,) if self.note else ()


def decode(data: bytes, label: str = "", encoding: str = "") -> Decoded | None:
    """The text of ``data``, without its byte order mark; None if it is not text.

    ``label`` is the encoding that the file itself names, as web pages do. A byte order mark overrides it, and so does
    text that is plainly in another encoding. ``encoding`` is the one that the user chose (a name of
    ``whatwg.ENCODINGS``); it overrides all. Raises ``ValueError`` if there is none of that name.
    """
    if encoding:
        return _decode_chosen(data, encoding)
    for mark, codec in MARKS:
        if data.startswith(mark):
            return _decode_as(codec, data[len(mark) :])
    row = encoding_of(label)
    if escaped := _decode_escaped(data, row):
        return escaped
    if is_valid_utf8(data) and b"\0" not in data and not (row and _is_label_right(data, row)):
        return _decode_as("utf-8", data)
    if row and not row.codec.startswith("utf") and (labelled := _decode_as(row.codec, data)):
        return labelled
    return _decode_unlabelled(data)


def may_be_text(data: bytes) -> bool:
    """Whether ``data``, which is no text for ``decode``, may be one in an encoding that the user knows.

    It may where hardly any byte is a control character, but for NULs, which are in wide encodings and between fields.
    In pictures, sound and programs a tenth of all bytes are.
    """
    sample = data[:_SAMPLE]
    bare = sample.replace(b"\0", b"")
    controls = len(bare) - len(bare.translate(None, _CONTROL_BYTES))
    return len(bare) * 4 >= len(sample) > 0 and controls * 100 <= len(bare)


def _decode_chosen(data: bytes, name: str) -> Decoded:
    row = encoding_of(name)
    if row is None:
        raise ValueError(f"no encoding is called {name!r}")
    for mark, codec in MARKS:
        if codec == row.codec:
            data = data.removeprefix(mark)
    text = data.decode(row.codec, errors="replace")
    return Decoded(text.replace("\0", "\ufffd"), _BAD_BYTES if "\ufffd" in text or "\0" in text else "")


def _decode_escaped(data: bytes, label: Encoding | None) -> Decoded | None:
    """``data`` if it is text with the escape sequences of an encoding of 7 bits."""
    codec = next((codec for escape, codec in _ESCAPES if escape in data), None)
    if codec is None or not data.isascii():
        return None
    decoded = _decode_as(codec, data)
    if decoded is None or decoded.note or (label is not None and label.codec == codec):
        return decoded
    return Decoded(decoded.text, _guess_note(codec))


def _is_label_right(data: bytes, row: Encoding) -> bool:
    """Whether the valid UTF-8 ``data`` may be in the encoding of its label all the same: a few bytes may be both."""
    if row.codec.startswith("utf"):
        return False
    return count_sequences(data) < (4 if row.codec in _MULTIBYTE else 2)


def _decode_unlabelled(data: bytes) -> Decoded | None:
    if b"\0" in data:
        bare = data.replace(b"\0", b"") if data.count(0) * 10 <= len(data) else b""
        codec = None if bare and is_valid_utf8(bare) else wide_codec(data)
        return _decode_guessed(codec, data) if codec else _decode_without_nuls(bare)
    if is_damaged_utf8(data):
        text = decode_damaged_utf8(data)
        return None if _is_binary(text) else Decoded(text, _BAD_BYTES if "\ufffd" in text else "")
    return _decode_guessed(guess_codec(data), data)


def _decode_without_nuls(bare: bytes) -> Decoded | None:
    """A text from which NULs were removed: they stand here and there in the log of a program that crashed."""
    decoded = decode(bare) if bare else None
    return decoded and Decoded(decoded.text, f"{decoded.note} {_NULS}".strip())


def _decode_guessed(codec: str | None, data: bytes) -> Decoded | None:
    decoded = _decode_as(codec, data) if codec else None
    if codec is None or decoded is None:
        return None
    return Decoded(decoded.text, f"{_guess_note(codec)} {decoded.note}".strip())


def _guess_note(codec: str) -> str:
    return f"The encoding was guessed as {encoding_with(codec).name}."


def _decode_as(codec: str, data: bytes) -> Decoded | None:
    """``data`` decoded by ``codec``, with a few invalid bytes as U+FFFD; None if there are many: it is not text."""
    note = ""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        text = data.decode(codec, errors="replace")
        note = _BAD_BYTES
    if _is_binary(text) or (note and text.count("\ufffd") * 20 > len(text)):
        return None
    return Decoded(text, note)


def _is_binary(text: str) -> bool:
    if "\0" in text:
        return True
    sample = text[:_SAMPLE]
    controls = sum(unicodedata.category(character) == "Cc" and character not in _TEXT_CONTROLS for character in sample)
    return controls * 100 > len(sample)
