"""Cuts the pixels of a page anew so that parts meet where least is printed.

A program that shows the PDF in another size puts each part on whole pixels of its own: letters that two parts share
would have a seam.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WHITE = 0xFFFFFF


class SeamlessParts:
    """Takes the parts of a page from its upper edge down."""

    def __init__(self) -> None:
        self._rest: NDArray[np.uint32] | None = None

    def add(self, image: QImage, part: QRect, *, is_last: bool) -> Iterator[tuple[QImage, QRect]]:
        """What can be printed of the page with ``image``, the pixels of ``part``, and its place; nothing for white."""
        import numpy as np

        rows = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())
        if self._rest is not None and len(self._rest):
            rows = np.concatenate((self._rest, rows))
        top = part.top() + part.height() - len(rows)
        ink = np.count_nonzero((rows & _WHITE) != _WHITE, axis=1)
        cut = len(rows) if is_last else _cut_row(ink, part.height())
        self._rest = rows[cut:].copy()
        printed = np.flatnonzero(ink[:cut])
        if len(printed):
            first, last = int(printed[0]), int(printed[-1]) + 1
            yield _image_of(rows[first:last]), QRect(0, top + first, rows.shape[1], last - first)


def _cut_row(ink: NDArray[np.intp], most: int) -> int:
    """The last row that has the least ``ink``, at most ``most`` rows from the end: those wait for the next part."""
    import numpy as np

    return len(ink) - 1 - int(np.argmin(ink[: -most - 1 : -1]))


def _image_of(rows: NDArray[np.uint32]) -> QImage:
    height, width = rows.shape
    return QImage(rows.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32).copy()
