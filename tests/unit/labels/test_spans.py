"""Words, selections that snap to them, and moved spans."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qadesk.labels import spans

TEXT = "The lamp was lit on 12 October 1862, by Isaac Penhale (the first keeper)."


def words_of(text: str) -> list[str]:
    return [text[start:end] for start, end in spans.words(text, 0)]


def span(words: str, text: str = TEXT) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def text_of(span: tuple[int, int] | None, text: str = TEXT) -> str:
    return text[slice(*span)] if span else ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It was lit, he said.", ["It", "was", "lit", "he", "said"]),
        ("$3,000.50 or 10% at 10:30", ["$3,000.50", "or", "10%", "at", "10:30"]),
        ("one,two 1,000", ["one", "two", "1,000"]),
        ("well-known keeper's rock’s", ["well-known", "keeper's", "rock’s"]),
        ("the U.S. and St. Mary", ["the", "U.S.", "and", "St", "Mary"]),
        ("well...then — no", ["well", "then", "no"]),
        ("cafe\u0301s हिन्दी", ["cafe\u0301s", "हिन्दी"]),
        ("東京 tower", ["東", "京", "tower"]),
        ("", []),
        ("… — !", []),
    ],
)
def test_what_a_word_is(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("selected", "snapped"),
    [
        ("ctober 18", "October 1862"),
        (" Isaac ", "Isaac"),
        ("1862, ", "1862"),
        ("(the fir", "the first"),
        (", by", "by"),
        ("aac Penhale (", "Isaac Penhale"),
        ("amp", "lamp"),
        (", ", ","),
    ],
)
def test_a_selection_snaps_to_the_words_it_touches(selected: str, snapped: str) -> None:
    assert text_of(spans.snap(TEXT, *span(selected))) == snapped


def test_a_selection_of_a_repeated_word_keeps_its_offset() -> None:
    text = "red, blue, red"
    assert spans.snap(text, 12, 13) == (11, 14)


def test_a_span_moves_by_a_word_with_as_many_words() -> None:
    origin = span("12 October")
    assert text_of(spans.moved(TEXT, origin, 1)) == "October 1862"
    assert text_of(spans.moved(TEXT, origin, -1)) == "on 12"
    assert text_of(spans.moved(TEXT, span("1862"), 1)) == "by"
    assert text_of(spans.moved(TEXT, span("The"), -1)) == "The"
    assert text_of(spans.moved(TEXT, span("first keeper"), 1)) == "first keeper"


def test_ends_move_by_words_and_never_cross() -> None:
    origin = span("12 October")
    assert text_of(spans.end_moved(TEXT, origin, 1)) == "12 October 1862"
    assert text_of(spans.end_moved(TEXT, origin, -1)) == "12"
    assert text_of(spans.end_moved(TEXT, span("12"), -1)) == "12"
    assert text_of(spans.start_moved(TEXT, origin, -1)) == "on 12 October"
    assert text_of(spans.start_moved(TEXT, origin, 1)) == "October"
    assert text_of(spans.start_moved(TEXT, span("12"), 1)) == "12"
    assert text_of(spans.end_moved(TEXT, span("keeper"), 1)) == "keeper"
    assert text_of(spans.start_moved(TEXT, span("The"), -1)) == "The"


def test_a_cut_word_is_completed_first() -> None:
    assert text_of(spans.end_moved(TEXT, span("12 Octo"), 1)) == "12 October"
    assert text_of(spans.start_moved(TEXT, span("tober 1862"), -1)) == "October 1862"
    assert text_of(spans.end_moved(TEXT, span("12 Octo"), -1)) == "12"


def test_ends_move_by_characters() -> None:
    origin = span("1862")
    assert text_of(spans.end_moved_by_character(TEXT, origin, 1)) == "1862,"
    assert text_of(spans.end_moved_by_character(TEXT, origin, -1)) == "186"
    assert text_of(spans.start_moved_by_character(TEXT, origin, -1)) == " 1862"
    assert text_of(spans.moved_by_character(TEXT, origin, 1)) == "862,"
    assert text_of(spans.end_moved_by_character(TEXT, (0, 1), -1)) == "T"
    assert spans.moved_by_character(TEXT, (0, 3), -1) == (0, 3)


@pytest.mark.parametrize(
    ("offset", "start", "end"),
    [
        (0, "The lamp was", "The"),
        (5, "lamp was", "lamp"),
        (6, "lamp was", "lamp"),
        (8, "was", "lamp"),
        (10, "was", "lamp was"),
    ],
)
def test_dragged_ends_snap_to_words(offset: int, start: str, end: str) -> None:
    text = "The lamp was lit."
    assert text[slice(*spans.with_start_at(text, (4, 12), offset))] == start
    first = 0 if offset < 4 else 4
    assert text[slice(*spans.with_end_at(text, (first, 12), offset))] == end


def test_a_dragged_end_does_not_pass_the_other_one() -> None:
    text = "The lamp was lit."
    assert spans.with_start_at(text, (4, 12), 15) == (9, 12)
    assert spans.with_end_at(text, (4, 12), 1) == (4, 8)
    assert spans.with_start_at(text, (4, 12), 15, is_exact=True) == (11, 12)
    assert spans.with_end_at(text, (4, 12), 1, is_exact=True) == (4, 5)
    assert spans.with_start_at(text, (4, 12), 6, is_exact=True) == (6, 12)


@given(
    st.text("ab1 ,.-'\n\u0301東", max_size=30),
    st.integers(0, 30),
    st.integers(1, 30),
    st.integers(0, 30),
    st.booleans(),
)
def test_a_dragged_span_stays_in_the_text_and_is_not_empty(
    text: str, start: int, length: int, offset: int, is_exact: bool
) -> None:
    end = min(len(text), start + length)
    if start >= end:
        return
    for move in (spans.with_start_at, spans.with_end_at):
        first, last = move(text, (start, end), min(offset, len(text)), is_exact=is_exact)
        assert 0 <= first < last <= len(text)


@pytest.mark.parametrize("sign", ["e\u0301", "\r\n", "👩\u200d🚀", "👍🏽"])
def test_moves_by_characters_split_no_grapheme(sign: str) -> None:
    text = f"a{sign}b"
    assert spans.end_moved_by_character(text, (0, 1), 1) == (0, 1 + len(sign))
    assert spans.start_moved_by_character(text, (1 + len(sign), len(text)), -1) == (1, len(text))


@given(st.text("ab1 ,.-'\n\u0301東", max_size=40), st.integers(0, 40), st.integers(1, 40), st.sampled_from([-1, 1]))
def test_a_moved_span_stays_in_the_text_and_is_not_empty(text: str, start: int, length: int, step: int) -> None:
    end = min(len(text), start + length)
    if start >= end:
        return
    snapped = spans.snap(text, start, end)
    assert 0 <= snapped[0] <= snapped[1] <= len(text)
    assert spans.snap(text, *snapped) == snapped or not text[slice(*snapped)].strip()
    for move in (spans.start_moved, spans.end_moved, spans.start_moved_by_character, spans.end_moved_by_character):
        first, last = move(text, (start, end), step)
        assert 0 <= first < last <= len(text)
    first, last = spans.moved(text, (start, end), step)
    assert 0 <= first <= last <= len(text)


@pytest.mark.parametrize("sign", [" ", "x", "."])
def test_the_search_in_a_long_text_is_bounded(sign: str) -> None:
    text = sign * 1_000_000 + " end"
    assert spans.next_word(text, 0) in (None, (0, 66_048))  # 65,536 characters and the longest word
    assert spans.previous_word(text, 999_999) is None
    assert spans.word_at(text, 500_000) in (None, (499_488, 500_513))
