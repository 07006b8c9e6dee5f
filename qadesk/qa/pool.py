"""Passages of many documents, read as one text: so that their spans compare, equal answers add up, and no answer is
weighed over all that was read.

A search gives passages (``records.Passage``). Their texts are joined, with a blank line between two, and so are their
tokens; but each passage is cut into windows of its own, so that the model never sees two at once. Then one ``Ranking``
ranks all spans. No span goes over the border of a passage, or of a piece of one.

What stands in two passages of one document, as a heading above both, counts in the one that comes first there.

**Prior.** A passage that matches the question less well is less likely to answer it. With the *prior* r of the model's
calibration (``PoolCalibration``) all weights of a passage are multiplied by exp(r * (b - best)), where b is the score
that the search gave it and best that of the best passage. In logits, which are divided by the temperature T to make
weights (``qadesk.qa.decode``), that is T * r * (b - best).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from qadesk.qa import windows
from qadesk.qa.decode import DecodedWindow, Rules
from qadesk.qa.document_tokens import DocumentTokens, join, tokenize_context
from qadesk.qa.list_answers import Lists
from qadesk.qa.windows import QuestionTokens, Window, WindowLengths
from qadesk.qa.word_match import word_priors
from qadesk.records.library import Passage
from qadesk.structure import shifted
from qadesk.structure.plain import blocks_or_plain

GAP = "\n\n"
"""What is between two passages in the text of a pool."""

_CACHED_PASSAGES = 512


@dataclass(frozen=True, slots=True)
class PassagePlace:
    """A span ``passage.document.text[start:end]``."""

    passage: Passage
    start: int
    end: int

    @property
    def in_document(self) -> tuple[int, int]:
        """The same span as characters of the whole document."""
        start = self.passage.offset_in_document(self.start)
        return start, start + self.end - self.start


class PassagePool:
    """``passages`` of one question, each with its own ``tokens``. ``text`` and ``tokens`` are those of all, joined."""

    def __init__(self, passages: Sequence[Passage], tokens: Sequence[DocumentTokens]) -> None:
        self.passages = tuple(passages)
        self.text = GAP.join(passage.document.text for passage in passages)
        lengths = [len(passage.document.text) + len(GAP) for passage in passages]
        self._starts = [0, *np.cumsum(lengths).tolist()]  # characters, of each passage, and behind the last one
        self._first_tokens = [0, *np.cumsum([len(part) for part in tokens]).tolist()]
        self._parts = tuple(tokens)
        self.tokens = _joined(_counted_once(passages, tokens), self._starts, self._first_tokens)

    def __len__(self) -> int:
        return len(self.passages)

    @property
    def lists(self) -> Lists:
        """The lists of all passages."""
        parts = []
        for passage, start in zip(self.passages, self._starts, strict=False):
            document = passage.document
            blocks = blocks_or_plain(document.text, document.blocks)
            parts.append([shifted(block, start) for block in blocks])
        return Lists(self.text, *parts)

    def cut(self, question: QuestionTokens, lengths: WindowLengths) -> list[Window]:
        """The windows of all passages, in their order; at least one each, none with tokens of two passages."""
        priors = word_priors(question.words, self.tokens)
        return [
            Window(question, self.tokens, first + start, first + end, first + own_start, first + own_end, priors)
            for part, first in zip(self._parts, self._first_tokens[:-1], strict=True)
            for start, end, own_start, own_end in windows.slices(question, part, lengths)
        ]

    def with_prior(self, decoded: DecodedWindow, prior: float, rules: Rules) -> DecodedWindow:
        """``decoded`` with the prior of its passage; ``prior`` is that of ``PoolCalibration``."""
        best = max(passage.score for passage in self.passages)
        score = self.passages[self.number_of(decoded.window)].score
        return decoded.with_prior(prior * (score - best) * rules.calibration.temperature, rules)

    def number_of(self, window: Window) -> int:
        """The index of the passage that ``window`` is of."""
        return bisect_right(self._first_tokens, window.start, hi=len(self)) - 1

    def place(self, start: int, end: int) -> PassagePlace:
        """Where ``text[start:end]`` is, which is part of one passage."""
        number = bisect_right(self._starts, start, hi=len(self)) - 1
        at = self._starts[number]
        return PassagePlace(self.passages[number], start - at, end - at)


class PassageTokens:
    """The tokens of passages; those of the last few hundred are kept, by what they say."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._cached: OrderedDict[tuple[str, tuple[tuple[int, int, int], ...]], tuple[object, DocumentTokens]]
        self._cached = OrderedDict()

    def pool(self, passages: Sequence[Passage]) -> PassagePool:
        """``passages`` as a pool, in their order."""
        return PassagePool(passages, [self._tokens(passage) for passage in passages])

    def _tokens(self, passage: Passage) -> DocumentTokens:
        document = passage.document
        key = document.text, passage.pieces
        cached = self._cached.get(key)
        if cached is None or cached[0] != document.blocks:
            self._cached[key] = cached = document.blocks, self._tokenize(passage)
        self._cached.move_to_end(key)
        if len(self._cached) > _CACHED_PASSAGES:
            self._cached.popitem(last=False)
        return cached[1]

    def _tokenize(self, passage: Passage) -> DocumentTokens:
        """The tokens of ``passage``; a block of two pieces is two units."""
        document = passage.document
        starts = np.array([start for start, _, _ in passage.pieces])
        parts = []
        for part in tokenize_context(self._tokenizer, document.text, document.blocks):
            pieces = np.searchsorted(starts, part.offsets[:, 0], side="right")
            units = np.where(part.units < 0, -1, part.units * (len(starts) + 1) + pieces)
            parts.append(part._replace(units=units.astype(np.int32)))
        return join(parts)


