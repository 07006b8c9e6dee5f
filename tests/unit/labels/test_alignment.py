import pytest

from qadesk.labels.alignment import agreement, common_prefix_length


@pytest.mark.parametrize(
    ("one", "other", "length"),
    [("", "", 0), ("a", "", 0), ("abc", "abc", 3), ("abc", "abd", 2), ("b", "ab", 0), ("abcabc", "abc", 3)],
)
def test_equal_at_the_beginning(one, other, length):
    assert common_prefix_length(one, other) == length
    assert common_prefix_length(one * 1000, one * 1000 + other) >= length


def test_gaps_are_bridged_and_cost_their_length():
    assert agreement("therentisdue", "therentisdue") == 12
    assert agreement("thetenantPage3mustpaytherent", "thetenantmustpaytherent") == 23 - 5
    assert agreement("thepostoceisfar", "thepostofficeisfar") == 15 - 3
    assert agreement("thepostoce", "thepostofficeisfar") == 8  # too little follows


def test_a_gap_is_shorter_than_what_agrees_before_it():
    words = "".join(f"word{number}" for number in range(100, 120))
    assert agreement(words, "x" + words) == 0
    assert agreement(words[:41] + "x" * 40 + words[41:], words) == len(words) - 40
    assert agreement(words[:40] + "x" * 40 + words[40:], words) == 40


def test_other_words_are_no_gap():
    assert agreement("litinthetown", "saidinthetown") == 0
    assert agreement("inthetownhall", "inthebighall") == len("inthe")
