"""How likely a question is to have its answer in the document, before anything is read.

Only the user knows. Asked of their own documents most questions have an answer; in SQuAD 2.0 every second one is made
to mislead. So the calibration of a reader is shifted from the share of its development questions to what is expected
(``Calibration.null_at``).
"""

from __future__ import annotations

from typing import Literal, get_args

Expectation = Literal["usually", "maybe", "surely"]

EXPECTATIONS: tuple[Expectation, ...] = get_args(Expectation)

EVALUATION = 0.5
"""The share that data sets with unanswerable questions are scored at, whatever the user expects: that of SQuAD 2.0's
development set."""

_SHARES: dict[Expectation, float] = {"usually": 0.6, "maybe": 0.35, "surely": 1.0}

USUAL = _SHARES["usually"]
"""The default: what is most useful on everyday development documents (recipe/README.md). It is below their share of
answerable questions, since an answer that is given can also be the wrong one."""


def share_of(expectation: Expectation) -> float:
    """The share of questions that have an answer, 0 to 1."""
    return _SHARES[expectation]
