"""Means of weights: measures mixtures of runs with a common start on the development questions.

    soup.py RUN SHARES [SHARES ...]        SHARES is like base=0.4,RUN=0.3,OTHER=0.3

Runs that branch late are in one basin of the loss, and their mean can be better than each (Wortsman et al., Model
soups). ``base`` is the reader that RUN started from; the others are folders of runs, with their ``better_weights``, or
of models.
Each mixture is measured in bfloat16, as training computes, and is a line of RUN/log.jsonl.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path

import everyday
import forward
import learn
import learner
import measure
import torch
from forward import Weights
from measure import Questions
from safetensors.torch import load_file

from qadesk.qa.calibration import UNCALIBRATED

BASE = "base"
LAST = "checkpoint.safetensors"

Shares = Mapping[str, float]
"""The share of each part in a mixture; their sum is 1."""


def read_shares(text: str) -> dict[str, float]:
    """``base=0.4,RUN=0.6`` as a mapping. Raises ``ValueError`` if the sum is not 1."""
    shares = {name: float(share) for name, _, share in (part.rpartition("=") for part in text.split(","))}
    if abs(sum(shares.values()) - 1) > 1e-6:
        raise ValueError(f"The shares in '{text}' are not 1 in all.")
    return shares


def mix(parts: Mapping[str, Weights], shares: Shares) -> Weights:
    """The mean of ``parts`` by ``shares``; both have the same keys, or ``parts`` more."""
    names = parts[next(iter(shares))]
    return {
        name: torch.stack([share * parts[part][name] for part, share in shares.items()]).sum(dim=0) for name in names
    }


def parts_of(run: Path, names: Iterable[str], questions: Questions) -> dict[str, Weights]:
    """The weights by name: the base of ``run`` for ``base``, else those of the model or run of that name."""
    return {name: _part_of(run, name, questions) for name in names}


def _part_of(run: Path, name: str, questions: Questions) -> Weights:
    if name == BASE:
        return reader_weights(run / "base-model.safetensors", run)
    model = Path(name) / "model.safetensors"
    return reader_weights(model, run) if model.exists() else better_weights(Path(name), questions)[1]


def reader_weights(model: Path, run: Path) -> Weights:
    """The weights of a reader of the shape of ``run``. Raises ``ValueError`` if ``model`` is an encoder."""
    weights = forward.fuse(load_file(model), learn.shape_of(run))
    if "qa_outputs.weight" not in weights:
        raise ValueError(f"The model '{model}' is an encoder: it has no head that could be mixed.")
    return weights


def better_weights(run: Path, questions: Questions) -> tuple[str, Weights]:
    """The last weights or their average ("weights" or "average"), whichever scores better on the questions."""
    best: tuple[float, str, Weights] = (-1.0, "", {})
    for kind in ("weights", "average"):
        weights = measure.weights_of(run, LAST, kind)
        score = _measure(run, questions, weights, {"note": "after the decay, bfloat16", "weights": kind})
        best = max(best, (score, kind, weights), key=lambda candidate: candidate[0])
    return best[1], best[2]


def _measure(run: Path, questions: Questions, weights: Weights, head: Mapping[str, object]) -> float:
    questions.score_with(measure.scorer(forward.working_copy(weights), learn.shape_of(run)))
    reports = measure.reports(questions, UNCALIBRATED)
    rows = everyday.outcomes(questions, UNCALIBRATED)
    measure.log(run, dict(head) | reports | {"everyday": everyday.summary(rows, UNCALIBRATED, None)})
    right = 100 * sum(row.is_right for row in rows) / max(1, len(rows))
    return float(reports["one"]["f1"] + reports["two"]["best_f1"] + right)


def main() -> None:
    """Measure each mixture of SHARES and print its marks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("shares", type=read_shares, nargs="+")
    arguments = parser.parse_args()
    torch.set_num_threads(learner.WORKERS)
    questions = measure.development(arguments.run)
    parts = parts_of(arguments.run, sorted({name for shares in arguments.shares for name in shares}), questions)
    for shares in arguments.shares:
        _measure(arguments.run, questions, mix(parts, shares), {"note": "mixture, bfloat16", "shares": shares})


if __name__ == "__main__":
    main()
