"""Texts about a model from metadata that may hold anything."""

from __future__ import annotations

import pytest

from qadesk.app.models.describe import in_one_line, origin, scores

METRICS = {
    "own": {"questions": 60, "before": {"exact": 40.0, "f1": 54.02}, "after": {"exact": 70.0, "f1": 81.18}},
    "general": {"before": {"f1": 78.1}, "after": {"f1": 0.0}},
}


def test_where_a_model_came_from() -> None:
    assert origin({}) == ""
    base = {"base": {"name": "QADesk reader 7", "fingerprint": "ab"}, "date": "2026-11-24T12:00:00+00:00"}
    assert origin(base) == "Fine-tuned from QADesk reader 7 on 24 November 2026"
    source = {"kind": "downloaded", "from": "anna/reader", "date": "2026-12-01"}
    assert origin({"origin": source}) == "Downloaded from anna/reader on 1 December 2026"
    assert origin({**base, "origin": source}) == (
        "Fine-tuned from QADesk reader 7 on 24 November 2026, downloaded from anna/reader on 1 December 2026"
    )


@pytest.mark.parametrize(
    "metadata",
    [
        {"base": 5},
        {"base": {"name": ["a"]}},
        {"base": ""},
        {"origin": "x"},
        {"origin": {"kind": "stolen", "from": "anna"}},
        {"origin": {"kind": "imported"}},
        {"origin": {"kind": ["imported"], "from": "x"}},
    ],
)
def test_a_malformed_origin_is_left_out(metadata: dict[str, object]) -> None:
    assert origin(metadata) == ""


def test_a_malformed_date_is_left_out() -> None:
    assert origin({"base": "a", "date": "yesterday"}) == "Fine-tuned from a"
    assert origin({"base": "a", "date": 20261124}) == "Fine-tuned from a on 24 November 2026"


def test_scores_before_and_after() -> None:
    assert scores({"metrics": METRICS}) == "F1 on your questions 54.0 → 81.2, on general ones 78.1 → 0.0"
    assert scores({"metrics": {"own": METRICS["own"]}}) == "F1 on your questions 54.0 → 81.2"


@pytest.mark.parametrize("value", [None, "54", True, float("nan"), -1, 101, [54]])
def test_malformed_scores_are_left_out(value: object) -> None:
    assert scores({"metrics": {"own": {"before": {"f1": value}, "after": {"f1": 81.2}}}}) == ""
    assert scores({"metrics": value}) == ""
    assert scores({"metrics": {"own": value}}) == ""
    assert scores({"metrics": {"own": {"before": value, "after": value}}}) == ""


def test_one_line() -> None:
    assert in_one_line(" a\n\tb\u202ec\u2028d ") == "a b c d"
    assert in_one_line("x" * 100) == "x" * 79 + "…"
    assert in_one_line("abc", 3) == "abc"
