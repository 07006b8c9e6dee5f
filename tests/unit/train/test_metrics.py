"""Exact match, F1, calibration error and reports, against numbers worked by hand."""

import pytest

from qadesk.errors import DataError
from qadesk.train.metrics import (
    Bin,
    MeanScores,
    best_threshold,
    calibration_bins,
    exact_match,
    expected_calibration_error,
    f1,
    normalize_answer,
    report,
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("The  Cat,\n and a hat!", "cat and hat"),
        ("U.S.A.", "usa"),
        ("a-an-the", "aanthe"),  # punctuation goes first: no article is left to find
        ("Theatre and another", "theatre and another"),
        ("the", ""),
        ("?!", ""),
        ("", ""),
        ("“Café” – 5 €", "“café” – 5 €"),  # only ASCII punctuation goes
        ("a\u00a0b", "b"),
        ("vitamin A", "vitamin"),
    ],
)
def test_normalize_answer(text, plain):
    assert normalize_answer(text) == plain


@pytest.mark.parametrize(
    ("prediction", "golds", "exact", "overlap"),
    [
        ("Denver Broncos", ["Denver Broncos", "The Denver Broncos"], 1, 1),
        ("the denver broncos.", ["Denver Broncos"], 1, 1),
        ("Broncos", ["Denver Broncos"], 0, 2 / 3),  # precision 1, recall 1/2
        ("in 1876 or so", ["1876"], 0, 2 / 5),  # precision 1/4, recall 1
        ("Paris", ["London", "in Paris"], 0, 2 / 3),  # the best of the golds
        ("to be or to be", ["to be or not to be"], 0, 10 / 11),  # each word as often as it stands in both
        ("Paris", ["London"], 0, 0),
        ("", ["London"], 0, 0),
        ("the", ["London"], 0, 0),
        ("", [], 1, 1),
        ("a", [], 1, 1),  # nothing is left of it
        ("London", [], 0, 0),
        ("", ["the"], 1, 1),  # a gold of nothing counts as no gold
        ("London", ["the", "London"], 1, 1),
        ("", ["the", "London"], 0, 0),
    ],
)
def test_exact_match_and_f1(prediction, golds, exact, overlap):
    assert exact_match(prediction, golds) == exact
    assert f1(prediction, golds) == pytest.approx(overlap)


HAS = {"q1": True, "q2": False, "q3": True, "q4": False}
TEXTS = {"q1": "x", "q2": "y", "q3": "z", "q4": "w"}
NO_ANSWER = {"q1": 0.1, "q2": 0.3, "q3": 0.2, "q4": 0.9}


def test_the_best_threshold():
    # start: 2 right; q1 at 0.1: 3; q3 at 0.2: 3.5; q2 at 0.3: 2.5; q4 at 0.9: 1.5
    scores = {"q1": 1.0, "q2": 0.0, "q3": 0.5, "q4": 0.0}
    assert best_threshold(TEXTS, scores, NO_ANSWER, HAS) == (87.5, 0.2)


def test_saying_nothing_can_be_best():
    scores = dict.fromkeys(TEXTS, 0.0)
    assert best_threshold(TEXTS, scores, NO_ANSWER, HAS) == (50, 0)


def test_an_empty_prediction_for_an_unanswerable_question_costs_nothing():
    # start: 2; q2 says nothing: 2; q1 at 0.4: 3
    scores = {"q1": 1.0, "q2": 1.0, "q3": 0.0, "q4": 0.0}
    probabilities = {"q1": 0.4, "q2": 0.3, "q3": 0.8, "q4": 0.9}
    assert best_threshold(TEXTS | {"q2": ""}, scores, probabilities, HAS) == (75, 0.4)


def test_the_lower_of_two_equally_good_thresholds_is_taken():
    scores = {"q1": 1.0, "q2": 0.0, "q3": 1.0, "q4": 0.0}
    # start: 2; q1 at 0.1: 3; q2 at 0.2: 2; q3 at 0.3: 3
    probabilities = {"q1": 0.1, "q2": 0.2, "q3": 0.3, "q4": 0.9}
    assert best_threshold(TEXTS, scores, probabilities, HAS) == (75, 0.1)


def test_calibration_by_hand():
    # bins of 0.5: (0.2, 0.4; one right) and (0.6, 1.0; one right)
    # |0.3 - 0.5| * 2/4 + |0.8 - 0.5| * 2/4 = 0.25
    assert expected_calibration_error([0.2, 0.4, 0.6, 1.0], [False, True, True, False], bins=2) == pytest.approx(0.25)


def test_bins_are_means_of_their_tenth():
    bins_with_rows = calibration_bins([0.12, 0.18, 0.95, 1.0], [True, False, True, True], bins=10)
    assert bins_with_rows == [Bin(pytest.approx(0.15), 0.5, 2), Bin(pytest.approx(0.975), 1.0, 2)]


def test_calibration_at_its_ends():
    assert expected_calibration_error([1.0, 0.0], [True, False]) == 0
    assert expected_calibration_error([1.0, 0.0], [False, True]) == 1
    with pytest.raises(ValueError, match="zip"):
        expected_calibration_error([1.0], [])


QUESTIONS = {"q1": ["Paris"], "q2": [], "q3": ["in 1876", "1876"], "q4": []}
PREDICTIONS = {"q1": "Paris", "q2": "Rome", "q3": "1876 or so", "q4": ""}


def test_report():
    metrics = report(
        QUESTIONS, PREDICTIONS, {"q1": 0.1, "q2": 0.7, "q3": 0.4, "q4": 0.6}, dict.fromkeys(QUESTIONS, 0.5)
    )
    # exact 1 0 0 1; F1 1 0 1/2 1: '1876 or so' has precision 1/3 and recall 1
    assert (metrics.exact, metrics.f1, metrics.total) == (50, 62.5, 4)
    assert metrics.has_answer == MeanScores(50, 75, 2)
    assert metrics.no_answer == MeanScores(50, 50, 2)
    assert (metrics.best_exact, metrics.best_exact_threshold) == (75, 0.1)  # 2; 3 at 0.1; 3 at 0.4; 3; 2
    assert (metrics.best_f1, metrics.best_f1_threshold) == (87.5, 0.4)
    assert metrics.ece == 0  # half of them right at 0.5


def test_report_without_probabilities():
    metrics = report({"q": ["Paris"]}, {"q": "Paris"})
    assert metrics.has_answer == MeanScores(100, 100, 1)
    assert metrics.no_answer is None
    assert (
        metrics.best_exact
        is metrics.best_exact_threshold
        is metrics.best_f1
        is metrics.best_f1_threshold
        is metrics.ece
        is None
    )


def test_report_of_unanswerable_questions_only():
    metrics = report({"q": []}, {"q": ""}, {"q": 0.9})
    assert metrics.has_answer is None
    assert metrics.no_answer == MeanScores(100, 100, 1)
    assert (metrics.best_f1, metrics.best_f1_threshold) == (100, 0)


def test_spans_bring_back_answers_that_were_held_back():
    questions, probabilities = {"q1": ["Paris"], "q2": []}, {"q1": 0.6, "q2": 0.8}
    held_back = {"q1": "", "q2": ""}
    assert report(questions, held_back, probabilities).best_f1 == 50
    metrics = report(questions, held_back, probabilities, spans={"q1": "Paris", "q2": "Rome"})
    assert (metrics.f1, metrics.best_f1, metrics.best_f1_threshold) == (50, 100, 0.6)


def test_no_questions_is_reported_in_words():
    with pytest.raises(DataError, match="no questions"):
        report({}, {})
