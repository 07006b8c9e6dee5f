from __future__ import annotations

import codecs
import hashlib
import zlib

import pytest

from qadesk.documents.encoding import decode, may_be_text
from qadesk.documents.encoding.whatwg import ENCODINGS, encoding_of

JAPANESE = "灯台は一八五四年に建てられました。海のそばにあります。"
TEXTS = {
    "ascii": "The lamp was lit in 1854.\r\nIt burned oil.\n",
    "western": "Le café était fermé.\r\n\r\n£5 à l’entrée – « déjà vu » 😀\n",
    "japanese": JAPANESE + "\n",
    "russian": "Маяк построен в 1854 году.\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (b"", "utf-8"),
    ],
)
def test_marked_and_utf8_texts_come_out_exactly(mark: bytes, codec: str, text: str) -> None:
    assert decode(mark + text.encode(codec)) == (text, "")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize(
    ("codec", "name"),
    [("utf-16-le", "UTF-16LE"), ("utf-16-be", "UTF-16BE"), ("utf-32-le", "UTF-32LE"), ("utf-32-be", "UTF-32BE")],
)
def test_utf16_and_utf32_without_a_mark(codec: str, name: str, text: str) -> None:
    assert decode(text.encode(codec)) == (text, f"The encoding was guessed as {name}.")


@pytest.mark.parametrize(
    ("codec", "name", "text"),
    [
        ("cp1252", "Windows-1252", "café"),
        ("cp1252", "Windows-1252", "The naïve approach fails."),
        ("cp1252", "Windows-1252", "naïve"),
        ("cp1252", "Windows-1252", "5 °C"),
        ("cp1252", "Windows-1252", "Müller"),
        ("cp1252", "Windows-1252", "It’s a “quoted” sentence — with dashes – and an ellipsis… It costs €20."),
        ("cp1252", "Windows-1252", "Heat it to 180 °C for 20 minutes. © 2020 The author."),
        ("cp1252", "Windows-1252", "Le café était fermé à l'arrivée des élèves, mais la fenêtre restait ouverte."),
        ("cp1252", "Windows-1252", "Die Straße über den Fluß ist für Fußgänger gesperrt."),
        ("cp1252", "Windows-1252", "El niño comió una manzana en el jardín. ¿Vienes tú también?"),
        ("cp1252", "Windows-1252", "På våren går vi ut och äter på ängen vid sjön."),
        ("latin-1", "Windows-1252", "A canção não é tão difícil."),
        ("cp1250", "Windows-1250", "Dziś poszedłem do sklepu, żeby kupić chleb i mleko, ale był już zamknięty."),
        ("cp1250", "Windows-1250", "Příliš žluťoučký kůň úpěl ďábelské ódy."),
        ("cp1251", "Windows-1251", "Сегодня я ходил в магазин, чтобы купить хлеб и молоко."),
        ("koi8_r", "KOI8-R", "Сегодня я ходил в магазин, чтобы купить хлеб и молоко."),
        ("cp1253", "Windows-1253", "Σήμερα πήγα στο μαγαζί για να αγοράσω ψωμί και γάλα."),
        ("cp932", "Shift-JIS", "灯台は海のそばにある。"),
        ("cp932", "Shift-JIS", JAPANESE),
        ("cp932", "Shift-JIS", JAPANESE * 2000),
        ("euc_jp", "EUC-JP", JAPANESE),
        ("gb18030", "GB18030", "今天我去商店买面包和牛奶，但是商店已经关门了。"),
        ("gb18030", "GB18030", "今天我去商店买面包和牛奶，但是商店已经关门了。" * 2000),
        ("big5", "Big5", "今天我去商店買麵包和牛奶，但是商店已經關門了。"),
        (
            "cp1250",
            "Windows-1250",
            "A könyvtár hétfőn zárva tart. A kulcsot Kőszegi Győző őrzi, az erdő mögött tűz ütött ki.",
        ),
        ("iso8859_2", "ISO-8859-2", "Dziś poszedłem do sklepu, żeby kupić świeży chleb, ale był już zamknięty."),
        ("iso8859_2", "ISO-8859-2", "Včera jsme šli do lesa, kde ještě ležel sníh, a večer jsme se vrátili domů."),
        (
            "cp1254",
            "Windows-1254",
            "Kütüphane pazar günü kapalıdır. Anahtarı Işıl Çağlar saklıyor; kapı ağır ve eşiği kırık.",
        ),
        ("cp1255", "Windows-1255", "המפתח תלוי מעל הדלת."),
        ("cp1255", "Windows-1255", "שלום עולם"),
        ("cp1256", "Windows-1256", "مرحبا بالعالم"),
        ("cp1257", "Windows-1257", "Ąžuolas auga prie kelio, šalia jo žydi gėlės."),
        ("cp874", "Windows-874", "ห้องสมุดปิดวันอาทิตย์ กุญแจอยู่กับผู้ดูแล"),
        ("cp866", "IBM866", "Библиотека закрыта в воскресенье. Ключ хранится у сторожа Петрова."),
        ("cp866", "IBM866", "Привет, мир"),
        ("iso8859_5", "ISO-8859-5", "Библиотека закрыта в воскресенье. Ключ хранится у сторожа Петрова."),
        ("koi8_r", "KOI8-R", "Привет, мир"),
        ("koi8_u", "KOI8-U", "Бібліотека зачинена в неділю, ключ зберігає її сторож."),
        ("mac_cyrillic", "X-Mac-Cyrillic", "Библиотека закрыта в воскресенье. Ключ хранится у сторожа Петрова."),
        ("gb18030", "GB18030", "经理星期一到。"),
        ("gb18030", "GB18030", "中文测试"),
        ("big5", "Big5", "圖書館星期日關門"),
        ("cp932", "Shift-JIS", "日本語"),
        ("iso2022_jp", "ISO-2022-JP", "図書館は日曜日に閉まります。"),
        ("iso2022_kr", "ISO-2022-KR", "도서관은 일요일에 닫습니다."),
        ("cp949", "EUC-KR", "도서관은 일요일에 닫습니다"),
        ("cp949", "EUC-KR", "오늘 빵과 우유를 사러 가게에 갔는데 이미 문이 닫혀 있었습니다."),
    ],
)
def test_other_encodings_are_guessed_and_named(codec: str, name: str, text: str) -> None:
    assert decode(text.encode(codec)) == (text, f"The encoding was guessed as {name}.")


