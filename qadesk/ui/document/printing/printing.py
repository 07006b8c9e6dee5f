"""A document on its way to a printer: what printing its pages and printing its text have in common."""

from __future__ import annotations

import time
from collections.abc import Generator

from PySide6.QtCore import QObject, QTimer, Signal

from qadesk.errors import QadeskError
from qadesk.progress import Progress
from qadesk.ui.document.printing.print_target import PrintTarget
from qadesk.ui.kit import theme

_SLICE = 0.015  # seconds of work between two events of the window


class Printing(QObject):
    """Prints to ``target``. ``progressed`` gives a ``Progress``; one of the others comes once, last, unless cancelled.

    ``done``: the sheets that were printed; ``failed``: a ``QadeskError``.
    """

    progressed = Signal(object)
    done = Signal(int)
    failed = Signal(object)

    def __init__(self, target: PrintTarget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.target = target
        self.is_over = False

    def start(self) -> None:
        """Begin."""
        raise NotImplementedError

    def cancel(self) -> None:
        """Stop; nothing is announced any more."""
        if not self.is_over:
            self.is_over = True
            self.release()
            self.target.discard()

    def release(self) -> None:
        """End what works for it."""

    def fail(self, error: QadeskError) -> None:
        """Stop, and say why."""
        if not self.is_over:
            self.cancel()
            self.failed.emit(error)

    def finish(self, sheets: int) -> None:
        """End after the last sheet."""
        if self.is_over:
            return
        self.is_over = True
        self.release()
        try:
            self.target.close()
        except QadeskError as error:
            self.failed.emit(error)
        else:
            self.done.emit(sheets)


class SlicedPrinting(Printing):
    """Printing that is all done in the window's thread: a little at a time, in the colours of paper."""

    def __init__(self, target: PrintTarget, parent: QObject | None = None) -> None:
        super().__init__(target, parent)
        self._steps: Generator[Progress, None, int] | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)

    def steps(self) -> Generator[Progress, None, int]:
        """The work, which returns the number of its sheets."""
        raise NotImplementedError

    def start(self) -> None:
        """Begin."""
        self._steps = self.steps()
        self._timer.start(0)

    def release(self) -> None:
        """End the steps."""
        self._timer.stop()
        if self._steps is not None:
            self._steps.close()

    def _go_on(self) -> None:
        assert self._steps is not None
        until = time.monotonic() + _SLICE
        try:
            with theme.used(theme.LIGHT):
                while time.monotonic() < until:
                    step = next(self._steps)
        except StopIteration as end:
            self.finish(end.value)
        except QadeskError as error:
            self.fail(error)
        else:
            self.progressed.emit(step)
