"""``qadesk labels``: labels in and out of files, and what may be wrong with them."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import sys
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from qadesk.cli.output import follow, follow_in_json
from qadesk.errors import DataError
from qadesk.progress import Progress

if TYPE_CHECKING:
    from qadesk.app.labelling.exchange import Finding, Found
    from qadesk.records import LabeledExample
    from qadesk.store.database import Store

T = TypeVar("T")
DONE, FOUND_SOMETHING = 0, 1
_ONLY_FACTS = ("balance", "size")


def labels(arguments: Sequence[str]) -> int:
    """``qadesk labels VERB ...``. Returns the exit code: 1 if ``check`` found something to look at."""
    parsed = _parser().parse_args(arguments)
    verb: Callable[[argparse.Namespace], int] = parsed.verb
    return verb(parsed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="qadesk labels", description="Labels in and out of files, and their faults.")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for name, verb, help_ in (
        ("import", _import, "add the labels in FILE: SQuAD, JSON Lines, CSV, Label Studio or doccano"),
        ("export", _export, "write all labels to FILE"),
        ("check", _check, "list what may be wrong with the labels, or with those in FILE; 1 if there is something"),
    ):
        part = verbs.add_parser(name, help=help_, description=help_[:1].upper() + help_[1:] + ".")
        part.add_argument("file", type=Path, metavar="FILE", nargs="?" if name == "check" else None)
        if name == "import":
            part.add_argument("--dry-run", action="store_true", help="only check the file, change nothing")
        if name == "check":
            part.add_argument("--losses", action="store_true", help="ask the model too: it names unlikely labels")
        if name == "export":
            part.add_argument("--format", default="", help=f"one of {', '.join(_formats())} (default: by the suffix)")
        part.add_argument("--json", action="store_true", help="print JSON, one object a line")
        part.set_defaults(verb=verb)
    return parser


def _formats() -> list[str]:
    from qadesk.app.labelling.exchange import FORMATS

    return [each.name for each in FORMATS]


def _import(parsed: argparse.Namespace) -> int:
    from qadesk.app.labelling.exchange import import_labels

    found = _read(parsed)
    if parsed.dry_run:
        added, did = 0, "found that can be imported"
    else:
        if not found.labels:
            raise DataError(f"No label in '{found.file}' can be imported.", "Nothing was changed.")
        with _store() as store:
            added = import_labels(store, found)
        did = "imported" if added == found.labels else f"found, {added:,} of them new and imported"
    _say(
        parsed,
        f"{_count(found.labels, 'label')} to {_count(len(found.rows), 'text')} {did} ({found.format}).",
        added=added,
        labels=found.labels,
        texts=len(found.rows),
        format=found.format,
        problems=len(found.problems),
    )
    return DONE


def _read(parsed: argparse.Namespace) -> Found:
    """What is in the file; its problems are told, each on a line."""
    from qadesk.app.labelling.exchange import read_labels

    found = _run(parsed, read_labels(parsed.file))
    for problem in found.problems:
        if parsed.json:
            print(json.dumps({"problem": dataclasses.asdict(problem)}, ensure_ascii=False))
        else:
            print(f"{problem.where}: {problem.what}", file=sys.stderr)
    return found


def _export(parsed: argparse.Namespace) -> int:
    from qadesk.app.labelling.exchange import export_labels, left_out

    with _store() as store:
        missing = left_out(store, parsed.file, parsed.format)
        count = _run(parsed, export_labels(store, parsed.file, parsed.format))
    if missing and not parsed.json:
        print(f"qadesk: {missing}", file=sys.stderr)
    _say(parsed, f"{_count(count, 'label')} written to {parsed.file}.", labels=count, left_out=missing)
    return DONE


def _check(parsed: argparse.Namespace) -> int:
    from qadesk.app.labelling.exchange import check_labels
    from qadesk.app.labelling.labels import examples as labelled

    if parsed.file:
        examples = _read(parsed).examples
    else:
        with _store() as store:
            examples = labelled(store)
    found = check_labels(examples, _losses(parsed, examples) if parsed.losses else None)
    for finding in found:
        _say_finding(parsed, finding)
    if not found:
        _say(parsed, "There is no label to check.", labels=0)
    return FOUND_SOMETHING if any(finding.kind not in _ONLY_FACTS for finding in found) else DONE


def _losses(parsed: argparse.Namespace, examples: Sequence[LabeledExample]) -> dict[str, float]:
    from qadesk.app.labelling.inspection import losses
    from qadesk.app.reading.load import load_reader
    from qadesk.settings import Settings

    settings = Settings()
    reader = load_reader(settings["model.folder"], device=settings["model.device"], threads=settings["model.threads"])
    return _run(parsed, losses(reader, examples))


def _say_finding(parsed: argparse.Namespace, finding: Finding) -> None:
    if parsed.json:
        print(json.dumps({"finding": dataclasses.asdict(finding)}, ensure_ascii=False))
    else:
        keys = f"  [{', '.join(finding.label_keys)}]" if finding.label_keys else ""
        print(f"{finding.kind}: {finding.what}{keys}")


def _store() -> contextlib.closing[Store]:
    from qadesk.app.open_store import open_store

    store = open_store()
    for notice in store.notices:
        print(f"qadesk: {notice}", file=sys.stderr)
    return contextlib.closing(store)


def _run(parsed: argparse.Namespace, work: Generator[Progress, None, T]) -> T:
    return follow_in_json(work) if parsed.json else follow(work)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _say(parsed: argparse.Namespace, words: str, **values: Any) -> None:
    print(json.dumps(values, ensure_ascii=False) if parsed.json else words)
