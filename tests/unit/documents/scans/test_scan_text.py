from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qadesk.documents.scans.scan_text import ScanLine, ScanText, ScanWord

LINES = (ScanLine(10, 24, 60, 24, 5), ScanLine(10, 44, 30, 44, 5))
WORDS = (
    ScanWord("ab", 10, 20, 30, 24, 0, 91),
    ScanWord("cdé", 40, 20, 60, 25, 0, 80.5),
    ScanWord("f", 10, 40, 20, 44, 1, 3),
)
SCAN = ScanText(595.28, 841.89, WORDS, LINES, 90)
NUMBERS = st.floats(0, 10_000).map(lambda value: round(value, 2))
ANY_WORD = st.builds(
    ScanWord, st.text(st.characters(exclude_characters=" ", exclude_categories=["Cs"]), min_size=1, max_size=9),
    NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.integers(0, 1), NUMBERS,
)  # fmt: skip


def test_the_words_are_one_text_and_know_where_they_begin() -> None:
    assert SCAN.text == "ab cdé f"
    assert SCAN.starts == [0, 3, 7]
    assert [SCAN.text[start : start + len(word.text)] for start, word in zip(SCAN.starts, WORDS, strict=True)] == [
        *("ab", "cdé", "f")
    ]
    empty = ScanText(100, 100)
    assert (empty.text, empty.starts, empty.boxes().shape) == ("", [], (0, 4))


@pytest.mark.parametrize(
    ("angle", "boxes"),
    [
        (0, [[10, 20, 20, 24], [20, 20, 30, 24]]),
        (90, [[10, 20, 30, 22], [10, 22, 30, 24]]),  # its text runs down
        (180, [[20, 20, 30, 24], [10, 20, 20, 24]]),
        (270, [[10, 22, 30, 24], [10, 20, 30, 22]]),  # and up
    ],
)
def test_letters_have_equal_shares_of_the_box_of_their_word(angle: int, boxes: list[list[int]]) -> None:
    scan = ScanText(100, 100, WORDS, LINES, angle)
    letters = scan.boxes()
    assert letters.dtype == np.float32
    assert letters.shape == (len(scan.text), 4)
    assert letters[:2].tolist() == boxes
    assert letters[2].tolist() == letters[6].tolist() == [0, 0, 0, 0]  # spaces
    assert letters[7].tolist() == [10, 40, 20, 44]


def test_what_was_kept_is_read_again() -> None:
    assert ScanText.from_json(SCAN.to_json()) == SCAN
    assert ScanText.from_json(SCAN.to_json().encode()) == SCAN
    empty = ScanText(1, 2)
    assert ScanText.from_json(empty.to_json()) == empty


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ANY_WORD, max_size=9), NUMBERS, NUMBERS, st.sampled_from([0, 90, 180, 270]))
def test_any_words_are_read_again(words: list[ScanWord], width: float, height: float, angle: int) -> None:
    scan = ScanText(width, height, tuple(words), LINES, angle)
    read = ScanText.from_json(scan.to_json())
    assert read == scan
    assert len(read.boxes()) == len(read.text)


def test_places_are_kept_to_a_hundredth_of_a_point() -> None:
    scan = ScanText(100, 100, (ScanWord("a", 1.23456, 2, 3, 4, 0, 50),), (ScanLine(0, 0, 9.87654, 0, 1),))
    read = ScanText.from_json(scan.to_json())
    assert (read.words[0].left, read.lines[0].right) == (1.23, 9.88)


def changed(**values: object) -> str:
    """The text of ``SCAN`` as it is kept, with other values of some keys."""
    return json.dumps({**json.loads(SCAN.to_json()), **values})


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "7", "[]", "{}", '"version"', SCAN.to_json()[:-9], b"\xff\xfe", "[" * 100_000,
        changed(version=0), changed(version="1"), changed(version=None),
        changed(angle=45), changed(angle=None), changed(angle=[]),
        changed(size=[1]), changed(size=[1, 2, 3]), changed(size=["x", 1]), changed(size=None),
        changed(size=[1, float("nan")]), changed(size=[1, float("inf")]), changed(size=[1, 10**400]),
        changed(lines=None), changed(lines=[[1, 2, 3]]), changed(lines=[1]), changed(lines=[]),
        changed(lines=[["a"] * 5]),
        changed(words=None), changed(words={}), changed(words=[[]]), changed(words=[["a"]]), changed(words=[7]),
        changed(words=[["a", 1, 2, 3, 4, 2, 90]]), changed(words=[["a", 1, 2, 3, 4, -1, 90]]),
        changed(words=[["", 1, 2, 3, 4, 0, 90]]), changed(words=[["a b", 1, 2, 3, 4, 0, 90]]),
        changed(words=[["a", 1, 2, 3, 4, 0]]), changed(words=[["a", 1, 2, 3, 4, 0, 90, 1]]),
        changed(words=[["a", 1, 2, 3, float("nan"), 0, 90]]), changed(words=[["a", 1, [], 3, 4, 0, 90]]),
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of any kind
        ScanText.from_json(text)
