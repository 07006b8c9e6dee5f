"""Drives windows, backend and decoding: a question and a text in, ranked answers out."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from qadesk.errors import DeviceError, ModelError, QuestionError
from qadesk.progress import Clock, Progress, finish
from qadesk.qa import devices, models, windows
from qadesk.qa.decode import Judged, Ranking, Rules, judge
from qadesk.qa.windows import Batch, DocumentTokens, Window
from qadesk.records import Answers, Reading
from qadesk.sentences import Sentence

Logits = npt.NDArray[np.float32]

_CACHED_DOCUMENTS = 4
_CACHED_TOKENS = 4_000_000
_QUESTIONS_AT_ONCE = 256
_CHARACTERS_AT_ONCE = 20_000_000


class Backend(Protocol):
    """What scores windows. ``max_tokens`` is how many tokens, padding included, a batch should have.

    ``workers`` is how many batches it takes at once, each from a thread of its own.
    """

    max_tokens: int
    workers: int

    def scores(self, batch: Batch, *, alone: bool = True) -> tuple[Logits, Logits]:
        """Start and end logits, float32 ``[windows, tokens]``. ``alone``: no other batch is scored meanwhile."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to read and what to list. Lengths in tokens; ``max_seq_length`` is cut to what the model takes.

    ``answerable`` says that the text is known to answer: no answer is no option then.
    """

    max_seq_length: int = 384
    doc_stride: int = 128
    max_answer_tokens: int = 30
    top_k: int = 5
    overlap: bool = False
    answerable: bool = False


class Reader:
    """A loaded model that answers questions. Belongs to one thread.

    ``model`` says what was loaded, ``choice`` on which device and why.
    """

    def __init__(
        self,
        model: models.Model,
        choice: devices.Choice,
        tokenizer: Tokenizer,
        backend: Backend,
        fallback: Callable[[], tuple[devices.Choice, Backend]] | None = None,
    ) -> None:
        self.model = model
        self.choice = choice
        self._tokenizer = tokenizer
        self._backend = backend
        self._fallback = fallback  # what to go on with when the device fails
        self._falling_back = threading.Lock()
        self._notice = ""
        self._documents: OrderedDict[str, DocumentTokens] = OrderedDict()

    def ask(self, question: str, text: str, top_k: int = 3) -> Answers:
        """The ``top_k`` best answers to ``question`` in ``text``. Raises ``QuestionError`` in plain words."""
        return finish(self.answer(question, text, Options(top_k=top_k)))

    def prepare(self, text: str) -> Generator[Progress, None, None]:
        """Make the tokens of ``text`` before a question comes. Yields progress; closing the generator cancels."""
        for reading in self._tokenize(text):
            yield reading.progress

    def answer(self, question: str, text: str, options: Options | None = None) -> Generator[Reading, None, Answers]:
        """Read the whole ``text``: yields how far it is and the best so far after each batch; returns the ranking.

        Windows that share words with the question come first; the result does not depend on that. Closing the
        generator cancels. Raises ``QuestionError`` for what cannot be asked.
        """
        options = options or Options()
        began = time.monotonic()
        check(question, text)
        tokens = yield from self._tokenize(text)
        todo = windows.by_match(self._cut(question, tokens, options))
        ranking = Ranking(tokens, text, self._rules(options))
        clock = Clock("Reading", len(todo))

        def so_far() -> Answers:
            seconds = time.monotonic() - began
            found = ranking.answers()
            return Answers(question, found, ranking.no_answer, ranking.read, len(todo), seconds, self._notice)

        self._notice = ""
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
        self._notice = ""
        found: list[Answers] = []
        while len(found) < len(items):
            some = _at_once(items[len(found) :])
            found += yield from self._answer_some(some, options, clock, len(found))
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
        for judged in self._judge(sorted(todo, key=len, reverse=True), options):
            for each in judged:
                owners[id(each.window)].add(each)
            read = sum(ranking.read == count for ranking, count in zip(rankings, counts, strict=True))
            yield clock.at(done + read)
        return [
            Answers(question, ranking.answers(), ranking.no_answer, ranking.read, count, notice=self._notice)
            for (question, _), ranking, count in zip(items, rankings, counts, strict=True)
        ]

    def windows_of(self, question: str, text: str, options: Options | None = None) -> list[Window]:
        """The windows in which ``question`` reads ``text``, in document order, without reading them.

        Raises ``QuestionError`` for what cannot be asked.
        """
        check(question, text)
        return self._cut(question, finish(self._tokenize(text)), options or Options())

    def logits(self, todo: Sequence[Window]) -> Iterator[tuple[Batch, Logits, Logits]]:
        """Score windows, of any questions: batches in the order of ``todo``, start and end logits as ``Backend`` says.

        Raises ``ModelError`` for scores that are not numbers.
        """
        for batch, start_logits, end_logits in self._scored(todo):
            real = batch.attention_mask == 1
            if not (np.isfinite(start_logits[real]).all() and np.isfinite(end_logits[real]).all()):
                raise ModelError(Sentence("device.scores_not_numbers", {"model": self.model.name}), "Choose another.")
            yield batch, start_logits, end_logits

    def _judge(self, todo: Sequence[Window], options: Options) -> Iterator[list[Judged]]:
        rules = self._rules(options)
        for batch, start_logits, end_logits in self.logits(todo):
            yield judge(batch, start_logits, end_logits, rules)

    def _scored(self, todo: Sequence[Window]) -> Iterator[tuple[Batch, Logits, Logits]]:
        """Batches with their logits, in order. While one is decoded the next ones are scored already."""
        groups = list(windows.batches(todo, self._backend.max_tokens))
        if len(groups) <= 1:  # nothing to overlap: a thread would only cost time
            yield from (self._score(group, True) for group in groups)
            return
        workers = min(self._backend.workers, len(groups))
        waiting: deque[Future[tuple[Batch, Logits, Logits]]] = deque()
        with ThreadPoolExecutor(workers, thread_name_prefix="qadesk-score") as pool:
            try:
                for group in groups:
                    waiting.append(pool.submit(self._score, group, workers == 1))
                    if len(waiting) > workers:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for each in waiting:
                    each.cancel()

    def _score(self, group: Sequence[Window], alone: bool) -> tuple[Batch, Logits, Logits]:
        batch = windows.pack(group, self.model.pad_id)
        backend = self._backend
        try:
            return batch, *backend.scores(batch, alone=alone)
        except DeviceError as error:
            self._fall_back(backend, error)
            return batch, *self._backend.scores(batch)

    def _fall_back(self, failed: Backend, error: DeviceError) -> None:
        """Take the processor in place of the device that ``failed``. Raises ``error`` again if there is no way."""
        with self._falling_back:
            if self._backend is not failed:
                return  # another batch did it already
            if self._fallback is None:
                raise error
            device = self.choice.device
            self.choice, self._backend = self._fallback()
            self._fallback = None
            self._notice = Sentence("device.replaced", {"device": device}).text

    def _cut(self, question: str, tokens: DocumentTokens, options: Options) -> list[Window]:
        length = min(options.max_seq_length, self.model.max_tokens)
        asked = windows.tokenize_question(self._tokenizer, question)
        return windows.cut(asked, tokens, max_seq_length=length, doc_stride=options.doc_stride)

    def _rules(self, options: Options) -> Rules:
        return Rules(
            options.max_answer_tokens,
            options.top_k,
            options.overlap,
            self.model.unanswerable and not options.answerable,
            self.model.calibration,
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


def load(
    folder: Path, *, device: str = "auto", precision: str = "auto", threads: int = 0, graph: Path | None = None
) -> Reader:
    """Load the model folder, with ``graph`` in place of its own ONNX graph if one is given.

    ``threads`` 0 takes the physical cores. Raises ``ModelError``, ``DeviceError``.
    """
    model = models.inspect(folder)
    if graph:
        model = replace(model, onnx=graph)
    tokenizer = models.load_tokenizer(model)
    choice = devices.choose(device, model, precision)

    def on_the_processor() -> tuple[devices.Choice, Backend]:
        plan_b = replace(devices.choose("cpu", model), reason=f"the device '{choice.device}' failed")
        return plan_b, _backend(model, plan_b, threads)

    fallback = None if choice.device == "cpu" else on_the_processor
    return Reader(model, choice, tokenizer, _backend(model, choice, threads), fallback)


def _backend(model: models.Model, choice: devices.Choice, threads: int) -> Backend:
    if choice.backend == "onnx":
        from qadesk.qa.onnx_backend import OnnxBackend

        return OnnxBackend(model, threads, choice.provider)
    from qadesk.qa.torch_backend import TorchBackend

    return TorchBackend(model, choice, threads)


def _at_once(items: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """As many of ``items`` as are answered together: enough for full batches, few enough for the memory."""
    lengths = np.cumsum([len(text) for _, text in items[:_QUESTIONS_AT_ONCE]])
    return items[: max(1, int(np.searchsorted(lengths, _CHARACTERS_AT_ONCE)))]


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
