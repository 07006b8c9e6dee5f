from __future__ import annotations

import pytest

from qadesk.structure import Block
from qadesk.structure.plain import blocks_of, text_lines
from qadesk.structure.serial import from_lists, to_lists

WRAPPED = (
    "The lamp was lit for the first time in 1854, when the harbour was still\n"
    "small and the boats came in by the light of the moon alone. It burned\n"
    "oil until 1921. Nobody remembers who paid for the first barrel.\n"
)
VERSE = (
    "Shall I compare thee to a summer's day?\n"
    "Thou art more lovely and more temperate:\n"
    "Rough winds do shake the darling buds of May,\n"
    "And summer's lease hath all too short a date:\n"
)


def kinds(text: str) -> list[str]:
    """The kinds of the blocks of ``text``, a level after it where there is one."""
    return [f"{block.kind}{block.level or ''}" for block in blocks_of(text)]


def words(text: str) -> list[str]:
    """The texts of the blocks of ``text``."""
    return [text[block.start : block.end] for block in blocks_of(text)]


def cells(text: str) -> list[list[str]]:
    """The cells of the one block of ``text``, which is a table."""
    (table,) = blocks_of(text)
    assert table.kind == "table"
    return [[text[cell.start : cell.end] for cell in row] for row in table.rows]


def check(text: str) -> tuple[Block, ...]:
    """The blocks of ``text``, which follow the rules for blocks and hold all of it."""
    blocks = blocks_of(text)
    assert from_lists(to_lists(blocks), len(text)) == blocks
    between, before = [], 0
    for block in blocks:
        between.append(text[before : block.start])
        assert text[block.start : block.end] == text[block.start : block.end].strip()
        before = block.end
    assert not "".join([*between, text[before:]]).strip()
    return blocks


# Paragraphs


def test_no_text_has_no_blocks() -> None:
    assert blocks_of("") == blocks_of(" \r\n\t\u2029 ") == ()


def test_a_line_is_a_paragraph() -> None:
    assert blocks_of(" One line. Two sentences. ") == (Block("paragraph", 1, 25),)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_wrapped_lines_are_one_paragraph(end: str) -> None:
    text = WRAPPED.replace("\n", end)
    assert check(text) == (Block("paragraph", 0, len(text) - len(end), is_wrapped=True),)


def test_wrapped_paragraphs_are_divided_by_empty_lines_and_by_indentation() -> None:
    text = f"{WRAPPED}\n{WRAPPED}   A new paragraph begins here, as in old books, with some space, and it\ngoes on.\n"
    assert [block.is_wrapped for block in check(text)] == [True, True, True]


def test_two_lines_are_wrapped_where_a_sentence_goes_on() -> None:
    assert [block.is_wrapped for block in check(WRAPPED[: WRAPPED.index("alone")])] == [True]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "text",
    [VERSE, "Mrs Hester Pell\n18 Larch Rise\nTiverby TV1 4QL\n", "木の葉\n川の水\n山の石\n"],
    ids=["verse", "address", "list"],
)
def test_a_verse_or_an_address_keeps_its_line_ends(text: str, end: str) -> None:
    text = text.replace("\n", end)
    assert check(text) == (Block("paragraph", 0, len(text) - len(end)),)


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-01 10:00:01 INFO start\n2024-05-01 10:00:02 WARN disk nearly full\n2024-05-01 10:00:03 INFO stop",
        "No dogs are allowed.\nNo bicycles are allowed.\nThe gate closes at six.",
        "The first paragraph is long, as they are in files where each of them is one line alone.\n"
        "The second one is long as well, and begins with a capital letter like a new paragraph does.",
        "\n".join(f"word{number}" for number in range(40)),
        "Chapter 1 ........... 5\nChapter 2 ........... 17",
    ],
    ids=["log", "statements", "long lines", "word list", "contents"],
)
def test_lines_that_say_something_each_are_paragraphs(text: str) -> None:
    assert words(text) == text.split("\n")
    assert set(kinds(text)) == {"paragraph"}
    check(text)


