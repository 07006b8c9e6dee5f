"""A document on its way to a printer: what printing its pages and printing its text have in common."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from qadesk.errors import QadeskError
from qadesk.ui.document.printing.print_target import PrintTarget


class Printing(QObject):
    """Prints to ``target``. ``progressed`` gives a ``Progress``; one of the others comes once, last, unless cancelled.
    ``start`` of those that inherit from it begins.

    ``done``: the sheets that were printed; ``failed``: a ``QadeskError``.
    """

    progressed = Signal(object)
    done = Signal(int)
    failed = Signal(object)

    def __init__(self, target: PrintTarget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.target = target
        self.is_over = False

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
