"""Questions to all paragraphs of a data set at once: how often the answer is right, and how long it takes.

    python benchmarks/asking.py squad.json [--questions 300] [--depths 5,20,50] [--model FOLDER]

Each paragraph is a document of an index of its own. A question is asked once with each depth (passages that are read),
and once to its own paragraph alone; the best answer counts, also where none is likelier, as in SQuAD 1.1. Exact match
and F1 are the official ones. The processor's seconds are those of this process, with its threads: where other work runs
beside it, the clock says little. Asserts nothing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a checkout, where QADesk need not be installed

from benchmarks.results import milliseconds, table
from benchmarks.timing import percentile
from qadesk import paths
from qadesk.app.library.asking import ask_library
from qadesk.labels.label_files import read_dataset
from qadesk.library.index import FileStamp, LibraryIndex, open_index
from qadesk.progress import finish
from qadesk.qa.engine import Reader, open_reader
from qadesk.qa.reader_options import Options
from qadesk.records import Document, LabeledExample, LibraryAnswers, LibraryReading, Scope
from qadesk.settings import Settings
from qadesk.structure.plain import blocks_or_plain
from qadesk.train import metrics

DEPTHS = (5, 20, 50)
ALONE = 0
"""In place of a depth: the question was put to its own paragraph."""


@dataclass(slots=True)
class PoolScores:
    """What came of the questions at one depth, an entry each; times in seconds."""

    exact: list[float] = field(default_factory=list)
    f1: list[float] = field(default_factory=list)
    is_read: list[bool] = field(default_factory=list)  # whether the right paragraph is among what was read
    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def row(self, name: str) -> list[str]:
        """As a row of a table."""
        count = len(self.exact)
        means = [f"{100 * sum(values) / count:.1f}" for values in (self.exact, self.f1, self.is_read)]
        clocks = [milliseconds(percentile(values, 50)) for values in (self.first, self.whole, self.processor)]
        return [name, *means, *clocks, milliseconds(percentile(self.processor, 95))]


def index_of(folder: Path, examples: Sequence[LabeledExample]) -> LibraryIndex:
    """An index in ``folder`` with each context of ``examples`` as a document, whose path is ``path_of``."""
    index = open_index(folder, writes=True)
    contexts = dict.fromkeys(example.context for example in examples)
    for number, text in enumerate(contexts):
        path = Path(f"/paragraphs/{number}.txt").absolute()
        document = Document(text, f"Paragraph {number}", "text", path, blocks=blocks_or_plain(text))
        index.add_document(FileStamp(path, len(text), 1), number.to_bytes(16, "big"), document)
    index.commit()
    return index


def ask_pool(
    reader: Reader, index: LibraryIndex, examples: Sequence[LabeledExample], depths: Sequence[int] = DEPTHS
) -> dict[int, PoolScores]:
    """The scores of ``examples`` by depth, and ``ALONE``."""
    scores = {depth: PoolScores() for depth in (ALONE, *depths)}
    settings = Settings()
    for example in examples:
        alone = finish(reader.answer(example.question, example.context, Options(expected=1.0, mends=False)))
        _score(scores[ALONE], example, alone.best.text if alone.best else "")
        for depth in depths:
            work = ask_library(reader, example.question, index, Scope(), settings, depth=depth)
            answers = _timed(work, scores[depth])
            _score(scores[depth], example, answers.answers[0].text if answers.answers else "")
            texts = {passage.document.text for passage in index.search(example.question, depth).passages}
            scores[depth].is_read.append(any(text in example.context for text in texts))
    return scores


def _timed(work: Generator[LibraryReading, None, LibraryAnswers], scores: PoolScores) -> LibraryAnswers:
    began, processor = time.perf_counter(), time.process_time()
    first = 0.0
    while True:
        try:
            step = next(work)
        except StopIteration as end:
            answers: LibraryAnswers = end.value
            break
        if step.answers and not first:
            first = time.perf_counter() - began
    scores.whole.append(time.perf_counter() - began)
    scores.first.append(first or scores.whole[-1])
    scores.processor.append(time.process_time() - processor)
    return answers


def _score(scores: PoolScores, example: LabeledExample, text: str) -> None:
    scores.exact.append(metrics.exact_match(text, example.gold_texts))
    scores.f1.append(metrics.f1(text, example.gold_texts))


def report(scores: dict[int, PoolScores]) -> str:
    """The scores as a table."""
    header = ["read", "exact", "F1", "right one read", "first answers, ms", "whole, ms", "CPU, ms", "CPU, 95 %, ms"]
    alone = scores[ALONE]
    count = len(alone.exact)
    alone_row = ["its own paragraph", *(f"{100 * sum(values) / count:.1f}" for values in (alone.exact, alone.f1))]
    rows = [[*alone_row, *[""] * (len(header) - 3)]]
    rows += [values.row(f"best {depth}") for depth, values in scores.items() if depth != ALONE]
    return table(header, rows)


def measure_asking(dataset: Path, questions: int, depths: Sequence[int], model: Path) -> str:
    """So many of the questions of ``dataset``, put to all of its paragraphs, and to its own alone: a table."""
    examples = [example for example in read_dataset(dataset).examples if not example.is_impossible]
    sample = examples[:: max(1, len(examples) // questions)][:questions]
    with tempfile.TemporaryDirectory() as folder, closing(index_of(Path(folder), examples)) as index:
        reader = open_reader(model, device="cpu")
        finish(ask_library(reader, sample[0].question, index, Scope(), Settings()))  # warms up
        scores = ask_pool(reader, index, sample, depths)
        return f"{len(sample)} questions over {index.counts().passages:,} passages.\n\n{report(scores)}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--depths", default=",".join(map(str, DEPTHS)))
    parser.add_argument("--model", type=Path, default=paths.bundled_model_dir())
    parsed = parser.parse_args()
    depths = [int(depth) for depth in parsed.depths.split(",")]
    print(measure_asking(parsed.dataset, parsed.questions, depths, parsed.model))


if __name__ == "__main__":
    main()
