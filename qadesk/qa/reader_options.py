"""How a question is answered: what a caller of the reader can choose."""

from __future__ import annotations

from dataclasses import dataclass

from qadesk.qa.expectation import USUAL


@dataclass(frozen=True, slots=True)
class Options:
    """How windows are cut and answers listed. Lengths in tokens; ``max_seq_length`` is cut to what the model takes.
    ``split_length`` is that of the windows of a text that does not fit in one (``qadesk.qa.windows``).

    ``expected``: the share of questions that have an answer (``qadesk.qa.expectation``), above 0. With 1 the text is
    known to hold one, so no answer is not an option; None is the share that the model was fitted on. ``lookahead``: the
    next batches are scored while one is decoded; without it none is being scored while a generator is at a yield, so
    that it can be suspended there for the work of others. ``mends``: words of the question with a slip are read as they
    were meant (``qadesk.qa.spelling``). Raises ``TypeError`` or ``ValueError`` for a value that makes
    no sense.
    """

    max_seq_length: int = 384
    doc_stride: int = 96
    split_length: int = 256
    max_answer_tokens: int = 30
    top_k: int = 5
    overlap: bool = False
    expected: float | None = USUAL
    lookahead: bool = True
    mends: bool = True

    def __post_init__(self) -> None:
        for name, smallest in (
            ("max_seq_length", 1),
            ("doc_stride", 0),
            ("split_length", 1),
            ("max_answer_tokens", 1),
            ("top_k", 1),
        ):
            _check_number(name, getattr(self, name), smallest)
        _check_share(self.expected)


def _check_number(name: str, value: object, smallest: int) -> None:
    """Raises ``TypeError`` or ``ValueError`` where ``value`` is no whole number from ``smallest`` on."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if value < smallest:
        raise ValueError(f"{name} must be at least {smallest}, not {value}")


def _check_share(expected: object) -> None:
    """Raises ``TypeError`` or ``ValueError`` where ``expected`` is neither None nor a share above 0."""
    if expected is None:
        return
    if isinstance(expected, bool) or not isinstance(expected, int | float):
        raise TypeError(f"expected must be a float or None, not {type(expected).__name__}")
    if not 0 < expected <= 1:
        raise ValueError(f"expected must be above 0 and at most 1, not {expected}")
