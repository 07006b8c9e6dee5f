"""The second look at the best spans: excerpts, means by hand, and what a reader says with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from qadesk.progress import finish
from qadesk.qa.decode import NEIGHBOURS, Rules, Span
from qadesk.qa.devices import Choice
from qadesk.qa.document_tokens import DocumentTokens, TokenPart, join
from qadesk.qa.engine import Reader
from qadesk.qa.models import Model
from qadesk.qa.ranking import Ranking
from qadesk.qa.reader_options import Options
from qadesk.qa.second_look import excerpts, read_twice
from qadesk.qa.window_logits import WindowLogits, decode_rows
from qadesk.qa.windows import Batch, QuestionTokens, Window

QUESTION = QuestionTokens(np.array([0, 1]), np.zeros(2, int), np.array([1]), np.array([1]), 1)


def tokens(count: int, borders: Sequence[int] = (0,)) -> DocumentTokens:
    """``count`` words of one letter with a space behind each, in one block."""
    offsets = np.stack([np.arange(count) * 2, np.arange(count) * 2 + 1], axis=1).astype(np.int32)
    return join([TokenPart(np.zeros(count, np.int32), offsets, np.zeros(count, np.int32), np.array(borders, np.int32))])


def row(document: DocumentTokens, start: int, end: int, starts: list[float], ends: list[float]) -> WindowLogits:
    """Logits are given as [null, then one per context token]."""
    logits = (np.array([values[0], 50, *values[1:], 50], np.float32) for values in (starts, ends))
    return WindowLogits(Window(QUESTION, document, start, end, start, end), *logits)


def span(first: int, last: int) -> Span:
    near = np.zeros(2 * NEIGHBOURS + 1)
    return Span(first, last, 0.0, near, near)


def plain_rows(document: DocumentTokens, *bounds: tuple[int, int]) -> list[WindowLogits]:
    return [row(document, start, end, [0.0] * (end - start + 1), [0.0] * (end - start + 1)) for start, end in bounds]


def test_a_token_that_was_read_twice_gets_a_mean_of_both_against_the_null() -> None:
    """Null scores 1 + 3 and 0 + 2: halves of 2 and 1. Token 1: two thirds of 5 - 2, a third of 7 - 1, and 2: 6."""
    document = tokens(6)
    first = row(document, 0, 3, [1, 4, 5, 6], [3, 1, 0, 2])
    second = row(document, 3, 6, [0, 1, 1, 1], [0, 2, 2, 2])
    look = row(document, 1, 3, [0, 7, 2], [2, -1, 4])
    (changed,) = read_twice([first, second], [look])
    assert changed is first
    assert changed.starts.tolist() == pytest.approx([1, 50, 4, 6, 5, 50])  # token 2: 4 * 2 / 3 + 1 / 3 + 2
    # -2 * 2 / 3 - 2 / 3 + 2, 0 + 3 / 3 + 2
    assert changed.ends.tolist() == pytest.approx([3, 50, 1, 0, 3, 50], abs=1e-6)
    assert second.starts.tolist() == [0, 50, 1, 1, 1, 50]


def test_the_score_of_a_span_inside_an_excerpt_is_the_mean_of_both_its_scores() -> None:
    document = tokens(6)
    first, second = row(document, 0, 3, [1, 4, 5, 6], [3, 1, 0, 2]), row(document, 3, 6, [0] * 4, [0] * 4)
    look = row(document, 1, 3, [0, 8, 3], [2, -1, 1])
    (decoded,) = decode_rows(read_twice([first, second], [look]), Rules())
    best = decoded.spans[0]
    assert (best.first, best.last) == (1, 2)
    assert best.score == pytest.approx((2 * (5 + 2 - 4) + (8 + 1 - 2)) / 3)


def test_several_excerpts_with_a_token_count_as_one() -> None:
    """Token 1 has 5 in the window, and 2 and 6 in excerpts: two thirds of 5 and a third of 4."""
    document = tokens(4)
    first, second = row(document, 0, 2, [0, 4, 5], [0, 0, 0]), row(document, 2, 4, [0] * 3, [0] * 3)
    looks = [row(document, 0, 2, [0, 4, 2], [0, 0, 0]), row(document, 1, 2, [0, 6], [0, 0])]
    (changed,) = read_twice([first, second], looks)
    assert changed.starts.tolist() == pytest.approx([0, 50, 4, 14 / 3, 50])


def test_a_token_in_two_windows_is_changed_in_both() -> None:
    document = tokens(4)
    rows = plain_rows(document, (0, 3), (1, 4))
    changed = read_twice(rows, [row(document, 1, 3, [0, 3, 6], [0, 0, 0])])
    assert [one.starts.tolist() for one in changed] == [[0, 50, 0, 1, 2, 50], [0, 50, 1, 2, 0, 50]]


def bounds(cut: Sequence[Window]) -> list[tuple[int, int]]:
    return [(window.start, window.end) for window in cut]


def test_an_excerpt_is_around_the_span_and_inside_the_text() -> None:
    rows = plain_rows(tokens(500), (0, 250), (250, 500))
    cut = excerpts(rows, [span(299, 300), span(3, 4), span(490, 495)])
    assert bounds(cut) == [(0, 80), (260, 340), (420, 500)]
    assert all((window.own_start, window.own_end) == (window.start, window.end) for window in cut)


def test_an_excerpt_begins_and_ends_at_borders_where_there_are_some() -> None:
    rows = plain_rows(tokens(500, [0, 250, 290, 301, 320, 400]), (0, 250), (250, 500))
    assert bounds(excerpts(rows, [span(299, 300)])) == [(290, 320)]
    assert bounds(excerpts(rows, [span(360, 362)])) == [(321, 400)]


def test_excerpts_are_read_once_and_are_at_most_half_a_window() -> None:
    rows = plain_rows(tokens(40), (0, 20), (20, 40))
    assert bounds(excerpts(rows, [span(10, 11), span(2, 3), span(1, 1)])) == [(0, 10), (6, 16)]


def test_a_long_span_is_whole_in_its_excerpt() -> None:
    rows = plain_rows(tokens(40), (0, 20), (20, 40))
    assert bounds(excerpts(rows, [span(4, 18)])) == [(4, 19)]


def test_a_text_of_one_window_has_no_excerpts() -> None:
    assert excerpts(plain_rows(tokens(20), (0, 20)), [span(1, 1)]) == []


LOGITS = st.floats(-4, 4).map(lambda value: round(value, 2))


@given(st.lists(LOGITS, min_size=24, max_size=24), st.lists(LOGITS, min_size=6, max_size=6))
def test_a_ranking_with_windows_put_in_anew_is_that_of_the_new_ones(logits: list[float], others: list[float]) -> None:
    """Three windows that overlap; the middle one is decoded again with other logits."""
    document, text = tokens(6), "a b c d e f"
    spans = [(0, 3, 0, 2), (1, 5, 2, 4), (3, 6, 4, 6)]
    rows = [
        WindowLogits(Window(QUESTION, document, *place), *(np.array(values, np.float32) for values in pair))
        for place, pair in zip(
            spans,
            [([0, 9, *logits[:3], 9], [0, 9, *logits[3:6], 9]), ([0, 9, *logits[6:10], 9], [0, 9, *logits[10:14], 9]),
             ([0, 9, *logits[14:17], 9], [0, 9, *logits[17:20], 9])],
            strict=True,
        )
    ]  # fmt: skip
    changed = rows[1]._replace(starts=np.array([0, 9, *others[:4], 9], np.float32))
    rules = Rules(max_answer_tokens=3)
    anew, once = (Ranking(document, text, rules) for _ in range(2))
    for decoded in decode_rows([*rows, changed], rules):
        anew.add(decoded)
    for decoded in decode_rows([rows[0], changed, rows[2]], rules):
        once.add(decoded)
    assert anew.windows_read == once.windows_read == 3
    assert anew.log_mass == pytest.approx(once.log_mass)
    assert [answer.text for answer in anew.answers()] == [answer.text for answer in once.answers()]
    for one, other in zip(anew.answers(), once.answers(), strict=True):
        assert one.confidence == pytest.approx(other.confidence)
        assert one.start_confidence == pytest.approx(other.start_confidence, abs=1e-6)
        assert one.end_confidence == pytest.approx(other.end_confidence, abs=1e-6)


class MisledBackend:
    """Likes "store" where an "e" stands in the same window, and "milk" a little less, everywhere."""

    max_tokens = 64
    workers = 1

    def scores(self, batch: Batch, *, alone: bool = True) -> tuple[np.ndarray, np.ndarray]:
        logits = np.zeros(batch.input_ids.shape, np.float32)
        logits[batch.input_ids == MILK] = 4
        misled = (batch.input_ids == LETTER_E).any(axis=1, keepdims=True)
        logits[(batch.input_ids == STORE) & misled] = 5
        return logits, logits.copy()


STORE, MILK, LETTER_E = 10, 13, 18
MODEL = Model(Path("fake"), "fake", "Fake", None, (), 24, 32, 2, True, True)
TEXT = "e a a a a a a a a a a a a a a a a store " + "b " * 60 + "milk " + "c " * 20


@pytest.fixture
def reader(tokenizer: Tokenizer) -> Reader:
    return Reader(MODEL, Choice("cpu", "onnx", "float32", "it is a test"), tokenizer, MisledBackend())


def test_an_answer_that_convinces_only_from_afar_comes_second(reader: Reader) -> None:
    """The word "store" scores 10 in its window and 0 in its excerpt, where no "e" is; "milk" 8 in both."""
    options = Options(max_seq_length=32, doc_stride=4, split_length=32)
    *_, first, second = reader.answer("what", TEXT, options)
    assert first.answers is not None
    assert first.answers[0].text == "store"
    answers = finish(reader.answer("what", TEXT, options))
    assert second.answers is not None
    assert second.answers.spans == answers.spans
    assert [answer.text for answer in answers][:2] == ["milk", "store"]
    assert [answer.score for answer in answers][:2] == pytest.approx([8, 20 / 3])
    assert (answers.read, answers.windows) == (first.answers.windows, first.answers.windows)
    assert first.progress.done == second.progress.done


def test_many_questions_at_once_get_the_same_second_look(reader: Reader) -> None:
    options = Options(max_seq_length=32, doc_stride=4, split_length=32)
    items = [("what", TEXT), ("who", "the man went to the store"), ("who", TEXT)]
    for (question, context), together in zip(items, finish(reader.answer_many(items, options)), strict=True):
        alone = finish(reader.answer(question, context, options))
        assert together.spans == alone.spans
        assert together.no_answer == pytest.approx(alone.no_answer)
