from __future__ import annotations

import pytest

from qadesk.library.query import parse_query


def test_function_words_are_left_out():
    assert parse_query("Who built the lighthouse in 1822?").words == ("built", "lighthouse", "1822")


def test_function_words_stay_where_there_is_nothing_else():
    assert parse_query("Who is it?").words == ("who", "is", "it")


def test_words_in_quotes_are_required_and_stay_in_the_question():
    query = parse_query('Who founded "Monaco Ville" in France?')
    assert (query.words, query.required) == (("founded", "france"), ("monaco", "ville"))
    assert query.question == "Who founded Monaco Ville in France?"
    assert query.suits("They founded\nMONACO\n ville.")
    assert not query.suits("Ville de Monaco")


def test_typographic_quotes_are_quotes():
    assert parse_query("“dark blue” paint").required == parse_query("„dark blue“ paint").required == ("dark", "blue")


def test_minus_words_are_no_part_of_the_question():
    query = parse_query('rent of the flat -garage -"storage room"')
    assert (query.words, query.without, query.question) == (("rent", "flat"), ("garage",), "rent of the flat")
    assert not query.suits("The rent of the flat with its storage room")


def test_hyphens_and_numbers_below_zero_are_no_minus_words():
    query = parse_query("a well-known place at -5 degrees")
    assert query.without == ()
    assert query.question == "a well-known place at -5 degrees"


def test_a_single_quotation_mark_is_no_phrase():
    assert parse_query('a 5" pipe').required == ()


@pytest.mark.parametrize("question", ["", "?!", "😀", "\x00", '""', "- -", '"', "***", "(NEAR", "\ud800"])
def test_without_words_nothing_is_searched(question: str):
    query = parse_query(question)
    assert query.question == question
    assert query.is_empty == ("NEAR" not in question)


def test_only_minus_words_search_nothing():
    assert parse_query("-garage").is_empty
