"""The boxes of the letters of a word or line of which only the box of the whole is known: equal parts of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def letter_boxes(box: Sequence[float], count: int, *, axis: int, begin: float, end: float) -> NDArray[np.float64]:
    """(count, 4): ``box``, of which two corners are given, divided along ``axis`` (0 across, 1 down) from ``begin`` on.

    ``end`` is before ``begin`` where the text runs that way.
    """
    edges = np.linspace(begin, end, count + 1)
    boxes = np.tile(np.array(box, np.float64), (count, 1))
    boxes[:, axis] = np.minimum(edges[:-1], edges[1:])
    boxes[:, axis + 2] = np.maximum(edges[:-1], edges[1:])
    return boxes
