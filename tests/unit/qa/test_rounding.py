"""Rounding a matrix, on numbers that can be worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from qadesk.qa.rounding import scales, to_int8


def test_a_column_takes_127_steps_or_128_for_a_pair_of_neighbours() -> None:
    """1.27 alone: 0.01. Neighbours 0.9 + 0.9 = 1.8 need 1.8 / 128; of opposite signs they add up to little."""
    matrix = np.array([[1.27, 0.9, 0.9], [0.0, 0.9, -0.9]])
    assert np.allclose(scales(matrix), [0.01, 1.8 / 128, 0.9 / 127])


def test_a_last_row_without_a_neighbour_stands_alone() -> None:
    assert np.allclose(scales(np.array([[0.1], [0.1], [1.27]])), [0.01])


def test_without_moments_each_number_goes_to_the_nearest_step() -> None:
    rounded, scale = to_int8(np.array([[1.27, -1.27], [-0.014, 0.016]]), None)
    assert rounded.tolist() == [[127, -127], [-1, 2]]
    assert np.allclose(scale, 0.01)


def test_an_error_is_made_good_by_the_channel_that_moves_along() -> None:
    """Two channels that are always equal: 0.4 + 0.4 steps are 0 + 1, not 0 + 0. A third keeps its own."""
    same = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    matrix = 0.01 * np.array([[0.4, 0.4], [0.4, 0.4], [127, -127.0]])
    plain, _ = to_int8(matrix, None)
    rounded, _ = to_int8(matrix, 1000 * same)
    assert plain.tolist() == [[0, 0], [0, 0], [127, -127]]
    assert rounded.sum(axis=0).tolist() == [128, -126]
    assert rounded[2].tolist() == [127, -127]


def test_the_products_come_closer_than_by_plain_rounding() -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(500, 24)) @ random.normal(size=(24, 200))  # 200 channels of rank 24
    matrix = random.normal(size=(200, 40))

    def error(rounded: np.ndarray, scale: np.ndarray) -> float:
        return float(np.sqrt(np.mean((x @ (rounded * scale) - x @ matrix) ** 2)))

    assert error(*to_int8(matrix, x.T @ x)) < 0.5 * error(*to_int8(matrix, None))


def test_the_channels_that_weigh_most_are_rounded_first() -> None:
    """Inputs of rising size: in their own order the largest errors would come last, with no channel to make them good.

    Measured error, as a part of plain rounding's: 0.09 in the order of the moments, 0.75 in the order of the channels.
    """
    random = np.random.default_rng(0)
    x = random.normal(size=(400, 8)) @ random.normal(size=(8, 64)) + 0.05 * random.normal(size=(400, 64))
    x *= np.geomspace(0.1, 10, 64)
    matrix = random.normal(size=(64, 20))

    def error(rounded: np.ndarray, scale: np.ndarray) -> float:
        return float(np.sqrt(np.mean((x @ (rounded * scale) - x @ matrix) ** 2)))

    assert error(*to_int8(matrix, x.T @ x)) < 0.2 * error(*to_int8(matrix, None))


@pytest.mark.parametrize("size", [7, 130, 256])
def test_pairs_of_neighbours_never_add_up_to_more_than_16_bits_hold(size: int) -> None:
    random = np.random.default_rng(size)
    x = random.normal(size=(300, size))
    rounded, _ = to_int8(random.normal(size=(size, 30)), x.T @ x)
    even = rounded[: size // 2 * 2].astype(int)
    assert np.abs(rounded).max() <= 127
    assert np.abs(even[::2] + even[1::2]).max() <= 128
    assert np.abs(even[::2] + even[1::2]).max() > 100  # and uses what there is
