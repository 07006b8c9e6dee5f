"""Measures what fills the library's index: time a file and a format, an unchanged re-scan, one changed file, memory.

    python benchmarks/indexing.py FOLDER [--files 1000 --megabytes 100] [--writing]

``FOLDER`` gets the corpus (``library_corpus``), unless it has one, and the index. Times by the clock depend on what
else the machine does: processor times of the indexer and of its children are printed beside them.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a checkout, where QADesk need not be installed

from benchmarks.index_size import size_report
from benchmarks.library_corpus import make_corpus
from qadesk import documents
from qadesk.app.library.indexing import update
from qadesk.documents.parser_pool import ParserPool
from qadesk.library.index import FileStamp, LibraryIndex, open_index
from qadesk.process_memory import share_free_memory
from qadesk.progress import finish
from qadesk.records import LibraryCounts, Scope
from qadesk.settings import Settings


class Memory(NamedTuple):
    """Bytes of memory: ``shared`` counts a page that processes share in parts, as a machine spends it (Pss).

    ``resident`` counts it once for each of them (Rss).
    """

    shared: int
    resident: int


class IndexingTimes(NamedTuple):
    """What an update took: seconds by the clock, processor seconds of this process and of its children, most memory.

    ``memory`` is that of this process and its children together, in bytes, sampled five times a second.
    """

    seconds: float
    own: float
    children: float
    memory: Memory
    counts: LibraryCounts


def measure_update(index: LibraryIndex, sources: Sequence[Path], only: set[Path] | None = None) -> IndexingTimes:
    """Bring ``index`` up to date with ``sources``."""
    before = _processor_times()
    start = time.monotonic()
    with _MemoryWatch() as memory:
        counts = finish(update(index, sources, Settings(), only=only))
    seconds = time.monotonic() - start
    own, children = (after - earlier for after, earlier in zip(_processor_times(), before, strict=True))
    return IndexingTimes(seconds, own, children, memory.most, counts)


def print_formats(folder: Path, limit: int = 60) -> None:
    """Print the processor time that a file of each format takes in a child, and what reading its reply takes here.

    The start of the child is spread over the files.
    """
    by_suffix: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(folder.rglob("*.*")):
        if path.is_file():
            by_suffix[path.suffix].append(path)
    for suffix, files in by_suffix.items():
        before, characters = _processor_times(), 0
        with closing(ParserPool()) as parsers:
            for path in files[:limit]:
                characters += len(documents.read(path, parsers=parsers).text)
        own, child = (after - earlier for after, earlier in zip(_processor_times(), before, strict=True))
        count = len(files[:limit])
        print(
            f"    {suffix}: {1000 * child / count:.1f} ms and {1000 * own / count:.1f} ms here, a file of "
            f"{characters / count / 1000:.0f} kB of text; {characters / child / 1e6:.2f} MB/s"
        )


def print_writing(folder: Path, index_folder: Path, limit: int = 400) -> None:
    """Print how much text a second the index takes, without parsing."""
    stamps = []
    with closing(ParserPool()) as parsers:
        for path in sorted(folder.rglob("*.*"))[:limit]:
            if path.is_file():
                stamps.append((path, documents.read(path, parsers=parsers)))
    with closing(open_index(index_folder, writes=True)) as index:
        start = time.process_time()
        for number, (path, document) in enumerate(stamps):
            index.add_document(FileStamp(path, number, 0), str(path).encode(), document)
        index.commit()
        seconds = time.process_time() - start
    characters = sum(len(document.text) for _, document in stamps)
    speed = characters / seconds / 1e6
    print(f"writing alone: {characters / 1e6:.1f} MB in {seconds:.2f} s of the processor, {speed:.2f} MB/s")


def measure_indexing(folder: Path, files: int, characters: int) -> None:
    """Make the corpus in ``folder``, unless it is there, index it there, and print everything."""
    corpus, index_folder = folder / "corpus", folder / "index"
    if not corpus.exists():
        start = time.monotonic()
        print(make_corpus(corpus, files, characters), f"made in {time.monotonic() - start:.0f} s")
    share_free_memory()  # as the indexer does
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print_formats(corpus)
    with closing(open_index(index_folder, writes=True)) as index:
        _print("all files", measure_update(index, [corpus]))
        _print("unchanged", measure_update(index, [corpus]))
        path = next(corpus.rglob("*.txt"))
        path.write_text(path.read_text(encoding="utf-8") + "The password of the day is Walrus.\n", encoding="utf-8")
        _print("one changed", measure_update(index, [corpus], only={path}))
        result = index.search("What is the password of the day?", 5, Scope((corpus,)))
        assert any("Walrus" in passage.document.text for passage in result.passages)
        print("as it was read:", size_report(index_folder))
        start = time.process_time()
        while index.recompress():  # as the indexer does when it has nothing to read
            pass
        index.shrink(writes_anew=True)
        print(f"compressed once more in {time.process_time() - start:.1f} s of the processor")
    print(size_report(index_folder))


def _print(what: str, times: IndexingTimes) -> None:
    counts = times.counts
    shared, resident = (f"{size / 1e6:.0f} MB" for size in times.memory)
    print(
        f"{what}: {times.seconds:.2f} s, processor {times.own:.2f} s and {times.children:.2f} s in children, "
        f"{shared} ({resident} with shared pages counted each time); "
        f"{counts.searchable} of {counts.files} files, {counts.passages} passages, "
        f"{counts.characters / 1e6:.1f} MB of text"
    )


def _processor_times() -> tuple[float, float]:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time(), children.ru_utime + children.ru_stime


class _MemoryWatch:
    """Samples the memory of this process and its children: ``most`` of each count."""

    def __init__(self) -> None:
        self.most = Memory(0, 0)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def __enter__(self) -> _MemoryWatch:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._stop.wait(0.2):
            self.most = Memory(*map(max, self.most, memory_of_tree(os.getpid())))


def memory_of_tree(process: int) -> Memory:
    """The memory of ``process`` and its children, on Linux."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
        sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines[1:]}
        tasks = Path(f"/proc/{process}/task").iterdir()
        children = [child for task in tasks for child in (task / "children").read_text(encoding="ascii").split()]
    except (OSError, ValueError):
        return Memory(0, 0)
    parts = [Memory(sizes["Pss"], sizes["Rss"]), *(memory_of_tree(int(child)) for child in children)]
    return Memory(sum(part.shared for part in parts), sum(part.resident for part in parts))


def main() -> None:
    """Measure as the command says."""
    parser = argparse.ArgumentParser(description="Measures what fills the index of the library.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--megabytes", type=float, default=100.0, help="of text, about")
    parser.add_argument("--writing", action="store_true", help="measure the index alone")
    options = parser.parse_args()
    measure_indexing(options.folder, options.files, int(options.megabytes * 1e6))
    if options.writing:
        print_writing(options.folder / "corpus", options.folder / "index of writing")


if __name__ == "__main__":
    main()
