"""Import, export and checks of labels, for the window and the command line.

Reading a file writes nothing: the user sees what it holds and what is wrong with it, and then imports it or not.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path

from qadesk.app.labelling import labels
from qadesk.app.labelling.agreement import ByAuthor, agreement_findings
from qadesk.app.labelling.label_authors import named_labels, with_author
from qadesk.errors import DataError
from qadesk.labels import checks
from qadesk.labels.checks import Finding
from qadesk.labels.formats import registry
from qadesk.labels.formats.registry import FORMATS, SUFFIXES
from qadesk.labels.formats.writing import entries
from qadesk.labels.label_files import ParsedLabels, read_labels
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
    "examples_by_author",
    "examples_in_file",
    "export_labels",
    "import_labels",
    "left_out",
    "read_labels",
]
_EVERY = 500  # pieces between two reports of progress


def import_labels(store: Store, file: ParsedLabels, *, author: str = "", own_name: str = "") -> int:
    """Add the labels of ``file``, all at once, as one step to undo. Gives how many labels are new.

    They are those of ``author``, if one is given, and else of the authors that the file names: '' and ``own_name`` are
    the user. Labels of others stand beside the user's own. Questions that their text has already of the same author are
    left as they are.
    """
    rows = [(text, [with_author(label, author, own_name) for label in of_text]) for text, of_text in file.rows]
    return labels.add_labels(store, rows)


def export_labels(
    store: Store,
    path: Path,
    format: str = "",  # noqa: A002  as on the command line
    *,
    author: str | None = None,
    own_name: str = "",
) -> Generator[Progress, None, int]:
    """Write the labels that ``format`` can hold to ``path``, all or nothing; gives how many.

    They are those of one ``author``, '' for the user's own, None for all. The rows name their author, if they are of
    several or the user has a name, ``own_name``, and their agreement with the labels of other authors
    (``label_authors``). Without ``format`` the suffix of ``path`` tells it. Raises ``DataError`` if there is no such
    format, nothing to write, or ``path`` cannot be written.
    """
    yield Progress("Writing", 0, 0)
    all_labels = labels.labels(store, author=author)
    if own_name or any(label.author for label in all_labels):
        all_labels = named_labels(all_labels, examples_by_author(store), own_name)
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


def left_out(
    store: Store,
    path: Path,
    format: str = "",  # noqa: A002  as on the command line
    *,
    author: str | None = None,
) -> str:
    """A sentence on what the export will leave out, '' if nothing. Raises ``DataError`` for an unknown format."""
    all_labels = labels.labels(store, author=author)
    target = registry.export_format(format, path, all_labels)
    count = sum(not target.keeps(label) for label in all_labels)
    if not count:
        return ""
    return f"{count:,} of {len(all_labels):,} labels {'is' if count == 1 else 'are'} left out. {target.lacks}"


def examples_by_author(store: Store) -> ByAuthor:
    """The labelled questions by author, the user's ('') first; those of others without blocks."""
    others = {name: labels.examples(store, has_blocks=False, author=name) for name in labels.authors(store)}
    return {"": labels.examples_to_check(store), **others}


def examples_in_file(file: ParsedLabels) -> ByAuthor:
    """The labelled questions of a file by the author that their rows name; '' where they name none."""
    rows: dict[str, list[LabeledExample]] = {}
    for text, labels_of_text in file.rows:
        for label in labels_of_text:
            if label.state == LABELLED:
                rows.setdefault(with_author(label).author, []).append(label.example_in(text))
    return rows


def check_labels(
    rows: Store | ByAuthor, losses: Mapping[str, float] | None = None, *, own_name: str = ""
) -> list[Finding]:
    """What may be wrong with the labels of the first author, and how far others agree with them and each other.

    ``rows`` is a store, or a data set by author. ``losses`` are the losses of the labels by key, in nats; without them
    no label is reported as unlikely.
    """
    by_author = examples_by_author(rows) if isinstance(rows, Store) else rows
    findings = checks.find_mistakes(next(iter(by_author.values()), ()), losses)
    findings += agreement_findings(by_author, own_name)
    return sorted(findings, key=lambda finding: checks.KINDS.index(finding.kind))
