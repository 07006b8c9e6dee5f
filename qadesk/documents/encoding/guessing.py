"""Guesses the encoding of a text that is not in a form of Unicode."""

from __future__ import annotations

import codecs
import io
import re

from qadesk.documents.encoding.whatwg import ENCODINGS

_SAMPLE = 64 * 1024
# Without those that win only by accident, and those that are recognised by their escape sequences.
_NOT_GUESSED = ("utf", "iso2022", "hz", "iso8859_3", "iso8859_4", "iso8859_10")
_GUESSED = tuple(row.codec for row in ENCODINGS if not row.codec.startswith(_NOT_GUESSED))
_OWN_NAMES = {codecs.lookup(codec).name: codec for codec in _GUESSED} | {"euc_jis_2004": "euc_jp"}
_RARE = frozenset(("cp852", "cp855", "iso8859_14", "iso8859_16", "mac_roman"))
# The encodings of Windows that many texts are the same in.
_WINDOWS = {
    "iso8859_15": "cp1252", "mac_roman": "cp1252", "iso8859_2": "cp1250", "iso8859_16": "cp1250", "iso8859_5": "cp1251",
    "iso8859_7": "cp1253", "iso8859_8": "cp1255", "iso8859_6": "cp1256", "iso8859_13": "cp1257", "koi8_u": "koi8_r",
}  # fmt: skip
_MOST_CANDIDATES = 8
_UNSURE = 0.05
_OTHER_SCRIPTS = "\u0370-\u052f\u0590-\u06ff\u0e00-\u0e7f\u2500-\u25ff"
_IMPLAUSIBLE = re.compile(  # two scripts, or a sign, inside a word
    rf"[a-zA-Z][{_OTHER_SCRIPTS}]|[{_OTHER_SCRIPTS}][a-zA-Z]|[^\W\d_][«»„¤¦§¨©¬¯±¶¸¹º¼½¾÷×¿¡][^\W\d_]"
)


def guess_codec(data: bytes) -> str | None:
    """The codec that ``data`` is probably text in; None if it is no text. Looks at a part of bounded length."""
    from chardet import detect_all

    part = _telling_lines(data)
    names = [codec.replace("_", "-") for codec in _GUESSED]
    candidates = detect_all(part, ignore_threshold=True, include_encodings=names, compat_names=False)
    ranks: dict[str, float] = {}
    for candidate in candidates[:_MOST_CANDIDATES]:
        name = candidate["encoding"]
        codec = _OWN_NAMES.get(codecs.lookup(name).name) if name else None
        if codec and codec not in ranks:
            ranks[codec] = _plausibility(part, codec) * candidate["confidence"]
    best = max(ranks, key=lambda codec: ranks[codec], default=None)
    if best is None:
        return None
    # A few accented letters leave several encodings about as likely; cp1252 is the most common of them.
    if ranks[best] < _UNSURE and ranks.get("cp1252", 0) >= 0.5 * ranks[best]:
        return "cp1252"
    text = _decoded(part, best)
    return next((codec for codec in ("cp1252", _WINDOWS.get(best)) if codec and _decoded(part, codec) == text), best)


def _plausibility(part: bytes, codec: str) -> float:
    """From 0 to 1: less where ``part`` has in ``codec`` what is no text, and for codecs that are rare."""
    text = _decoded(part, codec)
    foreign = max(1, len(text) - len(text.encode("ascii", errors="ignore")))
    implausible = text.count("\ufffd") + len(_IMPLAUSIBLE.findall(text))
    return max(0.01, 1 - 3 * implausible / foreign) * (0.7 if codec in _RARE else 1)


def _decoded(part: bytes, codec: str) -> str:
    return codecs.getincrementaldecoder(codec)("replace").decode(part)  # without half a character at the end


def _telling_lines(data: bytes) -> bytes:
    """The first lines that are not plain ASCII, at most ``_SAMPLE`` bytes: other lines say nothing of the encoding."""
    part = bytearray()
    for line in io.BytesIO(data):
        if not line.isascii():
            part += line[:_SAMPLE]
        if len(part) >= _SAMPLE:
            break
    return bytes(part[:_SAMPLE])
