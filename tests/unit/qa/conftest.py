"""A tokenizer and a backend so small that every number can be worked by hand."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from qadesk.qa.windows import Batch

sys.path.append(str(Path(__file__).parent))


@pytest.fixture
def tokenizer(word_tokenizer: Callable[[Sequence[str]], Tokenizer]) -> Tokenizer:
    return word_tokenizer(
        "[CLS] [SEP] [UNK] who what is the man went to store and bought milk a b c d e f g h . ?".split()
    )


class FakeBackend:
    """A backend with fixed scores: tokens by id have fixed start and end logits; all others get 0.

    ``shapes`` are those of the batches scored so far.
    """

    def __init__(
        self, starts: dict[int, float], ends: dict[int, float], max_tokens: int = 64, workers: int = 1
    ) -> None:
        self.max_tokens = max_tokens
        self.workers = workers
        self.shapes: list[tuple[int, int]] = []
        self._starts, self._ends = starts, ends

    def scores(self, batch: Batch, *, alone: bool = True) -> tuple[np.ndarray, np.ndarray]:
        self.shapes.append(batch.input_ids.shape)
        starts, ends = np.zeros(batch.input_ids.shape, np.float32), np.zeros(batch.input_ids.shape, np.float32)
        for logits, token_logits in ((starts, self._starts), (ends, self._ends)):
            for token, value in token_logits.items():
                logits[batch.input_ids == token] = value
        return starts, ends


@pytest.fixture
def fake_backend() -> type[FakeBackend]:
    return FakeBackend
