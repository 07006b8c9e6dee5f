"""What a training run is made of, before it runs: its data, the model it starts from, how it goes; and its folder.

    plan.json         the model and its fingerprint, the effort, every option
    train.json        SQuAD 2.0, as is evaluation.json
    unlabelled.json   texts for the term against forgetting

The rest of the folder comes while the run goes on (``app.training.train_child``).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from qadesk import paths
from qadesk.app.reading.load import model_folder
from qadesk.errors import DataError, ModelError, QuestionError
from qadesk.labels import split as splits
from qadesk.labels.squad_files import read_squad
from qadesk.qa import engine, graphs, models
from qadesk.qa.models import Model
from qadesk.records import LabeledExample
from qadesk.settings import Settings
from qadesk.train.config import PRESETS, Config, with_overrides

PLAN, OUTCOME, RESULT = "plan.json", "outcome.json", "result"
FEW, FEW_TO_MEASURE = 20, 10
"""Labels from which on learning lasts, and questions from which on marks mean something."""

_BYTES_A_PARAMETER = 45  # two checkpoints and a third being written (3 x 12), the best (4), at the end the result (3)
_TRAINABLE = ("cpu", "cuda", "mps")
_ONE_DOCUMENT = "All labels are from one document, so it is measured on questions to that one: others may go worse."


@dataclass(frozen=True, slots=True)
class Plan:
    """What to train on what. ``base`` is the model's folder; ``by`` says how the evaluation part was set aside:
    'document', 'question', or 'file' where it was given. ``left_out`` labels cannot be used.
    """

    base: str
    train: tuple[LabeledExample, ...]
    evaluation: tuple[LabeledExample, ...]
    unlabelled: tuple[str, ...]
    config: Config
    effort: str
    by: str = splits.BY_DOCUMENT
    left_out: int = 0


def plan(
    examples: Sequence[LabeledExample],
    texts: Sequence[str],
    *,
    base: str = "",
    effort: str = "balanced",
    overrides: Mapping[str, str] | None = None,
    evaluation: Sequence[LabeledExample] | None = None,
    seed: int = 0,
) -> Plan:
    """A run on ``examples``, of which a fifth is set aside to measure, unless ``evaluation`` is given.

    ``texts`` need no labels: on them the model is kept near what it was; without any, the labelled ones serve.
    ``base`` is a model as ``app.reading.load.model_folder`` takes it, '' the one in use. ``overrides`` are options as
    typed. Raises ``DataError`` where there is too little to learn from or an option is wrong, ``ModelError`` where the
    model cannot be trained.
    """
    settings = Settings()
    folder = model_folder(base or settings["model.folder"])
    trainable(folder)
    config = with_overrides(PRESETS[effort], {"seed": str(seed), **(overrides or {})})
    usable = [each for each in examples if _is_usable(each)]
    if evaluation is None:
        parts = splits.split(usable, part=0.2, seed=config.seed)
        train, measured, by = parts.train, parts.evaluation, parts.by
    else:
        train, measured, by = tuple(usable), tuple(each for each in evaluation if _is_usable(each)), "file"
    if not train or not measured:
        raise DataError(
            "There are too few labels to learn from and to measure with.",
            f"Label at least two different questions; {FEW} are a sensible start.",
        )
    unlabelled = tuple(dict.fromkeys(text for text in texts if text.strip()))
    unlabelled = unlabelled or tuple(dict.fromkeys(each.context for each in train))
    left_out = len(examples) - len(usable)
    return Plan(str(folder), train, measured, unlabelled, _by_settings(config, settings), effort, by, left_out)


def trainable(folder: Path) -> Model:
    """The model in ``folder``. Raises ``ModelError`` if it is not usable, or has no weights that can be trained."""
    model = models.inspect(folder)
    if not model.safetensors:
        raise ModelError(
            f"The model '{model.name}' cannot be trained: it has only a finished graph.",
            "Choose a model that has its weights as safetensors.",
        )
    models.load_tokenizer(model)  # says so where it cannot be used
    return model


def _by_settings(config: Config, settings: Settings) -> Config:
    """``config`` with what it leaves open as the user's settings say."""
    device = settings["model.device"]
    if config.device == "auto" and device.partition(":")[0] in _TRAINABLE:
        config = dataclasses.replace(config, device=device)
    return dataclasses.replace(config, threads=config.threads or settings["model.threads"])


def _is_usable(example: LabeledExample) -> bool:
    """Whether the question can be asked, and an answer stands where it should."""
    try:
        engine.check(example.question, example.context)
    except QuestionError:
        return False
    return example.is_impossible or any(answer.stands_in(example.context) for answer in example.answers)


