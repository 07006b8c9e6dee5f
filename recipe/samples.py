"""Windows with their targets, cut once and stored as flat arrays, of which a step takes a slice."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from qadesk.errors import QuestionError
from qadesk.qa import windows
from qadesk.qa.document_tokens import DocumentTokens, tokens_of, tokens_of_context
from qadesk.qa.equivalence import widen_to_words
from qadesk.qa.windows import WindowLengths
from qadesk.records import LabeledExample

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Window n has the tokens ``ids[at[n]:at[n + 1]]``, of which the first ``heads[n]`` are [CLS] question [SEP].

    Its answers are the rows ``spans_at[n]:spans_at[n + 1]`` of ``spans``: columns of the first and the last token, both
    0 where it holds no answer.
    """

    ids: npt.NDArray[np.int32]
    at: Ints
    heads: npt.NDArray[np.int32]
    spans: npt.NDArray[np.int32]
    spans_at: Ints

    def __len__(self) -> int:
        return len(self.heads)

    @property
    def lengths(self) -> Ints:
        """Tokens of each window."""
        return np.diff(self.at)

    def save(self, path: Path) -> None:
        """Write them to ``path``, all or nothing."""
        part = path.with_suffix(".part.npz")
        np.savez(part, **{field.name: getattr(self, field.name) for field in fields(self)})
        os.replace(part, path)

    @classmethod
    def load(cls, path: Path) -> Samples:
        """What ``save`` wrote."""
        with np.load(path) as arrays:
            return cls(**{field.name: arrays[field.name] for field in fields(cls)})


@dataclass(frozen=True, slots=True, eq=False)
class RecipeBatch:
    """Padded windows, ``[windows, tokens]``; ``spans`` ``[windows, answers, 2]``, -1 where there are fewer."""

    ids: torch.Tensor
    types: torch.Tensor
    mask: torch.Tensor
    spans: torch.Tensor


def cut(examples: Iterable[LabeledExample], tokenizer: Tokenizer, lengths: WindowLengths) -> Samples:
    """The windows of ``examples`` as the reader would cut them: all that hold an answer whole, and one that holds none.

    Answers are widened to whole words, as the reader's are. A question that leaves no room is left out.
    """
    documents: dict[str, DocumentTokens] = {}
    rows: list[tuple[windows.Window, list[tuple[int, int]]]] = []
    for example in examples:
        if example.context not in documents:
            documents[example.context] = tokens_of_context(tokenizer, example.context, example.blocks)
        document = documents[example.context]
        head = windows.tokenize_question(tokenizer, example.question)
        try:
            cut_windows = windows.cut(head, document, lengths)
        except QuestionError:
            continue
        answers = _token_spans(example, document)
        pairs = [(window, _columns(window, answers)) for window in cut_windows]
        rows += [pair for pair in pairs if pair[1]]
        rows += [(window, [(0, 0)]) for window, spans in pairs if not spans][:1]
    return _flat(rows)


def _token_spans(example: LabeledExample, document: DocumentTokens) -> list[tuple[int, int]]:
    text = example.context
    words = {widen_to_words(text, answer.start, answer.end) for answer in example.answers}
    return sorted({tokens_of(document, start, end) for start, end in words if start < end})


def _columns(window: windows.Window, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    shift = len(window.question.head) - window.start
    return [(first + shift, last + shift) for first, last in spans if window.start <= first <= last < window.end]


def _flat(rows: Sequence[tuple[windows.Window, list[tuple[int, int]]]]) -> Samples:
    ids = [
        np.concatenate([w.question.head, w.document.ids[w.start : w.end], w.question.tail]).astype(np.int32)
        for w, _ in rows
    ]
    return Samples(
        np.concatenate(ids),
        np.cumsum([0, *map(len, ids)]),
        np.array([len(window.question.head) for window, _ in rows], np.int32),
        np.array([span for _, spans in rows for span in spans], np.int32),
        np.cumsum([0, *(len(spans) for _, spans in rows)]),
    )


def batch(samples: Samples, chosen: Ints, pad_id: int = 0) -> RecipeBatch:
    """The windows ``chosen``, padded to the longest."""
    size, most = int(samples.lengths[chosen].max()), int(np.diff(samples.spans_at)[chosen].max())
    ids = np.full((len(chosen), size), pad_id, np.int64)
    types = np.zeros((len(chosen), size), np.int64)
    mask = np.zeros((len(chosen), size), bool)
    spans = np.full((len(chosen), most, 2), -1, np.int64)
    for row, index in enumerate(chosen):
        tokens = samples.ids[samples.at[index] : samples.at[index + 1]]
        answers = samples.spans[samples.spans_at[index] : samples.spans_at[index + 1]]
        ids[row, : len(tokens)] = tokens
        types[row, samples.heads[index] : len(tokens)] = 1
        mask[row, : len(tokens)] = True
        spans[row, : len(answers)] = answers
    return RecipeBatch(*map(torch.from_numpy, (ids, types, mask, spans)))


def groups(lengths: Ints, tokens: int, seed: Sequence[int]) -> list[Ints]:
    """All windows once, in a random order given by ``seed``, in groups of at most ``tokens`` with padding.

    Windows of a group are of similar length: each pool of some thousand windows is sorted, cut up and mixed again.
    """
    random = np.random.default_rng(seed)
    order = random.permutation(len(lengths))
    all_groups: list[Ints] = []
    for mixed in np.array_split(order, max(1, len(order) // 4096)):
        pool = mixed[np.argsort(-lengths[mixed], kind="stable")]
        cuts, at = [], 0
        while at < len(pool):
            size = max(1, tokens // int(lengths[pool[at]]))
            cuts.append(pool[at : at + size])
            at += size
        all_groups += [cuts[index] for index in random.permutation(len(cuts))]
    return all_groups
