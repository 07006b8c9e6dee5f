"""What a label costs the model, made visible; and which questions teach it most.

Training looks at one window at a time: the start logits of all its positions become one distribution, the end logits
another, and the loss is the mean of -log P(start) and -log P(end) at the label's own first and last token
(``qadesk.train.objective``). The maximum scoring span is what the model *predicts* from the same logits; the loss does
not look at it. An ``Inspection`` puts both side by side. As

    log(P(start = i) * P(end = j)) = s_i + e_j - a constant of the window,

the maximum scoring span is the one with the highest P(start) * P(end), and the label's loss is minus half the log of
the label's own product. Both come from the same logits; that is all that they have to do with each other.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np

from qadesk.app.labelling import gold_tokens
from qadesk.app.labelling.gold_tokens import Floats, Scored, Target
from qadesk.errors import DataError, QuestionError
from qadesk.progress import Clock, Progress
from qadesk.qa.engine import Options, Reader
from qadesk.qa.windows import tokens_of
from qadesk.records import LABELLED, Answers, Label, LabeledExample

_LISTED = 10  # best spans
_AT_ONCE = 32  # examples whose windows are scored together
_RUNNERS_UP = 3


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
    """Positions ``first..last`` (inclusive) of an inspection, the characters ``start:end``, and what they score.

    ``first`` and ``last`` are 0 and ``text`` is '' for no answer. ``start_score`` and ``end_score`` are S.T_i and
    E.T_j, in logits; ``probability`` is P(start) * P(end). ``is_right`` says that it is an answer of the label.
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
    the text; the question and the separators have the rest of the probability, ``elsewhere`` (start, end). ``gold`` is
    the label's span, or no answer, in whole tokens as the model sees it. ``best`` are the ten best spans, best first:
    the first is the maximum scoring span, which is what the model predicts. ``rank`` is the place of ``gold`` among all
    spans that can be predicted, 1 for the best; None where it is none of them: longer than the longest, or no answer
    where the model always gives one. ``window`` of ``windows``, from 1, is the part of the text that is looked at.
    ``answers`` counts the accepted answers of the label; ``gold`` is the first of them that is in its place.
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
    """What the model says to an open question. ``margin`` is the confidence of the best option less that of the next.

    No answer counts as an option. The lower the margin, the more the label teaches.
    """

    label_id: int
    answers: Answers
    margin: float


def inspect(reader: Reader, label: Label, text: str, options: Options | None = None) -> Inspection:
    """What ``label``, which belongs to ``text``, costs ``reader``.

    Looked at is the window in which the answer has the most context; for a label without an answer the one that costs
    most of those that share the most words with the question. Raises ``DataError`` for a label that has no answer to
    look at, and ``QuestionError``.
    """
    if label.state != LABELLED:
        raise DataError("This question has no label yet.", "Give it an answer, or say that it has none.")
    options = options or Options()
    example = LabeledExample(label.key, label.question, text, "", label.answers, label.is_impossible)
    worst = max(gold_tokens.score(reader, gold_tokens.find(reader, example, options)), key=lambda each: each.cost.loss)
    return _inspection(reader, label, text, worst, options)


