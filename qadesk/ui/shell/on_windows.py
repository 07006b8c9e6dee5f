"""What Windows alone asks of a program with a window. On other systems these do nothing."""

from __future__ import annotations

import sys

MUTEX = "QADesk.Window"
"""The name by which ``packaging/windows/qadesk.iss`` knows that a window is open."""


def say_that_a_window_is_open() -> None:
    """Be noticed by the installer and the uninstaller, which then ask the user to close QADesk first."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.CreateMutexW(None, False, MUTEX)  # it goes when the process does


def let_the_first_window_come_forward() -> None:
    """Pass on the right to come to the front, which Windows gives to the program that the user has just started."""
    if sys.platform == "win32":
        import ctypes

        any_process = -1
        ctypes.windll.user32.AllowSetForegroundWindow(any_process)
