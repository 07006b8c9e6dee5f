"""From start and end logits to ranked spans and their confidence. All of it is defined here.

This module decodes the windows of a batch; ``qadesk.qa.ranking`` merges those of a document into answers.

**Span score.** A span is the tokens i..j of the document, j >= i, at most ``max_answer_tokens`` long, both in the
context of one window. Its score there is s_i + e_j, where s_i = S.T_i and e_j = E.T_j are the start and end logits
(BERT paper, 4.2: "the maximum scoring span"). The *null score* of a window is s_CLS + e_CLS (4.3).

**Which window.** A token that is in several windows counts in the one where it has the most context (run_squad.py), so
each span belongs to one window, the one that owns its first token (``windows.Window.own_start:own_end``).

The best spans of a text of several windows are read twice, and their logits are then means (``qadesk.qa.second_look``).

**Comparing windows.** A softmax inside each window would make the least bad token of an irrelevant window look
certain. Instead each span is weighted against the null of its own window, and all spans of all windows share one
distribution, with no answer as one more option:

    weight(i, j)  = exp((s_i + e_j - null of the window) / T)
    W             = sum of weight over all spans of all windows
    P(answer)     = W / (1 + W)                                     (the 1 is exp(0 / T): no answer)
    P(i, j)       = P(answer) * weight(i, j) / W
    P(start = i)  = sum over j of P(i, j)        P(end = j) = sum over i of P(i, j)

P(no answer) = 1 - P(answer) and all P(i, j) add up to 1. T is the model's temperature, 1 unless it was calibrated. For
a model trained without unanswerable questions, and where an answer is known to exist, P(answer) is 1.

**Confidence.** "keeper", "the keeper" and "keeper," are three equivalent spans (``qadesk.qa.equivalence``) and one
answer. Its confidence is the sum of P(i, j) over the equivalent spans; its start and end confidence are the sums of
P(start = i) over their starts and of P(end = j) over their ends. So its confidence is at most either of them. A
calibrated model has P(answer) and the confidence by logistic regression from the same weights
(``qadesk.qa.calibration``); no answer is then more likely than one that ranks before it. To the start and end
confidence the other spans that begin or end there then add their uncalibrated probability, up to P(answer).

**Words in common.** A span has a *prior* in logits, from 0 to 1: the more words of the question its block or row of a
table has, the higher (``qadesk.qa.word_match``). It is added to s_i + e_j - null where spans are ranked, and where they
share P(answer) among them; P(answer) itself is that of W without it:

    weight'(i, j) = weight(i, j) * exp(prior of i / T)
    P(i, j)       = P(answer) * weight'(i, j) / sum of weight' over all spans

The scores that are shown stay those of the model.

**Many documents.** A window of a passage that a search gave has a prior of another kind, at most 0: the less well the
passage matches the question, the lower (``qadesk.qa.pool``). It is added in W too: weight(i, j) = exp((s_i + e_j - null
+ prior) / T).

**Ranking.** Spans rank by s_i + e_j - null + prior, which is by P(i, j); of equal scores the earlier start, then the
shorter span, comes first. Unless overlap is allowed, each window offers its best span, then the best that shares no
token with it, and so on; the lists of all windows are merged by rank and a span that shares a character with a
better one is dropped. Spans are widened to whole words before that, and one of nothing but punctuation and white space
is not listed (its weight stays in W).

Everything is numpy, vectorised over the windows of a batch. The sums are exact up to rounding (W in float64, start and
end confidences in float32) and do not depend on the order in which windows are added.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from qadesk.qa.calibration import UNCALIBRATED, Calibration
from qadesk.qa.windows import Batch, Window

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NEIGHBOURS = 8
"""Tokens on either side of a span's first and last token that are searched for equivalent spans."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How spans are chosen and weighted. Lengths in tokens; ``unanswerable``: whether no answer is an option.

    ``expected``: the share of questions that have an answer (``Calibration.null_at``), None as the model was fitted.
    """

    max_answer_tokens: int = 30
    top_k: int = 5
    overlap: bool = False
    unanswerable: bool = True
    calibration: Calibration = UNCALIBRATED
    expected: float | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A candidate: tokens ``first..last`` of the document (inclusive), and the logits of its window.

    ``near_starts`` ``[2 * NEIGHBOURS + 1]`` are the start logits of the tokens ``first - NEIGHBOURS`` to
    ``first + NEIGHBOURS``, ``near_ends`` the end logits around ``last``; -inf for tokens outside the window, and for
    starts that it does not own. ``prior`` is that of its first token and of its passage, in logits.
    """

    first: int
    last: int
    null_score: float
    near_starts: Floats = field(compare=False)
    near_ends: Floats = field(compare=False)
    prior: float = 0.0

    @property
    def start_score(self) -> float:
        """s_i."""
        return float(self.near_starts[NEIGHBOURS])

    @property
    def end_score(self) -> float:
        """e_j."""
        return float(self.near_ends[NEIGHBOURS])

    @property
    def score(self) -> float:
        """s_i + e_j - null + prior, in logits."""
        return self.start_score + self.end_score - self.level

    @property
    def level(self) -> float:
        """What s_i + e_j is measured against, in logits: null - prior."""
        return self.null_score - self.prior

    @property
    def rank(self) -> tuple[float, int, int]:
        """Sort key: the better span first; of equal ones the earlier, then the shorter."""
        return (-self.score, self.first, self.last)

    def start_logits(self, tokens: range) -> Floats:
        """s_i of ``tokens``, which are at most ``NEIGHBOURS`` away from ``first``."""
        shift = NEIGHBOURS - self.first
        return self.near_starts[tokens.start + shift : tokens.stop + shift]

    def end_logits(self, tokens: range) -> Floats:
        """e_j of ``tokens``, which are at most ``NEIGHBOURS`` away from ``last``."""
        shift = NEIGHBOURS - self.last
        return self.near_ends[tokens.start + shift : tokens.stop + shift]