def warnings(made: Plan) -> list[str]:
    """What to think about before the run begins, in sentences. None of it keeps it from running."""
    everything = (*made.train, *made.evaluation)
    found = []
    if made.left_out:
        found.append(f"{made.left_out} labels are left out: an answer does not stand in its text, or has no words.")
    if len(everything) < FEW:
        found.append(f"There are only {len(everything)} labels. From about {FEW} on there is something to learn.")
    if not any(each.is_impossible for each in everything):
        found.append("No label says 'not in this document': the model may become too ready to answer.")
    if made.by == splits.BY_QUESTION:
        found.append(_ONE_DOCUMENT)
    if len(made.evaluation) < FEW_TO_MEASURE:
        found.append(f"Only {len(made.evaluation)} questions are there to measure with: the verdict will be rough.")
    return found


def parameters(model: Model) -> int:
    """How many weights ``model`` has."""
    rows = [row for path in model.safetensors for row in models.read_safetensors_header(path).values()]
    return sum(math.prod(row["shape"]) for row in rows)


def disk_bytes(model: Model) -> int:
    """How much room on the disk a run with ``model`` takes at most."""
    return _BYTES_A_PARAMETER * parameters(model)


def begin(made: Plan, folder: Path | None = None) -> Path:
    """Write the folder of a run, and start nothing. Gives the folder, which is ``folder`` if one is named.

    It appears by a rename, whole. Raises ``DataError`` where there is no room for the run, or ``folder`` is there.
    """
    model = trainable(Path(made.base))
    place = folder or _new_place()
    if place.exists():
        raise DataError(f"There is already a folder '{place}'.", "Go on with the run in it, or take another name.")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _check_room(model, place.parent)
        work = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
        try:
            _write(made, model, work)
            work.rename(place)
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise
    except OSError as error:
        raise DataError(
            "The training data could not be written.", f"Check that there is room in {place.parent}.", str(error)
        ) from error
    return place


def _new_place() -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S")
    taken = {path.name for path in paths.runs_dir().iterdir()}
    names = [stamp, *(f"{stamp}-{number}" for number in range(2, len(taken) + 3))]
    return paths.runs_dir() / next(name for name in names if name not in taken)


def _check_room(model: Model, folder: Path) -> None:
    needed, free = disk_bytes(model), shutil.disk_usage(folder).free
    if free < needed:
        raise DataError(
            f"There is too little room on the disk: training '{model.name}' takes {needed / 2**30:.1f} GB, "
            f"{free / 2**30:.1f} GB are free.",
            "Make room and start again.",
        )


def _write(made: Plan, model: Model, folder: Path) -> None:
    parts = {"train.json": made.train, "evaluation.json": made.evaluation}
    for name, examples in parts.items():
        write_json(folder / name, as_squad(examples))
    write_json(folder / "unlabelled.json", made.unlabelled)
    about = {
        "base": str(Path(made.base).resolve()),
        "base_name": model.name,
        "base_fingerprint": graphs.fingerprint(model),
        "effort": made.effort,
        "by": made.by,
        "left_out": made.left_out,
        "examples": len(made.train) + len(made.evaluation),
        "config": dataclasses.asdict(made.config),
        "began": time.time(),
    }
    write_json(folder / PLAN, about)


def as_squad(examples: Sequence[LabeledExample]) -> dict[str, Any]:
    """``examples`` as a SQuAD 2.0 data set, in their order, as ``read_squad`` gives them back."""
    data = []
    for title, article in groupby(examples, key=lambda each: each.title):
        paragraphs = [
            {"context": context, "qas": [_question(each) for each in rows]}
            for context, rows in groupby(article, key=lambda each: each.context)
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


def write_json(path: Path, content: Any) -> None:
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


@dataclass(frozen=True, slots=True)
class Written:
    """A plan as it stands in the folder of a run: ``fingerprint`` of its data, ``began`` in seconds since the epoch."""

    plan: Plan
    base_name: str
    base_fingerprint: str
    began: float


def read(run: Path) -> Written:
    """The plan in the folder ``run``. Raises ``DataError`` if it holds none."""
    about = read_about(run)
    try:
        made = Plan(
            about["base"],
            read_squad(run / "train.json").examples,
            read_squad(run / "evaluation.json").examples,
            tuple(json.loads((run / "unlabelled.json").read_text(encoding="utf-8"))),
            Config(**about["config"]),
            about["effort"],
            about["by"],
            about["left_out"],
        )
        return Written(made, about["base_name"], about["base_fingerprint"], about["began"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _no_run(run, error) from error


def read_about(run: Path) -> dict[str, Any]:
    """What ``plan.json`` says. Raises ``DataError`` if ``run`` is not the folder of a run."""
    try:
        about: dict[str, Any] = json.loads((run / PLAN).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _no_run(run, error) from error
    return about


def _no_run(run: Path, error: Exception) -> DataError:
    return DataError(f"The folder '{run.name}' holds no training run.", "Begin a new one.", str(error))


def data_fingerprint(run: Path) -> str:
    """The fingerprint of what a run learned from and was measured on."""
    total = hashlib.sha256()
    for name in ("train.json", "evaluation.json", "unlabelled.json"):
        with (run / name).open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()
