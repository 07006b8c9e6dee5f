"""The official SQuAD metrics of predictions, and the calibration error of their confidences.

Exact match and F1 are those of the official ``evaluate-v2.0`` script, which for questions that have
an answer are those of ``evaluate-v1.1`` too. They differ only for a gold answer of nothing but
articles and punctuation ("the"): 2.0 leaves it out.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qadesk.errors import DataError

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_WITHOUT_PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True, slots=True)
class MeanScores:
    """Mean scores in per cent over ``total`` questions."""

    exact: float
    f1: float
    total: int


@dataclass(frozen=True, slots=True)
class Report:
    """The scores of the predictions for one data set, in per cent.

    ``exact`` and ``f1`` take each prediction as it is, with '' for no answer. ``has_answer`` and
    ``no_answer`` are the same over the questions with and without gold answers, None where there are
    none of them. ``best_exact`` and ``best_f1`` are what the best threshold on the probability of no
    answer would give: a probability above the threshold turns a prediction into no answer. They are
    None without probabilities. ``ece`` is the expected calibration error, 0 to 1, None without
    confidences.
    """

    exact: float
    f1: float
    total: int
    has_answer: MeanScores | None
    no_answer: MeanScores | None
    best_exact: float | None = None
    best_exact_threshold: float | None = None
    best_f1: float | None = None
    best_f1_threshold: float | None = None
    ece: float | None = None


def normalize_answer(text: str) -> str:
    """``text`` in lower case, without punctuation (ASCII), articles and surplus white space."""
    plain = text.lower().translate(_WITHOUT_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", plain).split())


def exact_match(prediction: str, golds: Iterable[str]) -> float:
    """1.0 if ``prediction`` is one of ``golds``, normalised. No golds: '' is the right prediction."""
    plain = normalize_answer(prediction)
    return float(any(plain == gold for gold in _normalized(golds)))


def f1(prediction: str, golds: Iterable[str]) -> float:
    """The best F1 over words of ``prediction`` against any of ``golds``, 0 to 1.

    No golds: '' is the right prediction.
    """
    words = normalize_answer(prediction).split()
    return max(_f1_of_words(words, gold.split()) for gold in _normalized(golds))


def _normalized(golds: Iterable[str]) -> list[str]:
    plain = [normalize_answer(gold) for gold in golds]
    return [gold for gold in plain if gold] or [""]


def _f1_of_words(words: Sequence[str], gold: Sequence[str]) -> float:
    if not words or not gold:  # no answer is right or wrong, never half right
        return float(words == gold)
    same = (Counter(words) & Counter(gold)).total()
    return 2 * same / (len(words) + len(gold))


def best_threshold(
    predictions: Mapping[str, str],
    scores: Mapping[str, float],
    no_answer_probabilities: Mapping[str, float],
    has_answer: Mapping[str, bool],
) -> tuple[float, float]:
    """The best mean score in per cent, and the threshold that gives it, as the official script finds them.

    All mappings are by question id; ``scores`` are those of ``predictions`` taken as they are, 0 to 1.
    A probability of no answer above the threshold turns the prediction into no answer.
    """
    # At first every question is predicted to have no answer; then, one by one, the likeliest to have
    # one gets its prediction:
    #   has an answer                      its score is added
    #   has none, something is predicted   the point for no answer is lost
    #   has none, '' is predicted          nothing changes
    current = best = float(sum(not has_answer[key] for key in scores))
    threshold = 0.0
    for key in sorted(no_answer_probabilities, key=no_answer_probabilities.__getitem__):
        if key not in scores:
            continue
        if has_answer[key]:
            current += scores[key]
        elif predictions[key]:
            current -= 1
        if current > best:
            best, threshold = current, no_answer_probabilities[key]
    return 100 * best / len(scores), threshold


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of similar confidence: its mean and the share that is correct, both 0 to 1, and their number."""

    confidence: float
    correct: float
    count: int


