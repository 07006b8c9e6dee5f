"""Fields, the boxes of old forms, content controls, symbols, and alternatives for older programs."""

from __future__ import annotations

import pytest
from word_files import paragraph, parsed, run, word_file


def character(kind: str, inside: str = "") -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{inside}</w:fldChar></w:r>'


def code(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def box(inside: str, result: str = "") -> str:
    return character("begin", f"<w:ffData>{inside}</w:ffData>") + code("FORM") + result + character("end")


def text_of(content: str, **parts: str) -> str:
    return parsed(word_file(f"<w:p>{content}</w:p>", **parts)).text


ENTRIES = '<w:listEntry w:val="Mon"/><w:listEntry w:val="Tue"/>'


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (box(f'<w:ddList><w:result w:val="1"/>{ENTRIES}</w:ddList>'), "Tue"),
        (box(f"<w:ddList>{ENTRIES}</w:ddList>"), "Mon"),
        (box(f'<w:ddList><w:default w:val="1"/>{ENTRIES}</w:ddList>'), "Tue"),
        (box(f'<w:ddList><w:result w:val="9"/>{ENTRIES}</w:ddList>'), ""),
        (box("<w:checkBox><w:checked/></w:checkBox>"), "☒"),
        (box('<w:checkBox><w:default w:val="1"/></w:checkBox>'), "☒"),
        (box('<w:checkBox><w:default w:val="1"/><w:checked w:val="0"/></w:checkBox>'), "☐"),
        (box("<w:checkBox/>"), "☐"),
        (box('<w:textInput><w:default w:val="x"/></w:textInput>', character("separate") + run("Ilse")), "Ilse"),
        (box(f"<w:ddList>{ENTRIES}</w:ddList>", character("separate") + run("Tue")), "Tue"),
        (character("begin") + code("DATE") + character("separate") + run("3 May") + character("end"), "3 May"),
        (character("begin") + code("XE") + run("index") + character("end") + run("shown"), "shown"),
        (
            character("begin")
            + code("IF")
            + box("<w:checkBox/>")
            + character("separate")
            + run("y")
            + character("end"),
            "y",
        ),
        (character("end") + run("a") + character("separate") + run("b"), "ab"),
    ],
)
def test_fields(content: str, text: str) -> None:
    assert text_of(content) == text


def test_a_field_that_does_not_end_hides_no_other_paragraph() -> None:
    body = f"<w:p>{character('begin')}{run('code')}</w:p>{paragraph('shown')}"
    assert parsed(word_file(body)).text == "shown"


# Content controls


def control(properties: str, content: str) -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ("<w:showingPlcHdr/>", "Tenant: "),
        ('<w:showingPlcHdr w:val="0"/>', "Tenant: Ilse"),
        ("<w:text/>", "Tenant: Ilse"),
    ],
)
def test_placeholders_are_left_out(properties: str, text: str) -> None:
    result = parsed(word_file(f"<w:p>{run('Tenant: ')}{control(properties, run('Ilse'))}</w:p>"))
    assert result.text == text
    assert bool(result.notes) == (text == "Tenant: ")


def test_a_placeholder_around_paragraphs_and_controls_in_controls() -> None:
    inner = control("<w:text/>", paragraph("prompt"))
    body = control("<w:showingPlcHdr/>", inner) + control("", control("<w:text/>", paragraph("typed")))
    assert parsed(word_file(body)).text == "typed"


# Symbols


@pytest.mark.parametrize(
    ("font", "symbol", "text"),
    [
        ("Wingdings", "F0FC", "✓"), ("Wingdings", "FC", "✓"), ("Wingdings", "F0A8", "◻"), ("Wingdings", "F0FE", "☑"),
        ("Symbol", "F061", "α"), ("Symbol", "F0B0", "°"), ("Wingdings 2", "F052", "☑"), ("Wingdings 3", "F067", "→"),
        ("Arial", "2713", "✓"),
    ],
)  # fmt: skip
def test_symbols(font: str, symbol: str, text: str) -> None:
    assert text_of(f'<w:r><w:sym w:font="{font}" w:char="{symbol}"/></w:r>') == text


@pytest.mark.parametrize("symbol", ["F030", "", "zz", "D800", "FFFFFFFFFF", "E001"])
def test_an_unknown_symbol_leaves_a_mark_and_a_note(symbol: str) -> None:
    content = run("Room 7") + f'<w:r><w:sym w:font="Wingdings" w:char="{symbol}"/></w:r>'
    result = parsed(word_file(f"<w:p>{content}</w:p>"))
    assert result.text == "Room 7\ufffd"
    assert result.notes == ("One symbol of a special font could not be read: \ufffd is in its place.",)


def test_letters_of_a_symbol_font_in_the_text() -> None:
    greek = run("\uf061 or \uf0e0", '<w:rFonts w:ascii="Symbol"/>')
    assert text_of(greek + run("\uf0e0", '<w:rFonts w:ascii="Wingdings"/>')) == "α or ◊→"


# Alternatives


def alternatives(*choices: str, fallback: str = "") -> str:
    rows = "".join(f'<mc:Choice Requires="x">{choice}</mc:Choice>' for choice in choices)
    return f"<mc:AlternateContent>{rows}<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (alternatives(run("new"), fallback=run("old")), "new"),
        (alternatives("<w:r><w:drawing/></w:r>", fallback=run("old")), "old"),
        (alternatives("", run("second"), fallback=run("old")), "second"),
        (alternatives(run("first"), run("second")), "first"),
        (alternatives(alternatives(run("in"), fallback=run("no")), fallback=run("old")) + run(" out"), "in out"),
        (alternatives("", fallback=alternatives("", fallback=run("deep"))), "deep"),
    ],
)
def test_of_alternatives_one_is_read(content: str, text: str) -> None:
    assert text_of(content) == text


def test_a_text_box_of_the_fallback_is_read_where_the_choice_has_no_text() -> None:
    box_ = f"<w:r><w:pict><w:txbxContent>{paragraph('in the box')}</w:txbxContent></w:pict></w:r>"
    assert text_of(run("a") + alternatives("<w:r><w:drawing/></w:r>", fallback=box_)) == "a\n\nin the box"


def test_text_boxes_in_text_boxes() -> None:
    content = run("deep")
    for depth in range(8):
        content = f"{run(str(depth))}<w:r><w:pict><w:txbxContent><w:p>{content}</w:p></w:txbxContent></w:pict></w:r>"
    text = text_of(content)
    assert sorted(text.split("\n\n")) == ["0", "1", "2", "3", "4", "5", "6", "7", "deep"]
