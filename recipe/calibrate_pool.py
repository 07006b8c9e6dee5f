"""Fits the calibration of a reader for many documents, and writes it into its ``qadesk.json`` as the entry ``pool``.

    calibrate_pool.py MODEL --data SETS [--recipe everyday.toml] [--questions N] [--dry-run]

``pooled`` says what is asked. First the prior of the search, then the temperature: those that give the right answers
the largest share of the weight, on average of its logarithm, where there is an answer. The prior is fitted on SQuAD
alone: everyday questions are only there if the search led to their document, so that they cannot tell how far it is to
be trusted. Then, at these, the probabilities that there is an answer, that it is the best span and that it is another
one listed, by log loss as ``calibrate`` does it. The calibration error that is printed is of questions that the fit did
not see: of each half, by a fit of the other half.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
import tomllib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import data
import pooled
from pooled import PooledLogits, PooledQuestion

from qadesk.qa.calibration import Calibration, Logistic, PoolCalibration
from qadesk.qa.engine import Reader, open_reader
from qadesk.qa.expectation import EVALUATION
from qadesk.qa.reader_options import Options
from qadesk.train import metrics
from qadesk.train.calibrate import fit_logistic, log_odds

EVERYDAY, SQUAD = "everyday", "squad-a"
DISTRACTORS = ("squad1.1-bloomsbury", "squad1.1-flaneval")
"""Sets whose training paragraphs are in the pool of SQuAD beside those of ``SQUAD``."""

PRIORS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 1.3, 1.6)
FACTORS = (0.75, 1.0, 1.4, 2.0)
"""Temperatures that are tried, as shares of the one for a single document."""

_LISTED = 3
_WEIGHED = 10  # answers among which the right one is looked for, to fit the weights
_LEAST_SHARE = 1e-3


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question as it was read: the log of the weight of all spans; the shares of the answers, and which are right."""

    question: PooledQuestion
    log_mass: float
    shares: tuple[float, ...]
    right: tuple[bool, ...]


def outcomes(
    logits: PooledLogits, questions: Sequence[PooledQuestion], fit: PoolCalibration, listed: int = _LISTED
) -> list[Outcome]:
    """What comes of ``questions`` by the temperature and prior of ``fit``, with the best ``listed`` answers."""
    plain = PoolCalibration(Calibration(fit.calibration.temperature), fit.prior)
    rows = []
    for question in questions:
        ranking, pool = logits.ranking(question, plain, listed)
        answers = ranking.answers()
        answered = 1 - (ranking.no_answer or 0.0)
        shares = tuple(min(1.0, answer.confidence / answered) for answer in answers) if answered else ()
        right = tuple(question.is_right(pool, answer) for answer in answers)
        rows.append(Outcome(question, ranking.log_mass, shares, right))
    return rows


def fit_weights(logits: PooledLogits, temperature: float) -> PoolCalibration:
    """The prior under which right answers have the largest share, then the temperature; from that of the reader on."""
    answerable = [question for question in logits.questions if question.is_answerable]
    of_squad = [question for question in answerable if not question.is_everyday]

    def best_of(fits: Sequence[PoolCalibration], questions: Sequence[PooledQuestion]) -> PoolCalibration:
        return max(fits, key=lambda fit: _log_share(outcomes(logits, questions, fit, _WEIGHED), fit))

    prior = best_of([PoolCalibration(Calibration(temperature), prior) for prior in PRIORS], of_squad).prior
    return best_of([PoolCalibration(Calibration(temperature * factor), prior) for factor in FACTORS], answerable)


def _log_share(rows: Sequence[Outcome], fit: PoolCalibration) -> float:
    """The mean over ``rows`` of the log of the share of right answers, by ``fit``, which is printed with it."""
    shares = [sum(share for share, right in zip(row.shares, row.right, strict=True) if right) for row in rows]
    mean = sum(math.log(max(share, _LEAST_SHARE)) for share in shares) / len(shares)
    exact = sum(row.right[:1] == (True,) for row in rows) / len(rows)
    print(f"temperature {fit.calibration.temperature:.2f}, prior {fit.prior}: {mean:.4f}, best right {exact:.3f}")
    return mean


def fit_chances(rows: Sequence[Outcome], fit: PoolCalibration) -> PoolCalibration:
    """``fit`` with the three regressions, of ``rows``."""
    read = [row for row in rows if math.isfinite(row.log_mass)]
    null = fit_logistic([row.log_mass for row in read], [row.question.is_answerable for row in read])
    answerable = [row for row in read if row.question.is_answerable]
    best = [(row.shares[0], row.right[0]) for row in answerable if row.shares]
    other = [pair for row in answerable for pair in list(zip(row.shares, row.right, strict=True))[1:]]
    share = len(answerable) / len(read)
    temperature = fit.calibration.temperature
    return replace(fit, calibration=Calibration(temperature, null, _regression(best), _regression(other), share))