def test_the_guess_looks_at_the_telling_lines_of_a_long_text() -> None:
    text = "Only plain letters here.\n" * 20_000 + "Le café était fermé à l'arrivée des élèves.\n"
    assert decode(text.encode("cp1252")) == (text, "The encoding was guessed as Windows-1252.")


BAD = "Some bytes are not text in this encoding and are shown as \ufffd."


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ((JAPANESE * 5).encode()[:-1], (JAPANESE * 5)[:-1] + "\ufffd"),
        ("José, Zoë: ".encode() + b"Ren\xe9 helps. " + "Ça va.".encode(), "José, Zoë: Ren\ufffd helps. Ça va."),
        ("Café, naïve: ".encode() + b"\xff\xfe" + " façade".encode(), "Café, naïve: \ufffd\ufffd façade"),
        ("Ключ".encode() + b"\x92\x93", "Ключ\ufffd\ufffd"),
    ],
)  # fmt: skip
def test_a_few_bad_bytes_do_not_make_utf8_another_encoding(data: bytes, text: str) -> None:
    assert decode(data) == (text, BAD)
    assert decode(data, "utf-8") == (text, BAD)


def test_a_quotation_mark_of_windows_in_utf8_is_shown() -> None:
    data = "José and Zoë opened the café. ".encode() + b"It\x92s run \x96 well \x96 by \x93them\x94."
    assert decode(data) == ("José and Zoë opened the café. It’s run – well – by “them”.", "")


def test_one_sequence_of_utf8_does_not_make_a_text_utf8() -> None:
    data = "Tür, Öl, Maß, süß. Die Tür ist zu.\n".encode("cp1252") * 3 + "Nachtrag: Café".encode()
    decoded = decode(data)
    assert decoded is not None
    assert decoded.text.startswith("Tür, Öl, Maß, süß.")


def test_a_lone_surrogate_in_utf16_becomes_one_replacement() -> None:
    text, note = decode(codecs.BOM_UTF16_LE + ("a" * 40).encode("utf-16-le") + b"\x00\xd8" + b"b\x00") or ("", "")
    assert text == "a" * 40 + "\ufffdb"
    assert note


@pytest.mark.parametrize(
    ("label", "codec"),
    [("iso-8859-1", "cp1252"), (" Windows-1252 ", "cp1252"), ("iso-8859-2", "iso8859-2"), ("utf-8", "utf-8")],
)
def test_the_file_s_own_label_counts(label: str, codec: str) -> None:
    text = "Köln, Ötztal" if codec != "iso8859-2" else "Łódź, Kraków"
    assert decode(text.encode(codec), label) == (text, "")


@pytest.mark.parametrize("label", ["rot13", "zlib_codec", "unicode_escape", "idna", "nonsense", "x" * 500])
def test_labels_that_no_browser_knows_are_ignored(label: str) -> None:
    assert decode(b"\\u0041 plain", label) == ("\\u0041 plain", "")


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 4,
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0",
        b"\x01\x02\x03\x04" * 10,
        codecs.BOM_UTF16_LE + b"\0\0\0\0",
        codecs.BOM_UTF8 + b"\xff\xfe\xfd" * 10,
    ],
)
def test_binary_data_is_not_text(data: bytes) -> None:
    assert decode(data) is None


def test_control_characters_of_logs_are_text() -> None:
    assert decode(b"\x1b[31mred\x1b[0m\tdone\x0c\n") == ("\x1b[31mred\x1b[0m\tdone\x0c\n", "")


