from __future__ import annotations

from math import atan, cos, hypot

import pytest

from qadesk.documents.pdf.scan_pieces import pieces_of_scan
from qadesk.documents.scans.scan_text import ScanLine, ScanText, ScanWord

SIZE = (400.0, 300.0)


def word(text: str, left: float, base: float, width: float, line: int = 0, *, height: float = 7) -> ScanWord:
    return ScanWord(text, left, base - height, left + width, base, line, 90)


def line_at(left: float, base: float, right: float, size: float = 10, *, slope: float = 0) -> ScanLine:
    return ScanLine(left, base, right, base + slope * (right - left), size)


def test_nothing_is_no_lines() -> None:
    pieces = pieces_of_scan(ScanText(*SIZE))
    assert (pieces.lines, pieces.others, pieces.is_upright) == ([], [], True)
    assert pieces_of_scan(ScanText(*SIZE, lines=(line_at(0, 10, 50),))).lines == []


def test_a_line_has_the_place_of_its_words_and_knows_their_characters() -> None:
    words = (word("Lamp", 10, 100, 25), word("lit", 39, 100, 15), word("Tower", 10, 120, 30, 1))
    scan = ScanText(*SIZE, words, (line_at(10, 100, 54), line_at(10, 120, 40)))
    first, second = pieces_of_scan(scan).lines
    (piece,) = first.pieces
    assert (first.text, second.text) == ("Lamp lit", "Tower")
    assert (piece.left, piece.right) == (10, 54)
    assert piece.bottom == pytest.approx(-102.5)  # a quarter of the size of the letters below the base line
    assert (piece.height, piece.top - piece.bottom) == pytest.approx((11.7, 11.7))
    assert piece.size == 10
    assert (piece.first, piece.mapped) == (0, 8)
    assert (second.pieces[0].first, second.pieces[0].mapped) == (9, 5)


@pytest.mark.parametrize(("gap", "count"), [(6.4, 1), (6.5, 2)])
def test_a_line_is_cut_at_a_wide_gap(gap: float, count: int) -> None:
    scan = ScanText(*SIZE, (word("Rent", 10, 100, 25), word("900", 35 + gap, 100, 20)), (line_at(10, 100, 70),))
    (row,) = pieces_of_scan(scan).lines  # 0.55 of the height 11.7 are 6.4 points
    assert len(row.pieces) == count
    assert row.text == "Rent 900"
    assert sum(piece.mapped for piece in row.pieces) == (8 if count == 1 else 7)
    assert [piece.first for piece in row.pieces] == [0, 5][:count]


def test_words_of_a_line_that_do_not_follow_one_another_are_pieces_of_their_own() -> None:
    words = (word("a", 10, 100, 5), word("b", 10, 120, 5, 1), word("c", 17, 100, 5))
    scan = ScanText(*SIZE, words, (line_at(10, 100, 22), line_at(10, 120, 15)))
    first, _ = pieces_of_scan(scan).lines
    assert [(piece.first, piece.mapped) for piece in first.pieces] == [(0, 1), (4, 1)]


def test_a_crooked_page_is_straightened() -> None:
    slope = 0.05
    rows = {60.0: ("Rent of the house", "900"), 72.0: ("Heating and water", "140"), 84.0: ("Insurance of it", "35")}
    lines: list[ScanLine] = []
    words: list[ScanWord] = []
    for base, cells in rows.items():
        for text, left, width in zip(cells, (10, 320), (140, 30), strict=True):
            words.append(word(text.replace(" ", "_"), left, base + slope * left, width, len(lines)))
            lines.append(line_at(left, base + slope * left, left + width, slope=slope))
    straight = pieces_of_scan(ScanText(*SIZE, tuple(words), tuple(lines))).lines
    assert [line.text for line in straight] == ["Rent_of_the_house 900", "Heating_and_water 140", "Insurance_of_it 35"]
    bottoms = [[piece.bottom for piece in line.pieces] for line in straight]
    for left, right in bottoms:
        assert left == pytest.approx(right)
    assert bottoms[0][0] - bottoms[1][0] == pytest.approx(12 * cos(atan(slope)))
    assert straight[0].pieces[0].left < straight[1].pieces[0].left < straight[2].pieces[0].left  # turned about a corner
    assert straight[1].pieces[0].left - straight[0].pieces[0].left == pytest.approx(12 * slope / hypot(1, slope))


def test_short_lines_do_not_turn_a_page() -> None:
    crooked = line_at(10, 60, 60, slope=0.3)
    words = (word("12", 10, 60, 50), word("Words_of_a_long_line", 10, 90, 300, 1))
    lines = pieces_of_scan(ScanText(*SIZE, words, (crooked, line_at(10, 90, 310)))).lines
    assert [line.pieces[0].left for line in lines] == [10, 10]


@pytest.mark.parametrize(
    ("angle", "boxes"),  # of words at (10, 93, 35, 100), (39, 93, 54, 100) on the page turned back
    [
        (90, [(200, 10, 207, 35), (200, 39, 207, 54)]),
        (180, [(265, 300, 290, 307), (246, 300, 261, 307)]),
        (270, [(93, 365, 100, 390), (93, 346, 100, 361)]),
    ],
)
def test_a_turned_page_is_as_an_upright_one(angle: int, boxes: list[tuple[float, ...]]) -> None:
    size = (300.0, 400.0)
    words = tuple(ScanWord(text, *box, 0, 90) for text, box in zip(("Lamp", "lit"), boxes, strict=True))
    turned = pieces_of_scan(ScanText(*size, words, (line_at(10, 100, 54),), angle))
    (line,) = turned.lines
    (piece,) = line.pieces
    assert not turned.is_upright
    assert (line.text, piece.left, piece.right) == ("Lamp lit", 10, 54)
    assert piece.bottom == pytest.approx(-102.5)


def test_letters_of_nearly_the_usual_size_have_it() -> None:
    sizes = (20, 10, 10.9, 9.4, 10, 10.2, 6)
    lines = tuple(line_at(10, 30 * number + 30, 200, size) for number, size in enumerate(sizes))
    words = tuple(word(f"line{number}", 10, 30 * number + 30, 190, number) for number in range(len(sizes)))
    sizes = [line.size for line in pieces_of_scan(ScanText(*SIZE, words, lines)).lines]
    assert sizes == [20, 10, 10, 10, 10, 10, 6]
