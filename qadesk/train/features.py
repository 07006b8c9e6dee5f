"""From labels to what a step learns from: windows cut as the reader cuts them, each with its target columns.

A long document gives many windows, and nearly all of them hold no answer. Learning from all would take hours and teach
little but silence, so a label is learned from the windows that hold the whole answer, and from a few that do not: those
that share the most words with the question, which are the ones that mislead a reader. A window that repeats the words
of an answer elsewhere is left out: whether it answers the question nobody has said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from qadesk.errors import QuestionError
from qadesk.qa import windows
from qadesk.qa.windows import DocumentTokens, Window
from qadesk.records import GoldSpan, LabeledExample

BUCKET = 32
"""Batches are padded to multiples of so many tokens: libraries prepare themselves for each new shape."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
_PASSAGE = 600  # characters: about 130 tokens


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


@dataclass(frozen=True, slots=True)
class Lengths:
    """How windows are cut, in tokens."""

    max_seq_length: int
    doc_stride: int


class Cutter:
    """Cuts labels into samples. Tokenises each text once."""

    def __init__(self, tokenizer: Tokenizer, lengths: Lengths) -> None:
        self._tokenizer = tokenizer
        self._lengths = lengths
        self._documents: dict[str, DocumentTokens] = {}

    def tokens(self, text: str) -> DocumentTokens:
        """The tokens of ``text``."""
        if text not in self._documents:
            self._documents[text] = windows.join(list(windows.tokenize_document(self._tokenizer, text)))
        return self._documents[text]

    def samples(self, example: LabeledExample, others: int) -> list[Sample]:
        """The windows that hold an answer, and at most ``others`` that do not, those nearest to the question first.

        None for a label that nothing can be learned from: its answers do not stand where they are said to, or the
        question leaves no room for the text.
        """
        tokens = self.tokens(example.context)
        spans = [span for answer in example.answers if (span := _token_span(tokens, answer, example.context))]
        if not spans and not example.is_impossible:
            return []
        try:
            cut = self._cut(example.question, tokens)
        except QuestionError:
            return []
        made = [_target(window, spans) for window in cut]
        told = [text.casefold() for text in example.gold_texts]
        empty = [each for each in made if not each.end and not _repeats(each.window, example.context, told)]
        if len(empty) > others:
            rank = {id(window): rank for rank, window in enumerate(windows.by_match(cut))}
            empty.sort(key=lambda each: rank[id(each.window)])
        return [each for each in made if each.end] + empty[:others]

    def passages(self, texts: Sequence[str], questions: Sequence[str], count: int, seed: int) -> list[Window]:
        """``count`` windows over random places in ``texts``; repeatable.

        In turn they are asked a random one of ``questions``, to which most places have no answer, and about a sentence
        of their own with a few words taken out, to which the answer is those words.
        """
        random = np.random.default_rng([seed, 1])
        lengths = np.array([len(text) for text in texts], dtype=float)
        found: list[Window] = []
        for number in range(count if lengths.any() and questions else 0):
            text = texts[int(random.choice(len(texts), p=lengths / lengths.sum()))]
            at = int(random.integers(max(1, len(text) - _PASSAGE + 1)))
            passage = text[at : at + _PASSAGE]
            question = questions[int(random.integers(len(questions)))]
            tokens = windows.join(list(windows.tokenize_document(self._tokenizer, passage)))
            try:
                found.append(self._cut((number % 2 and _gap(passage, random)) or question, tokens)[0])
            except QuestionError:
                continue
        return found

    def _cut(self, question: str, tokens: DocumentTokens) -> list[Window]:
        asked = windows.tokenize_question(self._tokenizer, question)
        lengths = self._lengths
        return windows.cut(asked, tokens, max_seq_length=lengths.max_seq_length, doc_stride=lengths.doc_stride)


def _gap(passage: str, random: np.random.Generator) -> str:
    """A sentence of ``passage`` as a question for one to four of its words; '' if it has none of a good length."""
    sentences = [words for each in _SENTENCE.split(passage) if 5 <= len(words := each.split()) <= 40]
    if not sentences:
        return ""
    words = sentences[int(random.integers(len(sentences)))]
    at, size = int(random.integers(len(words))), int(random.integers(1, 5))
    return " ".join([*words[:at], "what", *words[at + size :]]).rstrip(".!?") + "?"


def _token_span(tokens: DocumentTokens, answer: GoldSpan, text: str) -> tuple[int, int] | None:
    """The first and last token that the answer touches; None where there is none, or it does not stand there."""
    if not answer.stands_in(text):
        return None
    first, last = windows.tokens_of(tokens, answer.start, answer.end)
    return (first, last) if first <= last else None


def _target(window: Window, spans: Sequence[tuple[int, int]]) -> Sample:
    """The first of ``spans`` that lies whole in the window, as columns; [CLS] if none does."""
    column = len(window.question.head) - window.start
    for first, last in spans:
        if window.start <= first and last < window.end:
            return Sample(window, column + first, column + last)
    return Sample(window)


def _repeats(window: Window, text: str, answers: Sequence[str]) -> bool:
    if window.start == window.end or not answers:
        return False
    offsets = window.document.offsets
    seen = text[offsets[window.start, 0] : offsets[window.end - 1, 1]].casefold()
    return any(answer in seen for answer in answers)


def pack(samples: Sequence[Sample], pad_id: int, longest: int) -> TrainingBatch:
    """Lay samples side by side. ``longest`` is what the model takes, in tokens."""
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
