"""A tokenizer so small that every column can be counted by hand."""

from __future__ import annotations

import pytest
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import WordLevel


@pytest.fixture
def tokenizer() -> Tokenizer:
    """One token a word or mark, lower-cased; words that it does not know are [UNK]."""
    words = ["[CLS]", "[SEP]", "[UNK]", "who", "what", "?", "the", "man", "bought", "milk", "at", "noon"]
    made = Tokenizer(WordLevel({word: number for number, word in enumerate(words)}, unk_token="[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 0), ("[SEP]", 1)],
    )
    return made
