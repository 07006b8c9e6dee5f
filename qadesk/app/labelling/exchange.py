"""Labels in and out of files, and what is wrong with them: the verbs for the window and the command line.

Reading a file writes nothing: the user sees what was found and what is wrong with it, and then imports it or not.
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
from qadesk.labels.formats.registry import FORMATS, LabelFormat
from qadesk.labels.formats.writing import entries
from qadesk.labels.text_files import writing
from qadesk.progress import Clock, Progress
from qadesk.records import LABELLED, LabeledExample
from qadesk.store.database import Store

__all__ = ["FORMATS", "Finding", "Found", "LabelFormat", "check_labels", "export_labels", "import_labels", "left_out"]
__all__ += ["read_labels"]
_EVERY = 500  # rows between two signs of life


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds: the texts with their labels that can be imported, and what is wrong with the rest."""

    file: str
    format: str
    rows: Texts
    problems: tuple[Problem, ...]

    @property
    def labels(self) -> int:
        """How many labels can be imported."""
        return sum(len(each) for _, each in self.rows)

    @property
    def examples(self) -> list[LabeledExample]:
        """Those that are labelled, as a data set."""
        return [labels.example_of(label, text) for text, each in self.rows for label in each if label.state == LABELLED]


def read_labels(path: Path) -> Generator[Progress, None, Found]:
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
    return Found(path.name, source.format, gathering.texts, tuple(gathering.problems))


def import_labels(store: Store, found: Found) -> int:
    """Add what was ``found``, all at once, as one step to undo. Gives how many labels are new.

    Questions that their text has already are left as they are.
    """
    return labels.add_many(store, found.rows)


def export_labels(store: Store, path: Path, format: str = "") -> Generator[Progress, None, int]:  # noqa: A002
    """Write all labels that ``format`` can hold to ``path``, all or nothing; gives how many.

    Without ``format`` the suffix of ``path`` tells it. Raises ``DataError`` if there is no such format, nothing to
    write, or ``path`` cannot be written.
    """
    yield Progress("Writing", 0, 0)
    every = labels.labels(store)
    chosen = registry.export_format(format, path, every)
    kept = [label for label in every if chosen.keeps(label)]
    if not kept:
        raise DataError("There is no label to export.", chosen.lacks if every else "Label a question first.")
    rows = entries(kept, {text.id: text for text in labels.texts(store)})
    clock = Clock("Writing", len(rows))
    with writing(path, chosen.encoding) as file:
        for number, piece in enumerate(chosen.write(rows)):
            file.write(piece)
            if number % _EVERY == 0:
                yield clock.at(min(number, len(rows)))
    return len(kept)


def left_out(store: Store, path: Path, format: str = "") -> str:  # noqa: A002
    """A sentence on what the export will leave out, '' if nothing. Raises ``DataError`` for an unknown format."""
    every = labels.labels(store)
    chosen = registry.export_format(format, path, every)
    count = sum(not chosen.keeps(label) for label in every)
    if not count:
        return ""
    return f"{count:,} of {len(every):,} labels {'is' if count == 1 else 'are'} left out. {chosen.lacks}"


def check_labels(store: Store | Sequence[LabeledExample], losses: Mapping[str, float] | None = None) -> list[Finding]:
    """What may be wrong with the labels of ``store``, or with ``store`` where it is a data set.

    ``losses`` are what each label costs the model, by key, in nats; without them no label is found unlikely.
    """
    examples = labels.examples(store) if isinstance(store, Store) else store
    return checks.check(examples, losses)
