"""The order of turns, and the fit of a growth."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from benchmarks.timing import growth, percentile, turns


def test_everyone_goes_first_and_last_equally_often() -> None:
    orders = list(turns("abc", 12))
    assert all(sorted(order) == ["a", "b", "c"] for order in orders)
    for place in range(3):
        assert Counter(order[place] for order in orders) == {"a": 4, "b": 4, "c": 4}


def test_no_item_always_follows_the_same_neighbour() -> None:
    pairs = Counter(pair for order in turns("abc", 6) for pair in pairwise(order))
    assert pairs == dict.fromkeys([("a", "b"), ("b", "c"), ("c", "a"), ("b", "a"), ("c", "b"), ("a", "c")], 2)


def test_percentiles_are_interpolated() -> None:
    values = [4.0, 1.0, 3.0, 2.0]
    assert (percentile(values, 50), percentile(values, 100)) == (2.5, 4.0)
    assert percentile(list(range(101)), 95) == 95


def test_growth_in_proportion() -> None:
    fit = growth([10, 100, 1000], [0.5, 5.0, 50.0])
    assert fit.slope == pytest.approx(0.05)
    assert fit.power == pytest.approx(1)
    assert fit.deviations == pytest.approx((0, 0, 0), abs=1e-9)


def test_a_fixed_cost_shows_in_the_small_sizes_only() -> None:
    fit = growth([10, 100, 1000], [1 + 0.05 * size for size in (10, 100, 1000)])
    assert fit.slope == pytest.approx(0.05)
    assert fit.deviations == pytest.approx((2.0, 0.2, 0.02))
    assert fit.power < 1


def test_growth_with_the_square() -> None:
    fit = growth([10, 20, 40], [1.0, 4.0, 16.0])
    assert fit.power == pytest.approx(2)
    assert fit.deviations[0] < -0.5
