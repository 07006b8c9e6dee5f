"""How long the window stands still with a large library, and how soon a click on an answer shows its words.

    python benchmarks/library_window.py TEXT.txt [--files 18000]

Makes a library of files with paragraphs of TEXT.txt, which is in it too as a long document, and opens the window
offscreen. A timer ticks each 5 ms: printed are the longest times between two ticks, in ms by the clock and of the
processor by the window's thread. Where other work runs beside it, look at those of the processor. Asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a checkout, where QADesk need not be installed

from PySide6.QtCore import QEventLoop, Qt, QTimer

from qadesk import paths
from qadesk.records import Document

if TYPE_CHECKING:
    from qadesk.ui.library.library_parts import LibraryParts
    from qadesk.ui.shell.main_window import MainWindow

_QUESTIONS = ("What is the population of the city?", "When was the university founded?", "Who wrote the book?")
_FRAMES = 150
_NEW_FILES = 200


class Ticks:
    """The times between two events of a timer, in ms."""

    def __init__(self) -> None:
        self._timer = QTimer(interval=5, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._gaps: list[tuple[float, float]] = []
        self._last = time.perf_counter(), time.thread_time()
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter(), time.thread_time()
        self._gaps.append((1000 * (now[0] - self._last[0]), 1000 * (now[1] - self._last[1])))
        self._last = now

    def report(self, what: str) -> None:
        """Print the three longest gaps since the last report."""
        clock, processor = (sorted(column, reverse=True)[:3] for column in zip(*self._gaps, strict=True))
        shown = (" ".join(f"{value:5.0f}" for value in column) for column in (clock, processor))
        print(f"{what:32} clock {next(shown)}   processor {next(shown)}", flush=True)
        self._gaps.clear()


def main() -> None:
    """Make the library, then measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text", type=Path)
    parser.add_argument("--files", type=int, default=18_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QADESK_HOME"] = f"{folder}/home"
        files = Path(folder) / "files"
        files.mkdir()
        _make(files, arguments.text.read_text(encoding="utf-8"), arguments.files)
        _measure(files, arguments.files)


def _make(files: Path, text: str, count: int) -> None:
    from qadesk.app.library.collections import add_collection
    from qadesk.app.open_store import open_store
    from qadesk.library.index import FileStamp, open_index
    from qadesk.structure.plain import blocks_of

    store = open_store()
    add_collection(store, "Many", [files])
    store.close()
    paragraphs = [part for part in text.split("\n\n") if len(part) > 200]
    texts = [f"{paragraphs[number % len(paragraphs)][:600]}\n\nNumber {number}." for number in range(count)]
    with closing(open_index(paths.data_dir() / "library", writes=True)) as index:
        for number, content in enumerate([text, *texts]):
            path = files / f"{number % 300:03}" / f"file {number:05}.txt"
            path.parent.mkdir(exist_ok=True)
            path.write_text(content, encoding="utf-8")
            stamp = FileStamp(path, path.stat().st_size, path.stat().st_mtime_ns)
            document = Document(content, path.name, "text", path, blocks=() if number else tuple(blocks_of(content)))
            index.add_document(stamp, str(number).encode(), document)
        index.commit()


def _measure(files: Path, count: int) -> None:
    from qadesk.settings import Settings
    from qadesk.ui.library.library_place import LibraryPlace
    from qadesk.ui.shell import launch
    from qadesk.ui.shell.main_window import MainWindow

    launch.application()
    settings = Settings()
    settings.set("state.started", True)
    window = MainWindow(settings)
    launch.spare_loaded(window)
    window.resize(1280, 800)
    window.drawn.connect(lambda: window.begin(()))
    ticks = Ticks()
    window.show()
    library = window.services.library
    library.indexer._start_timer.setInterval(10**8)  # the indexer is started below
    _until(lambda: window.services.reader.is_ready and library.total.files > count)
    _wait(6)
    ticks.report("start")
    window.show_place("library")
    _wait(1)
    ticks.report("first entry")
    place = window.place("library")
    assert isinstance(place, LibraryPlace)
    _scroll(place.parts, ticks)
    for question in _QUESTIONS:
        _ask(place.parts, question)
    ticks.report("asking")
    for number, kind in ((0, "long document"), (0, "next answer in it"), (1, "short document"), (0, "long again")):
        _open(window, place.parts, files / f"{number:03}" / f"file {number:05}.txt")
        ticks.report(kind)
        window.show_place("library")
        _wait(0.5)
        ticks.report("    back")
    _index(window, files, count, ticks)
    window.close()


def _scroll(parts: LibraryParts, ticks: Ticks) -> None:
    parts.view.show_files(True)
    _wait(1)
    ticks.report("files")
    bar = parts.view.files.table.verticalScrollBar()
    for _ in range(_FRAMES):
        bar.setValue(bar.value() + 220)
        _wait(0.016)
    for _ in range(_FRAMES // 5):
        bar.setValue(bar.maximum())
        _wait(0.05)
    ticks.report(f"scrolling, {len(parts.view.files.model.files):,} rows")
    parts.view.show_files(False)


def _ask(parts: LibraryParts, question: str) -> None:
    session, start = parts.asking.session, time.perf_counter()
    parts.asking.ask(question)
    first = _until(lambda: (session.answers is not None and bool(session.answers.answers)) or not session.is_working)
    _until(lambda: not session.is_working)
    print(f"    first answers {1000 * first:.0f} ms, all {1000 * (time.perf_counter() - start):.0f} ms")
    _wait(0.3)


def _open(window: MainWindow, parts: LibraryParts, path: Path) -> None:
    from qadesk.records import AnswerPlace, LibraryAnswer
    from qadesk.ui.ask.ask_place import AskPlace

    ask = window.place("ask")
    assert isinstance(ask, AskPlace)
    text = path.read_text(encoding="utf-8")
    start = text.index(" ", len(text) // 2) + 1
    spot = AnswerPlace(path, path.name, "text", "", "", start, start + 6, text[start : start + 6], 0, 6)
    answer = LibraryAnswer(text[start : start + 6], 0.9, 0.9, 0.9, 1.0, 1.0, None, (spot,), ())
    view = ask.view.pane.text
    processor = time.process_time()
    parts.asking._open(answer, spot)
    seconds = _until(lambda: window.place("ask").widget.isVisible() and bool(view._answers and view.answer_rects(0)))
    used = time.process_time() - processor
    print(f"    {len(text):,} characters: words marked after {1000 * seconds:.0f} ms, processor {1000 * used:.0f}")
    _wait(2)
    view.mark_answers([], 0, doubtful=False)


def _index(window: MainWindow, files: Path, count: int, ticks: Ticks) -> None:
    library = window.services.library
    for number in range(_NEW_FILES):
        (files / f"new {number}.txt").write_text(f"Note {number}.\n\n" + "The rent is 900 pounds a month. " * 20)
    _wait(0.5)
    ticks.report("writing them")  # by the window's thread
    library.indexer.start()
    _until(lambda: library.total.files > count + _NEW_FILES and library.indexer.step is None, 300)
    ticks.report(f"indexing {_NEW_FILES} files")


def _wait(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(1000 * seconds), loop.quit)
    loop.exec()


def _until(holds: Callable[[], bool], most: float = 60.0) -> float:
    start = time.perf_counter()
    while not holds():
        _wait(0.002)
        if time.perf_counter() - start > most:
            raise TimeoutError
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
