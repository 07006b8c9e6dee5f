"""From texts to the windows that a model reads.

A model sees at most ``max_seq_length`` tokens at once: ``[CLS] question [SEP] context slice [SEP]``. A longer
document is read in slices that share ``doc_stride`` tokens with their neighbours (the name as transformers
means it; BERT's run_squad.py calls the *step* so), in windows of at most ``split_length`` tokens: where a document is
cut anyway, a small model finds more in shorter windows (``recipe/README.md`` has the numbers). The document is
tokenised once; a question tokenises only itself; a window is four numbers until its batch is packed, so memory grows
with the batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from qadesk.errors import ModelError, QuestionError
from qadesk.qa.document_tokens import DocumentTokens, encodable
from qadesk.qa.word_match import matches, word_priors

Ints = npt.NDArray[np.int64]

MIN_ROOM = 16
"""A question must leave room for at least so many tokens of the document."""


@dataclass(frozen=True, slots=True)
class WindowLengths:
    """How a document is cut, in tokens: into one window of at most ``max_seq_length`` where it fits in it.

    Else into several of ``split_length``, None for as long, that share ``doc_stride`` with their neighbours.
    """

    max_seq_length: int
    doc_stride: int
    split_length: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class QuestionTokens:
    """The tokens around every slice of the document: ``head`` is ``[CLS] question [SEP]``, ``tail`` is ``[SEP]``.

    ``head_types`` and ``tail_types`` are their token type ids, ``context_type`` that of the slice. ``words`` are those
    tokens of the question that have a letter or digit.
    """

    head: Ints
    head_types: Ints
    tail: Ints
    tail_types: Ints
    context_type: int
    words: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def room(self, max_seq_length: int) -> int:
        """How many tokens of the document fit in a window."""
        return max_seq_length - len(self.head) - len(self.tail)


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Tokens ``start:end`` of ``document``. It owns the spans that begin at ``own_start:own_end``.

    ``priors`` ``[n]`` are those of all tokens of the document (``qadesk.qa.word_match``), None for 0.
    """

    question: QuestionTokens
    document: DocumentTokens
    start: int
    end: int
    own_start: int
    own_end: int
    priors: npt.NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.question.head) + (self.end - self.start) + len(self.question.tail)


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Windows packed for a model: int64 ``[windows, tokens]`` each, padded on the right.

    ``context_at`` ``[windows]`` is the column of the first context token.
    """

    windows: tuple[Window, ...]
    input_ids: Ints
    attention_mask: Ints
    token_type_ids: Ints
    context_at: Ints


def tokenize_question(tokenizer: Tokenizer, question: str) -> QuestionTokens:
    """The tokens around every slice for this question, by the tokenizer's own pair template.

    Raises ``ModelError`` for a tokenizer that does not put the null position ([CLS]) first.
    """
    encoding = tokenizer.encode(encodable(question), "a")
    sides = encoding.sequence_ids
    if 1 not in sides or sides[0] is not None:
        raise ModelError("This model's tokenizer does not put [CLS] before the question.", "Choose another model.")
    first = sides.index(1)
    after = len(sides) - sides[::-1].index(1)
    ids = np.array(encoding.ids, dtype=np.int64)
    types = np.array(encoding.type_ids, dtype=np.int64)
    words = [
        number
        for number, side, token in zip(encoding.ids, sides, encoding.tokens, strict=True)
        if side == 0 and any(map(str.isalnum, token))
    ]
    return QuestionTokens(
        ids[:first], types[:first], ids[after:], types[after:], int(types[first]), np.array(words, dtype=np.int64)
    )


def question_room(question: QuestionTokens, max_seq_length: int) -> int:
    """How many tokens of a document fit in a window with ``question``. Raises ``QuestionError`` if it is too long."""
    room = question.room(max_seq_length)
    if room < MIN_ROOM:
        raise QuestionError(
            f"This question is too long: its {len(question.head)} tokens leave the model no room for the document.",
            f"Shorten it, or make the window longer than {max_seq_length} tokens in the settings.",
        )
    return room


def cut(question: QuestionTokens, document: DocumentTokens, lengths: WindowLengths) -> list[Window]:
    """All windows of the document for this question, in document order: those of ``slices``.

    Raises ``QuestionError`` if the question leaves no room for the document.
    """
    priors = word_priors(question.words, document)
    return [Window(question, document, *part, priors) for part in slices(question, document, lengths)]


def slices(
    question: QuestionTokens, document: DocumentTokens, lengths: WindowLengths
) -> list[tuple[int, int, int, int]]:
    """Where the windows of the document begin and end, and what they own: (start, end, own_start, own_end), in order.

    A long question leaves those of a document that does not fit in one half of the room of the longest. They begin and
    end at the border of a block, or of a row of a table, where one is near. Raises ``QuestionError`` if the question
    leaves no room for the document.
    """
    room = question_room(question, lengths.max_seq_length)
    if lengths.split_length and len(document) > room:
        room = min(room, max(question.room(lengths.split_length), room // 2))
    starts, ends = [0], [_end(document, 0, room)]
    while ends[-1] < len(document):
        starts.append(_next_start(document, starts[-1], ends[-1], room, lengths.doc_stride))
        ends.append(_end(document, starts[-1], room))
    borders = [0, *(_border(start, end) for start, end in zip(starts[1:], ends[:-1], strict=True)), len(document)]
    return list(zip(starts, ends, borders[:-1], borders[1:], strict=True))


def _end(document: DocumentTokens, start: int, room: int) -> int:
    """Where the window from ``start`` on ends: at the last border in the last quarter of its room, else with its room.

    The short blocks after that border are then read whole in the next window.
    """
    end = start + room
    if end >= len(document):
        return len(document)
    border = _last_border(document, end)
    return border if border > end - room // 4 else end


def _next_start(document: DocumentTokens, start: int, end: int, room: int, doc_stride: int) -> int:
    """Where the window after ``start:end`` begins: ``doc_stride`` tokens before its end, or at a border before that.

    The border is at most half as far again. A window moves on by a quarter of its room at least.
    """
    shared = min(doc_stride, room // 2)
    border = _last_border(document, end - shared)
    return border if border >= max(end - shared - shared // 2, start + room // 4) else end - shared


def _last_border(document: DocumentTokens, token: int) -> int:
    """The last border at or before ``token``; -1 for none."""
    index = int(np.searchsorted(document.borders, token, side="right")) - 1
    return int(document.borders[index]) if index >= 0 else -1


def _border(start: int, end: int) -> int:
    """The first of the shared tokens ``start:end`` that belongs to the later of two windows.

    A token may be in two windows. It belongs to the one with more context on its shorter side (run_squad.py,
    ``_check_is_max_context``):

        A: the man went to the store
        B:             to the store and bought        'store': A has 0 to the right, B has 2 to the left -> B
                                                      'to':    A has 2, B has 0 -> A;  'the': 1 and 1 -> A

    The shared token t has ``end - 1 - t`` tokens on its short side in the earlier window, ``t - start`` in the later;
    where they are equal, the earlier owns it. (run_squad.py adds a hundredth of each window's length, which only
    moves the border by a token or two before a short last window; we leave that out.)
    """
    return (start + end - 1) // 2 + 1


def pack(windows: Sequence[Window], pad_id: int = 0) -> Batch:
    """One batch of all ``windows``, padded to the longest."""
    length = max(len(window) for window in windows)
    ids = np.full((len(windows), length), pad_id, dtype=np.int64)
    mask = np.zeros((len(windows), length), dtype=np.int64)
    types = np.zeros((len(windows), length), dtype=np.int64)
    for row, window in enumerate(windows):
        question, size = window.question, len(window)
        head, tail = len(question.head), size - len(question.tail)
        ids[row, :head] = question.head
        ids[row, head:tail] = window.document.ids[window.start : window.end]
        ids[row, tail:size] = question.tail
        types[row, :head] = question.head_types
        types[row, head:tail] = question.context_type
        types[row, tail:size] = question.tail_types
        mask[row, :size] = 1
    context_at = np.array([len(window.question.head) for window in windows], dtype=np.int64)
    return Batch(tuple(windows), ids, mask, types, context_at)


def by_match(windows: Sequence[Window]) -> list[Window]:
    """The windows of one question and document, those first that share the most with the question.

    Windows match by the tokens that they own (``qadesk.qa.word_match``). Those with equal matches stay in order.
    """
    if len(windows) == 1:
        return list(windows)
    starts = np.array([window.own_start for window in windows])
    match = matches(windows[0].question.head, windows[0].document, starts)
    return [windows[index] for index in np.argsort(-match, kind="stable")]


def batches(windows: Sequence[Window], max_tokens: int) -> Iterator[list[Window]]:
    """``windows`` in groups of neighbours, of at most ``max_tokens`` tokens each with padding.

    A window longer than ``max_tokens`` is a group of its own.
    """
    group: list[Window] = []
    longest = 0
    for window in windows:
        longest = max(longest, len(window))
        if group and longest * (len(group) + 1) > max_tokens:
            yield group
            group, longest = [], len(window)
        group.append(window)
    if group:
        yield group
