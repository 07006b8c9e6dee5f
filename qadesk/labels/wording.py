"""Questions in the form in which they are compared, texts in the form in which messages quote them."""

from __future__ import annotations


def folded(question: str) -> str:
    """``question`` without differences of case and white space: equal for questions that count as the same."""
    return " ".join(question.casefold().split())


def shortened(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters: a longer one is cut and ends with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
