"""The engine with a backend of fixed scores."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from qadesk.errors import DeviceError, ModelError, QuestionError
from qadesk.progress import finish
from qadesk.qa import engine
from qadesk.qa.backends import Backend
from qadesk.qa.calibration import Calibration, Logistic
from qadesk.qa.devices import Choice
from qadesk.qa.engine import Reader
from qadesk.qa.models import Model
from qadesk.qa.reader_options import Options
from qadesk.qa.second_look import LOOKS
from qadesk.qa.windows import Batch
from qadesk.records import Answers
from qadesk.structure import Block

MODEL = Model(Path("fake"), "fake", "Fake", None, (), 24, 32, 2, True, True)
CHOICE = Choice("cpu", "onnx", "float32", "it is a test")
STORE, MILK = 10, 13
TEXT = "The man went to the store and bought milk"


@pytest.fixture
def reader(tokenizer: Tokenizer, fake_backend) -> Reader:
    return Reader(MODEL, CHOICE, tokenizer, fake_backend({STORE: 5, MILK: 3}, {STORE: 5, MILK: 3}))


def test_answers_are_substrings_by_offset_best_first(reader: Reader) -> None:
    answers = reader.ask("what", TEXT, top_k=2)
    assert [(answer.text, answer.score) for answer in answers] == [("store", 10), ("milk", 6)]
    assert all(TEXT[answer.start : answer.end] == answer.text for answer in answers)
    assert answers.is_answered
    assert (answers.read, answers.windows, answers.question) == (1, 1, "what")


def test_all_probabilities_add_up_to_one(reader: Reader) -> None:
    text = "man went to store and bought milk"  # without articles each span says something else
    answers = list(reader.answer("what", text, Options(top_k=100, overlap=True)))[-1].answers
    assert answers is not None
    assert answers.no_answer is not None
    assert len(answers) == 28  # 7 tokens: 7 + 6 + ... + 1 spans
    assert sum(answer.confidence for answer in answers) + answers.no_answer == pytest.approx(1)


def test_where_an_answer_is_known_to_be_there_confidence_is_among_the_spans(reader: Reader) -> None:
    plain = list(reader.answer("what", TEXT, Options(top_k=100, overlap=True)))[-1].answers
    sure = list(reader.answer("what", TEXT, Options(top_k=100, overlap=True, expected=1.0)))[-1].answers
    assert plain is not None
    assert sure is not None
    assert plain.no_answer is not None
    assert sure.no_answer is None
    assert sure.is_answered
    for certain, usual in zip(sure, plain, strict=True):
        assert (certain.start, certain.end) == (usual.start, usual.end)
        assert certain.confidence == pytest.approx(usual.confidence / (1 - plain.no_answer))


def test_no_answer_is_weighed_as_the_model_says(tokenizer: Tokenizer, fake_backend) -> None:
    model = replace(MODEL, calibration=Calibration(null=Logistic(0.1, 3.0)))
    reader = Reader(model, CHOICE, tokenizer, fake_backend({STORE: 5, MILK: 3}, {STORE: 5, MILK: 3}))
    answers = reader.ask("what", TEXT, expected=None)
    assert not answers.is_answered  # log odds: a tenth of a little more than 10, less 3
    assert answers.no_answer == pytest.approx(0.87, abs=0.02)
    assert answers[0].text == "store"


def test_a_repeated_word_is_one_answer_with_two_places(reader: Reader) -> None:
    best = reader.ask("what", "a store a store a", top_k=2)[0]
    assert (best.text, best.start, best.places) == ("store", 2, ((10, 15),))


@pytest.mark.parametrize(
    ("expected", "error"), [(1.5, ValueError), (0, ValueError), (True, TypeError), ("1", TypeError)]
)
def test_an_expectation_that_is_no_share_is_refused(expected: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="expected"):
        Options(expected=expected)


def test_a_long_document_is_read_in_windows_with_answers_so_far(reader: Reader) -> None:
    text = "a b c d " * 100 + "store"
    readings = list(reader.answer("what", text, Options(max_seq_length=32, doc_stride=8)))
    counts = [reading.progress.done for reading in readings]
    assert counts == sorted(counts)
    assert counts[-1] == readings[-1].progress.total > 10
    assert readings[0].answers is not None
    assert readings[0].answers.is_partial
    last = readings[-1].answers
    assert last is not None
    assert not last.is_partial
    assert (last[0].text, last[0].start) == ("store", 800)


def test_closing_the_generator_stops_the_work(tokenizer: Tokenizer, fake_backend) -> None:
    backend = fake_backend({}, {}, max_tokens=32)
    work = Reader(MODEL, CHOICE, tokenizer, backend).answer("what", "a b c d " * 100, Options(32, 8))
    next(work)
    work.close()
    assert len(backend.shapes) <= 2  # the one that was told, and the one that was scored meanwhile


def test_batches_that_run_at_once_answer_as_one_after_another(tokenizer: Tokenizer, fake_backend) -> None:
    text = "a b c milk " * 50 + "store"
    backends = [fake_backend({STORE: 5, MILK: 3}, {STORE: 5, MILK: 3}, 32, workers) for workers in (1, 3)]
    one, three = (Reader(MODEL, CHOICE, tokenizer, backend).ask("what", text) for backend in backends)
    assert (one.spans, one.windows) == (three.spans, three.windows)
    assert one.no_answer == pytest.approx(three.no_answer)
    assert sorted(backends[0].shapes) == sorted(backends[1].shapes)


def test_without_lookahead_nothing_is_scored_while_the_generator_is_at_a_yield(
    tokenizer: Tokenizer, fake_backend
) -> None:
    backend = fake_backend({STORE: 5}, {STORE: 5}, 32, 3)
    score, running = backend.scores, []

    def watched(batch: Batch, *, alone: bool = True):
        running.append(1)
        time.sleep(0.01)
        logits = score(batch)
        running.pop()
        return logits

    backend.scores = watched
    reader = Reader(MODEL, CHOICE, tokenizer, backend)
    texts = [("what", "a b c d " * 20 + "store"), ("what", "a b c " * 40)]
    steps = reader.answer_many(texts, Options(32, 8, lookahead=False))
    while True:
        try:
            next(steps)
        except StopIteration as end:
            answers = end.value
            break
        assert running == []
    ahead = finish(reader.answer_many(texts, Options(32, 8)))
    assert [each.spans for each in answers] == [each.spans for each in ahead]


def test_what_shares_words_with_the_question_is_read_first(tokenizer: Tokenizer, fake_backend) -> None:
    reader = Reader(MODEL, CHOICE, tokenizer, fake_backend({STORE: 5}, {STORE: 5}, 32))
    first = next(reader.answer("who went", "a b c d " * 100 + "the man went to the store", Options(32, 8)))
    assert first.answers is not None
    assert (first.answers.read, first.answers[0].text) == (1, "store")


def test_a_device_that_fails_loses_no_question(tokenizer: Tokenizer, fake_backend) -> None:
    """The third batch fails, as on a card whose driver dies."""
    gpu, cpu = (fake_backend({STORE: 5}, {STORE: 5}, 32) for _ in range(2))
    score_all, gpu_shapes = gpu.scores, gpu.shapes

    def failing(batch: Batch, *, alone: bool = True):
        if len(gpu_shapes) == 2:
            raise DeviceError("The device failed while it read.", detail="CUDA error 700")
        return score_all(batch)

    gpu.scores = failing
    on_cpu = Choice("cpu", "onnx", "int8", "the device 'cuda' failed")
    text = "a b c d " * 50 + "store"
    reader = Reader(MODEL, Choice("cuda", "torch", "bfloat16", ""), tokenizer, gpu, lambda: (on_cpu, cpu))
    answers = reader.ask("what", text)
    assert not answers.is_partial
    assert answers[0].text == "store"
    assert "'cuda' failed" in answers.notice
    assert "CUDA error 700" not in answers.notice
    assert reader.choice == on_cpu
    assert 0 < len(gpu_shapes) + len(cpu.shapes) - answers.windows <= LOOKS
    assert reader.ask("what", text).notice == ""  # said once


def test_two_batches_that_fail_at_once_fall_back_once(tokenizer: Tokenizer, fake_backend) -> None:
    """Both workers are inside the device when it fails: the second finds the processor there already."""
    gpu, cpu = (fake_backend({STORE: 5}, {STORE: 5}, 32, workers) for workers in (2, 1))
    both_inside = threading.Barrier(2, timeout=60)
    fallbacks: list[str] = []

    def failing(batch: Batch, *, alone: bool = True):
        both_inside.wait()
        raise DeviceError("The device failed while it read.")

    def fallback() -> tuple[Choice, Backend]:
        fallbacks.append("cpu")
        return CHOICE, cpu

    gpu.scores = failing
    reader = Reader(MODEL, Choice("cuda", "torch", "bfloat16", ""), tokenizer, gpu, fallback)
    answers = reader.ask("what", "a b c d " * 50 + "store")
    assert fallbacks == ["cpu"]
    assert answers[0].text == "store"
    assert answers.windows > 2
    assert 0 < len(cpu.shapes) - answers.windows <= LOOKS
    assert reader.choice == CHOICE


def test_without_a_way_out_the_failure_is_reported(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(batch: Batch, *, alone: bool = True):
        raise DeviceError("The device failed while it read.")

    monkeypatch.setattr(reader._backend, "scores", failing)
    with pytest.raises(DeviceError, match="failed"):
        reader.ask("what", TEXT)


def test_a_document_can_be_prepared_before_the_question(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{TEXT} " * 1000
    steps = list(reader.prepare(text))
    assert steps[-1].done == len(text.rstrip())
    monkeypatch.setattr(engine, "tokenize_context", None)  # nothing left to do
    assert reader.ask("what", text)[0].text == "store"


def test_questions_are_taken_together_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_QUESTIONS_AT_ONCE", 3)
    monkeypatch.setattr(engine, "_CHARACTERS_AT_ONCE", 10)
    sizes = [[len(text) for _, text in engine._next_chunk([("", "x" * n) for n in texts])] for texts in
             ([2, 2, 2, 2], [4, 4, 4], [50, 1])]  # fmt: skip
    assert sizes == [[2, 2, 2], [4, 4], [50]]


def test_windows_are_never_longer_than_the_model_takes(tokenizer: Tokenizer, fake_backend) -> None:
    backend = fake_backend({}, {})
    Reader(MODEL, CHOICE, tokenizer, backend).ask("what", "a b c d " * 100)
    assert max(length for _, length in backend.shapes) == MODEL.max_tokens


def test_the_document_is_tokenised_once(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    tokenised: list[str] = []
    original = engine.tokenize_context

    def counting(tokenizer: Tokenizer, text: str, blocks: tuple[Block, ...]):
        tokenised.append(text)
        return original(tokenizer, text, blocks)

    monkeypatch.setattr(engine, "tokenize_context", counting)
    for question in ("what", "who", "what is the store"):
        reader.ask(question, TEXT)
    assert tokenised == [TEXT]


def test_many_questions_answer_as_one_by_one_in_order(reader: Reader) -> None:
    items = [("what", TEXT), ("who", "a b c milk d " * 20), ("what is the store", TEXT), ("who", "a")]
    work = reader.answer_many(items, Options(top_k=3))
    steps = []
    while True:
        try:
            steps.append(next(work))
        except StopIteration as end:
            batch_answers: list[Answers] = end.value
            break
    assert steps[-1].done == steps[-1].total == 4
    for (question, text), answers in zip(items, batch_answers, strict=True):
        single_answers = reader.ask(question, text, top_k=3)
        assert [(answer.start, answer.end) for answer in answers] == [
            (answer.start, answer.end) for answer in single_answers
        ]
        assert answers.no_answer == pytest.approx(single_answers.no_answer)
        assert not answers.is_partial


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        ("", TEXT, "no question"),
        (" \n\t", TEXT, "no question"),
        ("?!", TEXT, "no words"),
        ("who", "", "empty"),
        ("who", " \r\n ", "empty"),
        ("who", "... -- !", "no words"),
        ("who " * 40, TEXT, "too long"),
    ],
)
def test_what_cannot_be_asked_is_reported_in_words(reader: Reader, question: str, text: str, words: str) -> None:
    with pytest.raises(QuestionError, match=words) as excinfo:
        reader.ask(question, text)
    assert excinfo.value.hint


def test_a_document_of_one_character(reader: Reader) -> None:
    answers = reader.ask("what", "a")
    assert [answer.text for answer in answers] == ["a"]


def test_a_text_that_leaves_no_token_has_no_answer(tokenizer: Tokenizer, fake_backend) -> None:
    reader = Reader(MODEL, CHOICE, tokenizer, fake_backend({}, {}))
    tokenizer.pre_tokenizer = __import__("tokenizers").pre_tokenizers.Split("x", "removed")
    answers = reader.ask("what", "x")
    assert (len(answers), answers.no_answer, answers.is_answered) == (0, 1, False)


def test_scores_that_are_not_numbers_are_reported_in_words(tokenizer: Tokenizer, fake_backend) -> None:
    reader = Reader(MODEL, CHOICE, tokenizer, fake_backend({STORE: np.nan}, {}))
    with pytest.raises(ModelError, match="not numbers"):
        reader.ask("what", TEXT)


def test_the_cache_of_documents_is_bounded(reader: Reader) -> None:
    for number in range(10):
        reader.ask("what", f"{TEXT} {number}")
    assert len(reader._documents) == engine._CACHED_DOCUMENTS


def test_windows_of_several_questions_are_scored_in_their_order(reader: Reader) -> None:
    all_windows = reader.windows_of("what", "a b c d " * 20, Options(24, 8)) + reader.windows_of("who went", TEXT)
    assert len(all_windows) > 3
    batches = list(reader.logits(all_windows))
    assert [window for batch, _, _ in batches for window in batch.windows] == all_windows
    batch, starts, ends = batches[-1]
    store = len(all_windows[-1].question.head) + TEXT.lower().split().index("store")
    assert starts[-1, store] == ends[-1, store] == 5
    assert starts.shape == batch.input_ids.shape
    assert list(reader.logits([])) == []


def test_windows_of_what_cannot_be_asked_are_refused(reader: Reader) -> None:
    with pytest.raises(QuestionError):
        reader.windows_of("?", TEXT)
    with pytest.raises(QuestionError, match="too long"):
        reader.windows_of("what " * 30, TEXT)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (("what", TEXT, 0), ValueError, "top_k must be at least 1, not 0"),
        (("what", TEXT, -5), ValueError, "top_k must be at least 1, not -5"),
        (("what", TEXT, 1.5), TypeError, "top_k must be an int, not float"),
        (("what", TEXT, "3"), TypeError, "top_k must be an int, not str"),
        (("what", TEXT, None), TypeError, "top_k must be an int, not NoneType"),
        (("what", TEXT, True), TypeError, "top_k must be an int, not bool"),
        ((None, TEXT), TypeError, "question must be a str, not NoneType"),
        ((b"what", TEXT), TypeError, "question must be a str, not bytes"),
        (("what", 5), TypeError, "context must be a str or a Document, not int"),
        (("what", TEXT.encode()), TypeError, "context must be a str or a Document, not bytes"),
    ],
)
def test_an_argument_that_is_none_is_refused_in_words(
    reader: Reader, arguments: tuple[Any, ...], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        reader.ask(*arguments)


@pytest.mark.parametrize("name", ["max_seq_length", "max_answer_tokens", "top_k"])
def test_a_length_of_nothing_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must be at least 1"):
        Options(**{name: 0})


def test_windows_may_share_nothing_but_not_less() -> None:
    assert Options(doc_stride=0).doc_stride == 0
    with pytest.raises(ValueError, match="doc_stride must be at least 0, not -1"):
        Options(doc_stride=-1)


def test_a_question_is_checked_without_the_document(tokenizer: Tokenizer, fake_backend) -> None:
    reader = Reader(MODEL, CHOICE, tokenizer, fake_backend({}, {}))
    reader.check("what", TEXT)
    with pytest.raises(QuestionError, match="no words"):
        reader.check("?", TEXT)
    with pytest.raises(QuestionError, match="too long"):
        reader.check("what " * 30, TEXT)
    with pytest.raises(QuestionError, match="too long"):
        reader.check("what went", TEXT, Options(max_seq_length=18))
    assert not reader._documents
