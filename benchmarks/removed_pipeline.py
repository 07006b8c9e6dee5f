"""The steps of the question-answering pipeline that transformers had until 5.2, for later versions.

As in the pipeline, each question is tokenised with its text into windows that overlap; windows of all questions are
scored in batches as they come, padded to the longest; each window's logits are turned into probabilities by a softmax
of its own over the context; its likeliest spans are widened to whole words; equal answers of a question add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.peers import LONGEST_ANSWER, STRIDE, WINDOW, Item

Floats = npt.NDArray[np.floating[Any]]

CANDIDATES = 12  # the pipeline's 2 * top_k + 10
MASKED = -10000.0


@dataclass(slots=True, eq=False)
class _Part:
    """A window of the question number ``item``. ``allowed`` marks the tokens that may be in an answer, and [CLS]."""

    item: int
    inputs: dict[str, Any]
    encoding: Any
    allowed: npt.NDArray[np.bool_]


class Loop:
    """Peer (a) where transformers no longer has the pipeline: a loop with its steps."""

    def __init__(self, network: Any, tokenizer: Any, device: str) -> None:
        self.device = device
        self.batch_size = 1
        self._network = network
        self._tokenizer = tokenizer

    @property
    def name(self) -> str:
        """With the batch size."""
        return f"(a) the removed pipeline's steps, batch {self.batch_size}"

    def ask(self, question: str, text: str) -> str:
        """The best span."""
        return self.ask_many([(question, text)])[0]

    def ask_many(self, items: Sequence[Item]) -> list[str]:
        """The best spans."""
        answers = [""] * len(items)
        for number, windows in groupby(self._score(self._parts(items)), key=lambda row: row[0].item):
            answers[number] = _best(windows, items[number][1])
        return answers

    def _parts(self, items: Sequence[Item]) -> Iterator[_Part]:
        import torch

        for number, (question, text) in enumerate(items):
            encoded = self._tokenizer(
                text=question,
                text_pair=text,
                truncation="only_second",
                max_length=WINDOW,
                stride=STRIDE,
                return_token_type_ids=True,
                return_overflowing_tokens=True,
                return_offsets_mapping=True,
                return_special_tokens_mask=True,
            )
            for row in range(len(encoded["input_ids"])):
                allowed = np.array([side == 1 for side in encoded.sequence_ids(row)])
                allowed[0] = True
                inputs = {name: torch.tensor(encoded[name][row]) for name in self._tokenizer.model_input_names}
                yield _Part(number, inputs, encoded[row], allowed)

    def _score(self, parts: Iterator[_Part]) -> Iterator[tuple[_Part, Floats, Floats]]:
        """Each window with its start and end logits."""
        import torch

        while batch := list(islice(parts, self.batch_size)):
            feed = {name: self._pad([part.inputs[name] for part in batch], name) for name in batch[0].inputs}
            with torch.inference_mode():
                output = self._network(**feed)
            starts, ends = output.start_logits.cpu().numpy(), output.end_logits.cpu().numpy()
            for part, start, end in zip(batch, starts, ends, strict=True):
                size = len(part.allowed)
                yield part, start[:size], end[:size]

    def _pad(self, rows: list[Any], name: str) -> Any:
        import torch

        filler = self._tokenizer.pad_token_id if name == "input_ids" else 0
        return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=filler).to(self.device)


def _best(windows: Iterable[tuple[_Part, Floats, Floats]], text: str) -> str:
    """The answer with the highest sum of probabilities, as written at its first occurrence."""
    totals: dict[str, float] = {}
    answer_texts: dict[str, str] = {}
    for part, start, end in windows:
        for first, last, probability in spans(start, end, part.allowed):
            begin, stop = _words(part.encoding, first, last)
            key = text[begin:stop].lower()
            answer_texts.setdefault(key, text[begin:stop])
            totals[key] = totals.get(key, 0.0) + probability
    return answer_texts[max(totals, key=totals.__getitem__)] if totals else ""


def spans(start: Floats, end: Floats, allowed: npt.NDArray[np.bool_]) -> list[tuple[int, int, float]]:
    """The likeliest spans of a window, best first: first and last token, and probability."""
    start, end = _softmax(np.where(allowed, start, MASKED)), _softmax(np.where(allowed, end, MASKED))
    start[0] = end[0] = 0.0  # [CLS] is part of the softmax, but is no answer
    table = np.tril(np.triu(np.outer(start, end)), LONGEST_ANSWER - 1)
    flat = table.ravel()
    count = min(CANDIDATES, len(flat) - 1)
    best = np.argpartition(-flat, count)[:count]
    best = best[np.argsort(-flat[best])]
    pairs = [divmod(int(index), len(start)) for index in best]
    return [(first, last, float(table[first, last])) for first, last in pairs if allowed[first] and allowed[last]]


def _softmax(logits: Floats) -> Floats:
    weights: Floats = np.exp(logits - logits.max())
    weights /= weights.sum()
    return weights


def _words(encoding: Any, first: int, last: int) -> tuple[int, int]:
    """The characters of the words that the tokens are in; of the tokens themselves where there are no words."""
    first_word, last_word = encoding.token_to_word(first), encoding.token_to_word(last)
    if first_word is None or last_word is None:
        return encoding.offsets[first][0], encoding.offsets[last][1]
    return encoding.word_to_chars(first_word, 1)[0], encoding.word_to_chars(last_word, 1)[1]
