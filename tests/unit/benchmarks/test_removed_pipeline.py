"""The removed pipeline's choice of spans in one window."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import removed_pipeline


def test_spans_are_ranked_by_the_product_of_their_probabilities() -> None:
    allowed = np.array([True, False, True, True, True])  # [CLS], the question, three tokens of the text
    start = np.log(np.array([1.0, 1000.0, 6.0, 2.0, 1.0]))
    end = np.log(np.array([1.0, 1000.0, 1.0, 2.0, 6.0]))
    spans = removed_pipeline.spans(start, end, allowed)
    assert [span[:2] for span in spans[:2]] == [(2, 4), (2, 3)]
    assert spans[0][2] == pytest.approx(0.6 * 0.6)  # [CLS] keeps its tenth
    assert all(first <= last and first >= 2 for first, last, chance in spans if chance > 0)


def test_a_span_is_not_longer_than_the_longest_answer() -> None:
    size = removed_pipeline.LONGEST_ANSWER + 3
    start, end = np.zeros(size), np.zeros(size)
    start[1] = end[-1] = 20.0
    best = removed_pipeline.spans(start, end, np.ones(size, dtype=bool))[0]
    assert best[1] - best[0] < removed_pipeline.LONGEST_ANSWER
