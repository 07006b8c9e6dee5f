"""Starts the window: one per user; it is drawn first, and all that takes time comes after that."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QMessageBox

import qadesk
from qadesk import layout
from qadesk.errors import StoreError
from qadesk.settings import Settings
from qadesk.ui.kit import icons
from qadesk.ui.kit.messages import Message
from qadesk.ui.services.reader_service import load_bundled
from qadesk.ui.shell import crash, on_windows, single_instance
from qadesk.ui.shell.application import Application
from qadesk.ui.shell.main_window import MainWindow

_SAFE = Message("Safe mode.", "The model that comes with QADesk is used, whatever the settings say.")


def run(files: list[Path], *, safe_mode: bool = False, drive: Callable[[MainWindow], object] | None = None) -> int:
    """Open the window with ``files``, or hand them to the one that is open. Returns the exit code.

    ``safe_mode`` starts with the bundled model on the processor, and the window in its first place.
    ``drive`` gets the window before it is shown, to press its buttons.
    Where a newer program has laid out the user's data, it says so and opens no window: the exit code is 2.
    """
    app = application()
    try:
        layout.check_version()
    except StoreError as error:
        return _refuse(error)
    instance = single_instance.SingleInstance()
    is_first = instance.claim()
    if not is_first and single_instance.hand_over(files):
        return 0
    on_windows.create_mutex()
    # Where the first window hangs, a second one is opened: faults are then written by the first alone.
    fault_file = crash.watch_faults() if is_first else None
    window = _safe_window() if safe_mode else MainWindow(Settings())
    window.crash.install()
    window.drawn.connect(lambda: window.begin(files))
    window.drawn.connect(lambda: app.open_files_with(window.arrive))
    spare_loaded(window)
    if is_first:
        window.drawn.connect(instance.listen)
        instance.files_received.connect(window.arrive)
        crash.offer(crash.unseen_reports(), window.services.messages, window.services.dialogs)
    if drive:
        drive(window)
    window.show()
    code = app.exec()
    instance.close()
    if fault_file:
        crash.unwatch_faults(fault_file)
    return code


def spare_loaded(window: MainWindow) -> None:
    """Leave what was loaded out of the searches for unreachable objects, for which all threads stand still.

    It stays as long as the program runs; going through it each time took some tens of milliseconds.
    """
    window.services.reader.loaded.connect(lambda _info: gc.freeze())


def _refuse(error: StoreError) -> int:
    box = QMessageBox(QMessageBox.Icon.Critical, "QADesk", error.message, QMessageBox.StandardButton.Close)
    box.setInformativeText(error.hint)
    box.setAccessibleName("QADesk cannot start")
    box.exec()
    return 2


def _safe_window() -> MainWindow:
    settings = Settings()
    for key in ("state.geometry", "state.layout"):
        settings.override(key, "")
    settings.override("start.restore", False)
    window = MainWindow(settings, load=lambda _settings: load_bundled())
    window.services.messages.show_message(_SAFE)
    return window


def application() -> Application:
    """The Qt application, named and with its icon."""
    app = QApplication.instance() or Application(["qadesk"])
    assert isinstance(app, Application)
    app.setApplicationName("QADesk")
    app.setApplicationVersion(qadesk.__version__)
    app.setDesktopFileName("io.github.qadesk.QADesk")  # as packaging/facts.py names the desktop entry
    app.setWindowIcon(icons.application_icon())
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in the terminal ends the program
    return app
