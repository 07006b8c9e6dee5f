"""The encodings of the WHATWG Encoding Standard, which is what browsers know, with their labels and Python codecs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding. ``name``: as notes, commands and the window have it. ``use``: the languages or scripts of its texts.

    ``labels``: what files call it beside its name, in small letters.
    """

    name: str
    use: str
    codec: str
    labels: tuple[str, ...] = ()


def _row(name: str, use: str, codec: str, labels: str = "") -> Encoding:
    return Encoding(name, use, codec, tuple(labels.split()))


ENCODINGS: tuple[Encoding, ...] = (
    _row("UTF-8", "All languages", "utf-8", "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf8 x-unicode20utf8"),
    _row("UTF-16LE", "All languages", "utf-16-le", "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16"),
    _row("UTF-16BE", "All languages", "utf-16-be", "unicodefffe"),
    _row("UTF-32LE", "All languages", "utf-32-le", "utf-32"),
    _row("UTF-32BE", "All languages", "utf-32-be"),
    _row(
        "Windows-1252", "Western European", "cp1252",
        "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 "
        "iso_8859-1:1987 l1 latin1 us-ascii x-cp1252",
    ),
    _row("ISO-8859-15", "Western European", "iso8859_15", "csisolatin9 iso8859-15 iso885915 iso_8859-15 l9"),
    _row("Macintosh", "Western European", "mac_roman", "csmacintosh mac x-mac-roman"),
    _row("Windows-1250", "Central European", "cp1250", "cp1250 x-cp1250"),
    _row(
        "ISO-8859-2", "Central European", "iso8859_2",
        "csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2",
    ),
    _row("ISO-8859-16", "Romanian", "iso8859_16"),
    _row("IBM852", "Central European", "cp852", "cp852"),
    _row(
        "ISO-8859-3", "South European", "iso8859_3",
        "csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3",
    ),
    _row("Windows-1257", "Baltic", "cp1257", "cp1257 x-cp1257"),
    _row("ISO-8859-13", "Baltic", "iso8859_13", "iso8859-13 iso885913"),
    _row(
        "ISO-8859-4", "Baltic", "iso8859_4",
        "csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4",
    ),
    _row("ISO-8859-10", "Nordic", "iso8859_10", "csisolatin6 iso-ir-157 iso8859-10 iso885910 l6 latin6"),
    _row("ISO-8859-14", "Celtic", "iso8859_14", "iso8859-14 iso885914"),
    _row("Windows-1251", "Cyrillic", "cp1251", "cp1251 x-cp1251"),
    _row("KOI8-R", "Russian", "koi8_r", "cskoi8r koi koi8 koi8_r"),
    _row("KOI8-U", "Ukrainian", "koi8_u", "koi8-ru"),
    _row("IBM866", "Cyrillic", "cp866", "866 cp866 csibm866"),
    _row("IBM855", "Cyrillic", "cp855", "cp855"),
    _row(
        "ISO-8859-5", "Cyrillic", "iso8859_5",
        "csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988",
    ),
    _row("X-Mac-Cyrillic", "Cyrillic", "mac_cyrillic", "x-mac-ukrainian"),
    _row("Windows-1253", "Greek", "cp1253", "cp1253 x-cp1253"),
    _row(
        "ISO-8859-7", "Greek", "iso8859_7",
        "csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 "
        "sun_eu_greek",
    ),
    _row(
        "Windows-1254", "Turkish", "cp1254",
        "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 x-cp1254",
    ),
    _row("Windows-1255", "Hebrew", "cp1255", "cp1255 x-cp1255"),
    _row(
        "ISO-8859-8", "Hebrew", "iso8859_8",
        "csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 "
        "visual csiso88598i iso-8859-8-i logical",
    ),
    _row("Windows-1256", "Arabic", "cp1256", "cp1256 x-cp1256"),
    _row(
        "ISO-8859-6", "Arabic", "iso8859_6",
        "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i iso-ir-127 "
        "iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987",
    ),
    _row("Windows-874", "Thai", "cp874", "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620"),
    _row("Windows-1258", "Vietnamese", "cp1258", "cp1258 x-cp1258"),
    _row("GB18030", "Chinese, simplified", "gb18030",
         "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk"),
    _row("HZ", "Chinese, simplified", "hz", "hz-gb-2312"),
    _row("Big5", "Chinese, traditional", "big5hkscs", "big5-hkscs cn-big5 csbig5 x-x-big5"),
    _row("Shift-JIS", "Japanese", "cp932",
         "csshiftjis ms932 ms_kanji shift_jis sjis windows-31j x-sjis"),
    _row("EUC-JP", "Japanese", "euc_jp", "cseucpkdfmtjapanese x-euc-jp"),
    _row("ISO-2022-JP", "Japanese", "iso2022_jp_ext", "csiso2022jp"),
    _row(
        "EUC-KR", "Korean", "cp949",
        "cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949",
    ),
    _row("ISO-2022-KR", "Korean", "iso2022_kr", "csiso2022kr"),
)  # fmt: skip
"""The order is that of the window's menu. IBM852, IBM855, UTF-32, HZ and ISO-2022-KR are not of the standard."""

# The standard's labels without a row say nothing that a text can be read by, and are taken for none: "replacement",
# "iso-2022-cn", "iso-2022-cn-ext", "x-user-defined".
_BY_LABEL = {label: row for row in ENCODINGS for label in (row.name.lower(), *row.labels)}
_BY_CODEC = {row.codec: row for row in ENCODINGS}


def encoding_of(label: str) -> Encoding | None:
    """The encoding that files and users call ``label``; None if it is none."""
    return _BY_LABEL.get(label.strip(" \t\n\r\f").lower())


def encoding_with(codec: str) -> Encoding:
    """The encoding with the Python codec ``codec``, one of the table."""
    return _BY_CODEC[codec]