@dataclass(frozen=True, slots=True, eq=False)
class DecodedWindow:
    """The best spans of a window in document tokens, best first, and the logs of sums of weights of all its spans.

    ``start_mass`` ``[own_end - own_start]`` sums over the spans that begin at each owned token, ``end_mass``
    ``[end - own_start]`` over those that end at each token from the first owned one on, both with the words in common.
    ``log_mass`` sums over all spans, without them.
    """

    window: Window
    spans: list[Span]
    start_mass: Floats
    end_mass: Floats
    log_mass: float

    def with_prior(self, prior: float, rules: Rules) -> DecodedWindow:
        """The same window with ``prior`` logits added to the score of each of its spans."""
        spans = [replace(span, prior=span.prior + prior) for span in self.spans]
        shift = prior / rules.calibration.temperature
        return replace(
            self,
            spans=spans,
            start_mass=self.start_mass + shift,
            end_mass=self.end_mass + shift,
            log_mass=self.log_mass + shift,
        )


def decode_windows(
    batch: Batch, start_logits: npt.NDArray[np.float32], end_logits: npt.NDArray[np.float32], rules: Rules
) -> list[DecodedWindow]:
    """Decode a batch of windows, in its order; logits are ``[windows, tokens]`` as the model gives them."""
    longest = rules.max_answer_tokens
    starts, ends, nulls = _align(batch, start_logits, end_logits, longest)
    forward, back = _reach(batch, starts.shape[1], longest)
    is_in_no_unit = ~forward[:, :, 0]
    starts[is_in_no_unit] = -np.inf
    ends[:, : starts.shape[1]][is_in_no_unit] = -np.inf
    priors = _priors(batch, starts.shape[1])
    starts_with_priors = starts + priors
    start_mass, end_mass = _log_masses(starts_with_priors, ends, nulls, (forward, back), rules)
    log_masses = np.logaddexp.reduce(start_mass - priors / rules.calibration.temperature, axis=1)
    columns = _best_spans(starts_with_priors, ends, forward, rules)
    starts, ends = _pad(starts), _pad(ends)
    decoded = []
    for row, window in enumerate(batch.windows):
        first, null_score = window.own_start, float(nulls[row])
        spans = [
            Span(
                first + i,
                first + j,
                null_score,
                _around(starts[row], i),
                _around(ends[row], j),
                float(priors[row, i]),
            )
            for i, j in columns[row]
        ]
        owned, length = window.own_end - first, window.end - first
        masses = start_mass[row, :owned], end_mass[row, :length], float(log_masses[row])
        decoded.append(DecodedWindow(window, spans, *masses))
    return decoded


def _pad(logits: Floats) -> Floats:
    """``logits`` with ``NEIGHBOURS`` columns of -inf on either side."""
    return np.pad(logits, ((0, 0), (NEIGHBOURS, NEIGHBOURS)), constant_values=-np.inf)


def _around(padded: Floats, column: int) -> Floats:
    """The logits of ``column`` and its ``NEIGHBOURS`` on either side, from a row that ``_pad`` made."""
    return padded[column : column + 2 * NEIGHBOURS + 1].copy()  # a view would keep the whole batch in memory


