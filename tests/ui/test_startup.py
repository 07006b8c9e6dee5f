"""The start of the program, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from qadesk import paths
from qadesk.ui.shell import crash

_START = """
import json, sys
from PySide6.QtCore import QTimer
from qadesk.ui.shell import launch as app, main_window
seen = {}
heavy = ("numpy", "sqlite3", "tantivy", "watchdog", "onnxruntime", "tokenizers", "torch", "PySide6.QtPrintSupport")
make = main_window.MainWindow.__init__
def watched(window, *args, **kwargs):
    make(window, *args, **kwargs)
    def drawn():
        seen["drawn"] = [name for name in heavy if name in sys.modules]
    def loaded(info):
        seen["model"] = info.name
        QTimer.singleShot(0, window.close)
    window.drawn.connect(drawn)
    window.services.reader.loaded.connect(loaded)
main_window.MainWindow.__init__ = watched
app.MainWindow.__init__ = watched
code = app.run([], safe_mode="--safe-mode" in sys.argv)
seen["torch"] = "torch" in sys.modules
seen["code"] = code
print(json.dumps(seen))
"""


def start(*arguments: str) -> dict[str, object]:
    process = subprocess.run(
        [sys.executable, "-c", _START, *arguments],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "Traceback" not in process.stderr
    values = json.loads(process.stdout.splitlines()[-1])
    assert isinstance(values, dict)
    return values


def test_the_window_is_drawn_before_anything_heavy_is_imported() -> None:
    values = start()
    assert values["drawn"] == []
    assert values["model"]
    assert values["torch"] is False
    assert values["code"] == 0
    assert not crash.unseen_reports()


def test_safe_mode_starts_whatever_the_settings_say() -> None:
    settings = paths.config_dir() / "settings.json"
    bad = {"model.folder": "/nowhere", "model.device": "cuda", "state.geometry": "rubbish", "view.zoom": 99999}
    settings.write_text(json.dumps(bad), encoding="utf-8")
    assert start("--safe-mode")["code"] == 0
    assert json.loads(settings.read_text(encoding="utf-8"))["model.folder"] == "/nowhere"  # kept, not used


def test_the_icon_comes_in_its_sizes() -> None:
    icons = paths.resources_dir() / "icons"
    assert sorted(int(path.stem.split("-")[1]) for path in icons.glob("qadesk-*.png")) == [
        16,
        24,
        32,
        48,
        64,
        128,
        256,
        512,
    ]
    assert "<script" not in (icons / "qadesk.svg").read_text(encoding="utf-8")
    assert Path(icons / "check-dark.png").is_file()


def test_data_of_a_newer_program_is_refused_in_a_box():
    (paths.data_dir() / "layout.json").write_text('{"layout": 99, "program": "9.0.0"}')
    code = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from qadesk.ui.shell import launch as app
application = app.application()
def look():
    box = QApplication.activeModalWidget()
    if not isinstance(box, QMessageBox):
        return QTimer.singleShot(20, look)
    print(box.text(), box.informativeText())
    box.accept()
QTimer.singleShot(0, look)
print(app.run([]))
"""
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    sentence, exit_code = process.stdout.splitlines()
    assert "newer version of QADesk. Install QADesk 9.0.0" in sentence
    assert exit_code == "2"
    assert sorted(path.name for path in paths.data_dir().iterdir()) == ["layout.json"]
