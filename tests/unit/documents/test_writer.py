from __future__ import annotations

import pytest

from qadesk.documents import parsing
from qadesk.documents.parsing import Parsed
from qadesk.documents.writer import Writer
from qadesk.errors import DocumentError
from qadesk.structure import Block, Cell


@pytest.fixture
def writer() -> Writer:
    return Writer("'x'")


def write_table(writer: Writer, *rows: tuple[str, ...]) -> None:
    writer.start_table()
    for row in rows:
        writer.row()
        for text in row:
            writer.cell()
            writer.write(text)
            writer.block(1)
    writer.end_table()


def described(writer: Writer) -> list[tuple[str, int, str, str]]:
    """Kind, level, number or key, and the rest, of each block."""
    text = writer.text
    return [(b.kind, b.level, text[b.start : b.body], text[b.body : b.end]) for b in writer.blocks]


def cell_texts(writer: Writer) -> list[list[str]]:
    (table,) = (block for block in writer.blocks if block.rows)
    return [[writer.text[cell.start : cell.end] for cell in row] for row in table.rows]


# Breaks


def test_breaks_that_meet_are_merged(writer: Writer) -> None:
    writer.block(2)
    writer.write("a")
    writer.block(1)
    writer.block(2)
    writer.block(1)
    writer.write("b")
    writer.block(2)
    assert writer.text == "a\n\nb"


def test_lines_add_up_and_line_ends_that_are_there_count(writer: Writer) -> None:
    writer.write("a")
    writer.line()
    writer.line()
    writer.write("b\n")
    writer.block(2)
    writer.write("c")
    assert writer.text == "a\n\nb\n\nc"


def test_is_at_line_start(writer: Writer) -> None:
    states = [writer.is_at_line_start]
    for text in ("a", "b\n", "c"):
        writer.write(text)
        states.append(writer.is_at_line_start)
    writer.line()
    assert [*states, writer.is_at_line_start] == [True, False, True, False, True]


# Blocks


def test_blocks_are_paragraphs_unless_another_kind_is_started(writer: Writer) -> None:
    writer.write("first")
    writer.block(2)
    writer.start_block("heading", 2)
    writer.write("Second")
    writer.block(2)
    writer.write("third")
    assert described(writer) == [
        ("paragraph", 0, "", "first"),
        ("heading", 2, "", "Second"),
        ("paragraph", 0, "", "third"),
    ]


def test_a_body_begins_after_the_number(writer: Writer) -> None:
    for number, text in (("2.1 ", "Rent is due."), ("2.2 ", "")):
        writer.start_block("item", 2, breaks=1)
        writer.write(number)
        writer.start_body()
        writer.write(text)
    assert writer.text == "2.1 Rent is due.\n2.2 "
    assert described(writer) == [("item", 2, "2.1 ", "Rent is due."), ("item", 2, "2.2", "")]


def test_blocks_have_no_white_space_at_their_ends(writer: Writer) -> None:
    writer.write(" \t a b \xa0\n")
    writer.block(2)
    writer.write("  \n ")
    writer.block(2)
    writer.write("c")
    assert described(writer) == [("paragraph", 0, "", "a b"), ("paragraph", 0, "", "c")]


def test_lines_stay_inside_a_block(writer: Writer) -> None:
    writer.start_block("code")
    writer.write("if x:")
    writer.line()
    writer.line()
    writer.write("  y")
    assert described(writer) == [("code", 0, "", "if x:\n\n  y")]


def test_a_block_without_text_is_none(writer: Writer) -> None:
    writer.start_block("heading", 1)
    writer.start_body()
    writer.start_block("item", 1)
    writer.block(2)
    assert writer.blocks == ()
    writer.write("x")
    assert writer.blocks == (Block("paragraph", 0, 1),)


# Tables


def test_cells_are_divided_by_tabs_and_rows_by_line_ends(writer: Writer) -> None:
    writer.write("before")
    write_table(writer, ("a", "b"), ("", "d"))
    writer.write("after")
    assert writer.text == "before\n\na\tb\n\td\n\nafter"
    assert [block.kind for block in writer.blocks] == ["paragraph", "table", "paragraph"]
    assert cell_texts(writer) == [["a", "b"], ["", "d"]]


def test_rows_without_text_are_dropped(writer: Writer) -> None:
    write_table(writer, (" ", "\n"), ("a", ""), ("", ""), ())
    write_table(writer, ("", ""))
    writer.write("after")
    assert writer.text == "a\t\n\nafter"
    assert cell_texts(writer) == [["a", ""]]


def test_cells_know_their_columns_spans_and_kinds(writer: Writer) -> None:
    writer.start_table()
    writer.row()
    writer.cell(span=2, is_header=True)
    writer.write("Fares")
    writer.cell()
    writer.write("from")
    writer.row()
    for text in ("adult", "12.50"):
        writer.cell()
        writer.write(text)
    writer.cell(is_covered=True)
    writer.end_table()
    (table,) = writer.blocks
    assert writer.text == "Fares\tfrom\nadult\t12.50\t"
    assert table.rows == (
        (Cell(0, 5, 0, 2, is_header=True), Cell(6, 10, 2)),
        (Cell(11, 16, 0), Cell(17, 22, 1), Cell(23, 23, 2, is_covered=True)),
    )
    assert (table.start, table.end) == (0, 23)


