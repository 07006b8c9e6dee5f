"""The text and the structure of whole pages: tables, columns, paragraphs, headings, headers and notes."""

from __future__ import annotations

import io
from contextlib import closing

import pypdfium2
import pytest
from pdf_objects import drawn, drawn_pages, one_page, stream
from pypdfium2 import raw

from qadesk.documents import parsing, pdf
from qadesk.records import Document
from qadesk.structure import Block
from qadesk.structure.serial import from_lists, to_lists

ROWS = [("Year", "Staff", "Sites"), ("2019", "47", "2"), ("2020", "38", "1"), ("2021", "13", "0")]
XS = (72, 250, 430)


def read(data: bytes) -> parsing.Parsed:
    parsed = pdf.read(parsing.Source(io.BytesIO(data), "'x'"))
    assert from_lists(to_lists(parsed.blocks), len(parsed.text)) == parsed.blocks  # valid
    check_characters(data, parsed)
    return parsed


def check_characters(data: bytes, parsed: parsing.Parsed) -> None:
    """Each run of the character map names the characters of the text."""
    with closing(pypdfium2.PdfDocument(data)) as document:
        for offset, page, first, length in parsed.characters.runs(0, len(parsed.text)):
            textpage = document[page - 1].get_textpage()
            for number in range(length):
                code = raw.FPDFText_GetUnicode(textpage, first + number)
                assert (
                    code == 2 or chr(code) == parsed.text[offset + number] or parsed.text[offset + number] == "\ufffd"
                )


def blocks(parsed: parsing.Parsed) -> list[tuple[str, str]]:
    return [(block.kind, parsed.text[block.start : block.end]) for block in parsed.blocks]


def cells(parsed: parsing.Parsed, table: Block) -> list[list[str]]:
    return [[parsed.text[cell.start : cell.end] for cell in row] for row in table.rows]


def by_rows(rows: list[tuple[str, ...]], pitch: int = 18) -> list[tuple[float, float, str]]:
    return [
        (x, 700 - pitch * number, text)
        for number, row in enumerate(rows)
        for x, text in zip(XS, row, strict=False)
        if text
    ]


@pytest.mark.parametrize("order", ["rows", "columns"])
def test_a_table_however_it_was_drawn(order: str) -> None:
    places = by_rows(ROWS)
    if order == "columns":
        places.sort(key=lambda place: place[0])
    parsed = read(drawn_pages(drawn(*places)))
    assert parsed.text == "Year\tStaff\tSites\n2019\t47\t2\n2020\t38\t1\n2021\t13\t0"
    (table,) = parsed.blocks
    assert table.kind == "table"
    assert cells(parsed, table) == [list(row) for row in ROWS]
    assert [cell.is_header for row in table.rows for cell in row] == [True] * 3 + [False] * 9


def test_a_cell_without_text_is_empty() -> None:
    parsed = read(drawn_pages(drawn(*by_rows([*ROWS, ("2022", "", "4")]))))
    assert parsed.text.endswith("\n2022\t\t4")
    assert [cell.column for cell in parsed.blocks[0].rows[-1]] == [0, 1, 2]


def test_the_lines_of_a_cell_are_joined() -> None:
    rows = drawn((72, 700, "Item"), (250, 700, "Use"), (72, 680, "Lamp"), (250, 680, "lights the stairs in"))
    rows += drawn((250, 668, "the evening"), (72, 648, "Mat"), (250, 648, "keeps the hall clean"))
    assert read(drawn_pages(rows)).text == (
        "Item\tUse\nLamp\tlights the stairs in the evening\nMat\tkeeps the hall clean"
    )


def test_a_table_ends_at_a_wide_gap() -> None:
    table = drawn(*by_rows(ROWS))
    below = drawn((72, 615, "All sites are closed in July."), (72, 601, "The staff is then on leave."))
    parsed = read(drawn_pages(table + below))
    assert [block.kind for block in parsed.blocks] == ["table", "paragraph"]
    assert parsed.text.endswith("\n2021\t13\t0\n\nAll sites are closed in July. The staff is then on leave.")
    row = drawn(*((x, 610, text) for x, text in zip(XS, ("2022", "9", "0"), strict=True)))
    assert read(drawn_pages(table + row)).text.endswith("\n2021\t13\t0\n2022\t9\t0")


