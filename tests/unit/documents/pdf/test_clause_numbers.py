"""Numbers of clauses and list items in a column of their own, and bullets that are drawn as shapes."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from pdf_objects import drawn, drawn_pages

from qadesk.documents import parsing, pdf

NUMBERS, TEXT, LEADING = 72, 130, 13
CLAUSES = [
    ("2.1", "The tenant pays the rent in advance on the first day of each month, by standing"),
    ("", "order to the account of the landlord."),
    ("2.2", "the deposit is kept in an account of its own, and is paid back within four weeks"),
    ("", "after the keys were handed over."),
    ("2.3", "Rent that is late for more than a week bears interest."),
]
READ = ["2.1 " + " ".join(text for _, text in CLAUSES[:2]), "2.2 " + " ".join(text for _, text in CLAUSES[2:4])]
READ.append(" ".join(CLAUSES[4]))


def blocks(*contents: bytes) -> list[tuple[str, str]]:
    parsed = pdf.read(parsing.Source(io.BytesIO(drawn_pages(*contents)), "'x'"))
    return [(block.kind, parsed.text[block.start : block.end]) for block in parsed.blocks]


def clauses_at(lines: Sequence[tuple[str, ...]], xs: tuple[float, ...] = (NUMBERS, TEXT), y: float = 700) -> bytes:
    """``lines`` from ``y`` down, with their parts at ``xs``."""
    texts = [(x, y - LEADING * n, text) for n, line in enumerate(lines) for x, text in zip(xs, line, strict=False)]
    return drawn(*[place for place in texts if place[2]])


def test_clauses_far_right_of_their_numbers() -> None:
    assert blocks(clauses_at(CLAUSES)) == [("item", text) for text in READ]


def test_a_heading_with_a_number_in_the_same_column() -> None:
    heading = drawn((NUMBERS, 720, "2."), (TEXT, 720, "Payment"), font="F2")
    assert blocks(heading + clauses_at(CLAUSES)) == [("heading", "2. Payment"), *(("item", text) for text in READ)]


@pytest.mark.parametrize("number", ["(a)", "3.", "iv)", "A.", "•"])
def test_other_numbers_far_from_their_text(number: str) -> None:
    lines = [(number, "the roof and the gutters are kept by the landlord, as"), ("", "are the walls")]
    lines += [(number, "Windows and doors by the tenant")]
    items = [f"{number} {lines[0][1]} {lines[1][1]}", f"{number} {lines[2][1]}"]
    assert blocks(clauses_at(lines)) == [("item", text) for text in items]


def test_two_numbers_before_a_text() -> None:
    lines = [("4.1", "(a)", "the tenant keeps the house clean and"), ("", "", "well aired;"), ("", "(b)", "No noise.")]
    text = ["4.1 (a) the tenant keeps the house clean and well aired;", "(b) No noise."]
    assert [part for _, part in blocks(clauses_at(lines, (72, 130, 170)))] == text


def test_a_clause_over_two_pages() -> None:
    pages = (clauses_at(CLAUSES[:3], y=60), clauses_at(CLAUSES[3:]))
    assert blocks(*pages) == [("item", text) for text in READ]


@pytest.mark.parametrize(
    "rows",
    [
        [("9.30", "Coffee"), ("10.15", "Welcome"), ("11.40", "First talk")],
        [("2.1", "3.4"), ("2.2", "3.6"), ("2.3", "3.9")],
        [("1.", "Kettle", "12"), ("2.", "Lamp", ""), ("3.", "Mat", "40"), ("4.", "Oven", "7")],
    ],
    ids=["times", "figures", "three-columns"],
)
def test_numbers_in_the_first_column_of_a_table(rows: list[tuple[str, ...]]) -> None:
    assert blocks(clauses_at(rows, (72, 130, 330))) == [("table", "\n".join("\t".join(row) for row in rows))]


def test_clauses_in_two_columns() -> None:
    left = [("1.1", "The roof and the gutters are kept by"), ("", "the landlord, as are the walls.")]
    left += [("1.2", "Windows and doors are kept by the"), ("", "tenant, who also sweeps the stairs.")]
    left += [("1.3", "The garden is used by all houses."), ("1.4", "No fires are lit there."), ("1.5", "No dogs.")]
    right = [("2.1", "The rent is due on the first day of"), ("", "the month, by standing order only.")]
    right += [("2.2", "The deposit is paid back within a"), ("", "month after the keys are back.")]
    right += [("2.3", "Late rent bears interest of four"), ("", "per cent."), ("2.4", "Cheques are not taken.")]
    page = clauses_at(left, (50, 75), y=668) + clauses_at(right, (310, 335), y=700)
    text = " ".join(" ".join(filter(None, line)) for line in left + right)
    read = blocks(page)
    assert " ".join(part for _, part in read) == text
    assert [part.split()[0] for _, part in read] == ["1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "2.3", "2.4"]


CIRCLE = b"%g %g m %g %g %g %g %g %g c %g %g %g %g %g %g c f\n"


def circle_at(x: float, y: float) -> bytes:
    """A filled circle of 4 points, of two curves."""
    up, down = (x, y + 2, x + 4, y + 2, x + 4, y), (x + 4, y - 2, x, y - 2, x, y)
    return CIRCLE % (x, y, *up, *down)


@pytest.mark.parametrize("shape", ["circle", "square"])
def test_drawn_bullets(shape: str) -> None:
    lines = [("", "Bring a towel and clean shoes that have not been worn"), ("", "outside"), ("", "no photographs")]
    places = [700 + 3, 700 + 3 - 2 * LEADING]
    shapes = [circle_at(118, y) if shape == "circle" else b"118 %g 4 4 re f\n" % (y - 2) for y in places]
    items = [f"• {lines[0][1]} outside", "• no photographs"]
    assert blocks(clauses_at(lines) + b"".join(shapes)) == [("item", text) for text in items]


@pytest.mark.parametrize("shapes", [b"118 701 4 4 re f\n", b"118 701 4 4 re S\n118 688 4 4 re S\n"])
def test_shapes_that_are_no_bullets(shapes: bytes) -> None:
    text = clauses_at([("", "Bring a towel"), ("", "and shoes")])
    assert "•" not in blocks(text + shapes)[0][1]
