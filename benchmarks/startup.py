"""How long until the window is on the screen and the sample is answered, and what memory that takes.

Starts the real program (``qadesk.ui.app.run``) in a process of its own, with a new home each time, and clicks the first
sample question. Times count from just before the process is started. Under a display it uses it; without one, Qt's
offscreen platform. Prints the median and the worst of the runs; asserts nothing.

    python benchmarks/startup.py [--runs N] [--imports]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time

PROBE = """
import json, sys, time
began = float(sys.argv[1])
from PySide6.QtCore import QTimer
from qadesk.ui import app as ui
import psutil

seen = {}
app = ui.application()
timer = QTimer(interval=2)

def window():
    return next((each for each in app.topLevelWidgets() if hasattr(each, "workspace")), None)

def watch():
    found = window()
    if found is None or not found.isVisible():
        return
    if "connected" not in seen:
        seen["connected"] = True
        found.drawn.connect(lambda: seen.setdefault("drawn", time.time() - began))
        found.workspace.session.finished.connect(lambda answers: finish(found, answers))
    if found.workspace.session.document is not None and "asked" not in seen:
        seen["asked"] = time.time() - began
        found.workspace.ask(found.opener.sample_questions[0])

def finish(found, answers):
    seen["answered"] = time.time() - began
    seen["text"] = answers[0].text
    def report():
        seen["resident"] = psutil.Process().memory_info().rss / 1e6
        del seen["connected"]
        print(json.dumps(seen), flush=True)
        found.close()
    QTimer.singleShot(300, report)

timer.timeout.connect(watch)
timer.start()
sys.exit(ui.run([]))
"""


def start_once() -> dict[str, float]:
    """One start: seconds to 'drawn', 'asked' and 'answered', and 'resident' megabytes after the answer."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "QADESK_HOME": home}
        if not environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY"):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        command = [sys.executable, "-c", PROBE, str(time.time())]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def show_imports() -> None:
    """The ten slowest imports on the way to the window."""
    code = "import qadesk.ui.main_window"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-X", "importtime", "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    rows = [line.split("|") for line in done.stderr.splitlines() if line.count("|") == 2 and "self" not in line]
    slowest = sorted(((int(total), name.strip()) for _, total, name in rows), reverse=True)[:10]
    for micro, name in slowest:
        print(f"  {micro / 1000:7.1f} ms  {name}")


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--imports", action="store_true", help="list the slowest imports too")
    parsed = parser.parse_args()
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or "offscreen"
    print(f"{platform.platform()}, {os.cpu_count()} processors, Python {platform.python_version()}, screen {screen}")
    start_once()  # warms the file cache
    runs = [start_once() for _ in range(parsed.runs)]
    for key, what, unit in (
        ("drawn", "window on the screen", "s"),
        ("asked", "sample open, question asked", "s"),
        ("answered", "first answer shown", "s"),
        ("resident", "memory after the answer", "MB"),
    ):
        values = [run[key] for run in runs]
        print(f"{what:28} median {statistics.median(values):7.2f} {unit}   worst {max(values):7.2f} {unit}")
    if parsed.imports:
        show_imports()


if __name__ == "__main__":
    main()