def test_a_wrong_label_does_not_spoil_the_text() -> None:
    text = "Le café était fermé à l'arrivée des élèves."
    assert decode(text.encode("cp1252"), "utf-8") == (text, "The encoding was guessed as Windows-1252.")
    assert decode((JAPANESE * 2).encode(), "shift_jis") == (JAPANESE * 2, "")


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1251", "shift_jis", "gbk", "utf-16", "big5", "nonsense"])
def test_a_label_against_plain_utf8_loses(label: str) -> None:
    text = "Le café était fermé à l’arrivée des élèves."
    assert decode(text.encode(), label) == (text, "")


def test_a_label_counts_where_a_few_bytes_may_be_both() -> None:
    assert decode("联通".encode("gb18030"), "gb2312") == ("联通", "")


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("iso-2022-jp", "iso2022_jp", JAPANESE),
        ("csISO2022JP", "iso2022_jp", JAPANESE),
        ("ibm866", "cp866", "Библиотека закрыта"),
        ("latin2", "iso8859_2", "Příliš žluťoučký kůň"),
        ("windows-1258", "cp1258", "cà phê"),
        ("x-mac-cyrillic", "mac_cyrillic", "Библиотека"),
        ("iso-8859-8-i", "iso8859_8", "שלום"),
        ("x-sjis", "cp932", JAPANESE),
        ("\tEUC-KR\n", "cp949", "도서관은"),
        ("hz-gb-2312", "hz", "图书馆"),
    ],
)
def test_labels_of_web_pages(label: str, codec: str, text: str) -> None:
    assert decode(text.encode(codec), label) == (text, "")


@pytest.mark.parametrize("label", ["replacement", "x-user-defined", "iso-2022-cn"])
def test_labels_that_no_text_can_be_read_by_are_ignored(label: str) -> None:
    text = "Le café était fermé à l'arrivée des élèves."
    assert decode(text.encode("cp1252"), label) == (text, "The encoding was guessed as Windows-1252.")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"text with a \0 in it", "text with a  in it"),
        (b"text with a \0 in it!", "text with a  in it!"),
        (b"\0" + b"plain text in lines\n" * 99 + b"\0", "plain text in lines\n" * 99),
        ("Le café\0 était fermé".encode(), "Le café était fermé"),
    ],
)
def test_nuls_here_and_there_are_left_out(data: bytes, text: str) -> None:
    assert decode(data) == (text, "Zero bytes, which are no text, were left out.")


def test_every_encoding_of_the_table_decodes() -> None:
    names = [row.name for row in ENCODINGS]
    labels = [label for row in ENCODINGS for label in (row.name.lower(), *row.labels)]
    assert len(set(names)) == len(names)
    assert len(set(labels)) == len(labels)
    for row in ENCODINGS:
        assert row.use
        assert decode("plain text".encode(row.codec), encoding=row.name) == ("plain text", "")
        assert all(encoding_of(f" {label.upper()} ") is row for label in row.labels)


def test_the_encoding_that_the_user_chose_overrides_all() -> None:
    data = "Łódź, Kraków".encode("cp1250")
    assert decode(data, "iso-8859-1", encoding="Windows-1250") == ("Łódź, Kraków", "")
    assert decode("café".encode(), encoding="windows-1252") == ("cafÃ©", "")
    assert decode(b"caf\xe9", encoding="UTF-8") == ("caf\ufffd", BAD)
    assert decode(codecs.BOM_UTF16_LE + "café".encode("utf-16-le"), encoding="UTF-16LE") == ("café", "")
    assert decode(b"a\0\xff", encoding="Windows-1251") == ("a\ufffdя", BAD)


def test_an_unknown_chosen_encoding_is_an_error() -> None:
    with pytest.raises(ValueError, match="no encoding is called 'rot13'"):
        decode(b"text", encoding="rot13")


@pytest.mark.parametrize(
    "data",
    [
        b"".join(field.ljust(24, b"\0") for field in (b"Anna Berg", b"Mill House", b"900 a month")),
        b"a first line\n" + "Die Lampe brennt.\n".encode("utf-16-le") * 5,
        b"Caf\x82 \x84\x94\x81 \xe1" * 3,  # of MS-DOS
    ],
    ids=["fields", "two encodings", "an unknown one"],
)
def test_what_may_be_text_in_another_encoding(data: bytes) -> None:
    assert decode(data) is None
    assert may_be_text(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\0" * 100,
        b"\0\1\2\3",
        b"\0" * 96 + b"RIFF",
        b"\x89PNG\r\n\x1a\n" + zlib.compress(bytes(range(256)) * 4),
        hashlib.shake_128(b"noise").digest(4000),
        b"\x7fELF\2\1\1" + b"\0" * 9 + b"\3\0>\0\1\0\0\0",
        b"",
    ],
    ids=["NULs", "controls", "mostly NULs", "a picture", "noise", "a program", "nothing"],
)
def test_what_is_no_text_in_any_encoding(data: bytes) -> None:
    assert not may_be_text(data)
