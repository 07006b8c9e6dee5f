"""The loss of a label beside what the model predicts, and the questions that are most useful to label.

The loss is of one window: the softmax of the start logits is P(start), that of the end logits P(end), and the loss is
the mean of -log P(start) and -log P(end) at the gold tokens (``qadesk.train.objective``). The maximum scoring span is
what the model *predicts* from the same logits; the loss does not depend on which span that is. As

    log(P(start = i) * P(end = j)) = s_i + e_j - a constant of the window,

the maximum scoring span is the one with the highest P(start) * P(end), and the loss is minus half the log of that
product for the gold span. Of a text of several windows this is the first reading: the second look, which answers have
(``qadesk.qa.second_look``), is not part of training.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np

from qadesk.app.labelling.gold_tokens import Floats, GoldTokens, ScoredGold, find_gold_tokens, score_gold_tokens
from qadesk.app.reading.ask import answer_all
from qadesk.errors import DataError, QuestionError
from qadesk.progress import Clock, Progress
from qadesk.qa.document_tokens import tokens_of
from qadesk.qa.engine import Reader
from qadesk.qa.reader_options import Options
from qadesk.records import LABELLED, Answers, Label, LabeledExample, LabelText

_BEST_SPANS = 10
_CHUNK = 32  # examples whose windows are scored together
_SUGGESTED = 3  # answers to an open question


@dataclass(frozen=True, slots=True)
class Position:
    """One position of a window: the characters ``start:end`` of the text, and its probabilities, 0 to 1.

    The first position of a window is [CLS], which stands for no answer: its ``text`` is '', its offsets are 0.
    """

    start: int
    end: int
    text: str
    start_probability: float
    end_probability: float


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """Positions ``first..last`` (inclusive) of an inspection, the characters ``start:end``, and their scores.

    ``first`` and ``last`` are 0 and ``text`` is '' for no answer. ``start_score`` and ``end_score`` are S.T_i and
    E.T_j, in logits; ``probability`` is P(start) * P(end). ``is_right`` is whether it is an answer of the label.
    """

    first: int
    last: int
    start: int
    end: int
    text: str
    start_score: float
    end_score: float
    probability: float
    is_right: bool

    @property
    def score(self) -> float:
        """S.T_i + E.T_j, in logits."""
        return self.start_score + self.end_score


@dataclass(frozen=True, slots=True)
class Inspection:
    """The training objective of one label in one window, and what the model predicts there.

    ``start_loss``, ``end_loss`` and their mean ``loss`` are in nats. ``positions`` are [CLS] and the window's part of
    the text; ``elsewhere`` (start, end) is the probability of the other tokens: the question and the separators.
    ``gold`` is the span of the label, or no answer, in whole tokens. ``best`` are the ten best spans, best first: the
    first is the maximum scoring span, which is what the model predicts. ``rank`` is the rank of ``gold`` among all
    spans that can be predicted, 1 for the best; None where it is none of them: too long, or no answer where the model
    always gives one. ``window`` of ``windows``, from 1, is the part of the text that was read. ``answers`` counts the
    accepted answers of the label; ``gold`` is the first of them that stands in the text.
    """

    label_id: int
    question: str
    start_loss: float
    end_loss: float
    loss: float
    positions: tuple[Position, ...]
    elsewhere: tuple[float, float]
    gold: ScoredSpan
    rank: int | None
    best: tuple[ScoredSpan, ...]
    window: int
    windows: int
    answers: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The answers of the model to an open question, with their ``margin``: the lower, the more its label teaches."""

    label_id: int
    answers: Answers
    margin: float


def inspect_label(reader: Reader, label: Label, text: LabelText, options: Options | None = None) -> Inspection:
    """The loss and the predictions of ``reader`` for ``label``, which belongs to ``text``.

    The window is the one in which the answer has the most context; for a label without an answer it is the one with the
    highest loss of those that share the most words with the question. Raises ``DataError`` for a label without a usable
    answer, and ``QuestionError``.
    """
    if label.state != LABELLED:
        raise DataError("This question has no label yet.", "Give it an answer, or say that it has none.")
    options = options or Options()
    scored = score_gold_tokens(reader, find_gold_tokens(reader, label.example_in(text), options))
    return _inspection(reader, label, text.text, max(scored, key=lambda gold: gold.objective.loss), options)


