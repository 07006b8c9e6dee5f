"""Calls that only Windows needs. On other systems they do nothing."""

from __future__ import annotations

import sys

MUTEX = "QADesk.Window"
"""The name by which ``packaging/windows/qadesk.iss`` knows that a window is open."""


def create_mutex() -> None:
    """Let the installer and the uninstaller notice that a window is open: they ask the user to close it first."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.CreateMutexW(None, False, MUTEX)  # it goes when the process does


def allow_foreground() -> None:
    """Let the first window come to the front: Windows lets the process do so that the user has just started."""
    if sys.platform == "win32":
        import ctypes

        any_process = -1
        ctypes.windll.user32.AllowSetForegroundWindow(any_process)