def _align(
    batch: Batch, start_logits: npt.NDArray[np.float32], end_logits: npt.NDArray[np.float32], longest: int
) -> tuple[Floats, Floats, Floats]:
    """Start logits of the owned tokens ``[windows, w]``, end logits ``[windows, w + longest - 1]``, null scores.

    Column 0 of both is the first owned token of each window; where there is no token they are -inf.
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


def _priors(batch: Batch, width: int) -> Floats:
    """The priors of the owned tokens ``[windows, width]``; 0 where there is no token."""
    priors = np.zeros((len(batch.windows), width))
    for row, window in enumerate(batch.windows):
        if window.priors is not None:
            priors[row, : window.own_end - window.own_start] = window.priors[window.own_start : window.own_end]
    return priors


def _reach(batch: Batch, width: int, longest: int) -> tuple[Flags, Flags]:
    """Which spans are allowed: of at most ``longest`` tokens, all in one block or cell.

    Both are ``[windows, width, longest]``. Column 0 is the first owned token of each window. ``forward[w, i, n]``: the
    span i..i + n is allowed. ``back[w, j, n]``: j may end the span that begins ``longest - 1 - n`` tokens before it.
    """
    forward = np.zeros((len(batch.windows), width), dtype=np.int64)
    back = np.zeros_like(forward)
    for row, window in enumerate(batch.windows):
        tokens = np.arange(window.own_start, window.end)
        forward[row, : len(tokens)] = window.document.ends[tokens] - tokens
        back[row, : len(tokens)] = tokens - window.document.begins[tokens] + 1
    distance = np.arange(longest)
    return distance < forward[:, :, None], distance >= longest - back[:, :, None]


def _log_masses(
    starts: Floats, ends: Floats, nulls: Floats, reach: tuple[Flags, Flags], rules: Rules
) -> tuple[Floats, Floats]:
    """Logs of the summed weights of the spans that begin at i and of those that end at j, both ``[windows, w]``.

    sum over j of exp(s_i + e_j) = exp(s_i) * (sum of exp(e_j) over the next ``max_answer_tokens`` tokens that are
    within reach), and likewise for the ends: two sliding sums instead of a matrix of spans.
    """
    longest, width = rules.max_answer_tokens, starts.shape[1]
    start_peak, end_peak = _peak(starts), _peak(ends)
    start_weight = np.exp((starts - start_peak) / rules.calibration.temperature)
    end_weight = np.exp((ends - end_peak) / rules.calibration.temperature)
    following = np.lib.stride_tricks.sliding_window_view(end_weight, longest, axis=1).sum(axis=2, where=reach[0])
    before = np.pad(start_weight, ((0, 0), (longest - 1, 0)))
    preceding = np.lib.stride_tricks.sliding_window_view(before, longest, axis=1).sum(axis=2, where=reach[1])
    level = (start_peak + end_peak - nulls[:, None]) / rules.calibration.temperature
    with np.errstate(divide="ignore"):  # log(0) is -inf: no span there
        return np.log(start_weight * following) + level, np.log(end_weight[:, :width] * preceding) + level


def _peak(logits: Floats) -> Floats:
    """The largest logit of each window ``[windows, 1]``; 0 where there is none."""
    peak = logits.max(axis=1, keepdims=True)
    return np.where(np.isfinite(peak), peak, 0.0)


def _best_spans(starts: Floats, ends: Floats, forward: Flags, rules: Rules) -> list[list[tuple[int, int]]]:
    """The best spans of each window, best first, as (first, last) columns."""
    longest = rules.max_answer_tokens
    table = starts[:, :, None] + np.lib.stride_tricks.sliding_window_view(ends, longest, axis=1)
    table[~forward] = -np.inf
    rows = len(table)
    spans: list[list[tuple[int, int]]] = [[] for _ in range(rows)]
    for _ in range(rules.top_k + 2):  # two spare: neighbours may claim the same words
        flat = table.reshape(rows, -1)
        best = flat.argmax(axis=1)  # of equal scores the first: the earlier start, then the shorter span
        for row in np.flatnonzero(np.isfinite(flat[np.arange(rows), best])):
            first, length = divmod(int(best[row]), longest)
            spans[row].append((first, first + length))
            _exclude(table[row], first, first + length, overlap=rules.overlap)
    return spans


def _exclude(table: Floats, first: int, last: int, *, overlap: bool) -> None:
    """Set the score of ``first..last`` in a window's table ``[w, longest]`` to -inf; unless overlap, of all it touches.

    The table has the score of the tokens i..i + n in row i, column n.
    """
    width, longest = table.shape
    if overlap:
        table[first, last - first] = -np.inf
        return
    table[first : last + 1] = -np.inf
    for start in range(max(0, first - longest + 1), min(first, width)):
        table[start, first - start :] = -np.inf