def test_the_last_lines_of_a_huge_text_are_one_paragraph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_lines, "MAX_LINES", 2)
    monkeypatch.setattr("qadesk.structure.plain.MAX_LINES", 2)
    assert words("one\n\ntwo\n\n three \n\nfour \n") == ["one", "two", "three \n\nfour"]


# Headings


@pytest.mark.parametrize(
    ("heading", "level"),
    [
        ("Rent\n====", 1), ("Rent\n----", 1), ("RENT AND DEPOSIT", 1), ("3. Rent and deposit", 1), ("§ 3 Rent", 1),
        ("Part 3: Rent", 1), ("Room 3: Rent", 1), ("III. Rent", 1), ("Rent and deposit", 1),
    ],
)  # fmt: skip
def test_headings(heading: str, level: int) -> None:
    text = f"{heading}\n\n{WRAPPED}"
    first = check(text)[0]
    assert (first.kind, first.level) == ("heading", level)
    assert text[first.start : first.end] == heading.split("\n", 1)[0]


def test_levels_of_headings() -> None:
    text = f"TENANCY AGREEMENT\n\n1. Rent\n\n{WRAPPED}\n1.1 Deposit\n\n{WRAPPED}\n2. Ending\n\n{WRAPPED}"
    assert [block.level for block in check(text) if block.kind == "heading"] == [1, 2, 3, 2]


@pytest.mark.parametrize("line", ["Dear Mrs Pell,", "It ends here.", "Summary: short", "see below"])
def test_other_short_lines_are_no_headings(line: str) -> None:
    assert "heading1" not in kinds(f"{line}\n\n{WRAPPED}")


def test_short_items_apart_are_no_headings() -> None:
    assert kinds("1. Apples\n\n2. Pears\n\n3. Plums\n\nThe end.") == ["item1", "item1", "item1", "paragraph"]


def test_a_text_in_capitals_has_no_headings() -> None:
    assert set(kinds("THE LAMP IS LIT\n\nTHE BOAT IS IN\n\n" * 10)) == {"paragraph"}


def test_a_caption_names_a_table() -> None:
    assert kinds("Table 1: Ranges\n\nCode\tRange\nA\t2 bar\nB\t6 bar") == ["caption", "table"]


# Lists


@pytest.mark.parametrize("mark", ["-", "*", "•", "1.", "1)", "(1)", "(a)", "a)", "ii.", "2.1", "2.1.3", "A)"])
def test_marks_of_items(mark: str) -> None:
    text = f"{mark} The rent is due.\n"
    (block,) = check(text)
    assert block == Block("item", 0, len(text) - 1, 1, len(mark) + 1)


@pytest.mark.parametrize(
    "text", ["J. Smith came first.", "3.5 million came.", "1984. It was cold.", "-5 degrees", "* * *"]
)
def test_what_is_no_item(text: str) -> None:
    assert kinds(text) == ["paragraph"]


def test_a_number_in_wrapped_text_is_no_item() -> None:
    text = WRAPPED.replace("alone. It burned\noil", "alone, in\n18. It burned oil")
    assert {block.kind for block in check(text)} == {"paragraph"}


def test_items_have_levels_by_indentation_and_by_their_marks() -> None:
    text = "(1) One—\n(a) red;\n(b) blue.\n(2) Two\n  - x\n    - y\n  - z\n(3) Three\n"
    assert [block.level for block in check(text)] == [1, 2, 2, 1, 2, 3, 2, 1]


def test_a_list_after_an_empty_line_is_a_new_one() -> None:
    assert [block.level for block in check("- one\n- two\n\n1. three\n2. four\n\nText.\n\n(a) five")] == [
        1,
        1,
        1,
        1,
        0,
        1,
    ]


def test_an_item_has_its_hanging_lines() -> None:
    text = "- a lamp with a wick that is long enough\n  for two nights\n- matches\n- Address:\n  Larch Rise\n"
    blocks = check(text)
    assert [text[block.body : block.end] for block in blocks] == [
        "a lamp with a wick that is long enough\n  for two nights", "matches", "Address:\n  Larch Rise",
    ]  # fmt: skip
    assert [block.is_wrapped for block in blocks] == [True, False, False]