def calibration_bins(confidences: Sequence[float], correct: Sequence[bool], bins: int) -> list[Bin]:
    """The bins with predictions, of ``bins`` of equal width by confidence (0 to 1); the lowest first.

    Both sequences have the same length.
    """
    groups: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for pair in zip(confidences, correct, strict=True):
        groups[min(int(pair[0] * bins), bins - 1)].append(pair)
    return [
        Bin(
            sum(confidence for confidence, _ in group) / len(group),
            sum(right for _, right in group) / len(group),
            len(group),
        )
        for group in groups
        if group
    ]


def expected_calibration_error(confidences: Sequence[float], correct: Sequence[bool], bins: int = 15) -> float:
    """How far confidences are from the share that is correct, 0 (trustworthy) to 1.

    The mean over predictions of the distance between the mean confidence and the accuracy of their bin (Guo et al., On
    Calibration of Modern Neural Networks). Both sequences have the same length, at least 1.
    """
    groups = calibration_bins(confidences, correct, bins)
    return sum(group.count * abs(group.confidence - group.correct) for group in groups) / len(confidences)


def report(
    questions: Mapping[str, Sequence[str]],
    predictions: Mapping[str, str],
    no_answer_probabilities: Mapping[str, float] | None = None,
    confidences: Mapping[str, float] | None = None,
    *,
    spans: Mapping[str, str] | None = None,
) -> Report:
    """The scores of ``predictions`` (text by question id, '' for no answer), one for each question.

    ``questions`` gives the gold texts by question id, none for a question without an answer.
    ``confidences`` are those of the predictions. ``spans`` are the best spans even
    where no answer was predicted: with them ``best_exact`` and ``best_f1`` are the best of all
    thresholds; without them, as in the official script, a prediction of '' is never replaced.
    Raises ``DataError`` if there are no questions.
    """
    if not questions:
        raise DataError("There are no questions to measure.")
    exact, words = _scores(questions, predictions)
    whole = _part(exact, words, list(questions))
    best_exact, best_f1 = _best(questions, spans or predictions, no_answer_probabilities)
    return Report(
        whole.exact,
        whole.f1,
        whole.total,
        has_answer=_part_or_none(exact, words, [key for key, golds in questions.items() if golds]),
        no_answer=_part_or_none(exact, words, [key for key, golds in questions.items() if not golds]),
        best_exact=best_exact[0],
        best_exact_threshold=best_exact[1],
        best_f1=best_f1[0],
        best_f1_threshold=best_f1[1],
        ece=_calibration(exact, confidences),
    )


Scores = dict[str, float]


def _scores(questions: Mapping[str, Sequence[str]], texts: Mapping[str, str]) -> tuple[Scores, Scores]:
    exact = {key: exact_match(texts[key], golds) for key, golds in questions.items()}
    return exact, {key: f1(texts[key], golds) for key, golds in questions.items()}


def _part(exact: Scores, words: Scores, keys: Sequence[str]) -> MeanScores:
    total = len(keys)
    return MeanScores(
        100 * sum(exact[key] for key in keys) / total, 100 * sum(words[key] for key in keys) / total, total
    )


def _part_or_none(exact: Scores, words: Scores, keys: Sequence[str]) -> MeanScores | None:
    return _part(exact, words, keys) if keys else None


Best = tuple[float, float] | tuple[None, None]


def _best(
    questions: Mapping[str, Sequence[str]], texts: Mapping[str, str], probabilities: Mapping[str, float] | None
) -> tuple[Best, Best]:
    if probabilities is None:
        return (None, None), (None, None)
    has_answer = {key: bool(golds) for key, golds in questions.items()}
    exact, words = _scores(questions, texts)
    return (
        best_threshold(texts, exact, probabilities, has_answer),
        best_threshold(texts, words, probabilities, has_answer),
    )


def _calibration(exact: Scores, confidences: Mapping[str, float] | None) -> float | None:
    if confidences is None:
        return None
    return expected_calibration_error([confidences[key] for key in exact], [score == 1 for score in exact.values()])
