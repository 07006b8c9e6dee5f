from __future__ import annotations

import codecs

import pytest

from qadesk.documents.encoding import decode

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
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(codec: str, text: str) -> None:
    assert decode(text.encode(codec)) == (text, "The encoding was guessed as UTF-16.")


@pytest.mark.parametrize(
    ("codec", "name", "text"),
    [
        ("cp1252", "Windows-1252", "café"),
        ("cp1252", "Windows-1252", "The naïve approach fails."),
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
        ("cp949", "EUC-KR", "오늘 빵과 우유를 사러 가게에 갔는데 이미 문이 닫혀 있었습니다."),
    ],
)
def test_other_encodings_are_guessed_and_named(codec: str, name: str, text: str) -> None:
    assert decode(text.encode(codec)) == (text, f"The encoding was guessed as {name}.")


def test_the_guess_looks_at_the_telling_lines_of_a_long_text() -> None:
    text = "Only plain letters here.\n" * 20_000 + "Le café était fermé à l'arrivée des élèves.\n"
    assert decode(text.encode("cp1252")) == (text, "The encoding was guessed as Windows-1252.")


def test_a_few_bad_bytes_do_not_make_utf8_another_encoding() -> None:
    content = (JAPANESE * 5).encode()
    text, note = decode(content[:-1]) or ("", "")
    assert text == (JAPANESE * 5)[:-1] + "\ufffd"
    assert note == "Some bytes are not text in this encoding and are shown as \ufffd."


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
        b"text with a \0 in it",
        b"text with a \0 in it!",
        b"\0" + b"plain text in lines\n" * 99 + b"\0",
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
