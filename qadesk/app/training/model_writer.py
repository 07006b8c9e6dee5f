"""Writes the folder of a trained model: weights in half precision, tokenizer, metadata and a model card.

``AutoModelForQuestionAnswering.from_pretrained`` loads it.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
import stat
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qadesk.app.models import metadata as model_metadata
from qadesk.app.training.outcome import GENERAL, OWN, Outcome, SetComparison
from qadesk.app.training.run_folder import SavedPlan
from qadesk.qa import models
from qadesk.qa.models import Model
from qadesk.train.loop import Trained
from qadesk.version import __version__

_WEIGHTS = "model.safetensors"
_TOKENIZER = (
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.txt",
    "vocab.json", "merges.txt", "spiece.model", "sentencepiece.bpe.model",
)  # fmt: skip
_LIBRARIES = ("torch", "transformers", "tokenizers", "onnxruntime")


def write_model(folder: Path, base: Model, trained: Trained, share: float) -> Model:
    """Write the model to the new folder ``folder``, without a graph and without scores; returns it.

    Its weights are interpolated between those of ``base`` (``share`` 0) and the trained ones (``share`` 1).
    """
    folder.mkdir()
    for name in _TOKENIZER:
        if (base.folder / name).is_file():
            shutil.copyfile(base.folder / name, folder / name)
    config = json.loads((base.folder / "config.json").read_text(encoding="utf-8"))
    config.pop("torch_dtype", None)  # an older name of the next
    _write_json(folder / "config.json", {**config, "dtype": "float16"})
    _write_weights(folder / _WEIGHTS, base, trained.weights, share)
    _write_json(folder / "qadesk.json", _reader_values(base, trained))
    return models.inspect(folder)


def _write_weights(target: Path, base: Model, trained: Path, share: float) -> None:
    from safetensors.numpy import load_file, save_file

    tensors: dict[str, npt.NDArray[Any]] = load_file(trained)
    if share < 1:
        _interpolate(tensors, base, share)
    halves = {name: _half(values) for name, values in tensors.items()}
    save_file(halves, target, metadata={"format": "pt"})  # transformers requires it
    target.chmod(
        stat.S_IMODE(target.with_name("config.json").stat().st_mode)
    )  # safetensors lets only its owner read it


def _interpolate(tensors: dict[str, npt.NDArray[Any]], base: Model, share: float) -> None:
    """Move the trained ``tensors``, in place, towards those of ``base``."""
    from safetensors.torch import load_file  # numpy has no bfloat16, which those of ``base`` may be in

    for path in base.safetensors:
        for name, values in load_file(path).items():
            if name in tensors and values.is_floating_point():
                old = values.float().numpy()
                tensors[name] = old + np.float32(share) * (tensors[name] - old)


def _half(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return values.astype(np.float16) if values.dtype == np.float32 else values


def _reader_values(base: Model, trained: Trained) -> dict[str, Any]:
    """The metadata that the reader needs: calibration and limits."""
    about: dict[str, Any] = {
        "name": f"{base.name}, trained",
        "unanswerable": trained.unanswerable,
        **dataclasses.asdict(trained.calibration),
    }
    values = model_metadata.read_metadata(base.folder)
    if max_length := values.get("max_seq_length"):
        about["max_seq_length"] = max_length
    if isinstance(pool := values.get("pool"), dict):
        change = trained.calibration.temperature / base.calibration.temperature
        about["pool"] = {**pool, "temperature": base.pool.calibration.temperature * change}
    return about


def describe(folder: Path, saved: SavedPlan, outcome: Outcome, data_fingerprint: str) -> None:
    """Add origin, data, training and scores to the metadata of the model in ``folder``, and write its card."""
    values = json.loads((folder / "qadesk.json").read_text(encoding="utf-8"))
    everything = (*saved.plan.train, *saved.plan.evaluation)
    about = {
        **values,
        "base": {"name": saved.base_name, "fingerprint": saved.base_fingerprint},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "data": {
            "fingerprint": data_fingerprint,
            "train": outcome.train_count,
            "evaluation": outcome.evaluation_count,
            "unanswerable": sum(example.is_impossible for example in everything),
            "made": len(saved.plan.evaluation_extras),
            "split": outcome.by,
        },
        "training": {
            **dataclasses.asdict(outcome.config),
            "effort": outcome.effort,
            "steps": outcome.steps,
            "best_step": outcome.best_step,
            "share": outcome.share,
            "ran_on": outcome.device,
            "seconds": round(outcome.seconds, 1),
        },
        "metrics": {OWN: _scores(outcome.own), GENERAL: _scores(outcome.general)},
        "versions": {"qadesk": __version__, **{name: metadata.version(name) for name in _LIBRARIES}},
    }
    _write_json(folder / "qadesk.json", about)
    (folder / "README.md").write_text(_card(about, outcome), encoding="utf-8")


def set_name(folder: Path, name: str) -> None:
    """Set the name of the model in ``folder``, in its metadata and on its card."""
    path = folder / "qadesk.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    card = folder / "README.md"
    _, _, rest = card.read_text(encoding="utf-8").partition("\n")
    card.write_text(f"# {name}\n{rest}", encoding="utf-8")
    _write_json(path, {**about, "name": name})


def _scores(pair: SetComparison) -> dict[str, Any]:
    reports = {"before": pair.before, "after": pair.after}
    scores = {when: {"exact": round(report.exact, 2), "f1": round(report.f1, 2)} for when, report in reports.items()}
    return {"questions": pair.after.total, **scores}


def _card(about: Mapping[str, Any], outcome: Outcome) -> str:
    data, training = about["data"], about["training"]
    rows = [
        f"| {title} | {scores['questions']} | {scores['before']['exact']} | {scores['after']['exact']} "
        f"| {scores['before']['f1']} | {scores['after']['f1']} |"
        for title, scores in (("the user's", about["metrics"][OWN]), ("general", about["metrics"][GENERAL]))
    ]
    return "\n".join(
        [
            f"# {about['name']}",
            "",
            f"An extractive question-answering model, trained by QADesk {about['versions']['qadesk']} on "
            f"{about['date'][:10]} from '{about['base']['name']}', whose licence holds for it too.",
            "",
            f"**Data.** {data['train']} questions to learn from, {data['evaluation']} to measure with, set aside "
            f"by {data['split']}; {data['unanswerable']} of all have no answer, and {data['made']} more without one "
            "were made by rule to measure with. They are not part of this folder.",
            "",
            f"**Marks**, in per cent. {outcome.verdict.text}",
            "",
            "| questions | number | EM before | EM after | F1 before | F1 after |",
            "| --- | --- | --- | --- | --- | --- |",
            *rows,
            "",
            f"**Training.** Effort '{training['effort']}', {training['epochs']} epochs at a learning rate of "
            f"{training['learning_rate']:g}, the weights of step {training['best_step']} of {training['steps']}, seed "
            f"{training['seed']}. Everything else stands in `qadesk.json`.",
            "",
            "**Use.** In transformers: `AutoModelForQuestionAnswering.from_pretrained(FOLDER)`.",
            "",
        ]
    )


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
