"""Where training looks for a label, and what the label costs there.

For an answer it is the window in which the answer has the most context, and the answer's first and last token; for a
question without an answer it is [CLS], in every window (``qadesk.train.objective``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qadesk.errors import DataError
from qadesk.qa import windows
from qadesk.qa.engine import Options, Reader
from qadesk.qa.windows import DocumentTokens, Window
from qadesk.records import LabeledExample
from qadesk.train.objective import Objective, objective

Floats = npt.NDArray[np.float64]

_LOOKED_AT = 24  # windows of a long text, for a question without an answer


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """The tokens of the document that training asks for in ``window``, which is ``number`` of ``count``, from 1.

    ``first`` and ``last`` (inclusive) are None where it asks for [CLS]. ``key`` is that of the label.
    """

    key: str
    window: Window
    number: int
    count: int
    first: int | None = None
    last: int | None = None

    def column(self, token: int | None) -> int:
        """The column of a token of the document in the window's logits, 0 for [CLS]."""
        return 0 if token is None else token - self.window.start + len(self.window.question.head)


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """A target, the logits of its window ``[tokens]`` without padding, and what the target costs."""

    target: Target
    starts: Floats
    ends: Floats
    cost: Objective


def find(reader: Reader, example: LabeledExample, options: Options) -> list[Target]:
    """One target for an answer: of several, the first that is in its place. For no answer one in each window, of those
    that share the most words with the question if there are many.

    Raises ``DataError`` where the answer is not in its place or too long, ``QuestionError`` for what cannot be asked.
    """
    cut = reader.windows_of(example.question, example.context, options)
    if example.is_impossible:
        closest = windows.by_match(cut)[:_LOOKED_AT]
        return [Target(example.id, window, cut.index(window) + 1, len(cut)) for window in closest]
    first, last = _gold_tokens(cut[0].document, example)
    holding = [window for window in cut if window.start <= first and last < window.end]
    if not holding:
        raise DataError(
            "This answer is longer than what the model reads at once.", "Choose the few words that answer the question."
        )
    window = max(holding, key=lambda each: min(first - each.start, each.end - 1 - last))
    return [Target(example.id, window, cut.index(window) + 1, len(cut), first, last)]


def score(reader: Reader, targets: Sequence[Target]) -> Iterator[Scored]:
    """Each target with what it costs ``reader``, the longest windows first."""
    by_window = {id(target.window): target for target in targets}
    todo = sorted((target.window for target in targets), key=len, reverse=True)
    for batch, start_logits, end_logits in reader.logits(todo):
        for row, window in enumerate(batch.windows):
            target = by_window[id(window)]
            starts = start_logits[row, : len(window)].astype(np.float64)
            ends = end_logits[row, : len(window)].astype(np.float64)
            cost = objective(starts, ends, target.column(target.first), target.column(target.last))
            yield Scored(target, starts, ends, cost)


def _gold_tokens(document: DocumentTokens, example: LabeledExample) -> tuple[int, int]:
    gold = next((each for each in example.answers if each.text and each.stands_in(example.context)), None)
    first, last = windows.tokens_of(document, gold.start, gold.end) if gold else (0, -1)
    if first > last:
        raise DataError("The answer of this label is not in its place in the text.", "Choose the right words again.")
    return first, last
