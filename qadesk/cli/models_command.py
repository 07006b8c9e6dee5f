"""``qadesk models``: list, use, rename, remove, import, export, download and compare models."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from qadesk.cli.output import DONE, print_not_asked, show_progress, show_progress_in_json
from qadesk.progress import Progress, megabytes
from qadesk.settings import Settings

if TYPE_CHECKING:
    from qadesk.app.models.compare import ModelComparison
    from qadesk.app.models.manage import ListedModel

T = TypeVar("T")


def manage_models(arguments: Sequence[str]) -> int:
    """``qadesk models [VERB ...]``, without a verb ``list``. Returns the exit code."""
    options = _parser().parse_args(arguments or ["list"])
    verb: Callable[[argparse.Namespace, Settings], None] = options.verb
    verb(options, Settings())
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qadesk models",
        description="List, use, take in, hand out, compare and remove models. Without a verb: list.",
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for name, verb, help_, operands in (
        ("list", _list, "the models that are there, usable or not", ()),
        ("use", _use, "answer with MODEL from now on", ("MODEL",)),
        ("rollback", _roll_back, "go back to the model before", ()),
        ("rename", _rename, "call MODEL by another name", ("MODEL", "NAME")),
        ("remove", _remove, "delete MODEL: never the one in use, or the one that comes with QADesk", ("MODEL",)),
        ("import", _import, "take in the model in SOURCE, a folder or a zip archive", ("SOURCE",)),
        ("export", _export, "write MODEL as the zip archive FILE", ("MODEL", "FILE")),
        ("download", _download, "fetch MODEL ('owner/model') from the hub: this alone needs a network", ("MODEL",)),
        ("compare", _compare, "put the questions of a data set to two models", ("FIRST", "SECOND", "DATASET")),
    ):
        part = verbs.add_parser(name, help=help_, description=help_[:1].upper() + help_[1:] + ".")
        for operand in operands:
            part.add_argument(operand.lower(), metavar=operand)
        if name in ("import", "download"):
            part.add_argument("--name", default="", help="what to call it (default: as it calls itself)")
        if name == "compare":
            part.add_argument("--limit", type=int, metavar="N", help="only the first N questions")
        part.add_argument("--json", action="store_true", help="print JSON, one object a line")
        part.set_defaults(verb=verb)
    return parser


def _list(options: argparse.Namespace, settings: Settings) -> None:
    from qadesk.app.models.manage import list_models

    for model in list_models(settings):
        if options.json:
            print(json.dumps(_as_json(model), ensure_ascii=False))
            continue
        origin = " (comes with QADesk)" if model.bundled else ""
        state = model.problem or f"{model.description}; {model.speed}"
        print(f"{'*' if model.in_use else ' '} {model.name}{origin}: {state}")
        for line in model.lines[1:2] + ([model.scores] if model.scores else []):
            print(f"      {line}")
        if model.owned and model.folder.name != model.name:
            print(f"      folder '{model.folder.name}'")


def _as_json(model: ListedModel) -> dict[str, Any]:
    """The fields of ``model`` but ``pace``, which ``speed`` says too; ``scores`` have the key 'marks' for scripts."""
    values = {**dataclasses.asdict(model), "folder": str(model.folder)}
    del values["pace"]
    return {"marks" if name == "scores" else name: value for name, value in values.items()}


def _use(options: argparse.Namespace, settings: Settings) -> None:
    from qadesk.app.models.manage import find_listed, use

    model = find_listed(settings, options.model)
    use(settings, model.folder)
    _print(options, f"'{model.name}' answers from now on.", model=model.name)


def _roll_back(options: argparse.Namespace, settings: Settings) -> None:
    from qadesk.app.models.manage import roll_back

    model = roll_back(settings)
    _print(options, f"'{model.name}' answers again.", model=model.name)


def _rename(options: argparse.Namespace, settings: Settings) -> None:
    from qadesk.app.models.manage import find_listed, rename

    model = find_listed(settings, options.model)
    rename(settings, model.folder, options.name)
    _print(options, f"'{model.name}' is called '{options.name.strip()}' now.", model=options.name.strip())


def _remove(options: argparse.Namespace, settings: Settings) -> None:
    from qadesk.app.models.manage import find_listed, remove

    model = find_listed(settings, options.model)
    remove(settings, model.folder)
    _print(options, f"'{model.name}' is removed.", model=model.name)


def _import(options: argparse.Namespace, settings: Settings) -> None:
    from qadesk.app.models.import_export import import_model

    _print_new(options, settings, _run(options, import_model(Path(options.source), settings, options.name)))


def _download(options: argparse.Namespace, settings: Settings) -> None:
    from qadesk.app.models.download import download

    _print_new(options, settings, _run(options, download(options.model, settings, options.name)))


def _print_new(options: argparse.Namespace, settings: Settings, folder: Path) -> None:
    from qadesk.app.models.manage import find_listed

    model = find_listed(settings, str(folder))
    _print(
        options, f"'{model.name}' is there. 'qadesk models use \"{model.name}\"' lets it answer.",
        model=model.name, folder=str(folder),
    )  # fmt: skip


def _export(options: argparse.Namespace, settings: Settings) -> None:
    from qadesk.app.models.import_export import export_model
    from qadesk.app.models.manage import find_listed

    model = find_listed(settings, options.model)
    size = _run(options, export_model(model.folder, Path(options.file)))
    _print(options, f"'{model.name}' is in '{options.file}', {megabytes(size)}.", model=model.name, bytes=size)


def _compare(options: argparse.Namespace, settings: Settings) -> None:
    from qadesk.app.models.compare import compare
    from qadesk.app.models.manage import find_listed
    from qadesk.labels.label_files import read_dataset

    first, second = (find_listed(settings, name).folder for name in (options.first, options.second))
    dataset = read_dataset(Path(options.dataset))
    if options.limit is not None:
        dataset = dataclasses.replace(dataset, examples=dataset.examples[: max(0, options.limit)])
    comparison = _run(options, compare(first, second, dataset, settings))
    print_not_asked(comparison.not_asked)
    if options.json:
        print(json.dumps(_comparison_as_json(comparison), ensure_ascii=False))
        return
    for name, report, seconds in zip(comparison.names, comparison.reports, comparison.seconds, strict=True):
        print(f"{name}: exact {report.exact:.2f}, F1 {report.f1:.2f}, {seconds:.1f} s")
    print(f"{len(comparison.changed):,} of {len(comparison.rows):,} answers differ.")
    print(comparison.summary)


def _comparison_as_json(comparison: ModelComparison) -> dict[str, Any]:
    values = dataclasses.asdict(comparison)
    return {**values, "rows": [dataclasses.asdict(row) for row in comparison.changed], "verdict": comparison.summary}


def _run(options: argparse.Namespace, work: Generator[Progress, None, T]) -> T:
    return show_progress_in_json(work) if options.json else show_progress(work, at_once=True)


def _print(options: argparse.Namespace, sentence: str, **values: Any) -> None:
    """Print ``sentence``, with --json also ``values``."""
    print(json.dumps({"done": sentence, **values}, ensure_ascii=False) if options.json else sentence)
