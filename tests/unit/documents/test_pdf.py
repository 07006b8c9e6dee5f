from __future__ import annotations

import io

import pytest
from pdf_files import PASSWORD, encrypted_pdfs, make_pdf

from qadesk.documents import parsing, pdf
from qadesk.errors import DocumentError, PasswordNeeded


def read(data: bytes, password: str | None = None) -> parsing.Parsed:
    return pdf.read(parsing.Source(io.BytesIO(data), "'x'", password=password))


def test_pages_are_joined_and_found_again() -> None:
    parsed = read(make_pdf([["First page,", "second line."], ["Café (open)."]]))
    assert parsed.text == "First page, second line.\n\nCafé (open)."
    assert [(page.number, page.label, parsed.text[page.start : page.end]) for page in parsed.pages] == [
        (1, "1", "First page, second line."),
        (2, "2", "Café (open)."),
    ]
    assert parsed.notes == ()


def test_page_labels() -> None:
    labels = b"/PageLabels<</Nums[0<</S/r>>2<</S/D/St 1>>3<</P(A-)/S/D>>]>>"
    pages = read(make_pdf([["a"], ["b"], ["c"], ["d"]], labels)).pages
    assert [page.label for page in pages] == ["i", "ii", "1", "A-1"]


@pytest.mark.parametrize(
    ("prefix", "label"),
    [(b"<FEFFD800>", "1"), (b"<FEFF202E0041000A>", "A"), (b"(" + b"x" * 999 + b")", "x" * 40), (b"()", "1")],
)
def test_odd_page_labels(prefix: bytes, label: str) -> None:
    labels = b"/PageLabels<</Nums[0<</P%s>>]>>" % prefix
    assert [page.label for page in read(make_pdf([["a"]], labels)).pages] == [label]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["The light-", "house stands."], "The lighthouse stands."),
        (["THE LIGHT-", "HOUSE"], "THE LIGHTHOUSE"),
        (["by Jean-", "Luc and COVID-", "19"], "by Jean-Luc and COVID-19"),
        (["from 1914-", "1918"], "from 1914-1918"),
        (["well-known here"], "well-known here"),
        (["a dash -", "here"], "a dash - here"),
        (["a long-", "term lease, a long-term plan"], "a long-term lease, a long-term plan"),
        (["See the UK-", "USA treaty and form 12-", "B."], "See the UK-USA treaty and form 12-B."),
    ],
)
def test_divided_words_are_joined(lines: list[str], text: str) -> None:
    assert read(make_pdf([lines])).text == text


def test_rotated_and_cropped_pages() -> None:
    assert read(make_pdf([["upright"]], page=b"/Rotate 180")).text == "upright"
    cropped = make_pdf([["seen"] + [""] * 20 + ["beyond the edge"]], page=b"/CropBox[0 700 600 800]")
    assert read(cropped).text == "seen"


def test_pages_without_text_take_no_room_and_are_noted() -> None:
    parsed = read(make_pdf([[], ["a"], [], [], ["b"], []]))
    text, pages, notes = parsed.text, parsed.pages, parsed.notes
    assert text == "a\n\nb"
    assert [(page.start, page.end) for page in pages] == [(0, 0), (0, 1), (1, 1), (1, 1), (3, 4), (4, 4)]
    assert notes == ()
    assert parsed.scans == (1, 3, 4, 6)
    assert parsed.recognized_pages == ()


def test_empty_pages_are_noted() -> None:
    parsed = read(make_pdf([[" "], ["a"], [" "], [" "], ["b"], [" "]]))
    assert parsed.text == "a\n\nb"
    assert parsed.notes == ("Pages 1, 3-4 and 6 have no text.",)
    assert parsed.scans == ()


def test_the_list_of_pages_in_a_note_is_bounded() -> None:
    notes = read(make_pdf([["a"], [" "]] * 20)).notes
    assert notes == ("20 pages (2, 4, 6, 8, 10, 12, 14, 16 and others) have no text.",)
    assert read(make_pdf([["a"], [" "]])).notes == ("Page 2 has no text.",)


def test_a_damaged_page_is_left_out_and_noted() -> None:
    data = make_pdf([["a"], ["b"], ["c"]]).replace(b"/Kids[4 0 R 6 0 R 8 0 R]", b"/Kids[4 0 R 3 0 R 8 0 R]")
    parsed = read(data)
    assert parsed.text == "a\n\nc"
    assert len(parsed.pages) == 3
    assert parsed.notes == ("Page 2 is damaged and was left out.",)


def test_a_scan_is_a_document_without_text() -> None:
    parsed = read(make_pdf([[], []]))
    assert (parsed.text, parsed.scans, parsed.notes) == ("", (1, 2), ())
    assert [(page.start, page.end) for page in parsed.pages] == [(0, 0), (0, 0)]


def test_empty_pages_only_are_refused() -> None:
    with pytest.raises(DocumentError, match="The pages of 'x' are empty") as excinfo:
        read(make_pdf([[" "], [" "]]))
    assert excinfo.value.hint == "Open a file that holds text."


@pytest.mark.parametrize("cipher", ["AES-256", "RC4-128"])
def test_encrypted(cipher: str) -> None:
    data = encrypted_pdfs()[cipher]
    for password in (None, ""):
        with pytest.raises(PasswordNeeded, match="'x' is protected by a password") as missing:
            read(data, password)
        assert not missing.value.wrong
    with pytest.raises(PasswordNeeded, match="The password does not open 'x'") as wrong:
        read(data, "Zundlicht")
    assert wrong.value.wrong
    assert read(data, PASSWORD).text == "The lamp was lit in 1854."


def test_a_password_that_is_not_needed_is_ignored() -> None:
    assert read(make_pdf([["a"]]), PASSWORD).text == "a"


def test_an_unknown_protection_is_not_asked_a_password_for() -> None:
    data = encrypted_pdfs()["AES-256"].replace(b"/Standard", b"/Customly")
    with pytest.raises(DocumentError, match="protected in a way that QADesk cannot open") as excinfo:
        read(data)
    assert not isinstance(excinfo.value, PasswordNeeded)


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"rubbish " * 100, make_pdf([])])
def test_damaged_or_without_pages(data: bytes) -> None:
    with pytest.raises(DocumentError, match="'x' is damaged or incomplete, or has no pages"):
        read(data)


def test_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MAX_CHARACTERS", 20)
    with pytest.raises(DocumentError, match="holds more than"):
        read(make_pdf([["ten letters"]] * 3))
