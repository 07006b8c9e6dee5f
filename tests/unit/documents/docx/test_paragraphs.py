"""What kind of block a paragraph becomes, and what of its text is shown."""

from __future__ import annotations

import pytest
from word_files import blocks, paragraph, parsed, run, word_file


def style(identifier: str, name: str = "", more: str = "", kind: str = "paragraph") -> str:
    return f'<w:style w:type="{kind}" w:styleId="{identifier}"><w:name w:val="{name or identifier}"/>{more}</w:style>'


def styled(text: str, identifier: str, more: str = "") -> str:
    return paragraph(text, f'<w:pStyle w:val="{identifier}"/>{more}')


STYLES = (
    style("berschrift2", "heading 2", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>')
    + style("Kapitel", more='<w:basedOn w:val="berschrift2"/>')
    + style("Plain", more='<w:basedOn w:val="Kapitel"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>')
    + style("Eigen", more='<w:pPr><w:outlineLvl w:val="6"/></w:pPr>')
    + style("Titel", "Title")
    + style("Bildunterschrift", "caption")
    + style("Quelltext", "Listing", '<w:rPr><w:rFonts w:ascii="Consolas"/></w:rPr>')
    + style("a", "Around", '<w:basedOn w:val="b"/>')
    + style("b", "Back", '<w:basedOn w:val="a"/>')
)


@pytest.mark.parametrize(
    ("xml", "kind", "heading_level"),
    [
        (styled("x", "berschrift2"), "heading", 2),
        (styled("x", "Kapitel"), "heading", 2),
        (styled("x", "Plain"), "paragraph", 0),
        (styled("x", "Eigen"), "heading", 6),
        (styled("x", "Titel"), "heading", 1),
        (styled("x", "Heading3"), "heading", 3),  # not in the styles
        (paragraph("x", '<w:outlineLvl w:val="2"/>'), "heading", 3),
        (styled("x", "Kapitel", '<w:outlineLvl w:val="9"/>'), "paragraph", 0),
        (styled("x" * 300, "Kapitel"), "paragraph", 0),
        (styled("x", "Bildunterschrift"), "caption", 0),
        (styled("x", "a"), "paragraph", 0),
    ],
)
def test_kinds(xml: str, kind: str, heading_level: int) -> None:
    assert [block[:2] for block in blocks(word_file(xml, styles=STYLES))] == [(kind, heading_level)]


def test_code_is_one_block_with_its_lines() -> None:
    body = "".join(styled(text, "Quelltext") for text in ("if rent:", "    pay()", "", "done")) + paragraph("after")
    data = word_file(body, styles=STYLES)
    assert parsed(data).text == "if rent:\n    pay()\n\ndone\n\nafter"
    assert [block[0] for block in blocks(data)] == ["code", "paragraph"]


def test_a_document_in_typewriter_letters_is_no_code() -> None:
    normal = style("N", "Normal", '<w:rPr><w:rFonts w:ascii="Courier New"/></w:rPr>')
    normal = normal.replace("<w:style", '<w:style w:default="1"')
    assert blocks(word_file(paragraph("x"), styles=normal)) == [("paragraph", 0, "", "x")]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ref:</w:t><w:tab/><w:t>HW/06", "Ref:\t"),
        ("Tenant, as in the lease:</w:t><w:tab/><w:tab/><w:t>Ilse Varga", "Tenant, as in the lease:\t\t"),
        ("Rent: 900 euros", "Rent: "),
        ("Agreement no.: RT-2291", "Agreement no.: "),
        ("Opening hours: Monday to Friday, 8:00 to 17:30", "Opening hours: "),
        ("Note: the lift stands still. Use the stairs.", ""),
        ("The following things are not allowed here: bicycles", ""),
        ("Read https://x.example/a: it is short", ""),
        ("At 8:30 the bell rings", ""),
        ("Rent:", ""),
        ("Ref:</w:t><w:tab/><w:t>HW/06</w:t><w:tab/><w:t>Date:</w:t><w:tab/><w:t>3 May", ""),
    ],
)  # fmt: skip
def test_pairs(text: str, key: str) -> None:
    (block,) = blocks(word_file(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"))
    assert block[0] == ("pair" if key else "paragraph")
    assert block[2] == key


# Hidden and deleted text


@pytest.mark.parametrize(
    ("hidden", "text"),
    [
        (run("no", "<w:vanish/>"), "a"),
        (run("yes", '<w:vanish w:val="0"/>'), "ayes"),
        (run("no", '<w:rStyle w:val="Secret"/>'), "a"),
        (run("yes", '<w:rStyle w:val="Secret"/><w:vanish w:val="false"/>'), "ayes"),
        (run("yes", "<w:webHidden/>"), "ayes"),
    ],
)
def test_hidden_text_is_left_out(hidden: str, text: str) -> None:
    styles = style("Secret", more="<w:rPr><w:vanish/></w:rPr>", kind="character")
    assert parsed(word_file(f"<w:p>{run('a')}{hidden}</w:p>", styles=styles)).text == text


def test_a_paragraph_in_a_hidden_style_is_left_out() -> None:
    styles = style("Secret", more="<w:rPr><w:vanish/></w:rPr>")
    assert parsed(word_file(paragraph("a") + styled("b", "Secret"), styles=styles)).text == "a"


@pytest.mark.parametrize("mark", ['<w:del w:id="1"/>', '<w:moveFrom w:id="1"/>'])
def test_paragraphs_whose_end_is_deleted_are_joined(mark: str) -> None:
    joined = f"<w:pPr><w:rPr>{mark}</w:rPr></w:pPr>"
    body = f"<w:p>{joined}{run('The keeper is ')}</w:p><w:p>{joined}{run('called ')}</w:p>{paragraph('Tomas Weld.')}"
    assert parsed(word_file(body)).text == "The keeper is called Tomas Weld."


def test_a_deleted_end_before_a_table_joins_nothing() -> None:
    body = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>"
    table = f"<w:tbl><w:tr><w:tc>{body}</w:tc><w:tc>{paragraph('b')}</w:tc></w:tr></w:tbl>"
    assert parsed(word_file(body + table + body)).text == "a\n\na\tb\n\na"


def test_properties_before_a_tracked_change_do_not_count() -> None:
    before = '<w:pPrChange><w:pPr><w:pStyle w:val="Titel"/></w:pPr></w:pPrChange>'
    changed = run("x", "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>")
    assert blocks(word_file(f"<w:p><w:pPr>{before}</w:pPr>{changed}</w:p>", styles=STYLES)) == [
        ("paragraph", 0, "", "x")
    ]


def test_a_large_first_letter_belongs_to_its_word() -> None:
    body = paragraph("T", '<w:framePr w:dropCap="drop" w:lines="3"/>') + paragraph("he mill is closed.")
    assert parsed(word_file(body)).text == "The mill is closed."


@pytest.mark.parametrize(
    ("before", "raised", "position", "text"),
    [
        ("10", "3", "superscript", "10^3"),
        ("m", "2", "superscript", "m^2"),
        ("10", "−6", "superscript", "10^−6"),
        ("built in stone", "4", "superscript", "built in stone[4]"),
        ("It is closed.", "4", "superscript", "It is closed.[4]"),
        ("books", "3, 4", "superscript", "books[3, 4]"),
        ("1", "st", "superscript", "1st"),
        ("H", "2", "subscript", "H2"),
        ("log10", "2", "subscript", "log10_2"),
        ("x ", "2", "superscript", "x 2"),
    ],
)
def test_raised_digits_are_not_glued_to_what_is_before_them(before: str, raised: str, position: str, text: str) -> None:
    properties = f'<w:vertAlign w:val="{position}"/>'
    body = f"<w:p>{run(before)}{run(raised, properties)}</w:p>"
    assert parsed(word_file(body)).text == text


def test_page_breaks_leave_no_lines() -> None:
    body = f"<w:p>{run('a')}<w:r><w:br w:type='page'/></w:r></w:p>{paragraph('b')}"
    assert parsed(word_file(body)).text == "a\n\nb"


def test_text_from_right_to_left_stays_in_the_order_of_reading() -> None:
    body = f"<w:p><w:pPr><w:bidi/></w:pPr>{run('החדר פתוח ', '<w:rtl/>')}{run('8:00')}</w:p>"
    assert parsed(word_file(body)).text == "החדר פתוח 8:00"


@pytest.mark.parametrize(
    ("text", "kind", "level", "mark"),
    [
        ("3.1 The rent is due on the first.", "item", 1, "3.1 "),
        ("3.1.2 The rent is due.", "item", 2, "3.1.2 "),
        ("(a) no bicycles", "item", 1, "(a) "),
        ("2) Close the valve.", "item", 1, "2) "),
        ("• by post", "item", 1, "• "),
        ("A. Moe is the tenant.", "paragraph", 0, ""),
        ("3.5 million people live there.", "paragraph", 0, ""),
    ],
)
def test_numbers_that_were_typed(text: str, kind: str, level: int, mark: str) -> None:
    assert blocks(word_file(paragraph(text))) == [(kind, level, mark, text[len(mark) :])]
