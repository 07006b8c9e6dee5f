"""Decoding against numbers worked by hand, and against a slow, plain reference."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from token_documents import in_units, one_block

from qadesk.qa import decode, windows
from qadesk.qa.calibration import Calibration, Logistic
from qadesk.qa.decode import Rules
from qadesk.qa.document_tokens import DocumentTokens
from qadesk.qa.ranking import Ranking
from qadesk.qa.windows import QuestionTokens, Window

QUESTION = QuestionTokens(np.array([0, 1]), np.zeros(2, int), np.array([1]), np.array([1]), 1)


def words(text: str, units: list[int] | None = None) -> DocumentTokens:
    """One token a word. ``units``: the block or cell of each, -1 for none; without them all is one block."""
    offsets, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        offsets.append((at, at + len(word)))
        at += len(word)
    return in_units(
        np.zeros(len(offsets), np.int32), np.array(offsets, np.int32).reshape(-1, 2), units or [0] * len(offsets)
    )


def rank(
    text: str,
    bounds: list[tuple[int, int, int, int]],
    starts: list[list[float]],
    ends: list[list[float]],
    rules: Rules,
    units: list[int] | None = None,
    *,
    wants_clause: bool = False,
) -> Ranking:
    """Logits are given per window as [null, then one per context token]."""
    tokens = words(text, units)
    all_windows = [Window(QUESTION, tokens, *window_bounds) for window_bounds in bounds]
    batch = windows.pack(all_windows)
    logits = []
    for rows in (starts, ends):
        full = np.full(batch.input_ids.shape, 50.0, np.float32)  # question, separators and padding must not count
        for row, values in enumerate(rows):
            full[row, 0] = values[0]
            full[row, 2 : 2 + len(values) - 1] = values[1:]
        logits.append(full)
    ranking = Ranking(tokens, text, rules, wants_clause=wants_clause)
    for window in decode.decode_windows(batch, *logits, rules):
        ranking.add(window)
    return ranking


def test_two_tokens_by_hand() -> None:
    # Spans: (0,0) 2+0, (0,1) 2+1, (1,1) 0+1; null 1 + 0.  Relative: 1, 2, 0; and 0 for no answer.
    ranking = rank("ab cd", [(0, 2, 0, 2)], [[1, 2, 0]], [[0, 0, 1]], Rules())
    e = math.e
    z = 1 + e + e**2 + 1
    assert ranking.no_answer == pytest.approx(1 / z)
    best = ranking.answers()[0]
    assert (best.text, best.start, best.end) == ("ab cd", 0, 5)
    assert best.confidence == pytest.approx(e**2 / z)
    assert best.start_confidence == pytest.approx((e + e**2) / z)
    assert best.end_confidence == pytest.approx((e**2 + 1) / z)
    assert (best.start_score, best.end_score, best.null_score, best.score) == (2, 1, 1, 2)


def test_the_end_may_not_come_before_the_start() -> None:
    # The best start is 'd', the best end 'a': the maximum scoring span is another one.
    ranking = rank("k b c d", [(0, 4, 0, 4)], [[0, 1, 0, 0, 9]], [[0, 9, 0, 0, 1]], Rules())
    assert [(answer.text, answer.score) for answer in ranking.answers()[:2]] == [("k", 10), ("d", 10)]


def test_the_longest_answer_counts_tokens() -> None:
    logits = [[0, 5, 0, 0, 0]], [[0, 0, 0, 0, 5]]
    assert rank("k b c d", [(0, 4, 0, 4)], *logits, Rules(max_answer_tokens=4)).answers()[0].text == "k b c d"
    short = rank("k b c d", [(0, 4, 0, 4)], *logits, Rules(max_answer_tokens=3)).answers()
    assert "k b c d" not in [answer.text for answer in short]
    assert rank("k b", [(0, 2, 0, 2)], [[0, 1, 0]], [[0, 0, 1]], Rules(max_answer_tokens=1)).answers()[0].text == "k"


def test_an_answer_stays_inside_its_block_and_holds_no_inserted_word() -> None:
    # "ab" is a cell, "of" was inserted, "cd ef" is the next cell. All logits are 0 but the ends of the best span:
    # allowed are ab, cd, "cd ef" and ef, which weigh 1 each.
    logits = [[0, 0, 9, 0, 0]], [[0, 0, 9, 0, 0]]
    ranking = rank("ab of cd ef", [(0, 4, 0, 4)], *logits, Rules(), [0, -1, 1, 1])
    assert {answer.text for answer in ranking.answers()} == {"ab", "cd", "ef"}
    assert ranking.no_answer == pytest.approx(1 / 5)
    best = ranking.answers()[0]
    assert (best.text, best.score) == ("ab", 0)
    assert (best.start_confidence, best.end_confidence) == (pytest.approx(1 / 5), pytest.approx(1 / 5))


def test_equivalent_spans_of_other_blocks_do_not_count() -> None:
    # "the" ends a block; "the keeper" over the border would be equivalent to "keeper", and is no span.
    ranking = rank("the keeper", [(0, 2, 0, 2)], [[0, 5, 1]], [[0, 0, 1]], Rules(), [0, 1])
    z = 1 + math.exp(5 + 0) + math.exp(1 + 1)
    keeper = next(answer for answer in ranking.answers() if answer.text == "keeper")
    assert keeper.start_confidence == pytest.approx(math.exp(2) / z)


def test_temperature_flattens_but_does_not_reorder() -> None:
    ranking = rank("ab cd", [(0, 2, 0, 2)], [[1, 2, 0]], [[0, 0, 1]], Rules(calibration=Calibration(2)))
    weights = [math.exp(score / 2) for score in (1, 2, 0)]
    assert ranking.answers()[0].confidence == pytest.approx(weights[1] / (1 + sum(weights)))
    assert ranking.no_answer == pytest.approx(1 / (1 + sum(weights)))


def test_a_model_without_unanswerable_questions_has_no_such_option() -> None:
    ranking = rank("ab cd", [(0, 2, 0, 2)], [[1, 2, 0]], [[0, 0, 1]], Rules(unanswerable=False))
    assert ranking.no_answer is None
    assert ranking.answers()[0].confidence == pytest.approx(math.e**2 / (math.e + math.e**2 + 1))


def test_a_calibrated_null_shares_out_the_rest_by_weight() -> None:
    # Spans weigh e, e**2 and 1; the log odds of an answer are half the log of their sum, less 1.
    ranking = rank(
        "ab cd", [(0, 2, 0, 2)], [[1, 2, 0]], [[0, 0, 1]], Rules(calibration=Calibration(null=Logistic(0.5, 1.0)))
    )
    mass = math.e + math.e**2 + 1
    odds = math.sqrt(mass) / math.e
    has_answer = odds / (1 + odds)
    assert ranking.no_answer == pytest.approx(1 - has_answer)
    best = ranking.answers()[0]
    assert best.confidence == pytest.approx(has_answer * math.e**2 / mass)
    assert best.start_confidence == pytest.approx(has_answer * (math.e + math.e**2) / mass)
    assert best.end_confidence == pytest.approx(has_answer * (math.e**2 + 1) / mass)


def test_windows_are_compared_through_their_own_null() -> None:
    # The second window's logits are all 10 higher, its null too: it says exactly the same.
    ranking = rank(
        "k b", [(0, 1, 0, 1), (1, 2, 1, 2)], [[0, 1], [10, 11]], [[0, 1], [10, 11]], Rules(max_answer_tokens=1)
    )
    first, second = ranking.answers()
    assert first.confidence == pytest.approx(second.confidence)
    assert first.text == "k"  # equal scores: the earlier
    assert ranking.no_answer == pytest.approx(1 / (1 + 2 * math.exp(2)))


def test_a_token_in_two_windows_is_judged_where_it_is_owned() -> None:
    # 'c' scores 9 + 9 in the first window, but the second owns it and gives it 1 + 1.
    ranking = rank(
        "k b c d",
        [(0, 3, 0, 2), (1, 4, 2, 4)],
        [[0, 0, 0, 9], [0, 9, 1, 0]],
        [[0, 0, 0, 9], [0, 9, 1, 0]],
        Rules(max_answer_tokens=1),
    )
    scores = {answer.text: answer.score for answer in ranking.answers()}
    assert scores == {"k": 0, "b": 0, "c": 2, "d": 0}


def test_end_confidence_sums_over_the_windows_that_reach_the_token() -> None:
    # 'c' ends spans that begin at 'b' (first window) and at 'c' (second window).
    ranking = rank(
        "k b c d", [(0, 3, 0, 2), (1, 4, 2, 4)], [[0, 0, 2, 0], [0, 0, 1, 0]], [[0, 0, 0, 2], [0, 0, 3, 0]], Rules()
    )
    best = next(answer for answer in ranking.answers() if answer.text == "c" or answer.text == "b c")
    first = [(0, 0), (0, 0), (0, 2), (2, 0), (2, 2)]  # a a, a b, a c, b b, b c
    z = 1 + sum(math.exp(s + e) for s, e in first) + sum(math.exp(x) for x in (1 + 3, 1 + 0, 0 + 0))
    ends_at_c = math.exp(0 + 2) + math.exp(2 + 2) + math.exp(1 + 3)
    assert best.end_confidence == pytest.approx(ends_at_c / z)


def test_ranked_answers_do_not_overlap_unless_allowed() -> None:
    logits = [[0, 3, 2, 0]], [[0, 0, 2, 3]]
    ranking = rank("k b c", [(0, 3, 0, 3)], *logits, Rules())
    assert [answer.text for answer in ranking.answers()] == ["k b c"]
    overlapping = rank("k b c", [(0, 3, 0, 3)], *logits, Rules(overlap=True))
    assert [answer.text for answer in overlapping.answers()] == ["k b c", "k b", "b c", "b", "k"]


def test_equal_scores_rank_the_earlier_span_first_then_the_shorter() -> None:
    ranking = rank("k b c", [(0, 3, 0, 3)], [[0, 0, 0, 0]], [[0, 0, 0, 0]], Rules(overlap=True, top_k=6))
    assert [answer.text for answer in ranking.answers()] == ["k", "k b", "k b c", "b", "b c", "c"]


def test_top_k_bounds_the_list() -> None:
    ranking = rank("k b c d e", [(0, 5, 0, 5)], [[0] * 6], [[0] * 6], Rules(top_k=2))
    assert [answer.text for answer in ranking.answers()] == ["k", "b"]


def test_huge_logits_do_not_overflow() -> None:
    ranking = rank("k b", [(0, 2, 0, 2)], [[-1e4, 3e4, 0]], [[-1e4, 0, 3e4]], Rules())
    assert ranking.answers()[0].confidence == pytest.approx(1)
    assert ranking.no_answer == 0


def test_an_answer_that_stands_twice_has_both_places_and_both_weights() -> None:
    """k b K: weights e^2 and e^1.5 of k and K; with the other spans of one token, all that are allowed, W."""
    ranking = rank("k b K", [(0, 3, 0, 3)], [[0, 1, 0, 1]], [[0, 1, 0, 0.5]], Rules(max_answer_tokens=1))
    weights = [math.exp(2), math.exp(0), math.exp(1.5)]
    first, second = ranking.answers()
    assert (first.text, first.places, second.text) == ("k", ((4, 5),), "b")
    assert first.confidence == pytest.approx((weights[0] + weights[2]) / (1 + sum(weights)))
    assert first.start_confidence == pytest.approx(first.confidence)
    assert second.confidence == pytest.approx(weights[1] / (1 + sum(weights)))


@pytest.mark.parametrize(("wants_clause", "texts"), [(False, ["can", "sit", "Now"]), (True, ["can", "Now", "Yes."])])
def test_of_each_sentence_the_best_span_is_listed_where_a_clause_is_wanted(
    wants_clause: bool, texts: list[str]
) -> None:
    text = "He can sit. Now stop. Yes."
    bounds, rules = [(0, 6, 0, 6)], Rules(max_answer_tokens=1, top_k=3)
    logits = [0, 0, 4, 3, 2, 0.5, 1]
    ranking = rank(text, bounds, [logits], [logits], rules, wants_clause=wants_clause)
    assert [answer.text.rstrip(".") for answer in ranking.answers()] == [text.rstrip(".") for text in texts]
    free = rank(text, bounds, [logits], [logits], rules)
    assert ranking.answers()[0].confidence == free.answers()[0].confidence  # the chance of these words stays


def test_a_place_with_little_weight_is_neither_a_place_nor_an_answer() -> None:
    ranking = rank("k b K", [(0, 3, 0, 3)], [[0, 4, 0, 0.5]], [[0, 1, 0, 0.5]], Rules(max_answer_tokens=1))
    first, second = ranking.answers()
    assert (first.text, first.places, second.text) == ("k", (), "b")


@pytest.mark.parametrize(("expected", "odds"), [(None, 1.0), (0.5, 1.0), (0.8, 4.0), (0.2, 0.25)])
def test_the_odds_of_an_answer_are_multiplied_by_those_expected(expected: float | None, odds: float) -> None:
    """One token with the weight e: the odds of an answer are e where half of the questions have one."""
    ranking = rank("k", [(0, 1, 0, 1)], [[0, 1]], [[0, 0]], Rules(expected=expected))
    assert ranking.no_answer == pytest.approx(1 / (1 + math.e * odds))


logits = st.lists(st.floats(-8, 8, width=32), min_size=13, max_size=13)


@settings(deadline=None)
@given(
    logits, logits, st.integers(1, 6), st.floats(0.3, 3), st.booleans(), st.permutations(range(3)),
    st.sampled_from([[0] * 9, [0, 0, 0, 0, 1, 1, 1, 1, 1], [0, 0, 0, -1, 1, 1, 2, 2, 3]]),
)  # fmt: skip
def test_agrees_with_a_plain_reference(
    starts: list[float],
    ends: list[float],
    longest: int,
    temperature: float,
    unanswerable: bool,
    order: list[int],
    units: list[int],
) -> None:
    """Three windows over 9 tokens, added in any order: every probability, by brute force."""
    text = "q the b c an d e a f"
    bounds = [(0, 4, 0, 3), (2, 7, 3, 6), (5, 9, 6, 9)]
    rows = [[starts[0], *starts[1:5]], [starts[2], *starts[4:9]], [starts[5], *starts[9:13]]]
    columns = [[ends[1], *ends[2:6]], [ends[0], *ends[3:8]], [ends[7], *ends[8:12]]]
    rules = Rules(longest, 40, True, unanswerable, Calibration(temperature))
    ranking = rank(
        text, [bounds[i] for i in order], [rows[i] for i in order], [columns[i] for i in order], rules, units
    )
    weights: dict[tuple[int, int, int], float] = {}
    for number, ((begin, end, own, own_end), s, e) in enumerate(zip(bounds, rows, columns, strict=True)):
        for i in range(own, own_end):
            for j in range(i, min(end, i + longest)):
                if units[i] != units[j] or units[i] < 0:
                    continue
                relative = s[1 + i - begin] + e[1 + j - begin] - s[0] - e[0]
                weights[number, i, j] = math.exp(relative / temperature)
    z = sum(weights.values()) + unanswerable
    if unanswerable:
        assert ranking.no_answer == pytest.approx(1 / z, rel=1e-6)
    for answer in ranking.answers():
        i, j = text[: answer.start].count(" "), text[: answer.end].count(" ")
        home = next(number for number, (_, _, own, own_end) in enumerate(bounds) if own <= i < own_end)
        alike = sum(
            w
            for (n, a, b), w in weights.items()
            if n == home and units[a] == units[i] and significant_words(text, a, b) == significant_words(text, i, j)
        )
        begins = sum(
            w
            for (_, a, _), w in weights.items()
            if units[a] == units[i] and significant_words(text, a, j)[0] == significant_words(text, i, j)[0]
        )
        ends_there = sum(
            w
            for (_, _, b), w in weights.items()
            if units[b] == units[i] and significant_words(text, i, b)[1] == significant_words(text, i, j)[1]
        )
        if answer.text not in ("the", "an", "a"):
            assert answer.start_confidence == pytest.approx(begins / z, rel=1e-4)
            assert answer.end_confidence == pytest.approx(ends_there / z, rel=1e-4)
        assert answer.confidence <= alike / z * (1 + 1e-6)
        assert answer.confidence <= min(answer.start_confidence, answer.end_confidence)
        if answer is ranking.answers()[0]:
            assert answer.confidence == pytest.approx(alike / z, rel=1e-6)


def significant_words(text: str, first: int, last: int) -> tuple[int, int]:
    """The first and the last word of a span without the articles at its ends; of nothing but articles, all."""
    words = text.split()
    inner = [at for at in range(first, last + 1) if words[at] not in ("a", "an", "the")]
    return (inner[0], inner[-1]) if inner else (first, last)


def test_equivalent_spans_share_their_confidence() -> None:
    # "the keeper" scores 3 + 2, "keeper" 2 + 2, "the" 3 + 0, "keeper left" 2 + 0, "the keeper left" 3 + 0, "left" 0.
    ranking = rank("the keeper left", [(0, 3, 0, 3)], [[0, 3, 2, 0]], [[0, 0, 2, 0]], Rules())
    e, one = math.e, ranking.answers()[0]
    z = 1 + e**5 + e**4 + e**3 + e**2 + e**3 + 1
    assert one.text == "the keeper"
    assert one.score == 5
    assert one.confidence == pytest.approx((e**5 + e**4) / z)
    assert one.start_confidence == pytest.approx((e**5 + e**3 + e**3 + e**4 + e**2) / z)
    assert one.end_confidence == pytest.approx((e**5 + e**4) / z)
    listed = rank("the keeper left", [(0, 3, 0, 3)], [[0, 3, 2, 0]], [[0, 0, 2, 0]], Rules(overlap=True, top_k=9))
    assert [answer.text for answer in listed.answers()] == ["the keeper", "the", "the keeper left", "left"]


def logits_of(weights: list[float]) -> list[float]:
    """The logits whose exponentials are ``weights``."""
    return [math.log(weight) if weight else -math.inf for weight in weights]


EXAMPLE = 'say ( " keeper " ) today'
EXAMPLE_STARTS, EXAMPLE_ENDS = logits_of([1, 1, 2, 4, 0, 0, 0]), logits_of([0, 0, 0, 3, 1, 1, 1])


def test_a_span_carries_the_logits_around_its_ends() -> None:
    batch = windows.pack([Window(QUESTION, words(EXAMPLE), 0, 7, 0, 7)])
    starts, ends = (np.array([[0, 0, *logits, 0]], np.float32) for logits in (EXAMPLE_STARTS, EXAMPLE_ENDS))
    span = decode.decode_windows(batch, starts, ends, Rules())[0].spans[0]
    assert (span.first, span.last) == (3, 3)
    assert np.exp(span.near_starts) == pytest.approx([0] * 5 + [1, 1, 2, 4] + [0] * 8)
    assert np.exp(span.start_logits(range(1, 4))) == pytest.approx([1, 2, 4])
    assert np.exp(span.end_logits(range(3, 6))) == pytest.approx([3, 1, 1])
    assert span.end_score == pytest.approx(math.log(3))


def test_the_worked_example() -> None:
    """That of ``qa.ranking``, with its numbers: three starts and three ends make "keeper"."""
    ranking = rank(EXAMPLE, [(0, 7, 0, 7)], [[0, *EXAMPLE_STARTS]], [[0, *EXAMPLE_ENDS]], Rules())
    (best,) = ranking.answers()
    assert (best.text, best.start) == ("keeper", 8)
    assert math.exp(best.score) == pytest.approx(4 * 3)
    assert math.exp(ranking.log_mass) == pytest.approx((1 + 1 + 2 + 4) * (3 + 1 + 1 + 1))
    assert ranking.no_answer == pytest.approx(1 / 49)
    assert best.confidence == pytest.approx((1 + 2 + 4) * (3 + 1 + 1) / 49)
    assert best.start_confidence == pytest.approx((1 + 2 + 4) * (3 + 1 + 1 + 1) / 49)
    assert best.end_confidence == pytest.approx((1 + 1 + 2 + 4) * (3 + 1 + 1) / 49)


def test_the_best_answer_and_the_others_are_calibrated_apart() -> None:
    # Spans "k" and "m" weigh e**2 and 1, "k m" e: shares of z = e**2 + e + 1.
    calibrated = Calibration(best=Logistic(2.0, 0.5), other=Logistic(0.5, -1.0))
    rules = Rules(unanswerable=False, calibration=calibrated)
    best, other = rank("k m", [(0, 2, 0, 2)], [[0, 1, 0]], [[0, 1, 0]], rules).answers()
    assert (best.text, other.text) == ("k", "m")
    odds = (math.e**2 / (math.e + 1)) ** 2 / math.exp(0.5)
    assert best.confidence == pytest.approx(odds / (1 + odds))
    odds = (1 / (math.e**2 + math.e)) ** 0.5 * math.e
    assert other.confidence == pytest.approx(odds / (1 + odds))
    assert other.start_confidence == pytest.approx(other.confidence)
    z = math.e**2 + math.e + 1
    assert other.end_confidence == pytest.approx(other.confidence + math.e / z)  # "k m" ends there too
    assert best.start_confidence == pytest.approx(best.confidence + math.e / z)
    assert best.end_confidence == pytest.approx(best.confidence)
    sure = Rules(unanswerable=False, calibration=Calibration(best=Logistic(1.0, -9.0)))
    assert rank("k m", [(0, 2, 0, 2)], [[0, 1, 0]], [[0, 1, 0]], sure).answers()[0].start_confidence == 1


def test_no_answer_is_more_likely_than_one_before_it() -> None:
    calibrated = Calibration(other=Logistic(1.0, -5.0))
    best, other = rank("k m", [(0, 2, 0, 2)], [[0, 1, 0]], [[0, 1, 0]], Rules(calibration=calibrated)).answers()
    assert other.confidence == best.confidence


def test_spans_that_snap_to_the_same_words_are_listed_once() -> None:
    text = "playing"
    tokens = one_block(np.zeros(2, np.int32), np.array([(0, 4), (4, 7)], np.int32))
    batch = windows.pack([Window(QUESTION, tokens, 0, 2, 0, 2)])
    rules = Rules(overlap=True)
    ranking = Ranking(tokens, text, rules)
    for window in decode.decode_windows(batch, np.zeros((1, 5), np.float32), np.zeros((1, 5), np.float32), rules):
        ranking.add(window)
    assert [answer.text for answer in ranking.answers()] == ["playing"]


def test_punctuation_alone_is_not_listed_but_keeps_its_weight() -> None:
    ranking = rank("ab . cd", [(0, 3, 0, 3)], [[0, 0, 3, 0]], [[0, 0, 3, 0]], Rules(max_answer_tokens=1))
    assert [answer.text for answer in ranking.answers()] == ["ab", "cd"]
    assert ranking.no_answer == pytest.approx(1 / (1 + 1 + math.exp(6) + 1))


def test_an_answer_is_listed_after_many_spans_of_nothing_but_punctuation() -> None:
    # Each of the first three windows offers its three spans of punctuation, all of them better than "k".
    text = ", ; : , ; : , ; : k"
    bounds = [(0, 3, 0, 3), (3, 6, 3, 6), (6, 9, 6, 9), (9, 10, 9, 10)]
    logits = [[0, 3, 3, 3], [0, 3, 3, 3], [0, 3, 3, 3], [0, 1]]
    ranking = rank(text, bounds, logits, logits, Rules(top_k=1, max_answer_tokens=1))
    assert [answer.text for answer in ranking.answers()] == ["k"]


def test_an_empty_window_gives_no_answer() -> None:
    ranking = rank("", [(0, 0, 0, 0)], [[0]], [[0]], Rules())
    assert (ranking.answers(), ranking.no_answer) == ((), 1)
