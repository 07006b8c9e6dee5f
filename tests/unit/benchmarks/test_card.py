"""The time in which a card computes."""

from __future__ import annotations

from benchmarks import card


def test_kernels_at_the_same_time_count_once() -> None:
    assert card.covered([(0, 4), (10, 12), (3, 6), (4, 5)]) == 8
    assert card.covered([]) == 0
