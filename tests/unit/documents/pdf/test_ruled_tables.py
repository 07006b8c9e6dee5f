"""Tables with ruling lines, shaded rows or keys, on one page and over several."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable

import pytest
from pdf_objects import drawn, drawn_pages

from qadesk.documents import parsing, pdf
from qadesk.structure import Block
from qadesk.structure.serial import from_lists, to_lists

XS = (72, 150, 230, 420)
"""The sides of three columns."""
ROWS = [
    (("Room", "Count", "Condition"), 700, 680),
    (("Coffee|table", "1", "oak, four scratches|on its top"), 680, 650),
    (("Lamp", "2", "brass"), 650, 630),
    (("Curtain", "2 pairs", "cream linen,|dry-cleaned"), 630, 600),
]
"""The cells of rows, whose lines are parted by |, with the y of the top and the bottom of each."""
TEXTS = [[cell.replace("|", " ") for cell in cells] for cells, _, _ in ROWS]


def read(data: bytes) -> parsing.Parsed:
    parsed = pdf.read(parsing.Source(io.BytesIO(data), "'x'"))
    assert from_lists(to_lists(parsed.blocks), len(parsed.text)) == parsed.blocks  # valid
    return parsed


def cells(parsed: parsing.Parsed, table: Block) -> list[list[str]]:
    return [[parsed.text[cell.start : cell.end] for cell in row] for row in table.rows]


def tables(parsed: parsing.Parsed) -> list[list[list[str]]]:
    return [cells(parsed, block) for block in parsed.blocks if block.rows]


def kinds(parsed: parsing.Parsed) -> list[str]:
    return [block.kind for block in parsed.blocks]


def row_texts(rows: list[tuple[tuple[str, ...], int, int]] = ROWS, *, font: str = "F1") -> bytes:
    return b"".join(
        drawn((x + 3, top - 13 - 12 * number, line), font=font)
        for texts, top, _ in rows
        for x, text in zip(XS, texts, strict=False)
        for number, line in enumerate(text.split("|"))
        if line
    )


def line(x: float, y: float, to_x: float, to_y: float) -> bytes:
    return b"%g %g m %g %g l S\n" % (x, y, to_x, to_y)


def box(left: float, bottom: float, right: float, top: float, paint: bytes = b"S") -> bytes:
    return b"0.9 g %g %g %g %g re %s 0 g\n" % (left, bottom, right - left, top - bottom, paint)


def lines_across(*heights: float) -> bytes:
    return b"".join(line(XS[0], y, XS[-1], y) for y in heights)


def grid_of_lines() -> bytes:
    return lines_across(700, *(bottom for _, _, bottom in ROWS)) + b"".join(line(x, 600, x, 700) for x in XS)


def grid_of_boxes() -> bytes:
    pairs = list(itertools.pairwise(XS))
    return b"".join(box(low, bottom, high, top) for _, top, bottom in ROWS for low, high in pairs)


def grid_of_thin_boxes() -> bytes:
    content = b"".join(box(XS[0], y, XS[-1], y + 0.5, b"f") for y in (700, *(bottom for _, _, bottom in ROWS)))
    return content + b"".join(box(x, 600, x + 0.5, 700, b"f") for x in XS)


@pytest.mark.parametrize("ruling", [grid_of_lines, grid_of_boxes, grid_of_thin_boxes], ids=lambda call: call.__name__)
def test_ruling_lines_divide_cells_of_several_lines(ruling: Callable[[], bytes]) -> None:
    assert tables(read(drawn_pages(ruling() + row_texts()))) == [TEXTS]


def test_lines_across_alone_divide_rows() -> None:
    ruling = lines_across(700, *(bottom for _, _, bottom in ROWS))
    assert tables(read(drawn_pages(ruling + row_texts()))) == [TEXTS]


def test_a_wall_between_cells_that_are_as_near_as_words() -> None:
    content = grid_of_lines() + row_texts(ROWS[:1])
    content += drawn((76, 667, "Hall mat, grey"), (153, 667, "1"), (233, 667, "worn"))
    content += drawn((76, 637, "Umbrella rack"), (153, 637, "2"), (233, 637, "good"))
    assert tables(read(drawn_pages(content))) == [
        [["Room", "Count", "Condition"], ["Hall mat, grey", "1", "worn"], ["Umbrella rack", "2", "good"]]
    ]


def test_rows_above_and_below_shaded_ones() -> None:
    rows = [((f"Item {n}", f"{n}", f"shelf {n}|on the left"), 700 - 30 * n, 670 - 30 * n) for n in range(6)]
    content = b"".join(
        box(low, bottom, high, top, b"f") for _, top, bottom in rows[1::2] for low, high in itertools.pairwise(XS)
    )
    below = drawn((72, 480, "The list is of the month of May."))
    parsed = read(drawn_pages(content + row_texts(rows[:5]) + below))
    assert tables(parsed) == [[[cell.replace("|", " ") for cell in texts] for texts, _, _ in rows[:5]]]
    assert parsed.text.endswith("\n\nThe list is of the month of May.")


def test_a_cell_over_two_rows_is_said_again_by_the_covered_one() -> None:
    content = lines_across(700, 680, 640) + line(150, 660, 420, 660) + b"".join(line(x, 640, x, 700) for x in XS)
    content += drawn((75, 687, "Day"), (153, 687, "Hour"), (233, 687, "Lesson"), font="F2")
    content += drawn((75, 657, "Monday"), (153, 667, "8"), (233, 667, "Latin"), (153, 647, "9"), (233, 647, "Music"))
    parsed = read(drawn_pages(content))
    assert tables(parsed) == [[["Day", "Hour", "Lesson"], ["Monday", "8", "Latin"], ["", "9", "Music"]]]
    assert parsed.blocks[0].rows[2][0].is_covered


def test_a_cell_over_two_rows_in_the_last_column() -> None:
    content = lines_across(700, 680, 640) + line(72, 660, 230, 660) + b"".join(line(x, 640, x, 700) for x in XS)
    content += drawn((75, 687, "Day"), (153, 687, "Hour"), (233, 687, "Lesson"))
    content += drawn((75, 667, "Monday"), (153, 667, "8"), (233, 667, "Latin"), (75, 647, "Friday"), (153, 647, "9"))
    parsed = read(drawn_pages(content))
    assert tables(parsed) == [[["Day", "Hour", "Lesson"], ["Monday", "8", "Latin"], ["Friday", "9", ""]]]
    assert parsed.blocks[0].rows[2][2].is_covered


def test_a_key_over_two_rows() -> None:
    content = lines_across(700, 660) + line(150, 680, 230, 680) + b"".join(line(x, 660, x, 700) for x in XS[:3])
    content = content.replace(b"420", b"230")
    content += drawn((75, 687, "Hours:"), (153, 687, "8 to 12"), (153, 667, "14 to 18"))
    assert read(drawn_pages(content)).text.split() == ["Hours:", "8", "to", "12", "14", "to", "18"]


def test_a_line_below_the_first_row_marks_the_header() -> None:
    rows = [
        (("Name", "Town", "Trade"), 700, 682),
        (("Ilse", "Tain", "baker"), 682, 664),
        (("Ada", "Wick", "smith"), 664, 646),
    ]
    without = read(drawn_pages(row_texts(rows)))
    assert not any(cell.is_header for cell in without.blocks[0].rows[0])
    parsed = read(drawn_pages(lines_across(700, 683, 645) + row_texts(rows)))
    assert [[cell.is_header for cell in row] for row in parsed.blocks[0].rows] == [[True] * 3, [False] * 3, [False] * 3]


def test_underlined_words_and_frames_are_no_tables() -> None:
    prose = ["The landlord lets the flat to the", "tenant, who pays on the first day", "of each month and not later."]
    content = b"".join(drawn((75, 690 - 14 * number, text)) for number, text in enumerate(prose))
    content += line(75, 688.5, 231, 688.5) + line(75, 674.5, 236, 674.5) + box(60, 640, 400, 720)
    parsed = read(drawn_pages(content))
    assert kinds(parsed) == ["paragraph"]
    assert parsed.text == " ".join(prose)


def test_keys_and_values_of_several_lines() -> None:
    content = drawn((72, 700, "Time limit for"), (72, 687, "receipt of tenders:"), font="F2")
    content += drawn((220, 700, "26 May 2025, 14:00 local time"))
    content += drawn((72, 667, "Place:"), font="F2") + drawn((220, 667, "Town Hall, room 4, on the"))
    content += drawn((220, 654, "second floor"))
    content += drawn((72, 634, "Lots:"), font="F2") + drawn((220, 634, "2"))
    parsed = read(drawn_pages(content))
    assert [parsed.text[block.start : block.end] for block in parsed.blocks] == [
        "Time limit for receipt of tenders: 26 May 2025, 14:00 local time",
        "Place: Town Hall, room 4, on the second floor",
        "Lots: 2",
    ]
    assert kinds(parsed) == ["pair"] * 3


def test_a_value_below_its_key() -> None:
    content = drawn((72, 700, "Tenant:"), font="F2") + drawn(
        (86, 687, "Ilse Varga, who lives at"), (86, 674, "Oak Row 3")
    )
    content += drawn((72, 655, "Rent:"), font="F2") + drawn((86, 642, "900 a month"))
    content += drawn((72, 610, "Note:"), font="F2") + drawn((72, 597, "The cellar is damp in winter."))
    parsed = read(drawn_pages(content))
    assert [(block.kind, parsed.text[block.start : block.end]) for block in parsed.blocks] == [
        ("pair", "Tenant: Ilse Varga, who lives at Oak Row 3"),
        ("pair", "Rent: 900 a month"),
        ("paragraph", "Note:"),
        ("paragraph", "The cellar is damp in winter."),
    ]


def page_rows(first: int, count: int, top: int) -> list[tuple[tuple[str, ...], int, int]]:
    return [
        ((f"Item {n}", f"{n} pieces", f"shelf {n}"), top - 20 * (n - first), top - 20 - 20 * (n - first))
        for n in range(first, first + count)
    ]


def page_with(header: bool, first: int, footer: str) -> bytes:
    rows = page_rows(first, 4, 680 if header else 700)
    content = row_texts([(("Thing", "Stock", "Place"), 700, 680)], font="F2") if header else b""
    heights = [700, *(bottom for _, _, bottom in ([((), 0, 680)] if header else []) + rows)]
    content += lines_across(*heights) + b"".join(line(x, heights[-1], x, 700) for x in XS)
    return content + row_texts(rows) + drawn((280, 30, footer), size=8)


@pytest.mark.parametrize("is_repeated", [True, False], ids=["header repeated", "header once"])
def test_a_table_over_two_pages(is_repeated: bool) -> None:
    pages = [page_with(True, 1, "Page 1 of 2"), page_with(is_repeated, 5, "Page 2 of 2")]
    parsed = read(drawn_pages(*pages))
    (table,) = [block for block in parsed.blocks if block.rows]
    assert [row[0] for row in cells(parsed, table)] == ["Thing", *(f"Item {n}" for n in range(1, 9))]
    assert [row[0].is_header for row in table.rows] == [True] + [False] * 8
    assert kinds(parsed).count("header") == is_repeated
    item = parsed.text.index("Item 7")
    assert [run[1] for run in parsed.characters.runs(item, item + 6)] == [2]  # on its own page


def test_two_tables_with_other_columns_stay_apart() -> None:
    other = [(("Red", "Blue"), 700, 680), (("Oak", "Elm"), 680, 660), (("Tin", "Zinc"), 660, 640)]
    second = (
        lines_across(700, 680, 660, 640) + b"".join(line(x, 640, x, 700) for x in (72, 150, 420)) + row_texts(other)
    )
    parsed = read(drawn_pages(page_with(True, 1, "Page 1 of 2"), second + drawn((280, 30, "Page 2 of 2"), size=8)))
    assert [len(table) for table in tables(parsed)] == [5, 3]


def test_a_ruled_table_in_one_of_two_columns() -> None:
    left = ["The mill is open to visitors on", "the days below."]
    rows = [("Day", "Open", "Fee"), ("Monday", "9 to 12", "4"), ("Friday", "9 to 17", "6"), ("Sunday", "closed", "-")]
    content = b"".join(drawn((50, 700 - 14 * number, text)) for number, text in enumerate(left))
    for number, row in enumerate(rows):
        y = 660 - 20 * number
        content += drawn(*((x, y, text) for x, text in zip((53, 130, 220), row, strict=True)))
        content += line(50, y - 6, 285, y - 6)
    right = ["It belongs to Greta Holm, whose", "family built it in 1811.", "The wheel was mended last year;", "please"]
    right += ["keep children away from it.", "Dogs stay outside, at the ring", "by the door."]
    content += b"".join(drawn((315, 700 - 14 * number, text)) for number, text in enumerate(right))
    parsed = read(drawn_pages(content))
    assert tables(parsed) == [[list(row) for row in rows]]
    assert parsed.text.startswith("The mill is open to visitors on the days below.\n\nDay\tOpen")
    assert "whose family built it in 1811." in parsed.text


def test_a_table_without_lines_and_with_narrow_gaps() -> None:
    rows = [("Oak", "12", "dry"), ("Elm", "40", "wet"), ("Ash", "31", "dry"), ("Fir", "77", "wet")]
    content = b"".join(
        drawn((72, 700 - 14 * n, a), (98, 700 - 14 * n, b), (117, 700 - 14 * n, c)) for n, (a, b, c) in enumerate(rows)
    )
    assert tables(read(drawn_pages(content))) == [[list(row) for row in rows]]


def test_a_table_of_contents_is_no_table() -> None:
    rows = [("Terms", "3"), ("Rent", "4"), ("Repairs", "7"), ("Notice", "9")]
    content = b"".join(
        drawn((72, 700 - 14 * n, f"{n + 1}.1"), (96, 700 - 14 * n, f"{title} . . . . . . . . . . . . . . {page}"))
        for n, (title, page) in enumerate(rows)
    )
    assert "table" not in kinds(read(drawn_pages(content)))


def test_a_drawing_of_very_many_lines_is_no_table() -> None:
    content = b"".join(line(50 + n % 400, 100, 50 + n % 400, 700) for n in range(4000))
    content += b"".join(line(50, 100 + n % 600, 450, 100 + n % 600) for n in range(4000))
    assert read(drawn_pages(content + drawn((72, 720, "Moiré pattern")))).text == "Moiré pattern"