def test_the_gap_below_a_table_does_not_join_its_rows() -> None:
    rows = [("Port", "Ship"), ("Lowick", "Heron"), ("Tain", "Curlew"), ("Wick", "Plover")]
    below = (72, 700 - 14 * 3 - 20, "The ships sail in summer only.")
    parsed = read(drawn_pages(drawn(*by_rows(rows, pitch=14), below)))
    assert parsed.text.startswith("Port\tShip\nLowick\tHeron\nTain\tCurlew\nWick\tPlover\n")


def test_a_cell_in_the_middle_of_a_row_of_several_lines() -> None:
    content = drawn((72, 700, "Item"), (250, 700, "Use"), (72, 680, "Bell"), (250, 680, "Calls the porter"))
    content += drawn((250, 660, "Lights the stairs"), (72, 653.5, "Lamp"), (250, 647, "In winter"))
    content += drawn((72, 627, "Mat"), (250, 627, "Keeps the hall clean"))
    assert read(drawn_pages(content)).text == (
        "Item\tUse\nBell\tCalls the porter\nLamp\tLights the stairs In winter\nMat\tKeeps the hall clean"
    )


def test_headers_over_the_middle_of_their_columns() -> None:
    rows = drawn((100, 700, "Order code"), (230, 700, "Output"), (339, 700, "Display"), font="F2")
    for number, code in enumerate(("A-1", "B-22", "C-3")):
        rows += drawn((71, 680 - 20 * number, code), (194, 680 - 20 * number, "RS-485"), (310, 680 - 20 * number, "no"))
    parsed = read(drawn_pages(rows))
    assert parsed.text == "Order code\tOutput\tDisplay\nA-1\tRS-485\tno\nB-22\tRS-485\tno\nC-3\tRS-485\tno"
    assert all(cell.is_header for cell in parsed.blocks[0].rows[0])


def test_keys_and_values_are_pairs() -> None:
    parsed = read(
        drawn_pages(drawn((72, 700, "Tenant:"), (200, 700, "Ilse Varga"), (72, 682, "Rent:"), (200, 682, "900")))
    )
    assert blocks(parsed) == [("pair", "Tenant: Ilse Varga"), ("pair", "Rent: 900")]
    assert [parsed.text[block.body : block.end] for block in parsed.blocks] == ["Ilse Varga", "900"]


LEFT = ["The left column speaks", "of the lighthouse that", "was built in 1871 by"]
RIGHT = ["the engineer Ada Munro", "who came from Tain and", "never married."]


@pytest.mark.parametrize("order", ["rows", "columns"])
def test_columns_are_read_one_after_another(order: str) -> None:
    left = [(72, 700 - 16 * number, text) for number, text in enumerate(LEFT)]
    right = [(330, 700 - 16 * number, text) for number, text in enumerate(RIGHT)]
    places = [place for pair in zip(left, right, strict=True) for place in pair] if order == "rows" else left + right
    parsed = read(drawn_pages(drawn(*places)))
    assert parsed.text == " ".join(LEFT + RIGHT)
    assert blocks(parsed) == [("paragraph", parsed.text)]


def test_a_title_over_columns_and_a_line_below() -> None:
    content = drawn((72, 740, "The light of the northern coast"), size=18)
    for number, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
        content += drawn((72, 700 - 16 * number, left), (330, 700 - 16 * number, right))
    content += drawn((72, 620, "This line is below both columns and goes over the whole width of the page."))
    assert read(drawn_pages(content)).text == (
        "The light of the northern coast\n\n" + " ".join(LEFT + RIGHT) + "\n\n"
        "This line is below both columns and goes over the whole width of the page."
    )


