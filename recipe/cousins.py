"""Words that are near each other without meaning the same, by the encoder that the reader comes from.

After AddSent (Jia and Liang 2017, section 3.2), which changes questions with the nearest words in GloVe: France becomes
Italy, October becomes June, decreased becomes increased. The nearest of all are often the same word in another form, or
a synonym, which would leave the answer right: these are passed over. What is left of synonyms shows in the meaning of
the whole question, which the encoder (all-MiniLM-L6-v2, made to compare sentences) hardly sees changed.
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
"""Cosines: below, a word has nothing to do with the other; above, it may well mean the same."""
_PASSED, _READ = 2, 14
_STEM = 4
_PLAIN = re.compile(r"[a-z]{3,}|\d{2,}")


class Cousins:
    """The cousins of a word that is one token of the encoder's vocabulary; other words have none."""

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
        """The cousins of ``word``, the nearest first."""
        word = word.lower()
        if word not in self._known:
            self._known[word] = self._found(word) if word in self._ids and _PLAIN.fullmatch(word) else ()
        return self._known[word]

    def _found(self, word: str) -> tuple[str, ...]:
        near = self._table @ self._table[self._ids[word]]
        ranks = np.argpartition(-near, _READ)[:_READ]
        ranked = sorted((int(each) for each in ranks if self._words[int(each)] != word), key=lambda each: -near[each])
        return tuple(
            self._words[each]
            for each in ranked[_PASSED:]
            if _NEAR <= near[each] <= _SAME and self._is_other(word, self._words[each])
        )

    @staticmethod
    def _is_other(word: str, other: str) -> bool:
        same_kind = word.isdigit() == other.isdigit()
        return bool(_PLAIN.fullmatch(other)) and same_kind and (word.isdigit() or word[:_STEM] != other[:_STEM])

    @torch.inference_mode()
    def likeness(self, ones: Sequence[str], others: Sequence[str]) -> npt.NDArray[np.float32]:
        """The cosine of what each of ``ones`` means and the one of ``others`` in its place."""
        found: npt.NDArray[np.float32] = (self._meanings(ones) * self._meanings(others)).sum(axis=1)
        return found

    def _meanings(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        rows = np.zeros((len(texts), self._table.shape[1]), np.float32)
        codes = [each.ids for each in self._tokenizer.encode_batch(list(texts))]
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
