"""The prior of spans whose block or row has words of the question, by numbers that were worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from qadesk.qa import decode, windows
from qadesk.qa.decode import Rules
from qadesk.qa.document_tokens import DocumentTokens
from qadesk.qa.ranking import Ranking
from qadesk.qa.windows import Window
from qadesk.qa.word_match import Ints, matches, word_priors
from tests.unit.qa.test_second_look import QUESTION

DEPOSIT, AMOUNT, RENT, PAID = 11, 12, 13, 14
WORDS = np.array([DEPOSIT, AMOUNT, 99])


def rows(*ids_of_rows: list[int]) -> DocumentTokens:
    """A document whose rows hold these tokens; each row is one block, and each token a letter and a space."""
    ids = np.array([token for row in ids_of_rows for token in row], np.uint16)
    lengths = [len(row) for row in ids_of_rows]
    borders = np.cumsum([0, *lengths[:-1]]).astype(np.int32)
    offsets = np.stack([np.arange(len(ids)) * 2, np.arange(len(ids)) * 2 + 1], axis=1).astype(np.int32)
    begins = np.repeat(borders, lengths).astype(np.int32)
    return DocumentTokens(ids, offsets, begins, np.repeat(borders + lengths, lengths).astype(np.int32), borders)


THREE = rows([DEPOSIT, PAID], [DEPOSIT, AMOUNT, 50], [RENT, AMOUNT, 51])


def priors(question: Ints, document: DocumentTokens) -> npt.NDArray[np.float32]:
    of_tokens = word_priors(question, document)
    assert of_tokens is not None
    return of_tokens


def test_the_example_of_the_module() -> None:
    assert priors(WORDS[:2], THREE).tolist() == [0.5, 0.5, 1, 1, 1, 0.5, 0.5, 0.5]


def test_a_word_in_few_rows_counts_more() -> None:
    of_rows = priors(np.array([PAID, AMOUNT]), THREE)
    of_one, of_two = math.log(1 + 3 / 1), math.log(1 + 3 / 2)
    assert of_rows[[0, 2, 5]] == pytest.approx([of_one / (of_one + of_two)] + 2 * [of_two / (of_one + of_two)])


def test_words_that_the_document_has_not_do_not_count() -> None:
    assert priors(WORDS, THREE).tolist() == priors(WORDS[:2], THREE).tolist()
    assert priors(np.array([99]), THREE).tolist() == [0.0] * 8


@pytest.mark.parametrize("document", [rows([]), rows([DEPOSIT, AMOUNT])])
def test_a_document_of_one_part_has_no_priors(document: DocumentTokens) -> None:
    assert word_priors(WORDS, document) is None


def test_a_word_counts_once_in_a_part() -> None:
    document = rows([DEPOSIT, DEPOSIT], [PAID, PAID])
    assert matches(np.array([DEPOSIT, DEPOSIT]), document, document.borders) == pytest.approx(
        [math.log(1 + 2 / 1), 0.0]
    )


def ranking(of_tokens: npt.NDArray[np.float32] | None, rules: Rules) -> Ranking:
    """Two rows of one token, with the scores ln 3 and ln 2 and the null score 0."""
    document = rows([50], [51])
    window = Window(QUESTION, document, 0, 2, 0, 2, of_tokens)
    first = len(QUESTION.head)
    logits = np.zeros((1, len(window)), np.float32)
    logits[0, first : first + 2] = [math.log(3), math.log(2)]
    ranked = Ranking(document, "a b", rules)
    for decoded in decode.decode_windows(windows.pack([window]), logits, np.zeros_like(logits), rules):
        ranked.add(decoded)
    return ranked


def test_a_prior_changes_which_span_is_best_and_not_whether_there_is_an_answer() -> None:
    plain, matched = (ranking(of_tokens, Rules()) for of_tokens in (None, np.array([0, 1], np.float32)))
    assert [answer.text for answer in plain.answers()] == ["a", "b"]
    assert [answer.text for answer in matched.answers()] == ["b", "a"]
    assert plain.no_answer == matched.no_answer == pytest.approx(1 / 6)
    total = 3 + 2 * math.e
    expected = [5 / 6 * 2 * math.e / total, 5 / 6 * 3 / total]
    assert [answer.confidence for answer in matched.answers()] == pytest.approx(expected)
    assert [answer.start_confidence for answer in matched.answers()] == pytest.approx(expected)


def test_scores_that_are_shown_stay_those_of_the_model() -> None:
    best = ranking(np.array([0, 1], np.float32), Rules()).answers()[0]
    assert (best.start_score, best.end_score, best.null_score) == pytest.approx((math.log(2), 0.0, 0.0))


def test_the_prior_of_a_passage_counts_in_both() -> None:
    rules, document = Rules(), rows([50], [51])
    window = Window(QUESTION, document, 0, 2, 0, 2, np.array([0, 1], np.float32))
    logits = np.zeros((1, len(window)), np.float32)
    (plain,) = decode.decode_windows(windows.pack([window]), logits, logits, rules)
    shifted = plain.with_prior(-2.0, rules)
    assert [span.prior for span in shifted.spans] == [span.prior - 2 for span in plain.spans] == [-1, -2]
    assert shifted.log_mass == pytest.approx(plain.log_mass - 2) == pytest.approx(math.log(2) - 2)
    assert replace(shifted, spans=[]).start_mass == pytest.approx([-2.0, -1.0])
