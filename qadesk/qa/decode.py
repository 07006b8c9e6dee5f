"""From start and end logits to ranked spans and their confidence. All of it is defined here.

**Span score.** A span is the tokens i..j of the document, j >= i, at most ``max_answer_tokens`` long, both in the
context of one window. Its score there is s_i + e_j, where s_i = S.T_i and e_j = E.T_j are the start and end logits
(BERT paper, 4.2: "the maximum scoring span"). The *null score* of a window is s_CLS + e_CLS (4.3).

**Which window.** A token that stands in several windows is judged where it has the most context (run_squad.py), so
each span belongs to one window, the one that owns its first token (``windows.Window.own_start:own_end``).

**Comparing windows.** A softmax inside each window would make the least bad token of an irrelevant window look
certain. Instead each span is weighed against the null of its own window, and all spans of all windows share one
distribution, with no answer as one more option:

    weight(i, j)  = exp((s_i + e_j - null of the window) / T)
    W             = sum of weight over all spans of all windows
    P(answer)     = W / (1 + W)                                     (the 1 is exp(0 / T): no answer)
    P(i, j)       = P(answer) * weight(i, j) / W
    P(start = i)  = sum over j of P(i, j)        P(end = j) = sum over i of P(i, j)

P(no answer) = 1 - P(answer) and all P(i, j) add up to 1. T is the model's temperature, 1 unless it was calibrated. For
a model trained without unanswerable questions, and where an answer is known to be there, P(answer) is 1.

**Confidence.** "keeper", "the keeper" and "keeper," are three spans and one answer (``qadesk.qa.equivalence`` defines
which spans say the same). An answer's confidence is the sum of P(i, j) over the spans of its place that say what it
says; its start and end confidence are the sums of P(start = i) over their starts and of P(end = j) over their ends. So
its confidence is at most either of them. A calibrated model has P(answer) and the confidence by logistic regression
from the same weights (``qadesk.qa.calibration``); none is then more likely than one that ranks before it. To start and
end confidence the other spans that begin or end there then add what they have uncalibrated, up to P(answer).

**Ranking.** Spans rank by s_i + e_j - null, which is by P(i, j); of equal scores the earlier start, then the
shorter span, comes first. Unless overlap is allowed, each window offers its best span, then the best that shares no
token with it, and so on; the lists of all windows are merged by rank and a span that shares a character with a
better one is dropped. Spans are snapped to whole words before that, and one of nothing but punctuation and white space
is not listed (its weight stays in W).

Everything is numpy, vectorised over the windows of a batch. The sums are exact up to rounding (W in float64, start and
end confidences in float32) and do not depend on the order in which windows are added.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from qadesk.qa.calibration import UNCALIBRATED, Calibration
from qadesk.qa.equivalence import has_content, significant_end, significant_start, snap
from qadesk.qa.windows import Batch, DocumentTokens, Window
from qadesk.records import Answer

Floats = npt.NDArray[np.float64]

_REACH = 8
"""Tokens on either side of a span's first and last one that are looked at for spans that say the same."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How spans are chosen and weighed. Lengths in tokens; ``unanswerable`` says whether no answer is an option."""

    max_answer_tokens: int = 30
    top_k: int = 5
    overlap: bool = False
    unanswerable: bool = True
    calibration: Calibration = UNCALIBRATED


@dataclass(frozen=True, slots=True)
class Span:
    """A candidate: tokens ``first..last`` of the document (inclusive), and the logits of its window.

    ``near_starts`` and ``near_ends`` are those of the tokens around ``first`` and ``last``, ``_REACH`` on either side,
    -inf where the window judges no span: ``[2 * _REACH + 1]``.
    """

    first: int
    last: int
    null_score: float
    near_starts: Floats = field(compare=False)
    near_ends: Floats = field(compare=False)

    @property
    def start_score(self) -> float:
        """s_i."""
        return float(self.near_starts[_REACH])

    @property
    def end_score(self) -> float:
        """e_j."""
        return float(self.near_ends[_REACH])

    @property
    def score(self) -> float:
        """s_i + e_j - null, in logits."""
        return self.start_score + self.end_score - self.null_score

    @property
    def rank(self) -> tuple[float, int, int]:
        """Sorts the better span first; of equal ones the earlier, then the shorter."""
        return (-self.score, self.first, self.last)


