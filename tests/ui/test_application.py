"""Files that macOS asks the program to open, as it asks: by an event."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import json
import sys
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent
from qadesk.ui.shell.launch import application

app = application()
seen = []
for name in sys.argv[1:]:
    QCoreApplication.sendEvent(app, QFileOpenEvent(QUrl.fromLocalFile(name)))
QCoreApplication.sendEvent(app, QFileOpenEvent(QUrl("https://example.org/a.pdf")))
app.open_files_with(lambda files: seen.append([str(file) for file in files]))
QCoreApplication.sendEvent(app, QFileOpenEvent(QUrl.fromLocalFile(sys.argv[1])))
app.open_files_with(lambda files: seen.append("again"))
print(json.dumps(seen))
"""


def test_files_are_kept_until_there_is_a_window(tmp_path: Path) -> None:
    files = [str(tmp_path / "a 😀.pdf"), str(tmp_path / "b.txt")]
    process = subprocess.run(
        [sys.executable, "-c", SCRIPT, *files], env=dict(os.environ), capture_output=True, check=True
    )
    assert json.loads(process.stdout) == [files, files[:1]]
