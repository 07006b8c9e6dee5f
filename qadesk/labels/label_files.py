"""Reads a file of labels or a data set in any format: the one way in for import, checks, measuring and training."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path

from qadesk.errors import DataError
from qadesk.labels.dataset import Dataset, Problem
from qadesk.labels.formats import registry
from qadesk.labels.formats.no_answer_words import NoAnswerWords
from qadesk.labels.formats.offset_counting import CODE_POINTS, Counting, OffsetEvidence
from qadesk.labels.formats.raw_rows import RowCollector, Texts
from qadesk.labels.formats.registry import RawLabelFile
from qadesk.labels.wording import shortened
from qadesk.progress import Clock, Progress, finish
from qadesk.records import LABELLED, LabeledExample

_EVERY = 500  # rows between two reports of progress


@dataclass(frozen=True, slots=True)
class AnnotatorChoice:
    """What annotators chose ``count`` times beside spans; ``means_none`` if it is taken for 'not in the text'."""

    words: str
    count: int
    means_none: bool


@dataclass(frozen=True, slots=True)
class ParsedLabels:
    """What was read from a file of labels: texts with the labels that can be used, and the problems of the rest.

    ``examples`` are the labelled questions as a data set, in the order of the file. ``choices`` are those of its
    annotators. ``version`` is that of a SQuAD file, '' if it has none.
    """

    file: str
    format: str
    rows: Texts
    problems: tuple[Problem, ...]
    examples: tuple[LabeledExample, ...] = ()
    choices: tuple[AnnotatorChoice, ...] = ()
    version: str = ""

    @property
    def label_count(self) -> int:
        """How many labels there are."""
        return sum(len(labels_of_text) for _, labels_of_text in self.rows)

    @property
    def dataset(self) -> Dataset:
        """The labelled questions; those that are not labelled are problems. Raises ``DataError`` if there is none."""
        labels = [label for _, labels_of_text in self.rows for label in labels_of_text]
        unlabelled = [
            Problem(f"'{shortened(label.question, 60)}' ({label.key})", "It is not labelled and was left out.")
            for label in labels
            if label.state != LABELLED
        ]
        problems = (*self.problems, *unlabelled)
        if not self.examples:
            first = f"{problems[0].where}: {problems[0].what}" if problems else "It has no questions."
            more = f" And {len(problems) - 1:,} more." if len(problems) > 1 else ""
            raise DataError(f"'{self.file}' holds no question that can be used.", f"{first}{more}")
        return Dataset(self.version, self.examples, problems)


def read_labels(
    path: Path, no_answer: Iterable[str] = (), *, is_dataset: bool = False
) -> Generator[Progress, None, ParsedLabels]:
    """Read and check the file at ``path``, whatever its format; nothing is written.

    ``no_answer`` are words of annotators that mean 'not in the text', beside those that are well known.
    ``is_dataset`` is as for ``RowCollector``. Raises ``DataError`` if it cannot be read or its format is not known.
    """
    yield Progress("Reading", 0, 0)
    words = NoAnswerWords(no_answer)
    from_contents = RowCollector(path.name)
    source = registry.open_label_file(path, from_contents.note)
    counting, note = yield from _counting(source)
    collector = RowCollector(path.name, counting, words, is_dataset=is_dataset)
    collector.problems += from_contents.problems
    if note:
        collector.note(path.name, note)
    clock = Clock("Checking", source.total)
    for number, row in enumerate(source.rows(collector.note)):
        if number % _EVERY == 0:
            yield clock.at(number)
        collector.add(row)
    choices = tuple(
        AnnotatorChoice(name, count, words.includes(name)) for name, count in collector.choices.most_common()
    )
    return ParsedLabels(
        path.name, source.format, collector.texts, tuple(collector.problems), tuple(collector.examples), choices,
        source.version,
    )  # fmt: skip


def _counting(source: RawLabelFile) -> Generator[Progress, None, tuple[Counting, str]]:
    """How the offsets of a file count, over all its rows, and a sentence on what was assumed, or ''."""
    if source.is_plain:
        return CODE_POINTS, ""
    evidence = OffsetEvidence()
    for number, row in enumerate(source.rows(lambda _where, _what: None)):
        if number % _EVERY == 0:
            yield Progress("Reading", number, source.total)
        evidence.add_row(row.text, row.answers or ())
    return evidence.counting, evidence.note


def dataset_steps(path: Path, no_answer: Iterable[str] = ()) -> Generator[Progress, None, Dataset]:
    """Read the data set at ``path`` as ``read_labels`` does; answers that are not in their text are kept.

    Raises ``DataError`` also if it holds no question that can be used.
    """
    file = yield from read_labels(path, no_answer, is_dataset=True)
    return file.dataset


def read_dataset(path: Path, no_answer: Iterable[str] = ()) -> Dataset:
    """The data set at ``path``, as ``dataset_steps``."""
    return finish(dataset_steps(path, no_answer))