def _joined(parts: Sequence[DocumentTokens], starts: Sequence[int], first_tokens: Sequence[int]) -> DocumentTokens:
    """The tokens of several texts as those of one: ``starts`` are their characters in it, then come their tokens."""
    if not parts:
        return join([])
    rows = list(zip(parts, starts, first_tokens, strict=False))
    return DocumentTokens(
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.offsets + np.int32(start) for part, start, _ in rows]),
        np.concatenate([part.begins + np.int32(first) for part, _, first in rows]),
        np.concatenate([part.ends + np.int32(first) for part, _, first in rows]),
        np.concatenate([part.borders + np.int32(first) for part, _, first in rows]),
    )


def _counted_once(passages: Sequence[Passage], tokens: Sequence[DocumentTokens]) -> list[DocumentTokens]:
    """``tokens`` of ``passages``, where no answer contains what another passage, with a lower id, holds too."""
    known: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)  # pieces of the whole text, by its number
    parts = list(tokens)
    for index in sorted(range(len(passages)), key=lambda index: passages[index].id):
        passage = passages[index]
        pieces = known[passage.text_id]
        twice = [
            (start, start + length)
            for start, whole, length in passage.pieces
            if any(first <= whole and whole + length <= last for first, last in pieces)
        ]
        if twice:
            parts[index] = _without(parts[index], twice)
        pieces += [(whole, whole + length) for _, whole, length in passage.pieces]
    return parts


def _without(tokens: DocumentTokens, spans: Sequence[tuple[int, int]]) -> DocumentTokens:
    """``tokens`` where no answer contains one that begins in the characters of ``spans``."""
    starts = tokens.offsets[:, 0]
    is_left_out: npt.NDArray[np.bool_] = np.zeros(len(tokens), dtype=np.bool_)
    for start, end in spans:
        is_left_out |= (starts >= start) & (starts < end)
    indices = np.arange(len(tokens), dtype=np.int32)
    begins, ends = (np.where(is_left_out, indices, old) for old in (tokens.begins, tokens.ends))
    return replace(tokens, begins=begins, ends=ends)
