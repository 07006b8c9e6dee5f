"""A tokenizer so small that every column can be counted by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from tokenizers import Tokenizer


@pytest.fixture
def tokenizer(word_tokenizer: Callable[[Sequence[str]], Tokenizer]) -> Tokenizer:
    return word_tokenizer("[CLS] [SEP] [UNK] who what ? the man bought milk at noon".split())
