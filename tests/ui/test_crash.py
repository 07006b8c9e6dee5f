"""Crash reports: written to the disk first, shown once, offered at the next start."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading

import pytest
from driving import MakeWindow, ScriptedReader
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from qadesk import paths
from qadesk.ui.kit.widgets import TextDialog
from qadesk.ui.shell import crash


def broken(number: int) -> None:
    raise ZeroDivisionError(f"number {number}")


def error(number: int) -> Exception:
    try:
        broken(number)
    except ZeroDivisionError as caught:
        return caught
    raise AssertionError


@pytest.fixture(autouse=True)
def _expected_log_lines(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "qadesk")


def test_a_bug_is_written_then_shown_once(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    window.report(error(1))
    dialog = window.services.dialogs.current
    assert isinstance(dialog, TextDialog)
    reports = crash.unseen_reports()
    assert len(reports) == 1
    assert "ZeroDivisionError: number 1" in reports[0].read_text(encoding="utf-8")
    assert "ZeroDivisionError: number 1" in dialog.text
    window.report(error(2))  # the same place in the code
    assert len(crash.unseen_reports()) == 1
    window.report(ValueError("another"))
    assert window.services.dialogs.current is dialog  # one window, the second report is on the disk
    assert len(crash.unseen_reports()) == 2
    copy = next(button for button in dialog.findChildren(QPushButton) if button.text() == "Copy")
    copy.click()
    assert QGuiApplication.clipboard().text() == dialog.text
    dialog.close()
    assert len(crash.unseen_reports()) == 1  # what was looked at is not offered again
    assert window.services.dialogs.current is None


def test_a_bug_on_a_worker_thread_is_shown(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(ScriptedReader())
    window.services.jobs.start("files", lambda _job: broken(3))
    qtbot.waitUntil(lambda: window.services.dialogs.current is not None)


def test_the_hooks_catch_both_kinds_of_thread(
    qtbot: QtBot, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    window = make_window(ScriptedReader())
    window.crash.install()
    thread = threading.Thread(target=broken, args=(4,))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: window.services.dialogs.current is not None)
    noted_error = error(5)
    noted_error.add_note("of the main thread")
    main_error = ValueError("main")
    sys.excepthook(ValueError, main_error, None)
    qtbot.waitUntil(lambda: len(crash.unseen_reports()) == 2)
    assert "ValueError: main" in capsys.readouterr().err


def test_the_last_crash_is_offered_and_settled(qtbot: QtBot, make_window: MakeWindow) -> None:
    crash.write_report("old report")
    crash.write_report("newest report")
    window = make_window(ScriptedReader())
    crash.offer(crash.unseen_reports(), window.services.messages, window.services.dialogs)
    assert window.services.messages.text.startswith("QADesk ended unexpectedly last time.")
    buttons = {button.text(): button for button in window.services.messages.findChildren(QPushButton)}
    buttons["Show"].click()
    assert isinstance(window.services.dialogs.current, TextDialog)
    assert window.services.dialogs.current.text == "newest report"
    buttons["Copy"].click()
    assert QGuiApplication.clipboard().text() == "newest report"
    buttons["Dismiss"].click()
    assert not window.services.messages.isVisible()
    assert not crash.unseen_reports()
    crash.offer([], window.services.messages, window.services.dialogs)
    assert not window.services.messages.isVisible()


def test_few_seen_reports_are_kept() -> None:
    for number in range(15):
        path = crash.write_report(str(number))
        assert path is not None
        crash.mark_seen(path)
    assert len(list(paths.log_dir().glob("seen-*.txt"))) == 10


def test_a_fault_in_native_code_is_found_at_the_next_start() -> None:
    code = "from qadesk.ui.shell import crash; crash.watch_faults(); import faulthandler; faulthandler._sigsegv()"
    process = subprocess.run([sys.executable, "-c", code], env=dict(os.environ), check=False, capture_output=True)
    assert process.returncode != 0
    file = crash.watch_faults()
    assert file is not None
    crash.unwatch_faults(file)
    (report,) = crash.unseen_reports()
    assert "egmentation fault" in report.read_text(encoding="utf-8") or "access violation" in report.read_text(
        encoding="utf-8"
    )


def test_a_folder_that_cannot_be_written_to_keeps_nothing_from_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "log_dir", lambda: paths.data_dir() / "not there")
    assert crash.watch_faults() is None
    assert crash.write_report("text") is None