# Keys and values


def test_keys_and_values() -> None:
    text = (
        "Ref: HW/06/2291\nDate : 14 March 2025\nSubject: A long subject that was folded by the\n  program\nTel.:\t318"
    )
    blocks = check(text)
    assert {block.kind for block in blocks} == {"pair"}
    assert [text[block.body : block.end] for block in blocks] == [
        "HW/06/2291", "14 March 2025", "A long subject that was folded by the\n  program", "318",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["In short: ask first, keep the receipt.", "It opens at 10:30", "see http://a.example/b", "he said: go"]
)
def test_what_is_no_pair(text: str) -> None:
    assert kinds(text) == ["paragraph"]


# Tables


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_with_tabs(end: str) -> None:
    text = end.join(["Year\tStaff", "2019\t47", "Total\t"])
    assert cells(text) == [["Year", "Staff"], ["2019", "47"], ["Total", ""]]
    (table,) = check(text)
    assert [cell.is_header for row in table.rows for cell in row] == [True, True, False, False, False, False]


def test_the_first_cell_of_a_table_may_be_empty() -> None:
    text = "Fees\n\n\tMember\tGuest\nAdult\t£4\t£6\n"
    table = check(text)[1]
    assert [[text[cell.start : cell.end] for cell in row] for row in table.rows] == [
        ["", "Member", "Guest"], ["Adult", "£4", "£6"],
    ]  # fmt: skip
    assert table.rows[0][1].is_header


def test_a_header_row_is_known_only_where_it_is_plain() -> None:
    (table,) = check("red\tblue\ngreen\twhite\n")
    assert not any(cell.is_header for row in table.rows for cell in row)


def test_a_table_with_aligned_columns() -> None:
    assert cells("Year   Staff   Cost\n2019   47      1,250\n2020   38        980\nAll             200") == [
        ["Year", "Staff", "Cost"], ["2019", "47", "1,250"], ["2020", "38", "980"], ["All", "", "200"],
    ]  # fmt: skip


def test_two_spaces_after_sentences_are_no_columns() -> None:
    text = "It rained.  Nobody came.\nThe gate was shut.  It was late.\nWe left.  That was all.\n"
    assert "table" not in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "| Name | Price |\n|------|-------|\n| Tea  | 2.50  |",
        "+------+-------+\n| Name | Price |\n+======+=======+\n| Tea  | 2.50  |\n+------+-------+",
        "Name | Price\n-----|------\nTea | 2.50",
    ],
)
def test_a_table_with_bars(text: str) -> None:
    assert cells(text) == [["Name", "Price"], ["Tea", "2.50"]]
    assert check(text)[0].rows[0][0].is_header


def test_the_rows_of_a_csv_file() -> None:
    assert cells('id,name,price\n1,"Tea, green",2.50\n2,Coffee,3.00') == [
        ["id", "name", "price"], ["1", "Tea, green", "2.50"], ["2", "Coffee", "3.00"],
    ]  # fmt: skip


# Other


def test_code() -> None:
    assert kinds("So it is called:\n\n    def main():\n        return 1\n\nIt ends.") == [
        "paragraph",
        "code",
        "paragraph",
    ]


@pytest.mark.parametrize(
    "piece",
    ["x\n", "x\n\n", " \n", "a\t", "a|", "a  b\n", "a\tb\n", "- a\n", "1. a\n", "a: b\n", "a,b,c\n", "AAAA\n",
     "    x=1;\n", "---\n", '"', "\u2028a", "漢字\n", "|--|\n", "1.1.", "\r\n\r", "a\v", "\x1c", "Table 1\n"],
)  # fmt: skip
def test_any_text_is_in_blocks(piece: str) -> None:
    check(piece * 200)


def test_lines_of_growing_length() -> None:
    check("".join(" " * (number % 300) + "x  y\n" for number in range(2000)))
