"""Import, export and checks of labels, for the window and the command line.

Reading a file writes nothing: the user sees what it holds and what is wrong with it, and then imports it or not.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from pathlib import Path

from qadesk.app.labelling import labels
from qadesk.errors import DataError
from qadesk.labels import checks
from qadesk.labels.checks import Finding
from qadesk.labels.formats import registry
from qadesk.labels.formats.registry import FORMATS, SUFFIXES
from qadesk.labels.formats.writing import entries
from qadesk.labels.label_files import ParsedLabels, read_labels
from qadesk.labels.text_files import writing
from qadesk.progress import Clock, Progress
from qadesk.records import LabeledExample
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
_EVERY = 500  # pieces between two reports of progress


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
    examples = labels.examples(store, has_blocks=False) if isinstance(store, Store) else store
    return checks.find_mistakes(examples, losses)
