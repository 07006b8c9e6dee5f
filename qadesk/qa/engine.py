"""Answers questions: cuts windows, has a backend score them, decodes and ranks. See ``Reader``."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from qadesk.errors import DeviceError, ModelError
from qadesk.progress import Clock, Progress, finish
from qadesk.qa import devices, models, windows
from qadesk.qa.askable import check_question
from qadesk.qa.backends import Backend, Logits, open_backend
from qadesk.qa.clauses import asks_for_clause
from qadesk.qa.decode import DecodedWindow, Rules, decode_windows
from qadesk.qa.document_tokens import PIECE, DocumentTokens, join, tokenize_context
from qadesk.qa.expectation import USUAL
from qadesk.qa.list_answers import Lists, asks_for_several
from qadesk.qa.lookahead import ahead, in_rounds
from qadesk.qa.pool import PassagePool, PassageTokens
from qadesk.qa.question_reading import QuestionReading, finish_readings
from qadesk.qa.ranking import Ranking
from qadesk.qa.reader_options import Options
from qadesk.qa.spelling import mended
from qadesk.qa.window_logits import WindowLogits, rows_of
from qadesk.qa.windows import Batch, Window, WindowLengths
from qadesk.records import Answers, Document, Reading
from qadesk.records.library import Passage
from qadesk.sentences import Sentence
from qadesk.structure import Block
from qadesk.structure.plain import blocks_or_plain

Scored = tuple[Batch, Logits, Logits]
"""A batch with its start and end logits."""

Context = Document | str
"""What is read: a document, or a text. Where it has no blocks, they are recognised (``structure.plain``)."""

_CACHED_DOCUMENTS = 4
_CACHED_TOKENS = 4_000_000
_QUESTIONS_AT_ONCE = 256
_CHARACTERS_AT_ONCE = 20_000_000


class Reader:
    """A loaded model that answers questions. Belongs to one thread.

    ``model`` is what was loaded, ``choice`` the device, and why.
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
        self._fallback = fallback  # what takes over when the device fails
        self._falling_back = threading.Lock()
        self._notice = ""
        self._documents: OrderedDict[str, tuple[tuple[Block, ...], DocumentTokens]] = OrderedDict()
        self._passages = PassageTokens(tokenizer)

    def ask(self, question: str, context: Context, top_k: int = 3, *, expected: float | None = USUAL) -> Answers:
        """The ``top_k`` best answers to ``question`` in ``context``, at least 1; ``expected`` as in ``Options``.

        Raises ``QuestionError`` for a question that cannot be asked, ``ModelError`` for a model that cannot read the
        text, and ``TypeError`` or ``ValueError`` for an argument that is none.
        """
        return finish(self.answer(question, context, Options(top_k=top_k, expected=expected)))

    def prepare(self, context: Context) -> Generator[Progress, None, None]:
        """Tokenise ``context`` ahead of the first question. Yields progress; closing the generator cancels."""
        for reading in self._tokenize(context):
            yield reading.progress

    def answer(
        self, question: str, context: Context, options: Options | None = None
    ) -> Generator[Reading, None, Answers]:
        """Read the whole ``context``: yields progress with the best answers so far after each batch, and returns them.

        Windows that share words with the question come first; the result does not depend on that. Closing the
        generator cancels. Raises ``QuestionError`` for a question or a text without words.
        """
        options = options or Options()
        started = time.monotonic()
        text = _text(context)
        check_question(question, text)
        tokens = yield from self._tokenize(context)
        reading = self._begin(question, context, tokens, options)
        clock = Clock("Reading", len(reading.windows))

        def so_far() -> Answers:
            return self._answers(question, reading, time.monotonic() - started)

        self._notice = ""
        for _ in self._read([reading], windows.by_match(reading.windows), options):
            yield Reading(clock.at(reading.ranking.windows_read), so_far())
        return so_far()

    def answer_many(
        self, items: Sequence[tuple[str, Context]], options: Options | None = None
    ) -> Generator[Progress, None, list[Answers]]:
        """Answer many ``(question, context)`` pairs: windows of like length share batches across questions.

        Yields progress in questions, returns the answers in the order of ``items``, without their ``seconds``.
        """
        options = options or Options()
        clock = Clock("Answering", len(items))
        self._notice = ""
        answers: list[Answers] = []
        while len(answers) < len(items):
            chunk = _next_chunk(items[len(answers) :])
            answers += yield from self._answer_chunk(chunk, options, clock, len(answers))
        return answers

    def _answer_chunk(
        self, items: Sequence[tuple[str, Context]], options: Options, clock: Clock, done: int
    ) -> Generator[Progress, None, list[Answers]]:
        readings: list[QuestionReading] = []
        for question, context in items:
            check_question(question, _text(context))
            tokens = finish(self._tokenize(context))
            readings.append(self._begin(question, context, tokens, options))
        cut = [window for reading in readings for window in reading.windows]
        for _ in self._read(readings, sorted(cut, key=len, reverse=True), options):
            yield clock.at(done + sum(reading.is_complete for reading in readings))
        return [self._answers(question, reading) for (question, _), reading in zip(items, readings, strict=True)]

    def _answers(self, question: str, reading: QuestionReading, seconds: float = 0.0) -> Answers:
        """What was read so far says."""
        ranking, counts = reading.ranking, (reading.ranking.windows_read, len(reading.windows))
        return Answers(question, ranking.answers(), ranking.no_answer, *counts, seconds, self._notice, reading.read_as)

    def pool(self, passages: Sequence[Passage]) -> PassagePool:
        """``passages`` of many documents, to be asked together; tokenised, unless they were a little while ago."""
        return self._passages.pool(passages)

    def answer_pool(
        self, question: str, pool: PassagePool, options: Options | None = None
    ) -> Generator[Reading, None, Answers]:
        """Read the passages of ``pool`` in their order: progress in passages, the best answers so far after each batch.

        Offsets are those of the pool's text, ``Answers.read`` and ``windows`` count passages, and slips of the question
        are not mended (``mend``). Closing the generator cancels. Raises ``QuestionError`` as ``answer`` does.
        """
        options = options or Options()
        started = time.monotonic()
        check_question(question, pool.text)
        rules = replace(self._rules(options), calibration=self.model.pool.calibration)
        lists = pool.lists if asks_for_several(question) else None
        ranking = Ranking(pool.tokens, pool.text, rules, lists, wants_clause=asks_for_clause(question))
        cut = self.pool_windows(question, pool, options)
        clock, read = Clock("Reading", len(pool)), 0

        def so_far() -> Answers:
            seconds, counts = time.monotonic() - started, (read, len(pool))
            return Answers(question, ranking.answers(), ranking.no_answer, *counts, seconds, self._notice)

        self._notice = ""
        for batch in self._decode(cut, rules, options):
            for _, decoded in batch:
                ranking.add(pool.with_prior(decoded, self.model.pool.prior, rules))
            at = ranking.windows_read
            read = pool.number_of(cut[at]) if at < len(cut) else len(pool)
            yield Reading(clock.at(read), so_far())
        return so_far()

    def pool_windows(self, question: str, pool: PassagePool, options: Options) -> list[Window]:
        """The windows of the passages of ``pool`` for ``question``, in their order, not scored yet."""
        head = windows.tokenize_question(self._tokenizer, question)
        return pool.cut(head, self._lengths(options))

    def mend(self, question: str, text: str) -> str:
        """``question`` with its slips mended by the words of ``text`` (``qadesk.qa.spelling``)."""
        return mended(question, text, self._tokenizer)

    def check(self, question: str, context: Context, options: Options | None = None) -> None:
        """Raises ``QuestionError`` where ``question`` cannot be put to ``context``; reads only the question."""
        check_question(question, _text(context))
        head = windows.tokenize_question(self._tokenizer, question)
        windows.question_room(head, self._length(options or Options()))

    def windows_of(self, question: str, context: Context, options: Options | None = None) -> list[Window]:
        """The windows of ``context`` for ``question``, in document order, not scored yet.

        Raises ``QuestionError`` for a question or a text without words.
        """
        check_question(question, _text(context))
        return self._cut(question, finish(self._tokenize(context)), options or Options())

    def logits(self, cut: Sequence[Window], *, lookahead: bool = True) -> Iterator[Scored]:
        """Score windows, of any questions: batches in the order of ``cut``, start and end logits as ``Backend`` says.

        Raises ``ModelError`` for scores that are not numbers.
        """
        for batch, start_logits, end_logits in self._scores(cut, lookahead):
            real = batch.attention_mask == 1
            if not (np.isfinite(start_logits[real]).all() and np.isfinite(end_logits[real]).all()):
                raise ModelError(Sentence("model.scores_not_numbers", {"model": self.model.name}), "Choose another.")
            yield batch, start_logits, end_logits

    def _decode(
        self, cut: Sequence[Window], rules: Rules, options: Options
    ) -> Iterator[list[tuple[WindowLogits, DecodedWindow]]]:
        """The windows of each batch with their logits, and decoded."""
        for scored in self.logits(cut, lookahead=options.lookahead):
            yield list(zip(rows_of(*scored), decode_windows(*scored, rules), strict=True))

    def _read(self, readings: Sequence[QuestionReading], cut: Sequence[Window], options: Options) -> Iterator[None]:
        """Read ``cut``, the windows of ``readings``, in its order, then excerpts. Yields after each batch and these."""
        owners, rules = {window: reading for reading in readings for window in reading.windows}, self._rules(options)
        for batch in self._decode(cut, rules, options):
            for row, decoded in batch:
                owners[row.window].add(row, decoded)
            yield
        if finish_readings(readings, rules, lambda excerpts: self._rows(excerpts, options)):
            yield

    def _rows(self, cut: Sequence[Window], options: Options) -> Iterator[WindowLogits]:
        """The logits of each of ``cut``."""
        for scored in self.logits(cut, lookahead=options.lookahead):
            yield from rows_of(*scored)

    def _scores(self, cut: Sequence[Window], lookahead: bool) -> Iterator[Scored]:
        """Batches with their logits, in order. With ``lookahead`` the next ones are scored while the caller decodes."""
        groups = list(windows.batches(cut, self._backend.max_tokens))
        if len(groups) <= 1:  # nothing to overlap: a thread would only cost time
            yield from (self._score(group, True) for group in groups)
            return
        workers = min(self._backend.workers, len(groups))
        with ThreadPoolExecutor(workers, thread_name_prefix="qadesk-score") as pool:
            futures = (pool.submit(self._score, group, workers == 1) for group in groups)
            yield from ahead(futures, workers) if lookahead else in_rounds(futures, workers)

    def _score(self, group: Sequence[Window], alone: bool) -> Scored:
        batch = windows.pack(group, self.model.pad_id)
        backend = self._backend
        try:
            return batch, *backend.scores(batch, alone=alone)
        except DeviceError as error:
            self._fall_back(backend, error)
            return batch, *self._backend.scores(batch)

    def _fall_back(self, failed: Backend, error: DeviceError) -> None:
        """Replace the device that ``failed`` by the fallback. Raises ``error`` again if there is none."""
        with self._falling_back:
            if self._backend is not failed:
                return  # another batch did it already
            if self._fallback is None:
                raise error
            device = self.choice.device
            self.choice, self._backend = self._fallback()
            self._fallback = None
            self._notice = Sentence("device.replaced", {"device": device}).text

    def _begin(self, question: str, context: Context, tokens: DocumentTokens, options: Options) -> QuestionReading:
        """The reading of a question, of which nothing was read yet."""
        text, rules = _text(context), self._rules(options)
        words = mended(question, text, self._tokenizer) if options.mends else question
        ranking = Ranking(tokens, text, rules, _lists(words, context), wants_clause=asks_for_clause(words))
        return QuestionReading(self._cut(words, tokens, options), ranking, "" if words == question else words)

    def _cut(self, question: str, tokens: DocumentTokens, options: Options) -> list[Window]:
        head = windows.tokenize_question(self._tokenizer, question)
        return windows.cut(head, tokens, self._lengths(options))

    def _lengths(self, options: Options) -> WindowLengths:
        return WindowLengths(self._length(options), options.doc_stride, options.split_length)

    def _length(self, options: Options) -> int:
        """How many tokens a window has at most."""
        return min(options.max_seq_length, self.model.max_tokens)

    def _rules(self, options: Options) -> Rules:
        return Rules(
            options.max_answer_tokens,
            options.top_k,
            options.overlap,
            self.model.unanswerable and options.expected != 1,
            self.model.calibration,
            options.expected,
        )

    def _tokenize(self, context: Context) -> Generator[Reading, None, DocumentTokens]:
        """The tokens of ``context``, from the cache of the last few documents if they are there."""
        text = _text(context)
        blocks = _blocks(context)
        cached = self._documents.get(text)
        if cached is None or cached[0] != blocks:
            clock = Clock("Preparing", len(text))
            parts = []
            for part in tokenize_context(self._tokenizer, text, blocks):
                parts.append(part)
                if len(text) > PIECE:
                    yield Reading(clock.at(int(part.offsets[-1, 1]) if len(part.ids) else 0))
            self._documents[text] = cached = blocks, join(parts)
        self._documents.move_to_end(text)
        while len(self._documents) > 1 and self._is_cache_full():
            self._documents.popitem(last=False)
        return cached[1]

    def _is_cache_full(self) -> bool:
        tokens = sum(len(document) for _, document in self._documents.values())
        return tokens > _CACHED_TOKENS or len(self._documents) > _CACHED_DOCUMENTS