@dataclass(frozen=True, slots=True, eq=False)
class DecodedWindow:
    """What one window says, in document tokens. Masses are logs of sums of weights.

    ``start_mass`` ``[own_end - own_start]`` for the spans that begin at each owned token; ``end_mass``
    ``[end - own_start]`` for those that end at each token from the first owned one on.
    """

    window: Window
    spans: list[Span]
    start_mass: Floats
    end_mass: Floats


def decode_windows(
    batch: Batch, start_logits: npt.NDArray[np.float32], end_logits: npt.NDArray[np.float32], rules: Rules
) -> list[DecodedWindow]:
    """Weigh all spans of a batch of windows; logits are ``[windows, tokens]`` as the model gave them."""
    starts, ends, nulls = _aligned(batch, start_logits, end_logits, rules.max_answer_tokens)
    start_mass, end_mass = _masses(starts, ends, nulls, rules)
    found = _best_spans(starts, ends, rules)
    starts, ends = _padded(starts), _padded(ends)
    judged = []
    for row, window in enumerate(batch.windows):
        own, reach = window.own_end - window.own_start, window.end - window.own_start
        at = window.own_start
        spans = [
            Span(at + i, at + j, float(nulls[row]), _near(starts[row], i), _near(ends[row], j)) for i, j in found[row]
        ]
        judged.append(DecodedWindow(window, spans, start_mass[row, :own], end_mass[row, :reach]))
    return judged


def _padded(logits: Floats) -> Floats:
    return np.pad(logits, ((0, 0), (_REACH, _REACH)), constant_values=-np.inf)


def _near(padded: Floats, at: int) -> Floats:
    return padded[at : at + 2 * _REACH + 1].copy()  # a view would keep the whole batch


def _aligned(
    batch: Batch, start_logits: npt.NDArray[np.float32], end_logits: npt.NDArray[np.float32], longest: int
) -> tuple[Floats, Floats, Floats]:
    """Cut out what is judged: both from the first owned token on, -inf where there is no token.

    Returns start logits of owned tokens ``[windows, w]``, end logits ``[windows, w + longest - 1]`` and the
    null scores ``[windows]``.
    """
    width = max(1, *(window.end - window.own_start for window in batch.windows))
    starts = np.full((len(batch.windows), width), -np.inf)
    ends = np.full((len(batch.windows), width + longest - 1), -np.inf)
    for row, window in enumerate(batch.windows):
        column = int(batch.context_at[row]) - window.start
        own, end = window.own_end - window.own_start, window.end - window.own_start
        starts[row, :own] = start_logits[row, column + window.own_start : column + window.own_end]
        ends[row, :end] = end_logits[row, column + window.own_start : column + window.end]
    nulls = start_logits[:, 0].astype(np.float64) + end_logits[:, 0]
    return starts, ends, nulls


def _masses(starts: Floats, ends: Floats, nulls: Floats, rules: Rules) -> tuple[Floats, Floats]:
    """Logs of the summed weights of the spans that begin at i and of those that end at j, both ``[windows, w]``.

    sum over j of exp(s_i + e_j) = exp(s_i) * (sum of exp(e_j) over the next ``max_answer_tokens`` tokens), and
    likewise for the ends: two sliding sums instead of a matrix of spans.
    """
    longest, width = rules.max_answer_tokens, starts.shape[1]
    start_peak, end_peak = _peak(starts), _peak(ends)
    start_weight = np.exp((starts - start_peak) / rules.calibration.temperature)
    end_weight = np.exp((ends - end_peak) / rules.calibration.temperature)
    following = np.lib.stride_tricks.sliding_window_view(end_weight, longest, axis=1).sum(axis=2)
    before = np.pad(start_weight, ((0, 0), (longest - 1, 0)))
    preceding = np.lib.stride_tricks.sliding_window_view(before, longest, axis=1).sum(axis=2)
    level = (start_peak + end_peak - nulls[:, None]) / rules.calibration.temperature
    with np.errstate(divide="ignore"):  # log(0) is -inf: no span there
        return np.log(start_weight * following) + level, np.log(end_weight[:, :width] * preceding) + level


