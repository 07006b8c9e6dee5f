"""Documents of given tokens, for tests."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qadesk.qa.document_tokens import DocumentTokens, TokenPart, join


def one_block(ids: npt.NDArray[np.int32], offsets: npt.NDArray[np.int32]) -> DocumentTokens:
    """The tokens as a document of one block."""
    return join([TokenPart(ids, offsets, np.zeros(len(ids), np.int32), np.zeros(1, np.int32))])
