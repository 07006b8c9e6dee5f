"""``qadesk models``: the same verbs as the window's page of models."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from qadesk.cli.output import follow, follow_in_json
from qadesk.progress import Progress
from qadesk.settings import Settings

if TYPE_CHECKING:
    from qadesk.app.models.compare import ModelComparison
    from qadesk.app.models.manage import ListedModel

T = TypeVar("T")
DONE = 0


def models(arguments: Sequence[str]) -> int:
    """``qadesk models [VERB ...]``: list them, or do something with one. Returns the exit code."""
    parsed = _parser().parse_args(arguments or ["list"])
    verb: Callable[[argparse.Namespace, Settings], None] = parsed.verb
    verb(parsed, Settings())
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qadesk models",
        description="List, use, take in, hand out, compare and remove models. Without a verb: list.",
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for name, verb, help_, places in (
        ("list", _list, "the models that are there, usable or not", ()),
        ("use", _use, "answer with MODEL from now on", ("MODEL",)),
        ("rollback", _roll_back, "go back to the model before", ()),
        ("rename", _rename, "call MODEL by another name", ("MODEL", "NAME")),
        ("remove", _remove, "delete MODEL: never the one in use, or the one that comes with QADesk", ("MODEL",)),
        ("import", _import, "take in the model in SOURCE, a folder or a zip archive", ("SOURCE",)),
        ("export", _export, "write MODEL as the zip archive FILE", ("MODEL", "FILE")),
        ("download", _download, "fetch MODEL ('owner/model') from the hub: this alone needs a network", ("MODEL",)),
        ("compare", _compare, "put the questions of a SQuAD data set to two models", ("FIRST", "SECOND", "DATASET")),
    ):
        part = verbs.add_parser(name, help=help_, description=help_[:1].upper() + help_[1:] + ".")
        for place in places:
            part.add_argument(place.lower(), metavar=place)
        if name in ("import", "download"):
            part.add_argument("--name", default="", help="what to call it (default: as it calls itself)")
        if name == "compare":
            part.add_argument("--limit", type=int, metavar="N", help="only the first N questions")
        part.add_argument("--json", action="store_true", help="print JSON, one object a line")
        part.set_defaults(verb=verb)
    return parser


def _list(parsed: argparse.Namespace, settings: Settings) -> None:
    from qadesk.app.models.manage import list_models

    for each in list_models(settings):
        if parsed.json:
            print(json.dumps(_as_json(each), ensure_ascii=False))
            continue
        state = " (comes with QADesk)" if each.bundled else ""
        print(
            f"{'*' if each.in_use else ' '} {each.name}{state}: {each.problem or f'{each.description}; {each.speed}'}"
        )
        for line in each.lines[1:2] + ([each.marks] if each.marks else []):
            print(f"      {line}")
        if each.owned and each.folder.name != each.name:
            print(f"      folder '{each.folder.name}'")


def _as_json(listed: ListedModel) -> dict[str, Any]:
    values = dataclasses.asdict(listed)
    return {**values, "folder": str(listed.folder)}


def _use(parsed: argparse.Namespace, settings: Settings) -> None:
    from qadesk.app.models.manage import find, use

    model = find(settings, parsed.model)
    use(settings, model.folder)
    _say(parsed, f"'{model.name}' answers from now on.", model=model.name)


def _roll_back(parsed: argparse.Namespace, settings: Settings) -> None:
    from qadesk.app.models.manage import roll_back

    model = roll_back(settings)
    _say(parsed, f"'{model.name}' answers again.", model=model.name)


def _rename(parsed: argparse.Namespace, settings: Settings) -> None:
    from qadesk.app.models.manage import find, rename

    model = find(settings, parsed.model)
    rename(settings, model.folder, parsed.name)
    _say(parsed, f"'{model.name}' is called '{parsed.name.strip()}' now.", model=parsed.name.strip())


def _remove(parsed: argparse.Namespace, settings: Settings) -> None:
    from qadesk.app.models.manage import find, remove

    model = find(settings, parsed.model)
    remove(settings, model.folder)
    _say(parsed, f"'{model.name}' is removed.", model=model.name)


def _import(parsed: argparse.Namespace, settings: Settings) -> None:
    from qadesk.app.models.import_export import import_model

    _say_new(parsed, settings, _run(parsed, import_model(Path(parsed.source), settings, parsed.name)))


def _download(parsed: argparse.Namespace, settings: Settings) -> None:
    from qadesk.app.models.download import download

    _say_new(parsed, settings, _run(parsed, download(parsed.model, settings, parsed.name)))


def _say_new(parsed: argparse.Namespace, settings: Settings, folder: Path) -> None:
    from qadesk.app.models.manage import find

    model = find(settings, str(folder))
    _say(
        parsed, f"'{model.name}' is there. 'qadesk models use \"{model.name}\"' lets it answer.",
        model=model.name, folder=str(folder),
    )  # fmt: skip


def _export(parsed: argparse.Namespace, settings: Settings) -> None:
    from qadesk.app.models.describe import megabytes
    from qadesk.app.models.import_export import export_model
    from qadesk.app.models.manage import find

    model = find(settings, parsed.model)
    size = _run(parsed, export_model(model.folder, Path(parsed.file)))
    _say(parsed, f"'{model.name}' is in '{parsed.file}', {megabytes(size)}.", model=model.name, bytes=size)


def _compare(parsed: argparse.Namespace, settings: Settings) -> None:
    from qadesk.app.models.compare import compare
    from qadesk.app.models.manage import find
    from qadesk.labels.squad_files import read_squad

    first, second = (find(settings, name).folder for name in (parsed.first, parsed.second))
    dataset = read_squad(Path(parsed.dataset))
    if parsed.limit is not None:
        dataset = dataclasses.replace(dataset, examples=dataset.examples[: max(0, parsed.limit)])
    found = _run(parsed, compare(first, second, dataset, settings))
    if parsed.json:
        print(json.dumps(_comparison_as_json(found), ensure_ascii=False))
        return
    for name, report, seconds in zip(found.names, found.reports, found.seconds, strict=True):
        print(f"{name}: exact {report.exact:.2f}, F1 {report.f1:.2f}, {seconds:.1f} s")
    print(f"{len(found.changed):,} of {len(found.rows):,} answers differ.")
    print(found.verdict)


def _comparison_as_json(found: ModelComparison) -> dict[str, Any]:
    values = dataclasses.asdict(found)
    return {**values, "rows": [dataclasses.asdict(row) for row in found.changed], "verdict": found.verdict}


def _run(parsed: argparse.Namespace, work: Generator[Progress, None, T]) -> T:
    return follow_in_json(work) if parsed.json else follow(work, at_once=True)


def _say(parsed: argparse.Namespace, sentence: str, **facts: Any) -> None:
    print(json.dumps({"done": sentence, **facts}, ensure_ascii=False) if parsed.json else sentence)
