"""Turns labels into training samples: windows cut as the reader cuts them, each with its target columns.

A long document gives many windows, and nearly all of them hold no answer. Training on all would take hours and teach
little but to predict no answer. So a label is learned from one window that holds the whole answer, the one in which it
is farthest from both ends, and some labels from one that does not: that which shares the most words with the question,
which misleads a reader most. A window that repeats the words of an answer elsewhere is left out: it is not labelled
whether it answers the question. For measuring, all windows with the answer are read, and a few more without.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from qadesk.errors import QuestionError
from qadesk.qa import windows
from qadesk.qa.document_tokens import DocumentTokens, tokens_of, tokens_of_context
from qadesk.qa.windows import Window, WindowLengths
from qadesk.records import GoldSpan, LabeledExample
from qadesk.structure import Block

BUCKET = 32
"""Batches are padded to multiples of so many tokens: torch prepares kernels for each new shape."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
_EXCERPT = 600  # characters: about 130 tokens


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A window and the columns of its answer's first and last token; both 0, [CLS], where it holds no answer."""

    window: Window
    start: int = 0
    end: int = 0

    def __len__(self) -> int:
        return len(self.window)


@dataclass(frozen=True, slots=True, eq=False)
class TrainingBatch:
    """Samples packed for a model, int64, padded to a multiple of ``BUCKET`` where the model allows.

    ``packed`` is ``[windows, tokens]`` for each input; ``targets`` is ``[2, windows]``.
    """

    packed: windows.Batch
    targets: npt.NDArray[np.int64]


class Cutter:
    """Cuts labels into samples. Labels of one context share its tokens."""

    def __init__(self, tokenizer: Tokenizer, lengths: WindowLengths) -> None:
        self._tokenizer = tokenizer
        self._lengths = lengths
        self._documents: dict[str, tuple[tuple[Block, ...], DocumentTokens]] = {}

    def tokens(self, example: LabeledExample) -> DocumentTokens:
        """The tokens of the context of ``example``."""
        text, blocks = example.context, example.blocks
        cached = self._documents.get(text)
        if cached is None or cached[0] != blocks:
            self._documents[text] = cached = blocks, tokens_of_context(self._tokenizer, text, blocks)
        return cached[1]

    def samples(self, example: LabeledExample, others: int) -> list[Sample]:
        """The windows that hold an answer, and at most ``others`` that do not, those closest to the question first.

        Empty for a label that cannot be used: its answers are not at their offsets in the text, or the question leaves
        no room for the text.
        """
        tokens = self.tokens(example)
        spans = [span for answer in example.answers if (span := _token_span(tokens, answer, example.context))]
        if not spans and not example.is_impossible:
            return []
        try:
            cut = self._cut(example.question, tokens)
        except QuestionError:
            return []
        samples = [_sample(window, spans) for window in cut]
        golds = [text.casefold() for text in example.gold_texts]
        empty = [sample for sample in samples if not sample.end and not _repeats(sample.window, example.context, golds)]
        if len(empty) > others:
            rank = {id(window): rank for rank, window in enumerate(windows.by_match(cut))}
            empty.sort(key=lambda sample: rank[id(sample.window)])
        return [sample for sample in samples if sample.end] + empty[:others]

    def training_samples(self, example: LabeledExample, *, has_other: bool) -> list[Sample]:
        """The windows that a label is learned from: one with its answer and, if ``has_other``, one without.

        One without for a label without an answer. Empty for a label that cannot be used.
        """
        samples = self.samples(example, 1)
        answered = [sample for sample in samples if sample.end]
        others = [sample for sample in samples if not sample.end]
        if not answered:
            return others if example.is_impossible else []
        return [max(answered, key=_room), *(others if has_other else [])]

    def unlabelled_windows(self, texts: Sequence[str], questions: Sequence[str], count: int, seed: int) -> list[Window]:
        """``count`` windows over random excerpts of ``texts``; the same for the same ``seed``.

        Their questions are in turn a random one of ``questions``, which most excerpts do not answer, and a sentence of
        the excerpt with a few words removed, which are the answer.
        """
        random = np.random.default_rng([seed, 1])
        lengths = np.array([len(text) for text in texts], dtype=float)
        cut_windows: list[Window] = []
        for number in range(count if lengths.any() and questions else 0):
            text = texts[int(random.choice(len(texts), p=lengths / lengths.sum()))]
            at = int(random.integers(max(1, len(text) - _EXCERPT + 1)))
            excerpt = text[at : at + _EXCERPT]
            question = questions[int(random.integers(len(questions)))]
            tokens = tokens_of_context(self._tokenizer, excerpt)
            try:
                cut_windows.append(self._cut((number % 2 and _gap(excerpt, random)) or question, tokens)[0])
            except QuestionError:
                continue
        return cut_windows

    def distilled_windows(
        self,
        texts: Sequence[str],
        questions: Sequence[str],
        replay: Sequence[LabeledExample],
        count: int,
        seed: int,
    ) -> list[Window]:
        """The ``count`` windows of the distillation loss: in turn one of ``unlabelled_windows`` and one of ``replay``.

        Only the former where nothing is replayed.
        """
        half = count // 2 if replay else 0
        unlabelled = self.unlabelled_windows(texts, questions, count - half, seed)
        replayed = self._replayed_windows(replay, half, seed)
        pairs = zip_longest(unlabelled, replayed)
        return [window for pair in pairs for window in pair if window is not None]

    def _replayed_windows(self, replay: Sequence[LabeledExample], count: int, seed: int) -> list[Window]:
        """The first windows of at most ``count`` of ``replay``, in a random order; the same for the same ``seed``."""
        cut_windows = []
        for row in np.random.default_rng([seed, 2]).permutation(len(replay))[:count]:
            with contextlib.suppress(QuestionError):  # it leaves no room in short windows
                cut_windows.append(self._cut(replay[row].question, self.tokens(replay[row]))[0])
        return cut_windows

    def _cut(self, question: str, tokens: DocumentTokens) -> list[Window]:
        head = windows.tokenize_question(self._tokenizer, question)
        return windows.cut(head, tokens, self._lengths)


