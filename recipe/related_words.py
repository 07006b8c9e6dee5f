"""Related words: similar to each other without the same meaning, by the encoder that the reader is trained from.

After AddSent (Jia and Liang 2017, section 3.2), which changes questions with the nearest words in GloVe: France becomes
Italy, October becomes June, decreased becomes increased. The nearest words are often the same word in another form, or
a synonym, which would leave the answer right: these are skipped. A synonym among the rest hardly changes the embedding
of the whole question by the encoder (all-MiniLM-L6-v2, made to compare sentences), which ``similarity`` shows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from transformers import BertModel

_NEAR, _SAME = 0.33, 0.62
"""Cosines: below the first a word is unrelated, above the second it may be a synonym."""
_SKIPPED, _NEAREST = 2, 14
"""Of so many nearest words the first are skipped."""
_STEM = 4
_PLAIN = re.compile(r"[a-z]{3,}|\d{2,}")


class RelatedWords:
    """The related words of a word that is one token of the encoder's vocabulary; other words have none."""

    def __init__(self, folder: Path) -> None:
        """``folder`` holds ``config.json``, ``tokenizer.json`` and ``model.safetensors`` of the encoder."""
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._encoder = BertModel.from_pretrained(folder, add_pooling_layer=False).eval()
        self._ids = self._tokenizer.get_vocab()
        self._words = {number: word for word, number in self._ids.items()}
        table = self._encoder.get_input_embeddings().weight.detach().numpy()
        self._table = table / np.linalg.norm(table, axis=1, keepdims=True).clip(1e-6)
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, word: str) -> tuple[str, ...]:
        """The words that are related to ``word``, the nearest first."""
        word = word.lower()
        if word not in self._known:
            self._known[word] = self._search(word) if word in self._ids and _PLAIN.fullmatch(word) else ()
        return self._known[word]

    def _search(self, word: str) -> tuple[str, ...]:
        cosines = self._table @ self._table[self._ids[word]]
        nearest = map(int, np.argpartition(-cosines, _NEAREST)[:_NEAREST])
        ranked = sorted((token for token in nearest if self._words[token] != word), key=lambda token: -cosines[token])
        return tuple(
            self._words[token]
            for token in ranked[_SKIPPED:]
            if _NEAR <= cosines[token] <= _SAME and self._is_other(word, self._words[token])
        )

    @staticmethod
    def _is_other(word: str, other: str) -> bool:
        same_kind = word.isdigit() == other.isdigit()
        return bool(_PLAIN.fullmatch(other)) and same_kind and (word.isdigit() or word[:_STEM] != other[:_STEM])

    @torch.inference_mode()
    def similarity(self, ones: Sequence[str], others: Sequence[str]) -> npt.NDArray[np.float32]:
        """The cosines of the embeddings of each of ``ones`` and the one of ``others`` at its index."""
        cosines: npt.NDArray[np.float32] = (self._embeddings(ones) * self._embeddings(others)).sum(axis=1)
        return cosines

    def _embeddings(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        rows = np.zeros((len(texts), self._table.shape[1]), np.float32)
        codes = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(texts)), key=lambda number: len(codes[number]))
        for at in range(0, len(order), 64):
            part = order[at : at + 64]
            ids = torch.zeros(len(part), len(codes[part[-1]]), dtype=torch.long)
            mask = torch.zeros_like(ids)
            for row, number in enumerate(part):
                ids[row, : len(codes[number])] = torch.tensor(codes[number])
                mask[row, : len(codes[number])] = 1
            hidden = self._encoder(input_ids=ids, attention_mask=mask).last_hidden_state
            means = (hidden * mask[:, :, None]).sum(1)
            rows[part] = torch.nn.functional.normalize(means, dim=1).numpy()
        return rows
