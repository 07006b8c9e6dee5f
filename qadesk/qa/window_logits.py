"""Windows that were read, one by one, each with its own logits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from qadesk.qa.decode import DecodedWindow, Rules, decode_windows
from qadesk.qa.windows import Batch, Window, pack

Row = npt.NDArray[np.float32]


class WindowLogits(NamedTuple):
    """A window that was read, with its logits as the model gives them, without padding: ``[tokens]`` each."""

    window: Window
    starts: Row
    ends: Row

    @property
    def null_half(self) -> float:
        """Half of the null score."""
        return (float(self.starts[0]) + float(self.ends[0])) / 2


def rows_of(batch: Batch, start_logits: Row, end_logits: Row) -> Iterator[WindowLogits]:
    """The windows of ``batch`` with their logits, which are views of ``start_logits`` and ``end_logits``.

    Both are ``[windows, tokens]``.
    """
    for row, window in enumerate(batch.windows):
        size = len(window)
        yield WindowLogits(window, start_logits[row, :size], end_logits[row, :size])


def decode_rows(rows: Sequence[WindowLogits], rules: Rules) -> list[DecodedWindow]:
    """Decode windows, in their order."""
    if not rows:
        return []
    batch = pack([row.window for row in rows])
    return decode_windows(batch, _padded([row.starts for row in rows]), _padded([row.ends for row in rows]), rules)


def _padded(rows: Sequence[Row]) -> Row:
    padded = np.zeros((len(rows), max(map(len, rows))), np.float32)
    for target, values in zip(padded, rows, strict=True):
        target[: len(values)] = values
    return padded