def _regression(pairs: Sequence[tuple[float, bool]]) -> Logistic:
    return fit_logistic(log_odds([share for share, _ in pairs]), [right for _, right in pairs])


def errors(rows: Sequence[Outcome], fit: PoolCalibration, expected: float | None = None) -> dict[str, float]:
    """How far what is told of ``rows`` is from the truth, and how often it is right.

    ``told``: the calibration error of predictions, which are the best answer or that there is none; ``best`` of the
    best answers; ``null`` of the chance that there is none.
    """
    told: list[tuple[float, bool]] = []
    best: list[tuple[float, bool]] = []
    null: list[tuple[float, bool]] = []
    for row in rows:
        answered = fit.calibration.null_at(expected)
        no_answer = answered.complement(row.log_mass)
        null.append((no_answer, not row.question.is_answerable))
        if row.shares:
            chance = fit.calibration.best.log_probability(float(log_odds([row.shares[0]])[0]))
            best.append((math.exp(chance + answered.log_probability(row.log_mass)), row.right[0]))
        told.append(best[-1] if row.shares and no_answer <= EVALUATION else null[-1])
    kinds = {"told": told, "best": best, "null": null}
    return {f"{name} error": _error(pairs) for name, pairs in kinds.items()} | {
        "told right": sum(right for _, right in told) / len(told)
    }


def _error(pairs: Sequence[tuple[float, bool]]) -> float:
    return metrics.expected_calibration_error([chance for chance, _ in pairs], [is_true for _, is_true in pairs], 10)


def calibrate(logits: PooledLogits, temperature: float) -> tuple[PoolCalibration, dict[str, Any]]:
    """The calibration, and measurements on halves that its fit did not see."""
    weights = fit_weights(logits, temperature)
    rows = outcomes(logits, logits.questions, weights)
    keys = sorted({row.question.example.id for row in rows})
    first = set(keys[::2])  # a question with and without its document is in one half
    halves = [[row for row in rows if (row.question.example.id in first) == is_first] for is_first in (True, False)]
    fits = [fit_chances(half, weights) for half in halves]
    measured = {f"held-out half {number + 1}": errors(halves[number], fits[1 - number]) for number in (0, 1)}
    parts = {
        "everyday": [row for row in rows if row.question.is_everyday],
        "squad": [row for row in rows if not row.question.is_everyday],
    }
    final = fit_chances(rows, weights)
    measured |= {f"{name}, seen": errors(part, final) for name, part in parts.items() if part}
    return final, measured


def development_questions(folder: Path, recipe: Path, count: int, work: Path) -> list[PooledQuestion]:
    """The questions of both sets with what the search finds; indexes are made in ``work``."""
    plan = tomllib.loads(recipe.read_text(encoding="utf-8"))["development"]
    held_out = {name: plan[name] for name in (EVERYDAY, SQUAD)}
    training, development = data.part(data.read(folder, (EVERYDAY, SQUAD, *DISTRACTORS)), held_out)
    rows = []
    for name, names in ((EVERYDAY, (EVERYDAY,)), (SQUAD, (SQUAD, *DISTRACTORS))):
        examples = pooled.sample(development[name], count, seed=1)
        everything = [*development[name], *(example for other in names for example in training[other])]
        index, paths = pooled.open_pool(work / name, everything)
        with closing(index):
            questions = pooled.find(index, paths, examples, everyday=name == EVERYDAY)
            print(f"{name}: {index.counts().passages} passages, {len(examples)} questions, {len(questions)} used")
            rows += questions
    return rows


def write_pool(model: Path, fit: PoolCalibration) -> None:
    """Set the entry ``pool`` of ``qadesk.json`` in ``model``; all else stays."""
    path = model / "qadesk.json"
    values = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    values["pool"] = {"prior": fit.prior, **asdict(fit.calibration)}
    part = path.with_suffix(".part")
    part.write_text(json.dumps(values) + "\n", encoding="utf-8")
    part.replace(path)


def fitted(reader: Reader, questions: Sequence[PooledQuestion]) -> tuple[PoolCalibration, dict[str, Any]]:
    """The calibration of ``reader`` for ``questions``, and measurements."""
    logits = PooledLogits(reader, questions, Options())
    return calibrate(logits, reader.model.calibration.temperature)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--recipe", type=Path, default=Path(__file__).with_name("everyday.toml"))
    parser.add_argument("--questions", type=int, default=300, help="of each set, at most")
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        questions = development_questions(arguments.data, arguments.recipe, arguments.questions, Path(work))
        fit, measured = fitted(open_reader(arguments.model, device="cpu"), questions)
    print(json.dumps({"pool": {"prior": fit.prior, **asdict(fit.calibration)}, **measured}, indent=1))
    if not arguments.dry_run:
        write_pool(arguments.model, fit)


if __name__ == "__main__":
    main()
