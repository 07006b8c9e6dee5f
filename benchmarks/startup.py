"""How long until the window is on the screen and the sample is answered, and what memory that takes.

    python benchmarks/startup.py                     7 warm starts, 3 cold ones, the slowest imports
    python benchmarks/startup.py --runs 15 --cold 0 --write
    python benchmarks/startup.py --program dist/qadesk/qadesk-window
                                                     a built program: until its window can be seen, warm

Starts the real program (``qadesk.ui.shell.launch.run``) in a process of its own, with a new home each time, and asks
the first sample question. Times count from just before the process is started. Under a display it uses it; without
one, Qt's offscreen platform. Warm: the files were read before. Cold: the system's cache of files is dropped before each
start, or, where that is not permitted, it is asked to forget those of Python, its packages, QADesk and the model (it
keeps what another process uses). Asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a checkout, where QADesk need not be installed

from benchmarks import program, results
from qadesk import paths

PROBE = """
import json, sys, time
start = float(sys.argv[1])
from PySide6.QtCore import QTimer
from qadesk.ui.shell import launch as ui
import psutil

measured = {}
app = ui.application()
timer = QTimer(interval=2)

def main_window():
    return next((widget for widget in app.topLevelWidgets() if hasattr(widget, "places")), None)

def watch():
    window = main_window()
    if window is None or not window.isVisible():
        return
    if "connected" not in measured:
        measured["connected"] = True
        window.drawn.connect(lambda: measured.setdefault("drawn", time.time() - start))
        window.place("ask").session.finished.connect(lambda answers: finish(window, answers))
    if window.place("ask").session.document is not None and "asked" not in measured:
        measured["asked"] = time.time() - start
        window.place("ask").controller.ask(window.services.documents.sample_questions[0])

def finish(window, answers):
    measured["answered"] = time.time() - start
    measured["text"] = answers[0].text
    def report():
        measured["resident"] = psutil.Process().memory_info().rss / 1e6
        del measured["connected"]
        print(json.dumps(measured), flush=True)
        window.close()
    QTimer.singleShot(300, report)

timer.timeout.connect(watch)
timer.start()
sys.exit(ui.run([]))
"""

TO_THE_WINDOW = "import qadesk.ui.shell.main_window"
TO_THE_ANSWER = """
import qadesk
from qadesk import paths
qadesk.load().ask("When was the lamp first lit?", paths.sample_path().read_text(encoding="utf-8"))
"""
MEASURED = (
    ("drawn", "window on the screen, s", 2),
    ("asked", "sample open, question asked, s", 2),
    ("answered", "first answer shown, s", 2),
    ("resident", "memory after the answer, MB", 0),
)
LINUX_CACHE = Path("/proc/sys/vm/drop_caches")


def start_once() -> dict[str, float]:
    """One start: seconds to 'drawn', 'asked' and 'answered', and 'resident' megabytes after the answer."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-c", PROBE, str(time.time())]
        process = subprocess.run(
            command, env=_environment(home), cwd=_root(), capture_output=True, text=True, timeout=120, check=True
        )
    measurements: dict[str, float] = json.loads(process.stdout.splitlines()[-1])
    return measurements


def forget_files(control: Path = LINUX_CACHE) -> str:
    """Make the next start a cold one; returns by which method, '' where none is permitted here."""
    if hasattr(os, "sync"):
        os.sync()
    try:
        control.write_text("3")
        return "the system's file cache dropped before each start"
    except OSError:
        if not hasattr(os, "posix_fadvise"):
            return ""
    root = Path(_root())
    folders = [sysconfig.get_path(name) for name in ("stdlib", "platlib", "purelib")]
    advise_forgetting([*map(Path, dict.fromkeys(folders)), root / "qadesk", paths.resources_dir()])
    return "the system asked to forget the files of Python, its packages, QADesk and the model before each start"


def advise_forgetting(folders: Iterable[Path]) -> None:
    """Advise the system that the files in these folders are not needed in memory."""
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)


