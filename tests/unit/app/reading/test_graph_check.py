"""The texts that the check of a graph reads, and how what it measures is summed up."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split

from qadesk import paths
from qadesk.app.reading import graph_check
from qadesk.app.reading.graph_check import _Pair, _suitable, _summary, _texts, _tokens_a_word
from qadesk.qa import models
from qadesk.qa.graphs import GraphComparison


@pytest.fixture(scope="module")
def english() -> Tokenizer:
    return models.load_tokenizer(models.inspect(paths.bundled_model_dir()))


def test_there_are_texts_in_many_languages_and_their_questions_are_theirs() -> None:
    texts = _texts()
    assert len(texts) == 9
    assert "Harrow Rock" in texts[0].text
    assert all(len(text.questions) >= 3 and len(text.text) > 80 for text in texts)


def test_an_english_tokenizer_reads_english_and_its_relatives(english: Tokenizer) -> None:
    assert _suitable(english, _texts()) == _texts()[:4]  # English, German, French, Spanish


def test_a_chinese_tokenizer_reads_chinese() -> None:
    chinese = next(text for text in _texts() if "图书馆" in text.text)
    vocabulary = {character: number for number, character in enumerate(sorted(set(chinese.text)))}
    tokenizer = Tokenizer(WordLevel({**vocabulary, "[UNK]": 999}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Split("", "isolated")
    assert _tokens_a_word(tokenizer, chinese.text) == 1
    assert _suitable(tokenizer, _texts()) == [chinese]


def test_a_tokenizer_of_no_language_here_reads_what_suits_it_best(english: Tokenizer) -> None:
    foreign = _texts()[4:]
    assert _suitable(english, foreign) == [min(foreign, key=lambda text: _tokens_a_word(english, text.text))]


def test_drift_has_no_unit() -> None:
    starts_shift, ends_shift = np.array([0.0, 0.2, 0.1]), np.array([-1.0, 3.0, -2.0])
    pairs = [_Pair("a", "a", 0.0)]
    plain, scaled = _summary(starts_shift, ends_shift, pairs), _summary(starts_shift / 100, ends_shift / 100, pairs)
    assert plain.drift == pytest.approx(math.sqrt(0.05 / 14))
    assert scaled.drift == pytest.approx(plain.drift)
    assert (plain.windows, plain.max_difference, plain.mean_difference) == (1, 0.2, pytest.approx(0.1))
    assert _summary(np.zeros(2), np.zeros(2), pairs).drift == 0
    assert _summary(np.ones(2), np.zeros(2), pairs).drift == math.inf


def test_answers_between_which_float32_hardly_chooses_are_as_good_as_the_same() -> None:
    none, spread = np.zeros(1), np.array([-2.0, 2.0])  # a spread of 2: 0.6 logits are level
    assert _summary(none, spread, [_Pair("Isaac Penhale", "Thomas Reeve", 0.59)]).agreement == 1
    assert _summary(none, spread, [_Pair("Isaac Penhale", "Thomas Reeve", 0.61)]).agreement == 0
    half = [_Pair("Isaac Penhale", "Penhale", 1.0), _Pair("", "", 0.0)]
    assert _summary(none, spread, half).agreement == pytest.approx((2 / 3 + 1) / 2)


@pytest.mark.parametrize(
    ("drift", "agreement", "good"),
    [(0.05, 1.0, True), (0.1, 0.9, True), (0.11, 1.0, False), (0.05, 0.89, False), (math.inf, 0.0, False)],
)
def test_both_must_hold(drift: float, agreement: float, good: bool) -> None:
    assert graph_check.is_good(GraphComparison(39, 1.0, 0.1, drift, agreement)) is good
