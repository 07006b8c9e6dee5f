"""Recognises texts in UTF-8, UTF-16 and UTF-32, also damaged ones and ones without a byte order mark."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator

MARKS = (  # the longer ones first: that of UTF-32 begins like that of UTF-16
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

_SAMPLE = 64 * 1024
_PRINTABLE_ASCII = bytes([*range(32, 127), 9, 10, 13])
_ASCII_AND_CONTINUATIONS = bytes(range(0xC0))
_LONE = re.compile(rb"(?<![\x80-\xff])[\x80-\x9f](?![\x80-\xff])")  # mostly quotation marks of Windows-1252
_STRAY = "qadesk-stray-byte"


def count_sequences(data: bytes) -> int:
    """How many characters of the valid UTF-8 ``data`` are not ASCII: each has one byte that leads."""
    return len(data.translate(None, _ASCII_AND_CONTINUATIONS))


def is_valid_utf8(data: bytes) -> bool:
    """Whether all of ``data`` is UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def is_damaged_utf8(data: bytes) -> bool:
    """Whether ``data``, which is not all UTF-8, is UTF-8 but for stray bytes: a cut end, a pasted piece.

    Valid sequences of bytes are rare by chance, in any other encoding much rarer than invalid ones.
    """
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", errors="ignore")) - bad
    return good >= max(2, bad - len(_LONE.findall(data)))


def decode_damaged_utf8(data: bytes) -> str:
    """``data`` with its stray bytes as U+FFFD, or as quotation marks and dashes of Windows-1252 where they are that."""
    return data.decode("utf-8", errors=_STRAY)


def _stray_byte(error: UnicodeError) -> tuple[str, int]:
    """What an invalid byte is shown as: a byte of 0x80 to 0x9F alone among ASCII is Windows-1252."""
    assert isinstance(error, UnicodeDecodeError)
    data, start = error.object, error.start
    if _LONE.match(data, start):
        return data[start : start + 1].decode("cp1252", errors="replace"), error.end
    return "\ufffd", error.end


codecs.register_error(_STRAY, _stray_byte)


def wide_codec(data: bytes) -> str | None:
    """The codec of UTF-16 or UTF-32 that ``data``, in which there are NULs, is text in; None if it is none."""
    sample = data[:_SAMPLE]
    if len(sample.translate(None, _PRINTABLE_ASCII)) * 10 < len(sample):
        return None  # plain text with a NUL in it, which as UTF-16 would be Chinese
    return max(_common_characters(sample), default=(0, None))[1]


def _common_characters(sample: bytes) -> Iterator[tuple[int, str]]:
    """For each codec that ``sample`` may be text in, how many common characters it gives."""
    for codec, size in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        try:
            text = sample[: len(sample) // size * size].decode(codec)
        except UnicodeDecodeError:
            continue
        # In the wrong order common characters become rare ones: a space becomes U+2000, a line end U+0A00.
        if "\0" not in text and not any(unicodedata.category(character) in ("Cn", "Co", "Cs") for character in text):
            yield sum(character in " \n,.\u3001\u3002" or character.isascii() for character in text), codec
