"""Words of labels as they are compared and as they are quoted."""

from __future__ import annotations


def folded(question: str) -> str:
    """What makes two questions the same: the words, whether upper or lower case, however spaced."""
    return " ".join(question.casefold().split())


def shortened(text: str, most: int) -> str:
    """``text``, without its end where it is longer than ``most`` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"
