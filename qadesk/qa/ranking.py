"""Merges the decoded windows of a document into ranked answers, by the definitions of ``qadesk.qa.decode``.

A worked example, without calibration, for one window with the null score 0:

    token i     0 say   1 (   2 "   3 keeper   4 "   5 )   6 today
    exp(s_i)      1       1     2       4        0     0       0
    exp(e_j)      0       0     0       3        1     1       1

- The spans weigh W = (1 + 1 + 2 + 4) * (3 + 1 + 1 + 1) = 48, so P(answer) = 48/49. The best one is 3..3: 4 * 3 = 12.
- That span carries the logits around its ends: its ``near_starts`` are -inf 5 times (no token there), 0, 0, ln 2, ln 4,
  and -inf 8 times. Token t is at the index t - 3 + ``NEIGHBOURS``.
- Spans that begin at 1, 2 or 3 and end at 3, 4 or 5 are equivalent to it (``_equivalent_tokens``). They weigh
  (1 + 2 + 4) * (3 + 1 + 1) = 35 (``_log_weights``), a share of 35/48 (``_log_share``). The confidence is
  48/49 * 35/48 = 35/49.
- All spans that begin at 1, 2 or 3 weigh 7 * 6 = 42 (``_start_mass``), 7 more than the equivalent ones. These 7/49
  (``_other_spans``) are added: the start confidence is 42/49. All that end at 3, 4 or 5 weigh 8 * 5 = 40: the end
  confidence is 40/49.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from qadesk.qa.clauses import sentence_around
from qadesk.qa.completion import complete
from qadesk.qa.decode import NEIGHBOURS, DecodedWindow, Floats, Rules, Span
from qadesk.qa.document_tokens import DocumentTokens
from qadesk.qa.equivalence import answer_key, has_content, significant_end, significant_start, widen_to_words
from qadesk.qa.list_answers import Items, Lists
from qadesk.qa.windows import Window
from qadesk.records import Answer

_PLACE_SHARE = math.log(0.05)
"""A span that says the same as a better one, with less than this share of its weight, is no place of the answer."""


class _OffsetSpan(NamedTuple):
    """A span with its offsets in the text."""

    span: Span
    start: int
    end: int


class _Candidate(NamedTuple):
    """Places that say the same, or that are in the list of ``items``: the best one first."""

    places: list[_OffsetSpan]
    items: Items = ()


class Ranking:
    """The ranked answers to one question in one document. Windows may be added in any order.

    ``lists`` are given where the question asks for several things: a list of the document is then one answer. Where the
    question ``wants_clause``, the sentence is what is shown, and of each sentence only the best span is listed.
    ``log_mass`` is log W, without what words in common add, and ``windows_read`` the number of windows, both of those
    added so far.
    """

    def __init__(
        self,
        document: DocumentTokens,
        text: str,
        rules: Rules,
        lists: Lists | None = None,
        *,
        wants_clause: bool = False,
    ) -> None:
        self._tokens = document
        self._wants_clause = wants_clause
        self._lists = lists
        self._text = text
        self._rules = rules
        self._calibration = rules.calibration
        self._null = rules.calibration.null_at(rules.expected) if rules.unanswerable else rules.calibration.null
        self._spans: list[Span] = []
        self._log_masses: dict[Window, Floats] = {}
        self._window_ends: dict[Window, npt.NDArray[np.float32]] = {}
        # float32: one pair for each token of a document that may have millions
        self._start_mass = np.full(len(document), -np.inf, dtype=np.float32)
        self._end_mass = np.full(len(document), -np.inf, dtype=np.float32)
        self._log_mass = np.full(2, -np.inf)
        self._answers: tuple[Answer, ...] | None = None

    @property
    def windows_read(self) -> int:
        """How many windows were added."""
        return len(self._log_masses)

    def add(self, decoded: DecodedWindow) -> None:
        """Add one window, or put one that was added before in its place."""
        window = decoded.window
        is_new = window not in self._log_masses
        log_mass = np.array([decoded.log_mass, np.logaddexp.reduce(decoded.start_mass, initial=-np.inf)])
        self._log_masses[window] = log_mass
        self._window_ends[window] = decoded.end_mass.astype(np.float32)
        self._start_mass[window.own_start : window.own_end] = decoded.start_mass
        if is_new:
            self._log_mass = np.logaddexp(self._log_mass, log_mass)
            self._add_ends(window, window.own_start, window.end)
        else:
            self._replace(window)
        keep = 4 * (self._rules.top_k + 2)  # some are dropped later: without content, or in conflict with a better one
        self._spans = sorted([*self._spans, *decoded.spans], key=lambda span: span.rank)[:keep]
        self._answers = None

    def _replace(self, window: Window) -> None:
        """Take out what ``window`` was before, and add up the ends of all windows anew where it has some."""
        self._spans = [span for span in self._spans if not window.own_start <= span.first < window.own_end]
        self._log_mass = np.logaddexp.reduce(list(self._log_masses.values()))
        self._end_mass[window.own_start : window.end] = -np.inf
        for other in self._window_ends:
            self._add_ends(other, window.own_start, window.end)

    def _add_ends(self, window: Window, start: int, end: int) -> None:
        """Add the ends that ``window`` has among the tokens ``start:end``."""
        first, low, high = window.own_start, max(start, window.own_start), min(end, window.end)
        if low < high:
            total = self._end_mass[low:high]
            total[:] = np.logaddexp(total, self._window_ends[window][low - first : high - first])

    @property
    def log_mass(self) -> float:
        """The log of the sum of the weights of all spans, without what words in common add."""
        return float(self._log_mass[0])

    @property
    def _log_total(self) -> float:
        """The same with it: of what the answers are shares."""
        return float(self._log_mass[1])

    @property
    def no_answer(self) -> float | None:
        """P(no answer) by the windows added so far; None for a model without that option."""
        return self._null.complement(self.log_mass) if self._rules.unanswerable else None

    @property
    def _log_answered(self) -> float:
        """The log of P(answer)."""
        return self._null.log_probability(self.log_mass) if self._rules.unanswerable else 0.0

    def answers(self) -> tuple[Answer, ...]:
        """The best spans so far, at most ``top_k``, best first."""
        if self._answers is None:
            self._answers = self._rank()
        return self._answers

    def best_spans(self, count: int) -> list[Span]:
        """The best ``count`` spans so far that share no token."""
        best: list[Span] = []
        for span in self._spans:
            if len(best) < count and all(span.last < other.first or other.last < span.first for other in best):
                best.append(span)
        return best

    def _rank(self) -> tuple[Answer, ...]:
        ranked: list[Answer] = []
        for candidate in self._candidates():
            ranked.append(self._answer(candidate, ranked))
        return tuple(ranked)

    def _candidates(self) -> list[_Candidate]:
        """The best spans, at most ``top_k`` that say something else, each with its other places."""
        candidates: dict[str | Items, _Candidate] = {}
        least = _PLACE_SHARE * self._calibration.temperature
        lowest = math.inf  # the score of the last candidate
        for span in self._spans:
            if len(candidates) == self._rules.top_k and span.score - lowest <= least:
                break  # too little weight to be a place of any
            place = _OffsetSpan(span, *self._offsets(span))
            text = self._text[place.start : place.end]
            if not has_content(text) or any(self._conflict(other, place) for other in candidates.values()):
                continue
            if self._wants_clause and any(self._is_in_sentence(other, place) for other in candidates.values()):
                continue
            items = self._lists.of(place.start) if self._lists else ()
            key = items or answer_key(text) or text
            if key not in candidates and len(candidates) < self._rules.top_k:
                candidates[key] = _Candidate([place], items)
                lowest = span.score
            elif key in candidates and span.score - candidates[key].places[0].span.score > least:
                candidates[key].places.append(place)
        return [*candidates.values()]

    def _conflict(self, better: _Candidate, place: _OffsetSpan) -> bool:
        """Whether ``better`` excludes ``place``: it overlaps or, where overlap is allowed, is equivalent."""
        if self._rules.overlap:
            significant = self._significant(place)
            return any(self._significant(other) == significant for other in better.places)
        return any(place.start < other.end and other.start < place.end for other in better.places)

    def _is_in_sentence(self, better: _Candidate, place: _OffsetSpan) -> bool:
        """Whether ``place`` is in the sentence of ``better``."""
        other = better.places[0]
        first, last = sentence_around(self._text, *self._unit(other.span), other.start, other.end)
        return first <= place.start < last

    def _significant(self, place: _OffsetSpan) -> tuple[int, int]:
        return significant_start(self._text, place.start), significant_end(self._text, place.end)

    def _offsets(self, span: Span) -> tuple[int, int]:
        """The start and end offset of a span, widened to whole words and things."""
        tokens = self._tokens
        start, end = int(tokens.offsets[span.first, 0]), int(tokens.offsets[span.last, 1])
        low, high = self._unit(span)
        start, end = widen_to_words(self._text, start, end)
        return complete(self._text, start, end, min(start, low), max(end, high))

    def _unit(self, span: Span) -> tuple[int, int]:
        """The start and end offset of the block or cell that holds a span."""
        tokens = self._tokens
        first, last = tokens.begins[span.first], tokens.ends[span.first] - 1
        return int(tokens.offsets[first, 0]), int(tokens.offsets[last, 1])

    def _answer(self, candidate: _Candidate, better: Sequence[Answer]) -> Answer:
        """The answer of ``candidate``; ``better`` are those that rank before it."""
        (span, start, end), *others = candidate.places
        tokens = [self._equivalent_tokens(place.span) for place in candidate.places]
        log_share = self._log_share(
            np.concatenate(
                [
                    self._log_weights(place.span, *pair).ravel()
                    for place, pair in zip(candidate.places, tokens, strict=True)
                ]
            )
        )
        calibrated = self._calibration.other if better else self._calibration.best
        confidence = math.exp(calibrated.log_probability(_log_odds(log_share)) + self._log_answered)
        starts = np.concatenate([self._start_mass[part.start : part.stop] for part, _ in tokens])
        ends = np.concatenate([self._end_mass[part.start : part.stop] for _, part in tokens])
        return Answer(
            start,
            end,
            self._text[start:end],
            min([confidence, *(answer.confidence for answer in better[-1:])]),
            confidence + self._other_spans(starts, log_share, confidence),
            confidence + self._other_spans(ends, log_share, confidence),
            span.start_score,
            span.end_score,
            span.null_score,
            () if candidate.items else tuple(sorted((place.start, place.end) for place in others)),
            candidate.items,
        )

    def _other_spans(self, log_masses: npt.NDArray[np.float32], log_share: float, confidence: float) -> float:
        """P of the spans that begin (or end) at the tokens of ``log_masses`` and are not equivalent to an answer.

        ``log_share`` is that of the equivalent spans. No more than the rest of P(answer) beside ``confidence``.
        """
        answered = math.exp(self._log_answered)
        other_share = max(0.0, math.exp(self._log_share(log_masses)) - math.exp(log_share))
        return max(0.0, min(answered * other_share, answered - confidence))

    def _equivalent_tokens(self, span: Span) -> tuple[range, range]:
        """The first and the last tokens of the spans that are equivalent to ``span``."""
        offsets, text = self._tokens.offsets, self._text

        def start_of(token: int) -> int:
            return significant_start(text, int(offsets[token, 0]))

        def end_of(token: int) -> int:
            return significant_end(text, int(offsets[token, 1]))

        if start_of(span.first) >= end_of(span.last):  # nothing but articles: equivalent to itself only
            return range(span.first, span.first + 1), range(span.last, span.last + 1)
        return self._tokens_around(span.first, start_of), self._tokens_around(span.last, end_of)

    def _tokens_around(self, token: int, offset_of: Callable[[int], int]) -> range:
        """``token`` and its neighbours in its block or cell, up to the first with another ``offset_of``."""
        offset = offset_of(token)
        first = max(int(self._tokens.begins[token]), token - NEIGHBOURS)
        stop = min(int(self._tokens.ends[token]), token + NEIGHBOURS + 1)
        low = next((other + 1 for other in range(token - 1, first - 1, -1) if offset_of(other) != offset), first)
        high = next((other for other in range(token + 1, stop) if offset_of(other) != offset), stop)
        return range(low, high)

    def _log_weights(self, span: Span, starts: range, ends: range) -> Floats:
        """Log weights ``[starts, ends]`` of the spans from each of ``starts`` to each of ``ends``; -inf for no span."""
        scores = span.start_logits(starts)[:, None] + span.end_logits(ends)
        length = np.array(ends) - np.array(starts)[:, None]
        scores[(length < 0) | (length >= self._rules.max_answer_tokens)] = -np.inf
        log_weights: Floats = (scores - span.level) / self._calibration.temperature
        return log_weights

    def _log_share(self, log_weights: Floats | npt.NDArray[np.float32]) -> float:
        """The log of the sum of the weights divided by that of all; at most 0, which rounding could exceed."""
        return min(0.0, float(np.logaddexp.reduce(log_weights, axis=None)) - self._log_total)


def _log_odds(log_share: float) -> float:
    return log_share - math.log(max(-math.expm1(log_share), 1e-300))
