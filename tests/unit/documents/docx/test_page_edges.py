"""Headers and footers: those that Word prints, once, without page numbers."""

from __future__ import annotations

import pytest
from word_files import blocks, paragraph, parsed, run, word_file


def section(*references: str, more: str = "") -> str:
    """A section that names the parts; a reference is 'header', 'header_2 first', 'footer even' ..."""
    rows = ""
    for reference in references:
        name, _, page = reference.partition(" ")
        rows += f'<w:{name.partition("_")[0]}Reference w:type="{page or "default"}" r:id="{name}"/>'
    return f"<w:sectPr>{rows}{more}</w:sectPr>"


def field(code: str, result: str) -> str:
    characters = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f"{characters[0]}<w:r><w:instrText> {code} </w:instrText></w:r>{characters[1]}{run(result)}{characters[2]}"


def test_a_letterhead() -> None:
    data = word_file(
        paragraph("Dear tenants,") + section("header", "footer"),
        header=paragraph("Verein Lindenhof, 4051 Basel"),
        footer=paragraph("Contact: Selma Brandt, extension 318"),
    )
    assert parsed(data).text == (
        "Verein Lindenhof, 4051 Basel\n\nDear tenants,\n\nContact: Selma Brandt, extension 318"
    )
    assert [block[0] for block in blocks(data)] == ["header", "paragraph", "footer"]


def test_a_document_of_nothing_but_a_header() -> None:
    assert parsed(word_file(section("header"), header=paragraph("Only this"))).text == "Only this"


def test_what_several_sections_have_comes_once() -> None:
    first = paragraph("One", section("header"))
    body = first + paragraph("Two", section("header_2")) + paragraph("Three") + section("header")
    data = word_file(body, header=paragraph("Head"), header_2=paragraph("Head"))
    assert parsed(data).text == "Head\n\nOne\n\nTwo\n\nThree"


@pytest.mark.parametrize(
    ("more", "settings", "text"),
    [
        ("", "", "all\n\nx"),
        ("<w:titlePg/>", "", "first\n\nall\n\nx"),
        ('<w:titlePg w:val="0"/>', "<w:evenAndOddHeaders/>", "all\n\neven\n\nx"),
    ],
)
def test_only_what_is_printed(more: str, settings: str, text: str) -> None:
    body = paragraph("x") + section("header", "header_1 first", "header_2 even", more=more)
    parts = {"header": "all", "header_1": "first", "header_2": "even"}
    headers = {name: paragraph(header) for name, header in parts.items()}
    assert parsed(word_file(body, settings=settings, **headers)).text == text


@pytest.mark.parametrize(
    ("footer", "text"),
    [
        (field("PAGE", "3"), ""),
        (run("Page ") + field("PAGE", "1") + run(" of ") + field("NUMPAGES", "9"), ""),
        (
            run("- ") + '<w:fldSimple w:instr="PAGE \\* MERGEFORMAT"><w:r><w:t>4</w:t></w:r></w:fldSimple>' + run(" -"),
            "",
        ),
        ("<w:r><w:t>Seite </w:t><w:pgNum/></w:r>", ""),
        (run("Lease HW/06, page ") + field("PAGE", "1"), "Lease HW/06, page 1"),
        (run("Room 3"), "Room 3"),
        (run("Printed ") + field("DATE", "3 May"), "Printed 3 May"),
    ],
)
def test_page_numbers_alone_are_left_out(footer: str, text: str) -> None:
    data = word_file(paragraph("x") + section("footer"), footer=f"<w:p>{footer}</w:p>")
    assert parsed(data).text == (f"x\n\n{text}" if text else "x")


def test_a_table_in_a_header_only_places_what_is_in_it() -> None:
    table = f"<w:tbl><w:tr><w:tc>{paragraph('Left')}</w:tc><w:tc>{paragraph('Right')}</w:tc></w:tr></w:tbl>"
    data = word_file(paragraph("x") + section("header"), header=table)
    assert parsed(data).text == "Left\tRight\n\nx"
    assert blocks(data)[:2] == [("header", 0, "", "Left"), ("header", 0, "", "Right")]


def test_styles_and_lists_make_no_heading_of_a_header() -> None:
    data = word_file(section("header"), header=paragraph("Annual report", '<w:outlineLvl w:val="0"/>'))
    assert blocks(data) == [("header", 0, "", "Annual report")]


def test_a_header_that_is_not_there() -> None:
    assert parsed(word_file(paragraph("x") + section("header"))).text == "x"
