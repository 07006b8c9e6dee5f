"""Decodes the bytes of a text file: finds its encoding, and whether it is text at all."""

from __future__ import annotations

import codecs
import io
import unicodedata
from contextlib import suppress
from typing import NamedTuple

_BOMS = (  # the longer ones first: that of UTF-32 begins like that of UTF-16
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

_NAMES = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp1257": "Windows-1257",
    "cp874": "Windows-874",
    "koi8_r": "KOI8-R",
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB18030",
    "big5": "Big5",
    "cp949": "EUC-KR",
}

# The encodings that occur in files without a byte order mark. Rarer ones that charset_normalizer knows only win by
# accident.
_GUESSED = [codec for codec in _NAMES if not codec.startswith("utf")]

# Labels of web pages with the codecs that browsers use for them (WHATWG Encoding Standard). Without UTF-8: that is
# tried anyway, and the encoding is guessed where the label is wrong.
_LABELS = {
    **{_NAMES[codec].lower(): codec for codec in _GUESSED},
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "us-ascii", "ascii", "cp1252"), "cp1252"),
    **dict.fromkeys(("shift_jis", "sjis", "x-sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **{f"iso-8859-{part}": f"iso8859_{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    "iso-8859-9": "cp1254",
    "koi8-u": "koi8_u",
    "ks_c_5601-1987": "cp949",
    "macintosh": "mac_roman",
}

_SAMPLE = 64 * 1024
_PRINTABLE_ASCII = bytes([*range(32, 127), 9, 10, 13])
_TEXT_CONTROLS = set("\t\n\v\f\r\x1b\b\x1a\x85")  # layout, terminal colours, the end mark of old systems


class Decoded(NamedTuple):
    """A text, and a note for the user where its encoding is not certain."""

    text: str
    note: str = ""


def decode(data: bytes, label: str = "") -> Decoded | None:
    """The text of ``data``, without its byte order mark; None if it is not text.

    ``label`` is the encoding that the file itself names, as web pages do. A byte order mark overrides it.
    """
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return _decode_as(codec, data[len(mark) :])
    named = _LABELS.get(label.strip().lower())
    if named and (labelled := _decode_as(named, data)):
        return labelled
    if b"\0" in data:
        return _decode_guessed(_utf16_order(data), data)
    return _decode_as("utf-8", data) if _is_mostly_utf8(data) else _decode_guessed(_guess_codec(data), data)


def _decode_guessed(codec: str | None, data: bytes) -> Decoded | None:
    decoded = _decode_as(codec, data) if codec else None
    if codec is None or decoded is None:
        return None
    return Decoded(decoded.text, f"The encoding was guessed as {_NAMES[codec]}. {decoded.note}".strip())


def _decode_as(codec: str, data: bytes) -> Decoded | None:
    """``data`` decoded by ``codec``, with a few invalid bytes as U+FFFD; None if there are many: it is not text."""
    note = ""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        text = data.decode(codec, errors="replace")
        note = "Some bytes are not text in this encoding and are shown as \ufffd."
    if _is_binary(text) or (note and text.count("\ufffd") * 20 > len(text)):
        return None
    return Decoded(text, note)


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether ``data`` is UTF-8, except for a few invalid bytes: a cut end, a pasted piece."""
    with suppress(UnicodeDecodeError):
        data.decode("utf-8")
        return True
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", errors="ignore")) - bad
    return good >= 10 * bad


def _utf16_order(data: bytes) -> str | None:
    """``utf-16-le`` or ``utf-16-be`` if ``data`` is text in it; None if it is in neither."""
    common: dict[str, int] = {}  # how many common characters each order gives
    if len(data[:_SAMPLE].translate(None, _PRINTABLE_ASCII)) * 10 < len(data[:_SAMPLE]):
        return None  # plain text with a NUL in it, which as UTF-16 would be Chinese
    for codec in ("utf-16-le", "utf-16-be"):
        try:
            text = data[:_SAMPLE].decode(codec)
        except UnicodeDecodeError:
            continue
        # In the wrong order common characters become rare ones: a space becomes U+2000, a line end U+0A00.
        if not any(unicodedata.category(character) in ("Cn", "Co", "Cs") for character in text):
            common[codec] = sum(character in " \n,.\u3001\u3002" or character.isascii() for character in text)
    return max(common, key=lambda codec: common[codec], default=None)


def _guess_codec(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    part = _non_ascii_lines(data)
    if japanese := next((codec for codec in ("cp932", "euc_jp") if _has_kana(part, codec)), None):
        return japanese
    # Without the last byte in the second attempt: the part may end in half a character.
    matches = from_bytes(part, cp_isolation=_GUESSED) or from_bytes(part[:-1], cp_isolation=_GUESSED)
    best = matches.best()
    if best is None:
        return None
    # A few accented letters leave several encodings about as likely; cp1252 is the most common of them.
    for match in matches:
        is_close = match.chaos <= best.chaos + 0.06 and match.coherence >= best.coherence
        if is_close and "cp1252" in match.could_be_from_charset:
            return "cp1252"
    return str(best.encoding)


def _has_kana(part: bytes, codec: str) -> bool:
    """Whether ``part`` is Japanese in ``codec``: kana are frequent in it, and rare by chance."""
    try:
        text = codecs.getincrementaldecoder(codec)().decode(part)  # accepts half a character at the end
    except UnicodeDecodeError:
        return False
    kana = sum("\u3041" <= character <= "\u30fe" for character in text)
    return kana * 5 > len(text) - len(text.encode("ascii", errors="ignore"))


def _non_ascii_lines(data: bytes) -> bytes:
    """The first lines that are not plain ASCII, at most ``_SAMPLE`` bytes: other lines say nothing of the encoding."""
    part = bytearray()
    for line in io.BytesIO(data):
        if not line.isascii():
            part += line
        if len(part) >= _SAMPLE:
            break
    return bytes(part[:_SAMPLE])


def _is_binary(text: str) -> bool:
    if "\0" in text:
        return True
    sample = text[:_SAMPLE]
    controls = sum(unicodedata.category(character) == "Cc" and character not in _TEXT_CONTROLS for character in sample)
    return controls * 100 > len(sample)
