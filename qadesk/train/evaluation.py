"""Evaluates the model during a run on the questions of the evaluation part, decoded as the reader decodes them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from qadesk.qa import decode
from qadesk.qa.calibration import Calibration
from qadesk.qa.decode import Rules
from qadesk.qa.ranking import Ranking
from qadesk.qa.second_look import LOOKS, look_again
from qadesk.qa.window_logits import WindowLogits, rows_of
from qadesk.qa.windows import Batch, Window
from qadesk.records import Answers, LabeledExample
from qadesk.train import metrics
from qadesk.train.features import Cutter, Sample
from qadesk.train.network import Network
from qadesk.train.objective import objective

_OTHERS = 8  # windows without the answer that are read of a long document

Scored = tuple[Batch, list[int], npt.NDArray[np.float32]]
"""A batch, the indexes of its samples, and their logits ``[2, windows, tokens]``."""


@dataclass(frozen=True, slots=True)
class EvaluationScores:
    """``loss`` is the mean over windows in nats; ``exact`` and ``f1`` are in per cent, ``error`` is the standard error
    of ``f1``, from how the questions differ.
    """

    loss: float
    exact: float
    f1: float
    error: float


class EvaluationSet:
    """The questions of ``examples``, cut into windows. A long document is read in part: see ``features``.

    ``rules`` are those that the questions will be answered by: a refusal counts as one.
    """

    def __init__(self, examples: Sequence[LabeledExample], cutter: Cutter, rules: Rules) -> None:
        self._rules = rules
        self._examples: list[LabeledExample] = []
        self._owners: list[int] = []
        self._samples: list[Sample] = []
        self._tokens = []
        for example in examples:
            samples = cutter.samples(example, _OTHERS)
            if samples:
                self._samples += samples
                self._owners += [len(self._examples)] * len(samples)
                self._examples.append(example)
                self._tokens.append(cutter.tokens(example))

    def __len__(self) -> int:
        return len(self._examples)

    @property
    def windows(self) -> int:
        """How many windows the questions have."""
        return len(self._samples)

    def evaluate(self, network: Network) -> EvaluationScores:
        """The scores of ``network`` on all questions."""
        scored, loss = self.score(network)
        predictions = self.predictions(scored, self._rules.calibration)
        golds = [example.gold_texts for example in self._examples]
        exact = np.mean([metrics.exact_match(text, gold) for (text, _), gold in zip(predictions, golds, strict=True)])
        words = [metrics.f1(text, gold) for (text, _), gold in zip(predictions, golds, strict=True)]
        error = 100 * float(np.std(words)) / math.sqrt(len(words))
        return EvaluationScores(loss, 100 * float(exact), 100 * float(np.mean(words)), error)

    def score(self, network: Network) -> tuple[list[Scored], float]:
        """The logits of all windows, with the second look of a reader, and the mean of their losses without it."""
        scored: list[Scored] = []
        rows: list[list[WindowLogits]] = [[] for _ in self._examples]
        losses = []
        for part, batch, logits in network.score(self._samples):
            scored.append((batch.packed, part, logits))
            for index, row in zip(part, rows_of(batch.packed, *logits), strict=True):
                sample = self._samples[index]
                losses.append(objective(row.starts, row.ends, sample.start, sample.end).loss)
                rows[self._owners[index]].append(row)
        best = [ranking.best_spans(LOOKS) for ranking in self._rankings(scored, self._rules.calibration)]
        look_again(list(zip(rows, best, strict=True)), lambda excerpts: _rows(network, excerpts))
        return scored, float(np.mean(losses))

    def predictions(self, scored: Sequence[Scored], calibration: Calibration) -> list[tuple[str, float]]:
        """The reader's ``Answers.prediction`` for each question with ``calibration``."""
        return [
            Answers(
                example.question, ranking.answers(), ranking.no_answer, ranking.windows_read, ranking.windows_read
            ).prediction
            for example, ranking in zip(self._examples, self._rankings(scored, calibration), strict=True)
        ]

    def confidences(self, scored: Sequence[Scored], calibration: Calibration) -> tuple[list[float], list[bool]]:
        """The confidence of each prediction with ``calibration``, and whether it is exactly right."""
        predictions = self.predictions(scored, calibration)
        right = [
            metrics.exact_match(text, example.gold_texts) == 1
            for (text, _), example in zip(predictions, self._examples, strict=True)
        ]
        return [confidence for _, confidence in predictions], right

    def masses(self, scored: Sequence[Scored], calibration: Calibration) -> tuple[list[float], list[bool]]:
        """The log of what all spans of each question weigh with ``calibration``, and whether it has an answer."""
        masses = [ranking.log_mass for ranking in self._rankings(scored, calibration)]
        return masses, [not example.is_impossible for example in self._examples]

    def _rankings(self, scored: Sequence[Scored], calibration: Calibration) -> list[Ranking]:
        rules = replace(self._rules, calibration=calibration)
        rankings = [
            Ranking(tokens, example.context, rules)
            for tokens, example in zip(self._tokens, self._examples, strict=True)
        ]
        for batch, part, logits in scored:
            for index, decoded in zip(part, decode.decode_windows(batch, logits[0], logits[1], rules), strict=True):
                rankings[self._owners[index]].add(decoded)
        return rankings


def _rows(network: Network, cut: Sequence[Window]) -> Iterator[WindowLogits]:
    """The logits of each of ``cut``."""
    for _, batch, logits in network.score([Sample(window) for window in cut]):
        yield from rows_of(batch.packed, *logits)
