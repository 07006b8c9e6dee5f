"""Drives windows, backend and decoding: a question and a text in, ranked answers out."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from qadesk.errors import ModelError, QuestionError
from qadesk.progress import Clock, Progress, finish
from qadesk.qa import devices, models, windows
from qadesk.qa.decode import Judged, Ranking, Rules, judge
from qadesk.qa.windows import Batch, DocumentTokens, Window
from qadesk.records import Answers, Reading

_CACHED_DOCUMENTS = 4
_CACHED_TOKENS = 4_000_000
_QUESTIONS_AT_ONCE = 256


class Backend(Protocol):
    """What scores windows. ``max_tokens`` is how many tokens, padding included, a batch should have."""

    max_tokens: int

    def scores(self, batch: Batch) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Start and end logits, float32 ``[windows, tokens]``."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to read and what to list. Lengths in tokens; ``max_seq_length`` is cut to what the model takes."""

    max_seq_length: int = 384
    doc_stride: int = 128
    max_answer_tokens: int = 30
    top_k: int = 5
    overlap: bool = False


class Reader:
    """A loaded model that answers questions. Belongs to one thread.

    ``model`` says what was loaded, ``choice`` on which device and why.
    """

    def __init__(self, model: models.Model, choice: devices.Choice, tokenizer: Tokenizer, backend: Backend) -> None:
        self.model = model
        self.choice = choice
        self._tokenizer = tokenizer
        self._backend = backend
        self._documents: OrderedDict[str, DocumentTokens] = OrderedDict()

    def ask(self, question: str, text: str, top_k: int = 3) -> Answers:
        """The ``top_k`` best answers to ``question`` in ``text``. Raises ``QuestionError`` in plain words."""
        return finish(self.answer(question, text, Options(top_k=top_k)))

    def answer(self, question: str, text: str, options: Options | None = None) -> Generator[Reading, None, Answers]:
        """Read the whole ``text``: yields how far it is and the best so far after each batch; returns the ranking.

        Closing the generator cancels. Raises ``QuestionError`` for what cannot be asked.
        """
        options = options or Options()
        began = time.monotonic()
        check(question, text)
        tokens = yield from self._tokenize(text)
        todo = self._cut(question, tokens, options)
        ranking = Ranking(tokens, text, self._rules(options))
        clock = Clock("Reading", len(todo))

        def so_far() -> Answers:
            seconds = time.monotonic() - began
            return Answers(question, ranking.answers(), ranking.no_answer, ranking.read, len(todo), seconds)

        for judged in self._judge(todo, options):
            for each in judged:
                ranking.add(each)
            yield Reading(clock.at(ranking.read), so_far())
        return so_far()

    def answer_many(
        self, items: Sequence[tuple[str, str]], options: Options | None = None
    ) -> Generator[Progress, None, list[Answers]]:
        """Answer many ``(question, text)`` pairs: windows of like length share batches across questions.

        Yields progress in questions, returns the answers in the order of ``items``. ``seconds`` is not told.
        """
        options = options or Options()
        clock = Clock("Answering", len(items))
        found: list[Answers] = []
        for at in range(0, len(items), _QUESTIONS_AT_ONCE):
            found += yield from self._answer_some(items[at : at + _QUESTIONS_AT_ONCE], options, clock, at)
        return found

    def _answer_some(
        self, items: Sequence[tuple[str, str]], options: Options, clock: Clock, done: int
    ) -> Generator[Progress, None, list[Answers]]:
        rankings: list[Ranking] = []
        counts: list[int] = []
        owners: dict[int, Ranking] = {}
        todo: list[Window] = []
        for question, text in items:
            check(question, text)
            tokens = finish(self._tokenize(text))
            cut = self._cut(question, tokens, options)
            ranking = Ranking(tokens, text, self._rules(options))
            owners.update((id(window), ranking) for window in cut)
            rankings.append(ranking)
            counts.append(len(cut))
            todo += cut
        for judged in self._judge(todo, options):
            for each in judged:
                owners[id(each.window)].add(each)
            read = sum(ranking.read == count for ranking, count in zip(rankings, counts, strict=True))
            yield clock.at(done + read)
        return [
            Answers(question, ranking.answers(), ranking.no_answer, ranking.read, count)
            for (question, _), ranking, count in zip(items, rankings, counts, strict=True)
        ]

    def _judge(self, todo: Sequence[Window], options: Options) -> Iterator[list[Judged]]:
        rules = self._rules(options)
        for group in windows.batches(todo, self._backend.max_tokens):
            batch = windows.pack(group, self.model.pad_id)
            start_logits, end_logits = self._backend.scores(batch)
            real = batch.attention_mask == 1
            if not (np.isfinite(start_logits[real]).all() and np.isfinite(end_logits[real]).all()):
                raise ModelError(f"The model '{self.model.name}' gave scores that are not numbers.", "Choose another.")
            yield judge(batch, start_logits, end_logits, rules)

    def _cut(self, question: str, tokens: DocumentTokens, options: Options) -> list[Window]:
        length = min(options.max_seq_length, self.model.max_tokens)
        asked = windows.tokenize_question(self._tokenizer, question)
        return windows.cut(asked, tokens, max_seq_length=length, doc_stride=options.doc_stride)

    def _rules(self, options: Options) -> Rules:
        return Rules(
            options.max_answer_tokens,
            options.top_k,
            options.overlap,
            self.model.temperature,
            self.model.unanswerable,
        )

    def _tokenize(self, text: str) -> Generator[Reading, None, DocumentTokens]:
        """The document's tokens, from the cache of the last few documents where it is there."""
        if text not in self._documents:
            clock = Clock("Preparing", len(text))
            parts = []
            for part in windows.tokenize_document(self._tokenizer, text):
                parts.append(part)
                if len(text) > windows.PIECE:
                    yield Reading(clock.at(int(part.offsets[-1, 1]) if len(part) else 0))
            self._documents[text] = windows.join(parts)
        self._documents.move_to_end(text)
        while len(self._documents) > 1 and self._is_cache_full():
            self._documents.popitem(last=False)
        return self._documents[text]

    def _is_cache_full(self) -> bool:
        tokens = sum(len(each) for each in self._documents.values())
        return tokens > _CACHED_TOKENS or len(self._documents) > _CACHED_DOCUMENTS


def load(folder: Path, *, device: str = "auto", precision: str = "auto", threads: int = 0) -> Reader:
    """Load the model folder. ``threads`` 0 takes the physical cores. Raises ``ModelError``, ``DeviceError``."""
    model = models.inspect(folder)
    tokenizer = models.load_tokenizer(model)
    choice = devices.choose(device, model, precision)
    return Reader(model, choice, tokenizer, _backend(model, choice, threads))


def _backend(model: models.Model, choice: devices.Choice, threads: int) -> Backend:
    if choice.backend == "onnx":
        from qadesk.qa.onnx_backend import OnnxBackend

        return OnnxBackend(model, threads)
    from qadesk.qa.torch_backend import TorchBackend

    return TorchBackend(model, choice, threads)


def check(question: str, text: str) -> None:
    """Raises ``QuestionError`` if there is nothing to ask or nothing to read."""
    if not question.strip():
        raise QuestionError("There is no question.", "Type one and press Enter.")
    if not _has_words(question):
        raise QuestionError("The question has no words in it.", "Ask with at least one word or number.")
    if not text.strip():
        raise QuestionError("The document is empty.", "Open or paste one that has text.")
    if not _has_words(text):
        raise QuestionError("The document has no words in it.", "Open or paste one that has text.")


def _has_words(text: Iterable[str]) -> bool:
    return any(character.isalnum() for character in text)
