"""Reports of our own bugs: written to the disk first, then shown in a dialog, once for each place in the code.

A fault in native code ends the program before a dialog can open: its report is offered at the next start. A report
holds the traceback, the versions and the time; of documents only what is in the traceback.
"""

from __future__ import annotations

import faulthandler
import hashlib
import logging
import platform
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import QObject, Signal, Slot, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

import qadesk
from qadesk import paths
from qadesk.ui.kit.dialogs import Dialogs
from qadesk.ui.kit.messages import Message, MessageBar
from qadesk.ui.kit.widgets import TextDialog

_log = logging.getLogger(__name__)

_KEPT = 10
_FAULT = "fault.txt"
_LEAD = (
    "Something went wrong inside QADesk. Your documents are untouched, and you can go on.\n"
    "This report is kept in the log folder; copy it if you want to report the problem."
)


def unseen_reports() -> list[Path]:
    """Reports of earlier runs that were not shown yet, the newest first."""
    return sorted(paths.log_dir().glob("crash-*.txt"), reverse=True)


def mark_seen(report: Path) -> None:
    """Do not offer ``report`` again; a few are kept on the disk."""
    report.replace(report.with_name(f"seen-{report.name}"))
    for old in sorted(paths.log_dir().glob("seen-crash-*.txt"), reverse=True)[_KEPT:]:
        old.unlink()


def watch_faults() -> TextIO | None:
    """Have faults in native code written to a file; what the last run wrote there becomes a report.

    The file is returned and must be kept: it stays open. None where the folder cannot be written to.
    """
    path = paths.log_dir() / _FAULT
    try:
        if path.exists() and path.stat().st_size:
            path.replace(_new_name())
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        _log.warning("no fault file: %s", error)
        return None
    faulthandler.enable(file)
    return file


def unwatch_faults(file: TextIO) -> None:
    """Stop writing faults to ``file``, and close it."""
    faulthandler.disable()
    file.close()


def write_report(text: str) -> Path | None:
    """Put a report on the disk. None where that is not possible; the window has it all the same."""
    path = _new_name()
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        _log.error("crash report not written: %s", error)
        return None
    return path


def _new_name() -> Path:
    return paths.log_dir() / f"crash-{datetime.now():%Y%m%d-%H%M%S-%f}.txt"


def offer(reports: Sequence[Path], bar: MessageBar, dialogs: Dialogs) -> None:
    """Show in ``bar`` that the last run ended by a fault, and offer the newest of ``reports``."""
    if not reports:
        return
    text = reports[0].read_text(encoding="utf-8", errors="replace")

    def dismiss() -> None:
        for report in reports:
            mark_seen(report)
        bar.dismiss()

    buttons = (
        (
            "Show",
            lambda: dialogs.open(TextDialog(dialogs.window, "Report", "What was written when QADesk ended:", text)),
        ),
        ("Copy", lambda: QGuiApplication.clipboard().setText(text)),
        ("Dismiss", dismiss),
    )
    bar.show_message(Message("QADesk ended unexpectedly last time.", "A report was kept.", buttons=buttons, stays=True))


def report_of(error: BaseException) -> str:
    """A report of ``error``: the traceback, the versions and the time."""
    return "\n".join(
        (
            f"QADesk {qadesk.__version__}, {time.strftime('%Y-%m-%d %H:%M:%S')}",
            f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}",
            "",
            "".join(traceback.format_exception(error)),
        )
    )


class CrashWatch(QObject):
    """Takes every uncaught exception, of any thread, and shows it once."""

    _caught = Signal(object)

    def __init__(self, dialogs: Dialogs) -> None:
        super().__init__(dialogs)
        self._dialogs = dialogs
        self._seen: set[str] = set()
        self._is_open = False
        self._caught.connect(self.show)

    def install(self) -> None:
        """Be the hook for uncaught exceptions of this process."""
        sys.excepthook = self._main_hook
        threading.excepthook = lambda args: self._caught.emit(args.exc_value)

    def _main_hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            QApplication.exit(130)
            return
        sys.__excepthook__(kind, error, trace)
        self._caught.emit(error)

    @Slot(object)
    def show(self, error: BaseException) -> None:
        """Write a report of ``error`` and show it, unless the same code failed before in this run."""
        where = "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__
        key = hashlib.sha256(where.encode()).hexdigest()
        if key in self._seen:
            return
        self._seen.add(key)
        text = report_of(error)
        _log.error("uncaught %s", type(error).__name__)
        path = write_report(text)
        if self._is_open:  # the second report is on the disk
            return
        self._is_open = True
        dialog = TextDialog(self._dialogs.window, "QADesk has a problem", _LEAD, text)
        dialog.finished.connect(lambda: self._mark_seen(path))
        self._dialogs.open(dialog)

    def _mark_seen(self, path: Path | None) -> None:
        self._is_open = False
        if path and path.exists():
            mark_seen(path)
