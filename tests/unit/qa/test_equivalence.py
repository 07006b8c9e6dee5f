"""Where words begin and end, and which spans are equivalent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qadesk.qa.equivalence import has_content, significant_end, significant_start, widen_to_words
from qadesk.train.metrics import normalize_answer


@pytest.mark.parametrize(
    ("text", "inside", "whole"),
    [
        ("the playing field", "play", "playing"),
        ("the playing field", "ying fie", "playing field"),
        ("it costs 1,000.50 now", "000", "1,000.50"),
        ("they don't know", "don", "don't"),
        ("they don’t know", "t", "they"),
        ("the end.", "end", "end"),
        ("(Paris)", "Paris", "Paris"),
        ("U.S. troops", "U", "U"),
        ("max_seq_length = 384", "seq", "max_seq_length"),
        ("well-known man", "known", "known"),
        ("東京は日本の首都", "東京", "東京"),
        ("किताब पढ़ी", "कि", "किताब"),
        ("a cafe\u0301 here", "cafe", "cafe\u0301"),
        ("Zürich,Bern", "ürich", "Zürich"),
        ("a \t b", " \t ", ""),
        ("x  word  y", "  word  ", "word"),
    ],
)
def test_answers_snap_to_whole_words(text: str, inside: str, whole: str) -> None:
    start = text.index(inside)
    start, end = widen_to_words(text, start, start + len(inside))
    assert text[start:end] == whole


@pytest.mark.parametrize(
    ("text", "span", "significant"),
    [
        ("by the keeper, who", "keeper", "keeper"),
        ("by the keeper, who", "the keeper,", "keeper"),
        ("by the keeper, who", "the keep", "keeper"),
        ("by the keeper, who", "by the", "by"),
        ("in “The Times” of", "“The Times”", "Times"),
        ("in “The Times” of", "The Times", "Times"),
        ("(a) the an b", "(a) the an b", "a) the an b"),  # "a" before a bracket is no article
        ("Theory of a thing", "Theory of a", "Theory of"),
        ("costs $1,000.50.", "$1,000.50.", "1,000.50"),
        ("-- 5 % --", "-- 5 % --", "5"),
        ("about 20 €", "20 €", "20 €"),
        ("die Brücke", "die Brücke", "die Brücke"),
    ],
)
def test_the_significant_part_of_a_span(text: str, span: str, significant: str) -> None:
    start = text.index(span)
    assert text[significant_start(text, start) : significant_end(text, start + len(span))] == significant


@given(st.text("ab then,.' $", max_size=30), st.data())
def test_what_is_left_out_does_not_count_for_exact_match(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    end = data.draw(st.integers(start, len(text)))
    snapped = widen_to_words(text, start, end)
    first, last = significant_start(text, start), significant_end(text, end)
    if first < last and snapped[0] < snapped[1]:
        assert normalize_answer(text[first:last]) == normalize_answer(text[slice(*snapped)])


def test_a_word_without_end_is_not_followed_to_its_end() -> None:
    text = "1," * 100_000 + "1"
    start, end = widen_to_words(text, 100_000, 100_001)
    assert 100 < end - start < 1_000
    punctuation = "." * 100_000
    assert significant_start(punctuation, 10) < 1_000


@pytest.mark.parametrize(("text", "expected"), [("...", False), (" \t", False), ("§", False), ("5", True), ("€", True)])
def test_what_has_content(text: str, expected: bool) -> None:
    assert has_content(text) is expected
