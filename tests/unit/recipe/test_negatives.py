"""Unanswerable questions made by rule: of the right kind, and only where a rule fits."""

from __future__ import annotations

import negatives
from tiny_run import Make

MILL = "The old mill was built by John Ward in 1820. It ground corn."
FLOOD = "The flood of 1883 took the old mill that the family had built, and two bridges."
CHURCH = "The church has a bell."


def test_a_neighbour_is_the_nearest_other_paragraph_without_the_answer(example: Make) -> None:
    asked = example("Who built the old mill?", MILL, "John Ward")
    others = [example("What took it?", FLOOD, "flood"), example("What has a bell?", CHURCH, "church")]
    found = {each.id: each for each in negatives.neighbours([asked, *others], 3, seed=1)}
    near = found["Who built the old mill?-near"]
    assert near.context == FLOOD
    assert near.is_impossible
    assert near.answers == ()


def test_a_paragraph_with_the_answer_in_it_is_no_neighbour(example: Make) -> None:
    asked = example("Who built the mill?", MILL, "John Ward")
    other = example("Who died?", "John Ward of the mill died.", "John Ward")
    assert not negatives.neighbours([asked, other], 2, seed=1)


def test_neighbours_are_of_the_same_article(example: Make) -> None:
    asked = example("Who built the mill?", MILL, "John Ward", title="Mill")
    assert not negatives.neighbours([asked, example("What bell?", FLOOD, "flood", title="Flood")], 2, seed=1)


def test_a_number_of_the_paragraph_is_swapped_for_one_that_is_not_there(example: Make) -> None:
    [made] = negatives.swaps([example("Who built it in 1820?", MILL, "John Ward")], 5, seed=1)
    assert made.question.startswith("Who built it in ")
    number = made.question.removeprefix("Who built it in ").removesuffix("?")
    assert number.isdigit()
    assert number not in MILL
    assert made.is_impossible
    assert made.context == MILL


def test_a_name_is_swapped_for_one_of_another_question(example: Make) -> None:
    rows = [example("What did Ward build?", MILL, "mill"), example("The church of whose Ellis?", CHURCH, "church")]
    [made] = negatives.swaps(rows, 5, seed=1)
    assert made.question == "What did Ellis build?"
    assert made.context == MILL


def test_a_word_becomes_its_opposite(example: Make) -> None:
    [made] = negatives.swaps([example("What stood before the mill?", CHURCH, "bell")], 5, seed=1)
    assert made.question == "What stood after the mill?"


def test_no_more_than_asked_for_and_none_of_the_unanswerable(example: Make) -> None:
    rows = [example(f"What was first in {year}?", f"In {year} the mill.", "mill") for year in range(1800, 1820)]
    assert len(negatives.swaps(rows, 7, seed=2)) == 7
    assert not negatives.swaps([example("What was first?", MILL)], 7, seed=2)
