"""From a run to a model folder: the better weights, the int8 graph, the calibration, the plot, the card.

    finish.py RUN OUT --name NAME [--shares base=0.4,RUN=0.6] [--eval FILE ...]

The development questions decide on the weights (the last ones or their running average) and the calibration, which is
fitted to the logits of the int8 graph. ``--shares`` makes the weights a mixture: see ``soup``. ``--eval`` names SQuAD
files that are measured once, at the end, for the card. OUT appears by a rename, when it is complete.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import calibrate
import card
import everyday
import forward
import learn
import learner
import measure
import numpy as np
import reliability
import soup
import torch
from forward import Weights
from measure import Logits, Questions, Score
from safetensors.torch import save_file
from soup import Shares

import qadesk
from qadesk.app.reading.evaluate import evaluate
from qadesk.cli.output import show_progress
from qadesk.labels.label_files import read_dataset
from qadesk.qa import models
from qadesk.qa.calibration import Calibration
from qadesk.qa.expectation import USUAL
from qadesk.qa.export import export_int8
from qadesk.qa.onnx_backend import OnnxBackend
from qadesk.qa.windows import Batch

_WORDS = {"one": "every question has an answer", "two": "half of the questions have none"}


def finish(run: Path, out: Path, name: str, files: Sequence[Path], shares: Shares | None = None) -> dict[str, Any]:
    """Make the folder ``out``. Returns all measurements."""
    questions = measure.development(run)
    long = _long_documents(run, questions)
    if shares:
        kind, weights = "mixed", soup.mix(soup.parts_of(run, shares, questions), shares)
    else:
        kind, weights = soup.better_weights(run, questions)
    work = out.with_name(out.name + ".part")
    write_model(work, run, weights, _extras(name, Calibration()))
    export_int8(models.inspect(work), work)
    questions.score_with(graph_scorer(work))
    for documents in long.values():
        documents.score_with(graph_scorer(work))
    calibration = calibrate.calibrate(questions)
    write_extras(work, _extras(name, calibration))
    evaluations = measure.evaluations(questions, calibration)
    measurements = {
        "weights": kind,
        "shares": {Path(part).name: share for part, share in (shares or {}).items()},
        "calibration": asdict(calibration),
        "development": {name: asdict(evaluation.report) for name, (_, evaluation) in evaluations.items()},
    }
    measurements["everyday"] = everyday.summary(everyday.outcomes(questions, calibration), calibration, USUAL)
    measurements["trust"] = {
        str(size): measure.confidence_check(documents, calibration) for size, documents in long.items()
    }
    failures = card.worst_answers(questions, calibration)
    questions.score_with(measure.scorer(weights, learn.shape_of(run)))
    measurements["float32"] = measure.reports(questions, calibration)
    measure.log(run, {"note": f"finished as {name}"} | measurements)
    measurements["place"] = learn.read_position(run / soup.LAST)
    measurements["sets"] = {path.stem: evaluate_file(work, path) for path in files}
    reliability.draw(
        work / "reliability.png", {_WORDS[name]: measure.reliability_of(*pair) for name, pair in evaluations.items()}
    )
    (work / "README.md").write_text(card.card(name, learn.facts(run), measurements, failures), encoding="utf-8")
    (run / "finished.json").write_text(json.dumps(measurements, indent=1), encoding="utf-8")
    os.replace(work, out)
    return measurements


def _long_documents(run: Path, questions: Questions) -> dict[int, Questions]:
    seed = learn.facts(run)["recipe"]["seed"]
    squad = [example for example in questions.examples if example.title not in questions.everyday]
    return {
        size: measure.questions_for(run, calibrate.long_documents(squad, size, count, seed))
        for size, count in calibrate.LENGTHS.items()
    }


def _extras(name: str, calibration: Calibration) -> dict[str, Any]:
    return {"name": name, "unanswerable": True, **asdict(calibration)}


def write_model(folder: Path, run: Path, weights: Weights, extras: dict[str, Any]) -> None:
    """Write a model folder without a graph: weights in float16, configuration, tokenizer, ``extras``."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    halves = {name: tensor.half() for name, tensor in forward.split(weights).items()}
    save_file(halves, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)  # the library makes it readable for its owner only
    config = json.loads((run / "base-config.json").read_text(encoding="utf-8"))
    config.pop("_name_or_path", None)
    config |= {"architectures": ["BertForQuestionAnswering"], "dtype": "float16"}
    (folder / "config.json").write_text(json.dumps(config, indent=2), encoding="utf-8")
    tokenizer = json.loads((run / "base-tokenizer.json").read_text(encoding="utf-8"))
    tokenizer |= {"truncation": None, "padding": None}
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
    write_extras(folder, extras)


def write_extras(folder: Path, extras: dict[str, Any]) -> None:
    """Write ``qadesk.json``."""
    (folder / "qadesk.json").write_text(json.dumps(extras) + "\n", encoding="utf-8")


def graph_scorer(folder: Path) -> Score:
    """The graph in a model folder."""
    backend = OnnxBackend(models.inspect(folder))

    def score(batch: Batch) -> Logits:
        return np.stack(backend.scores(batch))

    return score


def evaluate_file(folder: Path, file: Path) -> dict[str, Any]:
    """The report of ``qadesk eval`` for the model in ``folder`` on ``file``, with the seconds."""
    result = show_progress(evaluate(qadesk.load(folder), read_dataset(file)))
    return {**asdict(result.report), "seconds": round(result.seconds, 1)}


def main() -> None:
    """``finish.py RUN OUT --name NAME [--eval FILE ...]``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--name", required=True)
    parser.add_argument("--shares", type=soup.read_shares)
    parser.add_argument("--eval", type=Path, nargs="*", default=[])
    arguments = parser.parse_args()
    torch.set_num_threads(learner.WORKERS)
    measurements = finish(arguments.run, arguments.out, arguments.name, arguments.eval, arguments.shares)
    print(json.dumps(measurements, indent=1))


if __name__ == "__main__":
    main()
