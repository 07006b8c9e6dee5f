"""``qadesk labels``: import labels from files, export them, and check them."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import shlex
import sys
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from qadesk.cli.data_options import add_data_options
from qadesk.cli.output import DONE, NEGATIVE, show_progress, show_progress_in_json
from qadesk.errors import DataError
from qadesk.progress import Progress

if TYPE_CHECKING:
    from qadesk.app.labelling.exchange import Finding, ParsedLabels
    from qadesk.labels.label_files import AnnotatorChoice
    from qadesk.records import LabeledExample
    from qadesk.store.database import Store

T = TypeVar("T")
_FACTS = ("balance", "size", "agreement")  # kinds of findings that are no faults


def manage_labels(arguments: Sequence[str]) -> int:
    """``qadesk labels VERB ...``. Returns the exit code: 1 if ``check`` has something to look at."""
    options = _parser().parse_args(arguments)
    verb: Callable[[argparse.Namespace], int] = options.verb
    return verb(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="qadesk labels", description="Labels in and out of files, and their faults.")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for name, verb, help_ in (
        (
            "import",
            _import,
            "add the labels in FILE: SQuAD, JSON Lines, CSV, Label Studio or doccano, also packed as .gz",
        ),
        ("export", _export, "write all labels to FILE"),
        ("check", _check, "list what may be wrong with the labels, or with those in FILE; 1 if there is something"),
    ):
        part = verbs.add_parser(name, help=help_, description=help_[:1].upper() + help_[1:] + ".")
        part.add_argument("file", type=Path, metavar="FILE", nargs="?" if name == "check" else None)
        if name != "export":
            add_data_options(part)
        if name == "import":
            part.add_argument("--author", default="", metavar="NAME", help="these labels are another person's")
            part.add_argument("--dry-run", action="store_true", help="only check the file, change nothing")
        if name == "check":
            part.add_argument("--losses", action="store_true", help="ask the model too: it names unlikely labels")
        if name == "export":
            part.add_argument("--author", metavar="NAME", help="only the labels of this person; 'me' for your own")
            part.add_argument("--format", default="", help=f"one of {', '.join(_formats())} (default: by the suffix)")
        part.add_argument("--json", action="store_true", help="print JSON, one object a line")
        part.set_defaults(verb=verb)
    return parser


def _formats() -> list[str]:
    from qadesk.app.labelling.exchange import FORMATS

    return [row.name for row in FORMATS]


def _import(options: argparse.Namespace) -> int:
    from qadesk.app.labelling.exchange import import_labels

    contents = _read(options)
    if options.dry_run:
        added, outcome = 0, "found that can be imported"
    else:
        if not contents.label_count:
            raise DataError(f"No label in '{contents.file}' can be imported.", "Nothing was changed.")
        with _open_store() as store:
            added = import_labels(store, contents, author=options.author, own_name=_own_name())
        outcome = "imported" if added == contents.label_count else f"found, {added:,} of them new and imported"
    _print(
        options,
        f"{_count(contents.label_count, 'label')} to {_count(len(contents.rows), 'text')} {outcome} "
        f"({contents.format}).",
        added=added,
        labels=contents.label_count,
        texts=len(contents.rows),
        format=contents.format,
        problems=len(contents.problems),
    )
    return DONE


def _read(options: argparse.Namespace) -> ParsedLabels:
    """The contents of the file. Prints its problems, a line each."""
    from qadesk.app.labelling.exchange import read_labels

    contents = _run(options, read_labels(options.file, options.no_answer))
    for problem in contents.problems:
        if options.json:
            print(json.dumps({"problem": dataclasses.asdict(problem)}, ensure_ascii=False))
        else:
            print(f"{problem.where}: {problem.what}", file=sys.stderr)
    for choice in contents.choices:
        _print_choice(options, choice)
    return contents


def _print_choice(options: argparse.Namespace, choice: AnnotatorChoice) -> None:
    """Print what annotators chose, and what it is taken for."""
    if options.json:
        print(json.dumps({"choice": dataclasses.asdict(choice)}, ensure_ascii=False))
        return
    meaning = "taken for 'not in the text'" if choice.means_none else "if it means 'not in the text', add --no-answer"
    words = "" if choice.means_none else f" {shlex.quote(choice.words)}"
    times = "once" if choice.count == 1 else f"{choice.count:,} times"
    print(f"choice '{choice.words}' ({times}): {meaning}{words}", file=sys.stderr)


def _export(options: argparse.Namespace) -> int:
    from qadesk.app.labelling.exchange import export_labels, left_out

    own_name = _own_name()
    author = "" if options.author in ("me", own_name) else options.author
    with _open_store() as store:
        loss = left_out(store, options.file, options.format, author=author)
        count = _run(options, export_labels(store, options.file, options.format, author=author, own_name=own_name))
    if loss and not options.json:
        print(f"qadesk: {loss}", file=sys.stderr)
    _print(options, f"{_count(count, 'label')} written to {options.file}.", labels=count, left_out=loss)
    return DONE


def _check(options: argparse.Namespace) -> int:
    from qadesk.app.labelling.exchange import check_labels, examples_by_author, examples_in_file

    if options.file:
        rows = examples_in_file(_read(options))
    else:
        with _open_store() as store:
            rows = examples_by_author(store)
    losses = _losses(options, next(iter(rows.values()), ())) if options.losses else None
    findings = check_labels(rows, losses, own_name=_own_name())
    for finding in findings:
        _print_finding(options, finding)
    if not findings:
        _print(options, "There is no label to check.", labels=0)
    return NEGATIVE if any(finding.kind not in _FACTS for finding in findings) else DONE


def _losses(options: argparse.Namespace, examples: Sequence[LabeledExample]) -> dict[str, float]:
    from qadesk.app.labelling.inspection import losses
    from qadesk.app.reading.load import load_reader
    from qadesk.settings import Settings

    settings = Settings()
    reader = load_reader(settings["model.folder"], device=settings["model.device"], threads=settings["model.threads"])
    return _run(options, losses(reader, examples))


def _own_name() -> str:
    from qadesk.settings import Settings, own_name

    return own_name(Settings())


def _print_finding(options: argparse.Namespace, finding: Finding) -> None:
    if options.json:
        print(json.dumps({"finding": dataclasses.asdict(finding)}, ensure_ascii=False))
    else:
        keys = f"  [{', '.join(finding.label_keys)}]" if finding.label_keys else ""
        print(f"{finding.kind}: {finding.what}{keys}")


def _open_store() -> contextlib.closing[Store]:
    from qadesk.app.open_store import open_store

    store = open_store()
    for notice in store.notices:
        print(f"qadesk: {notice}", file=sys.stderr)
    return contextlib.closing(store)


def _run(options: argparse.Namespace, work: Generator[Progress, None, T]) -> T:
    return show_progress_in_json(work) if options.json else show_progress(work)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _print(options: argparse.Namespace, sentence: str, **values: Any) -> None:
    """Print ``sentence``, or with --json ``values``."""
    print(json.dumps(values, ensure_ascii=False) if options.json else sentence)
