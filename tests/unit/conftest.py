"""Fixtures that the unit tests of several packages share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import WordLevel

MakeTokenizer = Callable[[Sequence[str]], Tokenizer]


@pytest.fixture
def word_tokenizer() -> MakeTokenizer:
    """Makes a tokenizer so small that every column can be counted by hand.

    One token a word or mark, lower-cased, with the place in the list as its id: [CLS] and [SEP] come first. Words that
    it does not know are [UNK].
    """

    def make(words: Sequence[str]) -> Tokenizer:
        tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(words)}, unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.Lowercase()
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]",
            pair="[CLS] $A [SEP] $B:1 [SEP]:1",
            special_tokens=[("[CLS]", 0), ("[SEP]", 1)],
        )
        return tokenizer

    return make