def losses(
    reader: Reader, examples: Sequence[LabeledExample], options: Options | None = None
) -> Generator[Progress, None, dict[str, float]]:
    """The loss of each example by its id, in nats, in the window that ``inspect_label`` shows.

    Examples that cannot be read (no words in the question, an answer that does not stand in the text) have none. Yields
    progress in examples; closing the generator cancels.
    """
    clock = Clock("Checking", len(examples))
    by_id: dict[str, float] = {}
    for begin in range(0, len(examples), _CHUNK):
        chunk = examples[begin : begin + _CHUNK]
        golds = [gold for example in chunk for gold in _readable_gold(reader, example, options or Options())]
        for count, scored in enumerate(score_gold_tokens(reader, golds), 1):
            key = scored.gold.key
            by_id[key] = max(by_id.get(key, 0.0), scored.objective.loss)
            yield clock.at(begin + len(chunk) * count // len(golds))
    return by_id


def suggest(
    reader: Reader, label_rows: Sequence[tuple[Label, LabelText]], options: Options | None = None
) -> Generator[Progress, None, dict[int, Suggestion]]:
    """The answers of ``reader`` to each ``(label, text)``, by label id, the lowest margin first: it teaches most.

    Questions that cannot be asked are left out. Yields progress in questions; closing the generator cancels.
    """
    options = options or Options(top_k=_SUGGESTED, lookahead=False)
    results = yield from answer_all(reader, [(label.question, text.document) for label, text in label_rows], options)
    suggestions = [
        Suggestion(label.id, answers, margin(answers))
        for (label, _), answers in zip(label_rows, results, strict=True)
        if not isinstance(answers, QuestionError)
    ]
    suggestions.sort(key=lambda suggestion: suggestion.margin)
    return {suggestion.label_id: suggestion for suggestion in suggestions}


def margin(answers: Answers) -> float:
    """The confidence of the best option less that of the next, 0 to 1. No answer is an option where the model has it.

    Margin sampling labels the question with the lowest first (Settles and Craven, 2008).
    """
    options = [answer.confidence for answer in answers.spans]
    if answers.no_answer is not None:
        options.append(answers.no_answer)
    best, second, *_ = [*sorted(options, reverse=True), 0.0, 0.0]
    return best - second


def _readable_gold(reader: Reader, example: LabeledExample, options: Options) -> list[GoldTokens]:
    try:
        return find_gold_tokens(reader, example, options)
    except (DataError, QuestionError):
        return []


def _inspection(reader: Reader, label: Label, text: str, scored: ScoredGold, options: Options) -> Inspection:
    gold, objective = scored.gold, scored.objective
    window = _InspectedWindow(scored, text, label)
    sums = window.sums(options.max_answer_tokens, has_null=reader.model.unanswerable)
    return Inspection(
        label.id,
        label.question,
        objective.start_loss,
        objective.end_loss,
        objective.loss,
        window.positions,
        window.elsewhere,
        window.gold,
        _rank(sums, window.gold),
        window.best(sums),
        gold.number,
        gold.count,
        len(label.answers),
    )


def _rank(sums: Floats, span: ScoredSpan) -> int | None:
    length = span.last - span.first
    if length >= sums.shape[1] or not np.isfinite(sums[span.first, length]):
        return None
    return 1 + int((sums > span.score).sum())


class _InspectedWindow:
    """The positions of a window that are shown: [CLS], then the window's part of the text."""

    def __init__(self, scored: ScoredGold, text: str, label: Label) -> None:
        self._gold = scored.gold
        window = self._gold.window
        columns = np.r_[0, self._gold.column(window.start) : self._gold.column(window.end)]
        self._start_logits, self._end_logits = scored.start_logits[columns], scored.end_logits[columns]
        start_probabilities = scored.objective.start_probabilities[columns]
        end_probabilities = scored.objective.end_probabilities[columns]
        offsets = [(0, 0), *window.document.offsets[window.start : window.end].tolist()]
        self._text = text
        answers = [tokens_of(window.document, answer.start, answer.end) for answer in label.answers]
        self._right = {self._positions_of(*tokens) for tokens in answers} or {(0, 0)}
        self.positions = tuple(
            Position(start, end, text[start:end], float(start_probability), float(end_probability))
            for (start, end), start_probability, end_probability in zip(
                offsets, start_probabilities, end_probabilities, strict=True
            )
        )
        self.elsewhere = 1 - float(start_probabilities.sum()), 1 - float(end_probabilities.sum())

    @property
    def gold(self) -> ScoredSpan:
        """The span of the gold tokens."""
        return self.span(*self._positions_of(self._gold.first, self._gold.last))

    def _positions_of(self, *tokens: int | None) -> tuple[int, ...]:
        """The positions of tokens of the document, 0 for None."""
        return tuple(0 if token is None else token - self._gold.window.start + 1 for token in tokens)

    def sums(self, longest: int, *, has_null: bool) -> Floats:
        """s_i + e_j of every span that can be predicted: ``[i, j - i]``, -inf where there is none.

        No answer is the span of [CLS] alone, where the model has it (``qadesk.qa.decode``).
        """
        ends = np.pad(self._end_logits, (0, longest - 1), constant_values=-np.inf)
        table: Floats = self._start_logits[:, None] + np.lib.stride_tricks.sliding_window_view(ends, longest)
        table[0, 0 if not has_null else 1 :] = -np.inf
        return table

    def best(self, sums: Floats) -> tuple[ScoredSpan, ...]:
        """The spans with the highest of ``sums``; of equal ones the earlier, then the shorter, comes first."""
        order = np.argsort(-sums, axis=None, kind="stable")[:_BEST_SPANS]
        cells = [divmod(int(index), sums.shape[1]) for index in order if np.isfinite(sums.flat[index])]
        return tuple(self.span(first, first + length) for first, length in cells)

    def span(self, first: int, last: int) -> ScoredSpan:
        """The span of positions ``first..last``."""
        begin, end = self.positions[first], self.positions[last]
        return ScoredSpan(
            first,
            last,
            begin.start,
            end.end,
            self._text[begin.start : end.end],
            float(self._start_logits[first]),
            float(self._end_logits[last]),
            begin.start_probability * end.end_probability,
            (first, last) in self._right,
        )