def justified(x: float, y: float, text: str, width: float) -> bytes:
    """A line of Courier (6.6 points a character) whose spaces are stretched so that it is ``width`` points long."""
    stretch = (width - 6.6 * len(text)) / text.count(" ")
    return b"BT /F3 11 Tf %g Tw 1 0 0 1 %g %g Tm (%s) Tj ET\n" % (stretch, x, y, text.encode())


COURIER = b"/F3<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>"
NARROW = ["The boat was", "built of dark", "oak by Samuel", "Ridley who had", "his yard next", "to the bridge."]


def test_the_wide_spaces_of_justified_lines_are_no_gaps_between_cells() -> None:
    content = b"".join(justified(72, 700 - 14 * n, text, 110) for n, text in enumerate(NARROW))
    assert blocks(read(drawn_pages(content, fonts=COURIER))) == [("paragraph", " ".join(NARROW))]


def test_figures_with_wide_spaces_are_cells() -> None:
    rows = [["1995", "15.1", "16.7", "29.4"], ["2000", "10.6", "9.1", "21.4"], ["2005", "8.6", "8.2", "20.1"]]
    content = b"".join(justified(72, 700 - 14 * n, " ".join(row), 200) for n, row in enumerate(rows))
    (table,) = (parsed := read(drawn_pages(content, fonts=COURIER))).blocks
    assert cells(parsed, table) == rows


def test_a_space_before_a_gap_between_cells() -> None:
    content = b""
    for number, (name, price) in enumerate((("Oak boards", "12.40"), ("Elm boards", "9.80"), ("Ash boards", "11.20"))):
        text = b"[(%s )-900(%s)]" % (name.encode(), price.encode())
        content += b"BT /F3 11 Tf 1 0 0 1 72 %d Tm %s TJ ET\n" % (700 - 14 * number, text)
    parsed = read(drawn_pages(content, fonts=COURIER))
    assert parsed.text == "Oak boards\t12.40\nElm boards\t9.80\nAsh boards\t11.20"


def test_a_table_of_words_is_no_prose_in_columns() -> None:
    rows = [
        ("Heating of the great hall", "from October to the end of the month of April"),
        ("snow", "cleared before seven"),
        ("The lift in the north wing", "Mondays"),
        ("keys", "with the porter in the lodge"),
    ]
    parsed = read(drawn_pages(drawn(*by_rows(rows))))
    assert parsed.text == "\n".join("\t".join(row) for row in rows)


LIST = ["Oars and row locks", "Anchor with chain", "Lamp, oil and wick", "Bread for six days", "Water in two casks"]


def test_a_short_column_beside_a_title_and_prose() -> None:
    title = ["Fenwick Museum", "12 Harbour Row", "Tain", "Dear Ms Munro,"]
    prose = [
        "the keeper of the lamp has asked us",
        "whether the stairs can be opened to",
        "all visitors of the tower in summer",
    ]
    prose += ["while the roof is mended by a builder", "who needs the yard for his ladders"]
    left = title + prose * 2
    right = ["in the evening.", "Please write soon.", "Yours sincerely,", "Maud Ferrier"]
    content = drawn(*[(72, 700 - 14 * n, text) for n, text in enumerate(left)])
    content += drawn(*[(310, 700 - 14 * n, text) for n, text in enumerate(right)])
    text = read(drawn_pages(content)).text
    assert text.startswith("Fenwick Museum\n\n12 Harbour Row\n\nTain\n\nDear Ms Munro, the keeper")
    assert text.index("his ladders") < text.index("in the evening.")


def test_columns_whose_lines_stand_at_other_heights() -> None:
    prose = [*LEFT, "Ada Munro, who had come", "from Tain to the coast."]
    left = drawn(*[(72, 700 - 16 * number, text) for number, text in enumerate(prose)])
    right = drawn(*[(330, 695 - 16 * number, text) for number, text in enumerate(LIST)])
    assert " ".join(LIST) in read(drawn_pages(left + right)).text
    right = drawn(*[(330, 700 - 16 * number, text) for number, text in enumerate(LIST)])
    assert read(drawn_pages(left + right)).blocks[0].kind == "table"