def test_a_row_becomes_the_header_when_it_has_been_read(writer: Writer) -> None:
    writer.mark_header()  # no table, no row: nothing
    writer.start_table()
    writer.mark_header()
    for text in ("Year", "2019"):
        writer.row()
        writer.cell()
        writer.write(text)
        if text == "Year":
            writer.mark_header()
    writer.end_table()
    writer.mark_header(5)
    assert [[cell.is_header for cell in row] for row in writer.blocks[0].rows] == [[True], [False]]
    assert writer.text == "Year\n2019"


def test_an_earlier_row_becomes_the_header(writer: Writer) -> None:
    writer.start_table()
    for text in ("Year", "2019", "2020"):
        writer.row()
        writer.cell()
        writer.write(text)
    writer.mark_header(0)
    writer.mark_header(3)
    writer.end_table()
    assert [cell.is_header for (cell,) in writer.blocks[0].rows] == [True, False, False]
    assert writer.text == "Year\n2019\n2020"


def test_blocks_and_tables_in_a_cell_are_lines_of_it(writer: Writer) -> None:
    writer.start_table()
    writer.row()
    writer.cell()
    writer.start_block("heading", 1)
    writer.write("outer a")
    write_table(writer, ("inner 1", "inner 2"), ("inner 3", "inner 4"))
    writer.start_block("item", 1)
    writer.write("1. ")
    writer.start_body()
    writer.write("after")
    writer.cell()
    writer.write("outer b")
    writer.end_table()
    assert cell_texts(writer) == [["outer a\ninner 1\tinner 2\ninner 3\tinner 4\n1. after", "outer b"]]
    assert [block.kind for block in writer.blocks] == ["table"]


def test_cells_and_rows_outside_tables_are_text(writer: Writer) -> None:
    writer.row()
    writer.cell()
    writer.write("a")
    writer.end_table()
    assert described(writer) == [("paragraph", 0, "", "a")]


def test_a_cell_without_a_row_begins_one(writer: Writer) -> None:
    writer.start_table()
    writer.cell()
    writer.write("a")
    writer.end_table()
    assert cell_texts(writer) == [["a"]]


def test_tables_nested_too_deep_are_text_of_the_cell_around_them(writer: Writer) -> None:
    depth = 1000
    for _ in range(depth):
        writer.start_table()
        writer.row()
        writer.cell()
    writer.write("deep")
    for _ in range(depth):
        writer.end_table()
    writer.write("after")
    assert writer.text == "deep\n\nafter"
    assert not writer.is_in_cell


# Appending


def test_appended_blocks_move_with_their_text(writer: Writer) -> None:
    other = Writer("'x'")
    other.start_block("item", 1)
    other.write("- ")
    other.start_body()
    other.write("b")
    write_table(other, ("c", "d"))
    writer.write("a")
    writer.block(2)
    writer.append(other)
    writer.block(2)
    writer.append(Parsed("e", blocks=(Block("heading", 0, 1, 1),)))
    assert writer.text == "a\n\n- b\n\nc\td\n\ne"
    assert cell_texts(writer) == [["c", "d"]]
    assert [row[:3] for row in described(writer)] == [
        ("paragraph", 0, ""), ("item", 1, "- "), ("table", 0, ""), ("heading", 1, ""),
    ]  # fmt: skip


def test_what_is_appended_begins_a_line(writer: Writer) -> None:
    writer.write("a")
    writer.append(Parsed("b", blocks=(Block("paragraph", 0, 1),)))
    assert described(writer) == [("paragraph", 0, "", "a"), ("paragraph", 0, "", "b")]
    assert writer.text == "a\nb"


def test_what_is_appended_in_a_cell_is_text_of_it(writer: Writer) -> None:
    writer.start_table()
    writer.cell()
    writer.append(Parsed("a\n\nb", blocks=(Block("heading", 0, 1, 1), Block("paragraph", 3, 4))))
    writer.end_table()
    assert cell_texts(writer) == [["a\n\nb"]]


def test_nothing_appended_leaves_nothing(writer: Writer) -> None:
    writer.write("a")
    writer.append(Parsed(""))
    writer.write("b")
    assert described(writer) == [("paragraph", 0, "", "ab")]


# Limits


def test_text_beyond_the_limit_is_refused(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MAX_CHARACTERS", 3_000_000)
    writer.write("a" * 3_000_000)
    with pytest.raises(DocumentError, match=r"'x' holds more than 3 million characters"):
        writer.write("a")


def test_text_in_cells_counts_once(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MAX_CHARACTERS", 50)
    for _ in range(4):
        write_table(writer, ("a" * 10,))
    assert len(writer.text) == 4 * 10 + 3 * 2
    with pytest.raises(DocumentError):
        write_table(writer, ("a" * 10,))


def test_text_in_open_cells_counts(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MAX_CHARACTERS", 50)
    writer.start_table()
    writer.cell()
    writer.write("a" * 40)
    writer.cell()
    with pytest.raises(DocumentError):
        writer.write("a" * 11)


def test_what_is_appended_counts(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MAX_CHARACTERS", 50)
    writer.append(Parsed("a" * 40))
    with pytest.raises(DocumentError):
        writer.append(Parsed("a" * 40))
