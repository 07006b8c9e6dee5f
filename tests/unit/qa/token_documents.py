"""Documents of given tokens, for tests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from qadesk.qa.document_tokens import DocumentTokens, TokenPart, join


def one_block(ids: npt.NDArray[np.int32], offsets: npt.NDArray[np.int32]) -> DocumentTokens:
    """The tokens as a document of one block."""
    return in_units(ids, offsets, [0] * len(ids))


def in_units(ids: npt.NDArray[np.int32], offsets: npt.NDArray[np.int32], units: Sequence[int]) -> DocumentTokens:
    """The tokens as a document with the block or cell of each, -1 for none."""
    return join([TokenPart(ids, offsets, np.array(units, np.int32), np.zeros(1, np.int32))])