SIDEWAYS = ["The harbour master of Lowick is Petra Quill", "Ferries leave the north pier at 07:45"]
SIDEWAYS += ["The fare for one bicycle is 12.50", "300 places are kept for residents"]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_text_drawn_sideways_on_turned_pages(rotation: int) -> None:
    lines = b"".join(
        b"BT /F1 11 Tf 0 1 -1 0 %d 100 Tm (%s) Tj ET\n" % (100 + 16 * number, line.encode())
        for number, line in enumerate(SIDEWAYS)
    )
    assert read(drawn_pages(lines, page=b"/Rotate %d" % rotation)).text == "\n".join(SIDEWAYS)


def test_text_in_two_directions() -> None:
    content = drawn((72, 720, "Table 4 is printed sideways."))
    content += b"".join(
        b"BT /F1 11 Tf 0 1 -1 0 %d 150 Tm (%s) Tj ET BT /F1 11 Tf 0 1 -1 0 %d 350 Tm (%s) Tj ET\n" % (x, one, x, other)
        for x, one, other in ((150, b"Item", b"Price"), (166, b"Copper kettle", b"37.99"), (182, b"8 plates", b"9.60"))
    )
    parsed = read(drawn_pages(content))
    assert parsed.text == "Item\tPrice\nCopper kettle\t37.99\n8 plates\t9.60\n\nTable 4 is printed sideways."


def test_a_negative_font_size_on_a_page_upside_down() -> None:
    content = b"BT /F1 -11 Tf 1 0 0 1 500 100 Tm (Authority to enter) Tj ET"
    content += b" BT /F1 -11 Tf 1 0 0 1 500 116 Tm (into agreements is here) Tj ET"
    assert read(drawn_pages(content, page=b"/Rotate 180")).text == "Authority to enter into agreements is here"


def test_words_divided_at_the_end_of_a_page() -> None:
    parsed = read(
        drawn_pages(drawn((72, 700, "The report was writ-")), drawn((72, 700, "ten by Maud Ferrier in 2011.")))
    )
    assert parsed.text == "The report was written by Maud Ferrier in 2011."
    document = Document(parsed.text, "x", pages=parsed.pages, characters=parsed.characters)
    numbers = [document.page_at(parsed.text.index(word)) for word in ("report", "ten by", "2011")]
    assert [page.number for page in numbers if page] == [1, 2, 2]
    assert [parsed.text[page.start : page.end] for page in parsed.pages] == [
        "The report was writ",
        "ten by Maud Ferrier in 2011.",
    ]


def test_headers_and_footers_do_not_stand_inside_sentences() -> None:
    pages = [
        drawn((72, 770, f"Annual report {number}"), (72, 740, text), (290, 30, str(number + 6)))
        for number, text in ((1, "The treasurer of the club was elected in"), (2, "March 1994 by forty votes."))
    ]
    parsed = read(drawn_pages(*pages))
    assert blocks(parsed) == [
        ("header", "Annual report 1"),
        ("paragraph", "The treasurer of the club was elected in March 1994 by forty votes."),
        ("footer", "7"),
        ("header", "Annual report 2"),
        ("footer", "8"),
    ]


def test_a_page_of_repeated_lines_alone_is_no_header() -> None:
    assert {kind for kind, _ in blocks(read(drawn_pages(*[drawn((72, 700, "the same"))] * 3)))} == {"paragraph"}


