"""Memory that the window shares with the process that draws pages: a file of equal slots, one for each request."""

from __future__ import annotations

import mmap
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from qadesk.documents.page_looks import BOX_BYTES

if TYPE_CHECKING:  # numpy takes a while to import, and pages may never be shown
    import numpy as np
    from numpy.typing import NDArray

SLOT = 1 << 20
"""Bytes of a slot: a tile of 512 x 512 pixels."""
COUNT = 4


class SharedPixels:
    """``COUNT`` slots of ``slot`` bytes in the file ``path``; ``take`` gives one, used until ``give_back``."""

    def __init__(self, slot: int = SLOT) -> None:
        self.slot = slot
        folder = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - memory, never on the disk
        handle, name = tempfile.mkstemp(prefix="qadesk-pixels-", dir=folder)
        self.path = Path(name)
        with os.fdopen(handle, "r+b") as file:
            file.truncate(COUNT * slot)
            self._memory = mmap.mmap(file.fileno(), COUNT * slot)
        self._free = list(range(COUNT))

    @property
    def has_room(self) -> bool:
        """Whether a slot is free."""
        return bool(self._free)

    def take(self) -> int:
        """The byte at which a free slot begins."""
        return self._free.pop() * self.slot

    def give_back(self, at: int) -> None:
        """Free the slot that begins at ``at``."""
        self._free.append(at // self.slot)

    def image(self, at: int, width: int, height: int) -> QImage:
        """A copy of the pixels that were drawn into a slot."""
        data = self._memory[at : at + width * height * 4]
        return QImage(data, width, height, width * 4, QImage.Format.Format_RGB32).copy()

    def boxes(self, at: int, count: int) -> NDArray[np.float32]:
        """A copy of the boxes ``[count, 4]`` that were written into a slot."""
        import numpy as np

        return np.frombuffer(self._memory[at : at + count * BOX_BYTES], np.float32).reshape(-1, 4)

    def close(self) -> None:
        """Free the memory."""
        self._memory.close()
        with suppress(OSError):
            self.path.unlink()