def _peak(logits: Floats) -> Floats:
    """The largest logit of each window ``[windows, 1]``; 0 where there is none."""
    peak = logits.max(axis=1, keepdims=True)
    return np.where(np.isfinite(peak), peak, 0.0)


def _best_spans(starts: Floats, ends: Floats, rules: Rules) -> list[list[tuple[int, int]]]:
    """The best spans of each window, best first, as (first, last) columns."""
    longest = rules.max_answer_tokens
    table = starts[:, :, None] + np.lib.stride_tricks.sliding_window_view(ends, longest, axis=1)
    rows = len(table)
    found: list[list[tuple[int, int]]] = [[] for _ in range(rows)]
    for _ in range(rules.top_k + 2):  # two spare: neighbours may claim the same words
        flat = table.reshape(rows, -1)
        best = flat.argmax(axis=1)  # of equal scores the first: the earlier start, then the shorter span
        for row in np.flatnonzero(np.isfinite(flat[np.arange(rows), best])):
            first, length = divmod(int(best[row]), longest)
            found[row].append((first, first + length))
            _strike(table[row], first, first + length, overlap=rules.overlap)
    return found


def _strike(table: Floats, first: int, last: int, *, overlap: bool) -> None:
    """Take the span ``first..last`` out of a window's table ``[w, longest]``; unless overlap, all that touch it."""
    width, longest = table.shape
    if overlap:
        table[first, last - first] = -np.inf
        return
    table[first : last + 1] = -np.inf
    for start in range(max(0, first - longest + 1), min(first, width)):
        table[start, first - start :] = -np.inf