def test_headings_items_captions_and_footnotes() -> None:
    content = drawn((72, 760, "Terms of the lease"), size=18) + drawn((72, 735, "1. Rent"), size=14)
    content += drawn((72, 715, "The rent is due on the first day of each month and is paid in"), (72, 701, "advance.1"))
    content += drawn((72, 680, "2.1 Late rent"), font="F2")
    content += drawn((72, 660, "Interest is charged if the rent is more than a week late, namely:"))
    content += drawn((85, 640, "• two per cent in the first month"), (85, 626, "• four per cent in each month that"))
    content += drawn((95, 612, "follows it"), (100, 598, "- but no more than nine"))
    content += drawn((72, 570, "Table 3: Interest by month."))
    content += drawn((72, 60, "1 The tenant bears the costs of the transfer."), size=8)
    parsed = read(drawn_pages(content))
    assert blocks(parsed) == [
        ("heading", "Terms of the lease"),
        ("heading", "1. Rent"),
        ("paragraph", "The rent is due on the first day of each month and is paid in advance.1"),
        ("heading", "2.1 Late rent"),
        ("paragraph", "Interest is charged if the rent is more than a week late, namely:"),
        ("item", "• two per cent in the first month"),
        ("item", "• four per cent in each month that follows it"),
        ("item", "- but no more than nine"),
        ("caption", "Table 3: Interest by month."),
        ("footnote", "1 The tenant bears the costs of the transfer."),
    ]
    assert [block.level for block in parsed.blocks] == [1, 2, 0, 3, 0, 1, 1, 2, 0, 0]
    assert parsed.text[parsed.blocks[5].body :].startswith("two per cent")


def test_the_small_text_of_a_table_makes_no_headings() -> None:
    rows = [(f"Hall {n}", "Kept in good order", f"{n + 12} seats and a bar") for n in range(4)]
    content = drawn(*by_rows(rows), size=8) + drawn(
        (72, 740, "The halls of the club are old and small, and rain comes in at the roof")
    )
    assert [block.kind for block in read(drawn_pages(content)).blocks] == ["paragraph", "table"]
    rows += [(f"Room {n}", "Kept in good order", f"{n + 12} seats and a bar") for n in range(4)]
    content = drawn(*by_rows(rows), size=8) + drawn((72, 740, "The halls"))
    assert [block.kind for block in read(drawn_pages(content)).blocks] == ["heading", "table"]


def test_paragraphs_by_indents_and_short_lines() -> None:
    lines = [
        "The mill stands by the river and has",
        "three floors. It was built of stone.",
        "Its wheel turns when the sluice is open",
    ]
    lines += ["and the river is high enough for it."]
    indented = drawn(*[(84 if n == 2 else 72, 700 - 14 * n, text) for n, text in enumerate(lines)])
    assert len(read(drawn_pages(indented)).blocks) == 2
    apart = drawn(*[(72, 700 - 14 * n - 10 * (n > 1), text) for n, text in enumerate(lines)])
    assert read(drawn_pages(apart)).text == " ".join(lines[:2]) + "\n\n" + " ".join(lines[2:])


def test_what_is_drawn_twice_is_read_once() -> None:
    shadow = drawn((72, 700, "Total due"), (123, 700, "of the year")) + drawn((72.8, 699.4, "Total due"))
    assert read(drawn_pages(shadow)).text == "Total due of the year"
    word = "headbandgone"  # letters of one width
    each = b"".join(drawn((72 + 6.12 * n, 700, c), (72.5 + 6.12 * n, 700, c)) for n, c in enumerate(word))
    assert read(drawn_pages(each)).text == word
    assert read(drawn_pages(drawn((72, 700, "All will fill the balloon")))).text == "All will fill the balloon"


def test_invisible_text_is_read() -> None:
    assert read(drawn_pages(b"BT 3 Tr /F1 11 Tf 72 700 Td (permit 55-B) Tj ET")).text == "permit 55-B"


@pytest.mark.parametrize("width", [0, 500])
def test_a_character_without_a_glyph(width: int) -> None:
    names = b"1 beginbfchar <41> <0037> endbfchar"
    font = (
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/FirstChar 65/LastChar 65/Widths[%d]"
        b"/Encoding<</Differences[65/g999]>>/ToUnicode 7 0 R>>" % width
    )
    content = b"BT /F1 20 Tf 72 700 Td (Room ) Tj /F2 20 Tf (A) Tj /F1 20 Tf (42 is free) Tj ET"
    unicode = stream(b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange %s endcmap" % names)
    data = one_page(content, font, unicode).replace(b"/F1 5 0 R>>", b"/F1 5 0 R/F2 6 0 R>>")
    assert read(data).text == "Room 742 is free"


def test_characters_without_a_box() -> None:
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 0 0]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 55/LastChar 55"
        b"/Widths[600]/Encoding<</Differences[55/seven]>>/CharProcs<</seven 7 0 R>>/Resources<<>>>>"
    )
    content = b"BT /F1 20 Tf 72 700 Td (Code) Tj ET BT /F3 20 Tf 140 700 Td (77) Tj ET"
    data = one_page(content, font, stream(b"600 0 d0 0 0 500 700 re f"))
    assert read(data.replace(b"/F1 5 0 R>>", b"/F1 5 0 R/F3 6 0 R>>")).text == "Code 77"