def starts_table(starts: dict[str, list[dict[str, float]]]) -> str:
    """Median and worst of each kind of start."""
    kinds = {kind: runs for kind, runs in starts.items() if runs}
    rows = []
    for key, what, digits in MEASURED:
        row = [what]
        for runs in kinds.values():
            values = [run[key] for run in runs]
            row += [f"{statistics.median(values):.{digits}f}", f"{max(values):.{digits}f}"]
        rows.append(row)
    header = [cell for kind, runs in kinds.items() for cell in (f"{kind}: median of {len(runs)}", "worst")]
    return results.table(["", *header], rows)


def slowest_imports(report: str, count: int = 15) -> list[tuple[float, str]]:
    """Milliseconds, with what they import in turn, and names, from the report of ``python -X importtime``."""
    rows = [line.split("|") for line in report.splitlines() if line.startswith("import time:") and "[us]" not in line]
    return sorted(((int(total) / 1000, name.strip()) for _, total, name in rows), reverse=True)[:count]


def imports_table(code: str) -> str:
    """The slowest imports of a process that runs ``code``."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-X", "importtime", "-c", code]
        process = subprocess.run(
            command, env=_environment(home), cwd=_root(), capture_output=True, text=True, check=True
        )
    return results.table(
        ["module", "ms, all in all"], [[name, f"{ms:.1f}"] for ms, name in slowest_imports(process.stderr)]
    )


def _environment(home: str) -> dict[str, str]:
    environment = {**os.environ, "QADESK_HOME": home}
    if _screen() == "offscreen":
        environment["QT_QPA_PLATFORM"] = "offscreen"
    return environment


def _screen() -> str:
    if os.environ.get("WAYLAND_DISPLAY"):
        return "Wayland"
    return "X11" if os.environ.get("DISPLAY") else "offscreen"


def _root() -> str:
    return str(Path(__file__).resolve().parents[1])


def measure(warm: int, cold: int) -> list[str]:
    """The blocks of the report."""
    method = forget_files() if cold else ""
    cold_runs = [start_once()] if method else []
    while method and len(cold_runs) < cold:
        forget_files()
        cold_runs.append(start_once())
    start_once()  # warms the file cache
    starts = {"warm": [start_once() for _ in range(warm)], "cold": cold_runs}
    about = (
        f"Screen: {_screen()}. Cold: {method or 'not measured' + (', neither way is permitted here' if cold else '')}."
    )
    return [
        results.circumstances(),
        about,
        starts_table(starts),
        "Slowest imports on the way to the window:",
        imports_table(TO_THE_WINDOW),
        "... and to the first answer, from `import qadesk`, without a window:",
        imports_table(TO_THE_ANSWER),
    ]


def measure_program(built: Path, warm: int) -> list[str]:
    """The blocks of the report on the program ``built``: what came of PyInstaller, or was installed."""
    program.check_tools()
    program.seconds_to_window(built)  # warms the file cache
    seconds = sorted(program.seconds_to_window(built) for _ in range(warm))
    rows = [["window painted, s", f"{statistics.median(seconds):.2f}", f"{seconds[-1]:.2f}"]]
    about = "From the start of the process until X11 has a picture of the window that is not of one colour."
    return [results.circumstances(), about, results.table(["", f"warm: median of {warm}", "worst"], rows)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and keep the results if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7, help="warm starts")
    parser.add_argument("--cold", type=int, default=3, help="cold starts")
    parser.add_argument("--write", action="store_true", help="keep the results")
    parser.add_argument("--program", type=Path, help="a built program, looked at from outside under X11")
    parser.add_argument("--out", type=Path, default=results.RESULTS, help="where to keep them (default: RESULTS.md)")
    parsed = parser.parse_args(arguments)
    title = "Start-up of the built program" if parsed.program else "Start-up"
    blocks = measure_program(parsed.program, parsed.runs) if parsed.program else measure(parsed.runs, parsed.cold)
    body = "\n\n".join(blocks)
    print(f"## {title}\n\n{body}")
    if parsed.write:
        results.write_section(title, body, parsed.out)


if __name__ == "__main__":
    main()