class Ranking:
    """Gathers what the windows of one document say to one question. Windows may be added in any order.

    ``log_mass`` is log W and ``read`` the number of windows, both of those added so far.
    """

    def __init__(self, document: DocumentTokens, text: str, rules: Rules) -> None:
        self._tokens = document
        self._text = text
        self._rules = rules
        self._calibration = rules.calibration
        self._spans: list[Span] = []
        # float32: one pair for each token of a document that may have millions
        self._start_mass = np.full(len(document), -np.inf, dtype=np.float32)
        self._end_mass = np.full(len(document), -np.inf, dtype=np.float32)
        self.log_mass = -math.inf
        self.read = 0
        self._known: tuple[Answer, ...] | None = None

    def add(self, judged: DecodedWindow) -> None:
        """Add one window."""
        window = judged.window
        self._start_mass[window.own_start : window.own_end] = judged.start_mass
        ends = self._end_mass[window.own_start : window.end]
        ends[:] = np.logaddexp(ends, judged.end_mass)
        if len(judged.start_mass):
            self.log_mass = float(np.logaddexp(self.log_mass, np.logaddexp.reduce(judged.start_mass)))
        keep = 4 * (self._rules.top_k + 2)
        self._spans = sorted([*self._spans, *judged.spans], key=lambda span: span.rank)[:keep]
        self.read += 1
        self._known = None

    @property
    def no_answer(self) -> float | None:
        """P(no answer) by the windows added so far; None for a model without that option."""
        null = self._calibration.null
        return null.chance_against(self.log_mass) if self._rules.unanswerable else None

    @property
    def _log_answered(self) -> float:
        return self._calibration.null.log_chance(self.log_mass) if self._rules.unanswerable else 0.0

    def answers(self) -> tuple[Answer, ...]:
        """The best spans so far, at most ``top_k``, best first."""
        if self._known is None:
            self._known = self._ranked()
        return self._known

    def _ranked(self) -> tuple[Answer, ...]:
        ranked: list[Answer] = []
        for span in self._spans:
            start, end = self._characters(span)
            if has_content(self._text[start:end]) and not any(self._clash(each, start, end) for each in ranked):
                ranked.append(self._answer(span, start, end, ranked))
            if len(ranked) == self._rules.top_k:
                break
        return tuple(ranked)

    def _clash(self, better: Answer, start: int, end: int) -> bool:
        if self._rules.overlap:
            return self._said(better.start, better.end) == self._said(start, end)
        return start < better.end and better.start < end

    def _said(self, start: int, end: int) -> tuple[int, int]:
        return significant_start(self._text, start), significant_end(self._text, end)

    def _characters(self, span: Span) -> tuple[int, int]:
        start, end = int(self._tokens.offsets[span.first, 0]), int(self._tokens.offsets[span.last, 1])
        return snap(self._text, start, end)

    def _answer(self, span: Span, start: int, end: int, better: Sequence[Answer]) -> Answer:
        starts, ends = self._alike(span)
        share = self._log_share(self._log_weights(span, starts, ends))
        calibrated = self._calibration.other if better else self._calibration.best
        confidence = math.exp(calibrated.log_chance(_log_odds(share)) + self._log_answered)
        return Answer(
            start,
            end,
            self._text[start:end],
            min([confidence, *(each.confidence for each in better[-1:])]),
            confidence + self._rest(self._start_mass[starts.start : starts.stop], share, confidence),
            confidence + self._rest(self._end_mass[ends.start : ends.stop], share, confidence),
            span.start_score,
            span.end_score,
            span.null_score,
        )

    def _rest(self, masses: npt.NDArray[np.float32], log_share: float, confidence: float) -> float:
        """The chance of the other spans that begin (or end) where an answer does: its place has ``masses`` in all."""
        answered = math.exp(self._log_answered)
        more = max(0.0, math.exp(self._log_share(masses)) - math.exp(log_share))
        return max(0.0, min(answered * more, answered - confidence))

    def _alike(self, span: Span) -> tuple[range, range]:
        """The first and the last tokens of the spans that say what ``span`` says."""
        offsets, text = self._tokens.offsets, self._text

        def said_from(token: int) -> int:
            return significant_start(text, int(offsets[token, 0]))

        def said_until(token: int) -> int:
            return significant_end(text, int(offsets[token, 1]))

        if said_from(span.first) >= said_until(span.last):  # nothing but articles
            return range(span.first, span.first + 1), range(span.last, span.last + 1)
        return self._run(span.first, said_from), self._run(span.last, said_until)

    def _run(self, token: int, said: Callable[[int], int]) -> range:
        """The tokens around ``token`` for which ``said`` is the same."""
        wanted = said(token)
        least, most = max(0, token - _REACH), min(len(self._tokens), token + _REACH + 1)
        low = next((each + 1 for each in range(token - 1, least - 1, -1) if said(each) != wanted), least)
        high = next((each for each in range(token + 1, most) if said(each) != wanted), most)
        return range(low, high)

    def _log_weights(self, span: Span, starts: range, ends: range) -> Floats:
        """The logs of the weights of the spans from any of ``starts`` to any of ``ends``, -inf where there is none."""
        first, last = np.array(starts), np.array(ends)
        scores = span.near_starts[first - span.first + _REACH][:, None] + span.near_ends[last - span.last + _REACH]
        length = last - first[:, None]
        scores[(length < 0) | (length >= self._rules.max_answer_tokens)] = -np.inf
        weights: Floats = (scores - span.null_score) / self._calibration.temperature
        return weights

    def _log_share(self, log_weights: Floats | npt.NDArray[np.float32]) -> float:
        """The log of the share of all weight that spans have which weigh so much."""
        return min(0.0, float(np.logaddexp.reduce(log_weights, axis=None)) - self.log_mass)  # of rounding


def _log_odds(log_share: float) -> float:
    return log_share - math.log(max(-math.expm1(log_share), 1e-300))
