"""How large pages are shown: fitted to the window's width or height, or at a fixed size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QSizeF

from qadesk.ui.document.pages.page_geometry import GAP

Fit = Literal["width", "page", "none"]

_STEPS = (
    0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 16.0,
)  # fmt: skip
_LEAST = 0.02


@dataclass(slots=True)
class PageZoom:
    """``factor`` is 1 where a page has its printed size on the screen; it follows the window unless ``fit`` is none."""

    fit: Fit = "width"
    factor: float = 1.0

    def fitted(self, sizes: Sequence[tuple[float, float]], turns: int, room: QSizeF, unit: float) -> float:
        """The factor for the widest of ``sizes`` (points) in ``room`` (pixels); ``unit`` is pixels a point at 1."""
        if self.fit == "none" or not sizes:
            return self.factor
        width = max(size[turns % 2] for size in sizes)
        self.factor = (room.width() - 2 * GAP) / (width * unit)
        if self.fit == "page":
            height = max(size[1 - turns % 2] for size in sizes)
            self.factor = min(self.factor, (room.height() - 2 * GAP) / (height * unit))
        self.factor = min(max(self.factor, _LEAST), _STEPS[-1])
        return self.factor

    def step(self, by: int) -> None:
        """The next fixed size, larger or smaller."""
        if by > 0:
            self.factor = next((step for step in _STEPS if step > self.factor * 1.01), _STEPS[-1])
        else:
            self.factor = next((step for step in reversed(_STEPS) if step < self.factor * 0.99), _STEPS[0])
        self.fit = "none"
