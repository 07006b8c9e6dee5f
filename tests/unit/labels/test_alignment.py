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
    assert agreement("therentisdue", "21therentisdue") == 12 - 2
    assert agreement("bypostbyemail", "1bypost2byemail") == 13 - 2
    assert agreement("thetenantPage3mustpay", "thetenantmustpay") == 16 - 5


def test_a_gap_is_not_longer_than_what_agrees_before_it():
    words = "".join(f"word{number}" for number in range(100, 120))
    assert agreement(words, "x" * 12 + words) == len(words) - 12
    assert agreement(words, "x" * 13 + words) == 0
    assert agreement(words[:30] + "x" * 40 + words[30:], words) == len(words) - 40
    assert agreement(words[:20] + "x" * 40 + words[20:], words) == 20


def test_other_words_are_no_gap():
    assert agreement("litinthetown", "saidinthetown") == 0
    assert agreement("inthetownhall", "inthebighall") == len("inthe")
