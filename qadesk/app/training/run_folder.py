"""The folder of a training run: creating it with a plan, and reading the plan from it.

    plan.json         the model and its fingerprint, the effort, the configuration
    train.json        SQuAD 2.0 with the blocks of the texts, as are evaluation.json, made.json and added.json
    unlabelled.json   texts for the distillation loss

The other files are written while the run goes on (``app.training.stages``).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from qadesk import paths
from qadesk.app.training.planning import Plan, disk_bytes, trainable_model
from qadesk.app.training.ranks import check_processes
from qadesk.errors import DataError
from qadesk.labels.label_files import read_dataset
from qadesk.labels.squad_blocks import paragraph_of
from qadesk.progress import megabytes
from qadesk.qa import graphs
from qadesk.qa.expectation import USUAL
from qadesk.qa.models import Model
from qadesk.records import LabeledExample
from qadesk.train.config import Config

PLAN, OUTCOME, RESULT = "plan.json", "outcome.json", "result"
_TRAIN, _EVALUATION, _UNLABELLED = "train.json", "evaluation.json", "unlabelled.json"
_TRAIN_EXTRAS, _EVALUATION_EXTRAS = "added.json", "made.json"


class PlanSummary(TypedDict):
    """The content of ``plan.json``: a plan without its data. ``base_name``, ``began``: see ``SavedPlan``.

    Those that an older version wrote have no ``expected``, and no questions without an answer were made for them; no
    ``processes`` either, which is one.
    """

    base: str
    base_name: str
    base_fingerprint: str
    effort: str
    by: str
    left_out: int
    examples: int
    config: dict[str, Any]
    began: float
    expected: NotRequired[float]
    processes: NotRequired[int]


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """The plan in the folder of a run, with the base model as it was. ``began`` is in seconds since the epoch."""

    plan: Plan
    base_name: str
    base_fingerprint: str
    began: float


def create(plan: Plan, folder: Path | None = None) -> Path:
    """Write ``plan`` to the new folder of a run and return it: ``folder``, or one among the user's runs.

    The folder appears complete, by a rename; nothing is started. Raises ``DataError`` if there is no room for the run,
    or ``folder`` exists.
    """
    model = trainable_model(Path(plan.base))
    target = folder or _new_folder()
    if target.exists():
        raise DataError(f"There is already a folder '{target}'.", "Go on with the run in it, or take another name.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _check_room(model, target.parent)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            _write(plan, model, work)
            work.rename(target)
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise
    except OSError as error:
        raise DataError(
            "The training data could not be written.", f"Check that there is room in {target.parent}.", str(error)
        ) from error
    return target


def _new_folder() -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S")
    in_use = {path.name for path in paths.runs_dir().iterdir()}
    names = [stamp, *(f"{stamp}-{number}" for number in range(2, len(in_use) + 3))]
    return paths.runs_dir() / next(name for name in names if name not in in_use)


def _check_room(model: Model, folder: Path) -> None:
    needed, free = disk_bytes(model), shutil.disk_usage(folder).free
    if free < needed:
        raise DataError(
            f"There is too little room on the disk: training '{model.name}' takes {megabytes(needed)}, "
            f"{megabytes(free)} are free.",
            "Make room and start again.",
        )


def _write(plan: Plan, model: Model, folder: Path) -> None:
    write_json(folder / _TRAIN, as_squad(plan.train))
    write_json(folder / _EVALUATION, as_squad(plan.evaluation))
    for name, examples in ((_TRAIN_EXTRAS, plan.train_extras), (_EVALUATION_EXTRAS, plan.evaluation_extras)):
        if examples:  # a data set without questions is none
            write_json(folder / name, as_squad(examples))
    write_json(folder / _UNLABELLED, plan.unlabelled)
    summary: PlanSummary = {
        "base": str(Path(plan.base).resolve()),
        "base_name": model.name,
        "base_fingerprint": graphs.fingerprint(model),
        "effort": plan.effort,
        "by": plan.by,
        "left_out": plan.left_out,
        "examples": len(plan.train) + len(plan.evaluation),
        "config": dataclasses.asdict(plan.config),
        "began": time.time(),
        "expected": plan.expected,
        "processes": plan.processes,
    }
    write_json(folder / PLAN, summary)


def as_squad(examples: Sequence[LabeledExample]) -> dict[str, Any]:
    """``examples`` as a SQuAD 2.0 data set in the same order; the inverse of ``read_dataset``."""
    data = []
    for title, article in groupby(examples, key=lambda example: example.title):
        paragraphs = [
            paragraph_of(*context) | {"qas": [_question(example) for example in rows]}
            for context, rows in groupby(article, key=lambda example: (example.context, example.blocks))
        ]
        data.append({"title": title, "paragraphs": paragraphs})
    return {"version": "v2.0", "data": data}


def _question(example: LabeledExample) -> dict[str, Any]:
    return {
        "id": example.id,
        "question": example.question,
        "answers": [{"text": answer.text, "answer_start": answer.start} for answer in example.answers],
        "is_impossible": example.is_impossible,
    }


def write_json(path: Path, content: object) -> None:
    """Write ``content`` to ``path``, all or nothing: it is on the disk when this returns. Raises ``OSError``."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def read_plan(run: Path) -> SavedPlan:
    """The plan in the folder ``run``. Raises ``DataError`` if it holds none."""
    summary = read_summary(run)
    try:
        plan = Plan(
            summary["base"],
            read_dataset(run / _TRAIN).examples,
            read_dataset(run / _EVALUATION).examples,
            tuple(json.loads((run / _UNLABELLED).read_text(encoding="utf-8"))),
            Config(**summary["config"]),
            summary["effort"],
            summary["by"],
            summary["left_out"],
            train_extras=_read_extras(run / _TRAIN_EXTRAS),
            evaluation_extras=_read_extras(run / _EVALUATION_EXTRAS),
            expected=summary.get("expected", USUAL),
            processes=int(summary.get("processes", 1)),
        )
        return SavedPlan(plan, summary["base_name"], summary["base_fingerprint"], summary["began"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _no_run(run, error) from error


def _read_extras(path: Path) -> tuple[LabeledExample, ...]:
    """The questions in the file ``path``, which is there only where some were made."""
    return read_dataset(path).examples if path.is_file() else ()


def read_summary(run: Path) -> PlanSummary:
    """The summary of the plan in the folder ``run``. Raises ``DataError`` if ``run`` is not the folder of a run."""
    try:
        summary: PlanSummary = json.loads((run / PLAN).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _no_run(run, error) from error
    return summary


def change_processes(run: Path, processes: int) -> None:
    """Let ``processes`` go on with the run in the folder ``run``. Raises ``QadeskError`` where they cannot."""
    summary = read_summary(run)
    check_processes(processes, read_plan(run).plan.config)
    write_json(run / PLAN, {**summary, "processes": processes})


def _no_run(run: Path, error: Exception) -> DataError:
    return DataError(f"The folder '{run.name}' holds no training run.", "Begin a new one.", str(error))


def data_fingerprint(run: Path) -> str:
    """The SHA-256 of the data that the run in ``run`` trains on and is evaluated with."""
    total = hashlib.sha256()
    for name in (_TRAIN, _EVALUATION, _EVALUATION_EXTRAS, _TRAIN_EXTRAS, _UNLABELLED):
        if not (run / name).is_file():  # no questions were made
            continue
        with (run / name).open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()
