"""The gold tokens of a label, as training uses them, and their loss.

For an answer they are its first and last token, in the window in which it has the most context; for a question without
an answer they are [CLS] and [CLS], in every window (``qadesk.train.objective``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qadesk.errors import DataError
from qadesk.qa import windows
from qadesk.qa.document_tokens import DocumentTokens, tokens_of
from qadesk.qa.engine import Reader
from qadesk.qa.reader_options import Options
from qadesk.qa.window_logits import rows_of
from qadesk.qa.windows import Window
from qadesk.records import LabeledExample
from qadesk.train.objective import Objective, objective

Floats = npt.NDArray[np.float64]

_MAX_WINDOWS = 24  # of a long text, for a question without an answer


@dataclass(frozen=True, slots=True, eq=False)
class GoldTokens:
    """The gold tokens of one label in ``window``, which is ``number`` of ``count``, from 1.

    ``first`` and ``last`` (inclusive) are tokens of the document, None for [CLS]. ``key`` is that of the label.
    """

    key: str
    window: Window
    number: int
    count: int
    first: int | None = None
    last: int | None = None

    def column(self, token: int | None) -> int:
        """The column of a token of the document in the logits of the window, 0 for [CLS]."""
        return 0 if token is None else token - self.window.start + len(self.window.question.head)


@dataclass(frozen=True, slots=True, eq=False)
class ScoredGold:
    """Gold tokens with the logits of their window (each ``[tokens]``, without padding) and their loss."""

    gold: GoldTokens
    start_logits: Floats
    end_logits: Floats
    objective: Objective


def find_gold_tokens(reader: Reader, example: LabeledExample, options: Options) -> list[GoldTokens]:
    """The gold tokens of ``example``: of several answers those of the first one that stands in the text.

    For no answer there are some in each window; of many windows, in those that share the most words with the question.
    Raises ``DataError`` where no answer stands in the text or it is too long, ``QuestionError`` for a question that
    cannot be asked.
    """
    cut = reader.windows_of(example.question, example.document, options)
    if example.is_impossible:
        closest = windows.by_match(cut)[:_MAX_WINDOWS]
        return [GoldTokens(example.id, window, cut.index(window) + 1, len(cut)) for window in closest]
    first, last = _answer_tokens(cut[0].document, example)
    holding = [window for window in cut if window.start <= first and last < window.end]
    if not holding:
        raise DataError(
            "This answer is longer than what the model reads at once.", "Choose the few words that answer the question."
        )
    window = max(holding, key=lambda window: min(first - window.start, window.end - 1 - last))
    return [GoldTokens(example.id, window, cut.index(window) + 1, len(cut), first, last)]


def score_gold_tokens(reader: Reader, golds: Sequence[GoldTokens]) -> Iterator[ScoredGold]:
    """The loss of each of ``golds``, those with the longest windows first."""
    by_window = {gold.window: gold for gold in golds}
    longest_first = sorted((gold.window for gold in golds), key=len, reverse=True)
    for scored in reader.logits(longest_first):
        for window, starts, ends in rows_of(*scored):
            gold = by_window[window]
            start_logits, end_logits = starts.astype(np.float64), ends.astype(np.float64)
            loss = objective(start_logits, end_logits, gold.column(gold.first), gold.column(gold.last))
            yield ScoredGold(gold, start_logits, end_logits, loss)


def _answer_tokens(document: DocumentTokens, example: LabeledExample) -> tuple[int, int]:
    """The first and last token of the first answer that stands in the text."""
    answer = next((answer for answer in example.answers if answer.text and answer.stands_in(example.context)), None)
    first, last = tokens_of(document, answer.start, answer.end) if answer else (0, -1)
    if first > last:
        raise DataError("The answer of this label is not in its place in the text.", "Choose the right words again.")
    return first, last