def losses(
    reader: Reader, examples: Sequence[LabeledExample], options: Options | None = None
) -> Generator[Progress, None, dict[str, float]]:
    """The loss of each example by its id, in nats, in the window that ``inspect`` looks at.

    Examples that cannot be read (no words in the question, an answer that is not in its place) have none. Yields
    progress in examples; closing the generator cancels.
    """
    clock = Clock("Checking", len(examples))
    found: dict[str, float] = {}
    for begin in range(0, len(examples), _AT_ONCE):
        some = examples[begin : begin + _AT_ONCE]
        todo = [target for each in some for target in _readable(reader, each, options or Options())]
        for count, scored in enumerate(gold_tokens.score(reader, todo), 1):
            key = scored.target.key
            found[key] = max(found.get(key, 0.0), scored.cost.loss)
            yield clock.at(begin + len(some) * count // len(todo))
    return found


def suggest(
    reader: Reader, label_rows: Sequence[tuple[Label, str]], options: Options | None = None
) -> Generator[Progress, None, dict[int, Suggestion]]:
    """What ``reader`` says to each ``(label, text)``, by label id, the lowest margin first: that one teaches most.

    Questions that cannot be asked are left out. Yields progress in questions; closing the generator cancels.
    """
    options = options or Options(top_k=_RUNNERS_UP)
    rows = [(label, text) for label, text in label_rows if _is_askable(reader, label.question, text, options)]
    found = yield from reader.answer_many([(label.question, text) for label, text in rows], options)
    made = [Suggestion(label.id, each, margin(each)) for (label, _), each in zip(rows, found, strict=True)]
    return {each.label_id: each for each in sorted(made, key=lambda each: each.margin)}


def margin(answers: Answers) -> float:
    """The confidence of the best option less that of the next, 0 to 1. No answer is an option where the model has it.

    Settles and Craven (2008) call the lowest first margin sampling.
    """
    options = [each.confidence for each in answers.spans]
    if answers.no_answer is not None:
        options.append(answers.no_answer)
    best, second, *_ = [*sorted(options, reverse=True), 0.0, 0.0]
    return best - second


def _is_askable(reader: Reader, question: str, text: str, options: Options) -> bool:
    try:
        return bool(reader.windows_of(question, text, options))
    except QuestionError:
        return False


def _readable(reader: Reader, example: LabeledExample, options: Options) -> list[Target]:
    try:
        return gold_tokens.find(reader, example, options)
    except (DataError, QuestionError):
        return []


def _inspection(reader: Reader, label: Label, text: str, scored: Scored, options: Options) -> Inspection:
    target, cost = scored.target, scored.cost
    view = _View(scored, text, label)
    sums = view.sums(options.max_answer_tokens, has_null=reader.model.unanswerable)
    return Inspection(
        label.id,
        label.question,
        cost.start_loss,
        cost.end_loss,
        cost.loss,
        view.positions,
        view.elsewhere,
        view.gold,
        _rank(sums, view.gold),
        view.best(sums),
        target.number,
        target.count,
        len(label.answers),
    )


def _rank(sums: Floats, span: ScoredSpan) -> int | None:
    length = span.last - span.first
    if length >= sums.shape[1] or not np.isfinite(sums[span.first, length]):
        return None
    return 1 + int((sums > span.score).sum())


class _View:
    """The positions of a window that a person can see: [CLS], then the window's part of the text."""

    def __init__(self, scored: Scored, text: str, label: Label) -> None:
        self._target = scored.target
        window = self._target.window
        columns = np.r_[0, self._target.column(window.start) : self._target.column(window.end)]
        self._starts, self._ends = scored.starts[columns], scored.ends[columns]
        start_probabilities = scored.cost.start_probabilities[columns]
        end_probabilities = scored.cost.end_probabilities[columns]
        offsets = [(0, 0), *window.document.offsets[window.start : window.end].tolist()]
        self._text = text
        right = [tokens_of(window.document, each.start, each.end) for each in label.answers]
        self._right = {self._places(*tokens) for tokens in right} or {(0, 0)}
        self.positions = tuple(
            Position(start, end, text[start:end], float(first), float(last))
            for (start, end), first, last in zip(offsets, start_probabilities, end_probabilities, strict=True)
        )
        self.elsewhere = 1 - float(start_probabilities.sum()), 1 - float(end_probabilities.sum())

    @property
    def gold(self) -> ScoredSpan:
        """What training asks for."""
        return self.span(*self._places(self._target.first, self._target.last))

    def _places(self, *tokens: int | None) -> tuple[int, ...]:
        """The positions of tokens of the document, 0 for None."""
        return tuple(0 if token is None else token - self._target.window.start + 1 for token in tokens)

    def sums(self, longest: int, *, has_null: bool) -> Floats:
        """s_i + e_j of every span that can be predicted: ``[i, j - i]``, -inf where there is none.

        No answer is the span of [CLS] alone, where the model has it (``qadesk.qa.decode``).
        """
        ends = np.pad(self._ends, (0, longest - 1), constant_values=-np.inf)
        table: Floats = self._starts[:, None] + np.lib.stride_tricks.sliding_window_view(ends, longest)
        table[0, 0 if not has_null else 1 :] = -np.inf
        return table

    def best(self, sums: Floats) -> tuple[ScoredSpan, ...]:
        """The spans of ``sums`` that score most; of equal ones the earlier, then the shorter, comes first."""
        order = np.argsort(-sums, axis=None, kind="stable")[:_LISTED]
        found = [divmod(int(each), sums.shape[1]) for each in order if np.isfinite(sums.flat[each])]
        return tuple(self.span(first, first + length) for first, length in found)

    def span(self, first: int, last: int) -> ScoredSpan:
        """What positions ``first..last`` score."""
        opened, closed = self.positions[first], self.positions[last]
        return ScoredSpan(
            first,
            last,
            opened.start,
            closed.end,
            self._text[opened.start : closed.end],
            float(self._starts[first]),
            float(self._ends[last]),
            opened.start_probability * closed.end_probability,
            (first, last) in self._right,
        )