def _gap(excerpt: str, random: np.random.Generator) -> str:
    """A sentence of ``excerpt`` as a question for one to four of its words; '' if it has none of a good length."""
    sentences = [words for text in _SENTENCE.split(excerpt) if 5 <= len(words := text.split()) <= 40]
    if not sentences:
        return ""
    words = sentences[int(random.integers(len(sentences)))]
    at, size = int(random.integers(len(words))), int(random.integers(1, 5))
    return " ".join([*words[:at], "what", *words[at + size :]]).rstrip(".!?") + "?"


def _token_span(tokens: DocumentTokens, answer: GoldSpan, text: str) -> tuple[int, int] | None:
    """The first and last token that the answer touches; None if there is none, or it is not at its offsets."""
    if not answer.stands_in(text):
        return None
    first, last = tokens_of(tokens, answer.start, answer.end)
    return (first, last) if first <= last else None


def _sample(window: Window, spans: Sequence[tuple[int, int]]) -> Sample:
    """The window with the first of ``spans`` that it holds completely as target; [CLS] if it holds none."""
    column = len(window.question.head) - window.start
    for first, last in spans:
        if window.start <= first and last < window.end:
            return Sample(window, column + first, column + last)
    return Sample(window)


def _room(sample: Sample) -> int:
    """How many tokens of the text there are before or behind the answer, whichever are fewer."""
    first = len(sample.window.question.head)
    return min(sample.start - first, first + sample.window.end - sample.window.start - 1 - sample.end)


def _repeats(window: Window, text: str, answers: Sequence[str]) -> bool:
    """Whether the window has the words of one of ``answers``, which are case-folded."""
    if window.start == window.end or not answers:
        return False
    offsets = window.document.offsets
    covered = text[offsets[window.start, 0] : offsets[window.end - 1, 1]].casefold()
    return any(answer in covered for answer in answers)


def pack_samples(samples: Sequence[Sample], pad_id: int, longest: int) -> TrainingBatch:
    """One batch of all ``samples``. ``longest`` is the model's limit, in tokens."""
    packed = windows.pack([sample.window for sample in samples], pad_id)
    length = packed.input_ids.shape[1]
    wider = ((0, 0), (0, max(0, min(_bucketed(length), longest) - length)))
    packed = replace(
        packed,
        input_ids=np.pad(packed.input_ids, wider, constant_values=pad_id),
        attention_mask=np.pad(packed.attention_mask, wider),
        token_type_ids=np.pad(packed.token_type_ids, wider),
    )
    targets = np.array([[sample.start for sample in samples], [sample.end for sample in samples]], dtype=np.int64)
    return TrainingBatch(packed, targets)


def parts(samples: Sequence[Sample], max_tokens: int) -> Iterator[list[int]]:
    """The indexes of ``samples`` in groups of like length that have at most ``max_tokens`` with padding; >= 1 each."""
    order = sorted(range(len(samples)), key=lambda index: -len(samples[index]))
    at = 0
    while at < len(order):
        size = max(1, max_tokens // _bucketed(len(samples[order[at]])))
        yield order[at : at + size]
        at += size


def _bucketed(length: int) -> int:
    return -(-length // BUCKET) * BUCKET