def test_a_script_from_right_to_left_is_in_the_order_of_reading() -> None:
    letters = b"".join(b"<%02X> <%04X>" % (65 + n, 0x5D0 + n) for n in range(10))
    unicode = stream(
        b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange 10 beginbfchar %s endbfchar endcmap" % letters
    )
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/ToUnicode 6 0 R>>"
    content = b"BT /F1 12 Tf 400 700 Td (CBA) Tj ET BT /F1 12 Tf 400 680 Td (FED) Tj ET"
    assert read(one_page(content, unicode, font=font)).text.split() == ["אבג", "דהו"]


def test_a_raised_mark_is_no_part_of_a_number() -> None:
    content = b"BT /F1 11 Tf 72 700 Td (Berlin has 83,190,556) Tj /F1 6.6 Tf 4 Ts (2) Tj /F1 11 Tf 0 Ts ( people) Tj ET"
    assert read(drawn_pages(content)).text == "Berlin has 83,190,556 2 people"
    content = b"BT /F1 11 Tf 72 700 Td (The Act) Tj /F1 6.6 Tf 4 Ts (2) Tj /F1 11 Tf 0 Ts ( says) Tj ET"
    assert read(drawn_pages(content)).text == "The Act2 says"


def test_lines_that_are_a_key_and_its_value_are_pairs() -> None:
    lines = ["Document: HC-07", "Valid from: 1 July 2023", "Agency: Federal Aviation", "administration"]
    parsed = read(one_page(drawn(*[(72, 700 - 14 * number, line) for number, line in enumerate(lines)])))
    assert blocks(parsed) == [
        ("pair", "Document: HC-07"),
        ("pair", "Valid from: 1 July 2023"),
        ("pair", "Agency: Federal Aviation administration"),
    ]
    assert [parsed.text[block.body :][:5] for block in parsed.blocks] == ["HC-07", "1 Jul", "Feder"]


def test_what_stands_among_pairs_stays_a_paragraph() -> None:
    lines = ["Verein Lindenhof", "Amselweg 12", "Telephone: 318", "4051 Basel"]
    below = (72, 500, "The members of the association meet in the hall on the first Monday of each month.")
    parsed = read(one_page(drawn(*[(72, 700 - 14 * number, line) for number, line in enumerate(lines)], below)))
    assert blocks(parsed) == [
        ("paragraph", "Verein Lindenhof\nAmselweg 12"),
        ("pair", "Telephone: 318"),
        ("paragraph", "4051 Basel"),
        ("paragraph", below[2]),
    ]


@pytest.mark.parametrize("line", ["Note: the keys are with the porter.", "At 07:45 the office opens", "Bill to:"])
def test_a_line_alone_that_is_no_pair(line: str) -> None:
    assert blocks(read(one_page(drawn((72, 700, line))))) == [("paragraph", line)]


def test_all_clauses_of_a_document_are_items() -> None:
    lines = [
        '1.1 "Contents" are all movable things.',
        "1.2 The house is the building itself.",
        "1.3 the garden belongs to it.",
        "12.50 are due each month.",
    ]
    parsed = read(one_page(drawn(*[(72, 700 - 40 * number, line) for number, line in enumerate(lines)])))
    assert [block.kind for block in parsed.blocks] == ["item", "item", "item", "paragraph"]
    assert [parsed.text[block.body :][:5] for block in parsed.blocks[:3]] == ['"Cont', "The h", "the g"]
