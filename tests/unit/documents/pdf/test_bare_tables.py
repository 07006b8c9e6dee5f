"""Tables without ruling lines that stand near others, near keys with values and near text."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from pdf_objects import drawn, drawn_pages

from qadesk.documents import parsing, pdf

FARES = [("Level", "Yearly", "Guests", "Discount"), ("Single", "£42", "0", "10%"), ("Joint", "£68", "1", "10%")]
FARES += [("Family", "£79", "1", "15%"), ("Patron", "£300", "4", "20%")]
FARES_TEXT = "\n".join("\t".join(row) for row in FARES)
XS = (86, 190, 260, 330)
KEYS = [("Lost card:", "three pounds"), ("Renewal:", "same month each year"), ("Secretary:", "Roland Fitch")]
PITCH = 14


def rows_at(y: float, rows: Sequence[tuple[str, ...]], xs: tuple[float, ...]) -> bytes:
    """``rows`` from ``y`` down, with their cells at ``xs``."""
    texts = [
        (x, y - PITCH * number, text)
        for number, row in enumerate(rows)
        for x, text in zip(xs, row, strict=False)
        if text
    ]
    return drawn(*texts)


def blocks(content: bytes) -> list[tuple[str, str]]:
    parsed = pdf.read(parsing.Source(io.BytesIO(drawn_pages(content)), "'x'"))
    return [(block.kind, parsed.text[block.start : block.end]) for block in parsed.blocks]


PAIRS = [("pair", f"{key} {value}") for key, value in KEYS]


@pytest.mark.parametrize("value", [150, 190], ids=["elsewhere", "below-a-column"])
def test_keys_below_a_table_are_no_rows_of_it(value: int) -> None:
    below = rows_at(700 - PITCH * len(FARES) - 10, KEYS, (86, value))
    assert blocks(rows_at(700, FARES, XS) + below) == [("table", FARES_TEXT), *PAIRS]


def test_a_table_below_keys_begins_anew() -> None:
    table = rows_at(700 - PITCH * len(KEYS), FARES, XS)
    assert blocks(rows_at(700, KEYS, (86, 150)) + table) == [*PAIRS, ("table", FARES_TEXT)]


def test_a_total_with_a_colon_belongs_to_its_table() -> None:
    content = rows_at(700, [*FARES, ("Total:", "£489")], XS)
    assert blocks(content) == [("table", f"{FARES_TEXT}\nTotal:\t£489\t\t")]


def test_a_heading_and_a_table_below_keys() -> None:
    heading = drawn((78, 700 - PITCH * len(KEYS) - 14, "What else"), font="F2")
    table = rows_at(700 - PITCH * len(KEYS) - 40, FARES, XS)
    kinds = [*PAIRS, ("heading", "What else"), ("table", FARES_TEXT)]
    assert blocks(rows_at(700, KEYS, (86, 150)) + heading + table) == kinds


def test_text_between_two_tables_that_begins_further_to_the_left() -> None:
    text = drawn((80, 700 - PITCH * len(FARES) - 4, "The desk shuts one hour before the pool, on Sundays two."))
    second = rows_at(700 - PITCH * (len(FARES) + 1) - 8, FARES, (86, 150, 230, 300))
    assert blocks(rows_at(700, FARES, XS) + text + second) == [
        ("table", FARES_TEXT),
        ("paragraph", "The desk shuts one hour before the pool, on Sundays two."),
        ("table", FARES_TEXT),
    ]


def test_a_wrapped_cell_by_a_slightly_smaller_gap() -> None:
    rows = [
        ("Kettle", "12", "Bo Frandsen"),
        ("Lamp", "3", "Jytte"),
        ("Mat", "40", "Dr Saar"),
        ("Oven", "2", "Inger Damm"),
    ]
    rows += [("Pan", "7", "Paolo")]
    texts = []
    y = 700.0
    for row in rows:
        texts += [(x, y, text) for x, text in zip(XS, row, strict=False)]
        if row[0] in ("Lamp", "Pan"):
            y -= 12
            texts.append((XS[2], y, "Krogh"))
        y -= 14
    lines = [row if row[0] not in ("Lamp", "Pan") else (*row[:2], f"{row[2]} Krogh") for row in rows]
    assert blocks(drawn(*texts)) == [("table", "\n".join("\t".join(row) for row in lines))]


def test_a_table_of_which_one_row_is_on_the_first_page() -> None:
    pages = (rows_at(60, FARES[:1], XS), rows_at(700, FARES[1:], XS))
    parsed = pdf.read(parsing.Source(io.BytesIO(drawn_pages(*pages)), "'x'"))
    assert [(block.kind, parsed.text[block.start : block.end]) for block in parsed.blocks] == [("table", FARES_TEXT)]


def test_a_table_of_short_cells_beside_another() -> None:
    rows = [FARES[0], *[(f"{row[0]} {letter}", *row[1:]) for letter in "abc" for row in FARES[1:]]]
    others = [("Berth", "Length", "Power"), *[(f"B{n}", f"{n + 6} m", "yes" if n % 3 else "no") for n in range(14)]]
    texts = ["\n".join("\t".join(row) for row in table) for table in (rows, others)]
    page = rows_at(700, rows, (50, 115, 170, 220)) + rows_at(705, others, (330, 390, 440))
    assert blocks(page) == [("table", text) for text in texts]


def test_keys_beside_text_in_lines_at_other_heights() -> None:
    text = ["The club was founded in 1921 by", "the keepers of the lighthouse. It", "has a boat house, two slipways"]
    text += ["and 41 boats. The boats are kept", "in the harbour from May on."]
    keys = [*KEYS, ("Treasurer:", "Ada Fitch"), ("Steward:", "Bo Frandsen")]
    page = drawn(*[(50, 707 - 15 * n, line) for n, line in enumerate(text)], size=9.5) + rows_at(702, keys, (320, 400))
    read = [("paragraph", " ".join(text)), *[("pair", f"{key} {value}") for key, value in keys]]
    assert blocks(page) == read
