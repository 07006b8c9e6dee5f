"""The index of the library: what it finds, how fast, and how large it is.

    python benchmarks/library.py DATA.json ...            the gold passage among the first 20, both searches
    python benchmarks/library.py DATA.json ... --passages 1000000 [--folder F] [--engine fts|tantivy]
                                                          a large index, made of the sentences of the data sets
    python benchmarks/library.py DATA.json ... --prose    how large the index of their paragraphs is, each once
    python benchmarks/library.py DATA.json --all --folder F
                                                          both, answers over the pool (``asking``), and the indexing of
                                                          18,000 files with 2 GB of text, made in F (``indexing``)

Data sets are SQuAD files; each paragraph is a document of its own. A passage counts as gold if it is of the paragraph
that the question was asked about. Seconds are of this machine as it is: where other work runs beside it, look at the
processor seconds (CPU), which count this process alone, with its threads. Asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a checkout, where QADesk need not be installed

from benchmarks.asking import DEPTHS, measure_asking
from benchmarks.index_size import size_report
from benchmarks.indexing import measure_indexing
from benchmarks.memory import Peak
from benchmarks.results import megabytes, table
from benchmarks.timing import percentile
from qadesk.library.index import FileStamp, LibraryIndex, open_index
from qadesk.paths import bundled_model_dir
from qadesk.progress import finish
from qadesk.records import Document
from qadesk.structure import Block
from qadesk.structure.plain import blocks_or_plain

ENGINES = {"fts": 10**9, "tantivy": 0}
"""Passages above which tantivy takes over, for each search alone."""

_SENTENCE = re.compile(r"(?<=[.!?]) +(?=[A-Z])")
_PARAGRAPHS = 20  # of a made document


class Paragraph(NamedTuple):
    """A paragraph of a data set with its questions that have an answer."""

    text: str
    questions: list[str]


@dataclass(slots=True)
class Lap:
    """Seconds by the clock, and seconds of the processor in this process."""

    clock: float
    cpu: float


class Stopwatch:
    """``lap()`` gives the time since the last one."""

    def __init__(self) -> None:
        self._clock, self._cpu = time.perf_counter(), time.process_time()

    def lap(self) -> Lap:
        """The time since the last lap, or since the start."""
        clock, cpu = time.perf_counter(), time.process_time()
        lap = Lap(clock - self._clock, cpu - self._cpu)
        self._clock, self._cpu = clock, cpu
        return lap


def read_paragraphs(paths: Iterable[Path]) -> list[Paragraph]:
    """The paragraphs of SQuAD files, each text once."""
    questions: dict[str, list[str]] = {}
    for path in paths:
        for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                answered = [row["question"] for row in paragraph["qas"] if row.get("answers")]
                questions.setdefault(paragraph["context"], []).extend(answered)
    return [Paragraph(*row) for row in questions.items()]


def build_pool(folder: Path, paragraphs: Sequence[Paragraph], engine: str) -> LibraryIndex:
    """An index in which each paragraph is a document, named by its number."""
    index = open_index(folder, writes=True, most_fts_passages=ENGINES[engine])
    for number, paragraph in enumerate(paragraphs):
        add_made(index, number, paragraph.text)
    index.commit()
    return index


def add_made(index: LibraryIndex, number: int, text: str, blocks: tuple[Block, ...] = ()) -> int:
    """Add a document that is in no file; gives its passages."""
    path = Path(f"/made/{number}.txt").absolute()
    stamp = FileStamp(path, len(text), 1)
    return index.add_document(stamp, number.to_bytes(8, "big"), Document(text, path.name, "text", path, blocks=blocks))


def gold_ranks(
    index: LibraryIndex, paragraphs: Sequence[Paragraph], every: int, limit: int = 20
) -> tuple[list[int], list[Lap]]:
    """Where the first passage of the right paragraph stands, from 0, ``limit`` if it is not there; and the times."""
    ranks, laps = [], []
    questions = [(f"{number}.txt", question) for number, row in enumerate(paragraphs) for question in row.questions]
    for name, question in questions[::every]:
        watch = Stopwatch()
        result = index.search(question, limit)
        laps.append(watch.lap())
        names = [passage.document.title for passage in result.passages]
        ranks.append(names.index(name) if name in names else limit)
    return ranks, laps


def measure_pool(paths: Sequence[Path], every: int) -> str:
    """Both searches over the pooled paragraphs of each data set."""
    rows = []
    for path in paths:
        paragraphs = read_paragraphs([path])
        for engine in ENGINES:
            with tempfile.TemporaryDirectory() as folder:
                index = build_pool(Path(folder), paragraphs, engine)
                ranks, laps = gold_ranks(index, paragraphs, every)
                index.close()
            shares = [100 * sum(rank < most for rank in ranks) / len(ranks) for most in (1, 5, 20)]
            counts = [f"{len(paragraphs):,}", f"{len(ranks):,}", *(f"{share:.2f}" for share in shares)]
            rows.append([path.stem, engine, *counts, *times(laps)])
    return table(["data", "search", "paragraphs", "questions", "gold first, %", "in 5", "in 20", *TIMES], rows)


TIMES = ["p50, ms", "p95, ms", "p50 CPU, ms", "p95 CPU, ms"]


def times(laps: Sequence[Lap]) -> list[str]:
    """Median and 95th percentile by the clock and of the processor, in milliseconds."""
    values = [[lap.clock for lap in laps], [lap.cpu for lap in laps]]
    return [f"{1e3 * percentile(seconds, share):.1f}" for seconds in values for share in (50, 95)]


def mixed_documents(paragraphs: Sequence[Paragraph], seed: int) -> Iterator[str]:
    """Documents without end, of sentences that are drawn by chance: common words are as common as ever."""
    draw = random.Random(seed)
    sentences = [sentence for paragraph in paragraphs for sentence in _SENTENCE.split(paragraph.text)]
    while True:
        yield "\n\n".join(" ".join(draw.choices(sentences, k=5)) for _ in range(_PARAGRAPHS))


def build_large(folder: Path, paragraphs: Sequence[Paragraph], engine: str, passages: int) -> str:
    """Make an index of so many passages, with commits as the indexer makes them; says what it took."""
    index = open_index(folder, writes=True, most_fts_passages=ENGINES[engine])
    count = size = 0
    clock = cpu = 0.0
    with Peak() as peak:
        for number, text in enumerate(mixed_documents(paragraphs, 1)):
            blocks = blocks_or_plain(text)  # which is parsing
            watch = Stopwatch()
            count += add_made(index, number, text, blocks)
            size += len(text.encode())
            if number % 500 == 499 or count >= passages:
                index.commit()
            lap = watch.lap()
            clock, cpu = clock + lap.clock, cpu + lap.cpu
            if count >= passages:
                break
        watch = Stopwatch()
        index.close()
        closing = watch.lap()
    return (
        f"{count:,} passages, {megabytes(size)} MB of text, {engine}: {count / clock:,.0f} passages a second "
        f"({count / cpu:,.0f} a CPU second), closing {closing.clock:.1f} s, "
        f"memory {megabytes(peak.above)} MB above idle; {size_report(folder)}."
    )


def measure_prose(paths: Sequence[Path]) -> str:
    """The size of an index of all paragraphs of the data sets, each once: text that repeats nothing.

    ``mixed_documents`` and the files of ``library_corpus`` repeat sentences, which compresses better.
    """
    paragraphs = [paragraph.text for paragraph in read_paragraphs(paths)]
    texts = ["\n\n".join(paragraphs[at : at + _PARAGRAPHS]) for at in range(0, len(paragraphs), _PARAGRAPHS)]
    with tempfile.TemporaryDirectory() as temporary:
        index = open_index(Path(temporary), writes=True)
        passages = 0
        for number, text in enumerate(texts):
            passages += add_made(index, number, text)
            if number % 50 == 49:
                index.commit()
        finish_index(index)
        return f"prose, {len(texts)} documents, {passages:,} passages: {size_report(Path(temporary))}"


def finish_index(index: LibraryIndex) -> None:
    """Write all, with what the search lacks, make it small and close it."""
    index.commit()
    if index.is_behind:
        finish(index.catch_up())
    while index.recompress():  # as the indexer does when it has nothing to read
        pass
    index.shrink(writes_anew=True)
    index.close()


def ask_large(folder: Path, questions: Sequence[str], limit: int = 20) -> str:
    """Search a large index; the passages are fetched from their chunks."""
    index = open_index(folder)
    laps, first = [], Stopwatch()
    index.search(questions[0], limit)
    opening = first.lap()
    with Peak() as peak:
        for question in questions:
            watch = Stopwatch()
            index.search(question, limit)
            laps.append(watch.lap())
    index.close()
    rows = [[f"{len(questions):,}", *times(laps), f"{1e3 * opening.clock:.0f}", megabytes(peak.above)]]
    return table(["questions", *TIMES, "first, ms", "memory, MB"], rows)


def large_questions(paragraphs: Sequence[Paragraph], count: int) -> list[str]:
    """Some questions of the data sets, the same each time."""
    questions = [question for paragraph in paragraphs for question in paragraph.questions]
    return random.Random(2).sample(questions, min(count, len(questions)))


def measure_large(paths: Sequence[Path], folder: Path, engine: str, passages: int, show: Callable[[str], None]) -> None:
    """Build, unless the folder holds one, and ask."""
    paragraphs = read_paragraphs(paths)
    if not (folder / "index.db").exists():
        show(build_large(folder, paragraphs, engine, passages))
    show(ask_large(folder, large_questions(paragraphs, 500)))


def measure_all(data: Sequence[Path], folder: Path, every: int) -> None:
    """Print all that is asked of the library: this takes an hour."""
    print(measure_pool(data, every))
    print(measure_asking(data[0], 300, DEPTHS, bundled_model_dir()))
    measure_large(data, folder / "large", "tantivy", 1_000_000, print)
    measure_indexing(folder / "files", 18_000, 2_000_000_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=1, help="ask only each n-th question of the pool")
    parser.add_argument("--passages", type=int, default=0)
    parser.add_argument("--engine", choices=list(ENGINES), default="tantivy")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--prose", action="store_true")
    parser.add_argument("--all", action="store_true")
    arguments = parser.parse_args()
    if arguments.all:
        measure_all(arguments.data, arguments.folder or parser.error("--all wants --folder"), arguments.every)
        return
    if arguments.prose:
        print(measure_prose(arguments.data))
        return
    if not arguments.passages:
        print(measure_pool(arguments.data, arguments.every))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        measure_large(arguments.data, folder, arguments.engine, arguments.passages, print)


if __name__ == "__main__":
    main()
