"""Import, export and checks of labels, for the window and the command line.

Reading a file writes nothing: the user sees what it holds and what is wrong with it, and then imports it or not.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qadesk.app.labelling import labels
from qadesk.errors import DataError
from qadesk.labels import checks
from qadesk.labels.checks import Finding
from qadesk.labels.dataset import Problem
from qadesk.labels.formats import registry
from qadesk.labels.formats.raw_rows import RowCollector, Texts
from qadesk.labels.formats.registry import FORMATS, SUFFIXES
from qadesk.labels.formats.writing import entries
from qadesk.labels.text_files import writing
from qadesk.progress import Clock, Progress
from qadesk.records import LABELLED, LabeledExample
from qadesk.store.database import Store

__all__ = [
    "FORMATS",
    "SUFFIXES",
    "Finding",
    "ParsedLabels",
    "check_labels",
    "export_labels",
    "import_labels",
    "left_out",
    "read_labels",
]
_EVERY = 500  # rows between two reports of progress


@dataclass(frozen=True, slots=True)
class ParsedLabels:
    """What was read from a file of labels: texts with the labels that can be imported, and the problems of the rest."""

    file: str
    format: str
    rows: Texts
    problems: tuple[Problem, ...]

    @property
    def label_count(self) -> int:
        """How many labels can be imported."""
        return sum(len(labels_of_text) for _, labels_of_text in self.rows)

    @property
    def examples(self) -> list[LabeledExample]:
        """The labelled questions as a data set."""
        rows = [(label, text) for text, labels_of_text in self.rows for label in labels_of_text]
        return [label.example_in(text) for label, text in rows if label.state == LABELLED]


def read_labels(path: Path) -> Generator[Progress, None, ParsedLabels]:
    """Read and check the file at ``path``, whatever its format; nothing is written.

    Raises ``DataError`` if it cannot be read or its format is not known.
    """
    yield Progress("Reading", 0, 0)
    gathering = RowCollector(path.name)
    source = registry.open_label_file(path, gathering.note)
    clock = Clock("Checking", source.total)
    for number, row in enumerate(source.rows):
        if number % _EVERY == 0:
            yield clock.at(number)
        gathering.add(row)
    return ParsedLabels(path.name, source.format, gathering.texts, tuple(gathering.problems))


def import_labels(store: Store, file: ParsedLabels) -> int:
    """Add the labels of ``file``, all at once, as one step to undo. Gives how many labels are new.

    Questions that their text has already are left as they are.
    """
    return labels.add_labels(store, file.rows)


def export_labels(store: Store, path: Path, format: str = "") -> Generator[Progress, None, int]:  # noqa: A002
    """Write all labels that ``format`` can hold to ``path``, all or nothing; gives how many.

    Without ``format`` the suffix of ``path`` tells it. Raises ``DataError`` if there is no such format, nothing to
    write, or ``path`` cannot be written.
    """
    yield Progress("Writing", 0, 0)
    all_labels = labels.labels(store)
    target = registry.export_format(format, path, all_labels)
    exported = [label for label in all_labels if target.keeps(label)]
    if not exported:
        raise DataError("There is no label to export.", target.lacks if all_labels else "Label a question first.")
    rows = entries(exported, {text.id: text for text in labels.texts(store, has_blocks=True)})
    clock = Clock("Writing", len(rows))
    with writing(path, target.encoding) as file:
        for number, piece in enumerate(target.write(rows)):
            file.write(piece)
            if number % _EVERY == 0:
                yield clock.at(min(number, len(rows)))
    return len(exported)


def left_out(store: Store, path: Path, format: str = "") -> str:  # noqa: A002
    """A sentence on what the export will leave out, '' if nothing. Raises ``DataError`` for an unknown format."""
    all_labels = labels.labels(store)
    target = registry.export_format(format, path, all_labels)
    count = sum(not target.keeps(label) for label in all_labels)
    if not count:
        return ""
    return f"{count:,} of {len(all_labels):,} labels {'is' if count == 1 else 'are'} left out. {target.lacks}"


def check_labels(store: Store | Sequence[LabeledExample], losses: Mapping[str, float] | None = None) -> list[Finding]:
    """What may be wrong with the labels of ``store``, or with ``store`` where it is a data set.

    ``losses`` are the losses of the labels by key, in nats; without them no label is reported as unlikely.
    """
    examples = labels.examples_to_check(store) if isinstance(store, Store) else store
    return checks.find_mistakes(examples, losses)
