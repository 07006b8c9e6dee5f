"""Unanswerable questions made by rule: of the right kind, and only where a rule fits."""

from __future__ import annotations

import negatives
from tiny_run import Make

MILL = "The old mill was built by John Ward in 1820. It ground corn."
FLOOD = "The flood of 1883 took the old mill that the family had built, and two bridges."
CHURCH = "The church has a bell."


def test_a_neighbour_is_the_nearest_other_paragraph_without_the_answer(example: Make) -> None:
    mill_row = example("Who built the old mill?", MILL, "John Ward")
    other_rows = [example("What took it?", FLOOD, "flood"), example("What has a bell?", CHURCH, "church")]
    negatives_by_id = {row.id: row for row in negatives.neighbours([mill_row, *other_rows], 3, seed=1)}
    near = negatives_by_id["Who built the old mill?-near"]
    assert near.context == FLOOD
    assert near.is_impossible
    assert near.answers == ()


def test_a_paragraph_with_the_answer_in_it_is_no_neighbour(example: Make) -> None:
    mill_row = example("Who built the mill?", MILL, "John Ward")
    other_row = example("Who died?", "John Ward of the mill died.", "John Ward")
    assert not negatives.neighbours([mill_row, other_row], 2, seed=1)


def test_neighbours_are_of_the_same_article(example: Make) -> None:
    mill_row = example("Who built the mill?", MILL, "John Ward", title="Mill")
    assert not negatives.neighbours([mill_row, example("What bell?", FLOOD, "flood", title="Flood")], 2, seed=1)


def test_a_number_of_the_paragraph_is_swapped_for_one_that_is_not_there(example: Make) -> None:
    [swapped] = negatives.swaps([example("Who built it in 1820?", MILL, "John Ward")], 5, seed=1)
    assert swapped.question.startswith("Who built it in ")
    number = swapped.question.removeprefix("Who built it in ").removesuffix("?")
    assert number.isdigit()
    assert number not in MILL
    assert swapped.is_impossible
    assert swapped.context == MILL


def test_a_name_is_swapped_for_one_of_another_question(example: Make) -> None:
    rows = [example("What did Ward build?", MILL, "mill"), example("The church of whose Ellis?", CHURCH, "church")]
    [swapped] = negatives.swaps(rows, 5, seed=1)
    assert swapped.question == "What did Ellis build?"
    assert swapped.context == MILL


def test_a_word_becomes_its_opposite(example: Make) -> None:
    [swapped] = negatives.swaps([example("What stood before the mill?", CHURCH, "bell")], 5, seed=1)
    assert swapped.question == "What stood after the mill?"


def test_no_more_than_asked_for_and_none_of_the_unanswerable(example: Make) -> None:
    rows = [example(f"What was first in {year}?", f"In {year} the mill.", "mill") for year in range(1800, 1820)]
    assert len(negatives.swaps(rows, 7, seed=2)) == 7
    assert not negatives.swaps([example("What was first?", MILL)], 7, seed=2)
