"""Rounds a matrix to int8 so that its products, rather than its numbers, stay close to the original.

Plain rounding takes each weight to the nearest step. But what counts is x W over the inputs x: the error of one weight
can be compensated by the weights of channels that are correlated with it. GPTQ (Frantar et al. 2023, algorithm 1,
after Hassibi and Stork's Optimal Brain Surgeon) rounds channel by channel, and after each spreads the error over the
channels after it, by the inverse of the second moments H = sum of x x^T over sample inputs.

Processors without VNNI multiply bytes with signed bytes and add *two neighbouring* products in 16 bits, which hold
255 (a + b) only for |a + b| <= 128. So the sum of each pair of neighbours is kept within that; the weights themselves
may be as large as 127.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]

TOP = 127
PAIR_TOP = 128

_DAMPING = 0.03
_BLOCK = 64


def scales(matrix: Floats) -> npt.NDArray[np.float32]:
    """The step of each column ``[columns]`` of ``matrix`` ``[channels, columns]``: as small as both limits allow."""
    even = matrix[: len(matrix) // 2 * 2]
    single = np.abs(matrix).max(axis=0) / TOP
    pair = np.abs(even[::2] + even[1::2]).max(axis=0, initial=0) / PAIR_TOP
    step: npt.NDArray[np.float32] = np.maximum(np.maximum(single, pair), 1e-9).astype(np.float32)
    return step


def to_int8(matrix: Floats, moments: Floats | None) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """``matrix`` ``[channels, columns]`` as int8, and the scale of each column: about ``int8 * scale``.

    ``moments`` ``[channels, channels]`` is the sum of x x^T over sample inputs x; without it each number is rounded for
    itself.
    """
    scale = scales(matrix)
    steps = (matrix / scale).astype(np.float32)
    order = np.arange(len(matrix)) if moments is None else np.argsort(-moments.diagonal(), kind="stable")
    if moments is None:
        return _round(steps, order, np.eye(len(matrix), dtype=np.float32)), scale
    return _round(steps, order, _spread(moments.astype(np.float64), order)), scale


def _spread(moments: npt.NDArray[np.float64], order: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
    """U with U^T U = H^-1 (upper triangle), channels in ``order``: row i spreads i's error over the later channels."""
    ordered = moments[np.ix_(order, order)]
    ordered[np.diag_indices_from(ordered)] += _DAMPING * float(moments.diagonal().mean()) + 1e-9
    upper: npt.NDArray[np.float32] = np.linalg.cholesky(np.linalg.inv(ordered)).T.astype(np.float32)
    return upper


def _round(
    steps: npt.NDArray[np.float32], order: npt.NDArray[np.intp], spread: npt.NDArray[np.float32]
) -> npt.NDArray[np.int8]:
    """``steps`` rounded in ``order``; the errors of a block of channels reach those after it in one product."""
    rounded = np.zeros_like(steps)
    pending = steps[order]  # with the errors of the rounded channels added
    size = len(steps)
    for first in range(0, size, _BLOCK):
        last = min(first + _BLOCK, size)
        errors = np.zeros((last - first, steps.shape[1]), dtype=np.float32)
        for row in range(first, last):
            channel = order[row]
            neighbour = rounded[channel ^ 1] if channel ^ 1 < size else np.float32(0)  # 0 until it is rounded itself
            low, high = np.maximum(-TOP, -PAIR_TOP - neighbour), np.minimum(TOP, PAIR_TOP - neighbour)
            rounded[channel] = np.clip(np.round(pending[row]), low, high)
            error = errors[row - first] = (pending[row] - rounded[channel]) / spread[row, row]
            pending[row + 1 : last] -= spread[row, row + 1 : last, None] * error
        pending[last:] -= spread[first:last, last:].T @ errors
    return rounded.astype(np.int8)
