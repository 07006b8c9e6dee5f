"""Changes drawn pixels to the look that the user wants of pages."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qadesk.documents.page_looks import Look

_DIMMED = (np.arange(256) * 0.75).astype(np.uint8)


def apply_look(look: Look, pixels: NDArray[np.uint8]) -> None:
    """Change ``pixels`` (n, 4) to the ``look``."""
    blue, green, red = channels = [pixels[:, index] for index in range(3)]
    if look == "dim":
        for channel in channels:
            channel[:] = _DIMMED[channel]
    elif look == "invert":  # the lightness of HSL, (max + min) / 2, becomes 1 less itself; hue and saturation stay
        high, low = np.maximum(np.maximum(blue, green), red), np.minimum(np.minimum(blue, green), red)
        change = ~high - low  # 255 - max - min; sums of bytes wrap, and come out right as the result is a byte
        for channel in channels:
            np.add(channel, change, out=channel)
