"""Which Python codec the bytes of a font are in, by the numbers that RTF has for character sets and code pages."""

from __future__ import annotations

import codecs
from typing import NamedTuple

SYMBOLS = "symbols"
"""In the place of a codec: the bytes are places of a font that draws symbols."""

_BY_CHARSET = {
    0: "cp1252", 2: SYMBOLS, 77: "mac_roman", 78: "cp932", 79: "cp949", 80: "gb18030", 81: "big5hkscs",
    83: "mac_latin2", 84: "mac_turkish", 85: "mac_greek", 89: "mac_cyrillic", 128: "cp932", 129: "cp949", 130: "johab",
    134: "gb18030", 136: "big5hkscs", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256",
    186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_BY_PAGE = {
    42: SYMBOLS, 708: "iso8859_6", 936: "gb18030", 950: "big5hkscs", 1361: "johab", 10000: "mac_roman",
    10001: "cp932", 10006: "mac_greek", 10007: "mac_cyrillic", 10029: "mac_latin2", 10081: "mac_turkish",
    20127: "cp1252", 20866: "koi8_r", 21866: "koi8_u", 28591: "cp1252", 28592: "iso8859_2", 28595: "iso8859_5",
    50220: "iso2022_jp", 51932: "euc_jp", 51949: "cp949", 54936: "gb18030", 65000: "utf-7", 65001: "utf-8",
}  # fmt: skip


class Font(NamedTuple):
    """A font of the document: the codec of its bytes, '' for that of the document, and its name."""

    codec: str = ""
    name: str = ""


def codec_of_charset(number: int) -> str:
    """The codec of the character set ``number`` of a font; '' for that of the document."""
    return _BY_CHARSET.get(number, "")


def codec_of_page(number: int) -> str:
    """The codec of the code page ``number``; that of Western Europe for an unknown one."""
    if number in _BY_PAGE:
        return _BY_PAGE[number]
    name = f"cp{number}"
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name