def open_reader(
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

    def open_on_cpu() -> tuple[devices.Choice, Backend]:
        cpu = replace(devices.choose("cpu", model), reason=f"the device '{choice.device}' failed")
        return cpu, open_backend(model, cpu, threads)

    fallback = None if choice.device == "cpu" else open_on_cpu
    return Reader(model, choice, tokenizer, open_backend(model, choice, threads), fallback)


def _lists(question: str, context: Context) -> Lists | None:
    if not asks_for_several(question):
        return None
    text = _text(context)
    return Lists(text, blocks_or_plain(text, _blocks(context)))


def _blocks(context: Context) -> tuple[Block, ...]:
    return context.blocks if isinstance(context, Document) else ()


def _text(context: Context) -> str:
    """The text of ``context``. Raises ``TypeError`` for anything that has none."""
    text = context.text if isinstance(context, Document) else context
    if not isinstance(text, str):
        raise TypeError(f"context must be a str or a Document, not {type(text).__name__}")
    return text


def _next_chunk(items: Sequence[tuple[str, Context]]) -> Sequence[tuple[str, Context]]:
    """The first of ``items``, as many as are answered together: enough for full batches, few enough for the memory."""
    lengths = np.cumsum([len(_text(context)) for _, context in items[:_QUESTIONS_AT_ONCE]])
    return items[: max(1, int(np.searchsorted(lengths, _CHARACTERS_AT_ONCE)))]
