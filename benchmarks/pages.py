"""Measures the view of PDF pages: the first page, jumps to answers, scrolling, tiles, memory, and whether marks fit.

python benchmarks/pages.py FILE.pdf          times, offscreen, in this process and the child that draws
python benchmarks/pages.py --marks FOLDER    marks of random spans in each PDF, against the characters under them
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from memory import resident
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication
from timing import percentile

from qadesk.documents import read
from qadesk.documents.parsing import Source
from qadesk.documents.pdf.page_drawing import PageFile, PagePart
from qadesk.documents.text_on_page import PageRuns
from qadesk.errors import QadeskError
from qadesk.records import Document
from qadesk.ui.document.pages.page_boxes import PageBoxes
from qadesk.ui.document.pages.page_view import PageView

_SPANS = 20  # of a file
_SIZE = (1000, 800)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--marks", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    if arguments.marks:
        _print_marks(arguments.marks)
    if arguments.file:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        QApplication([])
        _print_times(arguments.file)


def _print_times(path: Path) -> None:
    document = read(path)
    print(f"{path.name}: {len(document.pages):,} pages, {len(document.text):,} characters")
    view = PageView()
    view.resize(*_SIZE)
    view.show()
    before = resident()
    open_times: list[float] = []
    view.process.opened.connect(lambda _sizes: open_times.append(time.perf_counter()))
    start = time.perf_counter()
    view.show_document(document)
    _wait(lambda: bool(open_times))
    first = _wait(lambda: view.store.image(_sharp(view)) is not None)
    print(f"process and geometry {1000 * (open_times[0] - start):.0f} ms, first page after that {1000 * first:.0f} ms")
    jumps = [_jump(view, document, number) for number in _pages(document, 20)]
    print(f"jump to an answer with its mark: p50 {_ms(jumps, 50)} ms, p95 {_ms(jumps, 95)}, most {_ms(jumps, 100)}")
    frames = list(_frames(view))
    print(f"frames of scrolling: p50 {_ms(frames, 50)} ms, p95 {_ms(frames, 95)}, most {_ms(frames, 100)}")
    print(f"memory of the window above before: {(resident() - before) / 1e6:.0f} MB")
    view.process.close()
    print(f"tile of 512 pixels at 8 times: p50 {_ms(_tiles(path), 50)} ms, p95 {_ms(_tiles(path), 95)}")


def _sharp(view: PageView) -> object:
    sight = view._sight()
    return sight.tiles(sight.pages.start, sight.scale)[0]


def _wait(holds: Callable[[], bool], seconds: float = 30.0) -> float:
    start = time.perf_counter()
    while not holds():
        QApplication.processEvents()
        if time.perf_counter() - start > seconds:
            raise TimeoutError
        time.sleep(0.0005)
    return time.perf_counter() - start


def _pages(document: Document, count: int) -> list[int]:
    with_text = [page.number - 1 for page in document.pages if page.end - page.start > 200]
    return random.Random(1).sample(with_text, min(count, len(with_text)))


def _jump(view: PageView, document: Document, page: int) -> float:
    start = document.pages[page].start + 100
    view.mark_answers([[(start, start + 40)]], 0, doubtful=False)
    view.reveal(start, start + 40)
    return _wait(lambda: bool(view.answer_rects(0)) and view.store.image(_sharp(view)) is not None)


def _frames(view: PageView) -> Iterator[float]:
    bar = view.verticalScrollBar()
    bar.setValue(0)
    for _ in range(400):
        start = time.perf_counter()
        bar.setValue(bar.value() + 60)
        view.viewport().repaint()
        yield time.perf_counter() - start
        QApplication.processEvents()
        time.sleep(0.008)


def _tiles(path: Path) -> list[float]:
    room = memoryview(bytearray(512 * 512 * 4))
    seconds = []
    with path.open("rb") as file:
        pages = PageFile(Source(file, path.name))
        for number in range(min(10, len(pages.sizes()))):
            for corner in (0, 1024, 2048):
                start = time.perf_counter()
                pages.draw(number, PagePart(8 * 96 / 72, 0, corner, corner, 512, 512), "paper", room)
                seconds.append(time.perf_counter() - start)
        pages.close()
    return seconds


def _ms(seconds: list[float], share: float) -> str:
    return f"{1000 * percentile(seconds, share):.1f}"


def _print_marks(folder: Path) -> None:
    right = total = files = 0
    for path in sorted(folder.rglob("*.pdf")):
        try:
            document = read(path)
        except QadeskError:
            continue
        outcomes = list(_marks_of(path, document))
        files += bool(outcomes)
        right, total = right + sum(outcomes), total + len(outcomes)
        if not all(outcomes):
            print(f"{path.name}: {sum(outcomes)} of {len(outcomes)}")
    print(f"{right:,} of {total:,} marks in {files:,} files cover the characters of their spans and no others")


def _marks_of(path: Path, document: Document) -> Iterator[bool]:
    """Whether the rectangles of random spans cover the centres of just the characters of the span."""
    runs = PageRuns(document.characters)
    pages = [number for number, of_page in runs.items() if sum(run.length for run in of_page) > 20]
    chance = random.Random(1)
    with path.open("rb") as file:
        pages_of_file = PageFile(Source(file, path.name))
        for number in chance.choices(pages, k=_SPANS) if pages else ():
            boxes = PageBoxes(pages_of_file.boxes(number - 1), runs[number])
            run = chance.choice(runs[number])
            start = chance.randrange(run.offset, run.offset + run.length)
            end = start + chance.randrange(1, 60)
            rects = boxes.rects(start, end)
            offsets, places = boxes._offsets, boxes._boxes
            wide = (places[:, 2] > places[:, 0]) & (places[:, 3] > places[:, 1])
            centres = (places[:, :2] + places[:, 2:]) / 2
            under = [any(rect.contains(QPointF(x, y)) for rect in rects) for x, y in centres]
            yield set(offsets[np.array(under, bool) & wide]) == {
                offset for offset in offsets[wide] if start <= offset < end
            }
        pages_of_file.close()


if __name__ == "__main__":
    main()
