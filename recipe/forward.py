"""BERT's encoder with a question-answering head, written for training on a processor.

Half of what a library's BERT costs there is not arithmetic: padding, copies, and products too small for the machine.
Here query, key and value are one product, attention is two batched products over samples of like length, and weights
and activations are bfloat16, but for the head, which needs exact logits. Dropout, where it is asked for, is on what a
layer adds, not on attention weights, where it would cost more than the rest together.

Weights are dictionaries by transformers' names without "bert.", but for the three attention inputs, which are one
matrix ``qkv``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch.nn import functional

Weights = dict[str, torch.Tensor]

_EMBEDDINGS = "embeddings.word_embeddings.weight"
_HEAD = "qa_outputs"
_PARTS = ("query", "key", "value")


@dataclass(frozen=True, slots=True)
class Shape:
    """What the weights do not say."""

    layers: int
    heads: int
    epsilon: float = 1e-12


def fuse(tensors: Weights, shape: Shape) -> Weights:
    """Weights as transformers names them, in the form used here; what answering does not need is left out."""
    plain = {name.removeprefix("bert."): tensor.float() for name, tensor in tensors.items()}
    kept = {name: each for name, each in plain.items() if name.startswith(("embeddings.", "encoder.", _HEAD))}
    kept.pop("embeddings.position_ids", None)
    for layer in range(shape.layers):
        place = f"encoder.layer.{layer}.attention.self"
        for kind in ("weight", "bias"):
            parts = [kept.pop(f"{place}.{part}.{kind}") for part in _PARTS]
            kept[f"{place}.qkv.{kind}"] = torch.cat(parts)
    return kept


def split(weights: Weights) -> Weights:
    """The opposite of ``fuse``: names and shapes as transformers' BertForQuestionAnswering has them."""
    found: Weights = {}
    for name, tensor in weights.items():
        head, qkv, kind = name.partition(".qkv.")
        if qkv:
            found |= {f"bert.{head}.{part}.{kind}": each for part, each in zip(_PARTS, tensor.chunk(3), strict=True)}
        else:
            found[name if name.startswith(_HEAD) else f"bert.{name}"] = tensor
    return {name: tensor.contiguous() for name, tensor in found.items()}


def with_head(weights: Weights, seed: int) -> Weights:
    """``weights`` and, where they have none, a head that knows nothing yet, the same for the same ``seed``."""
    if f"{_HEAD}.weight" in weights:
        return weights
    hidden = weights[_EMBEDDINGS].shape[1]
    random = torch.Generator().manual_seed(seed)
    head = torch.randn(2, hidden, generator=random) * 0.02
    return {**weights, f"{_HEAD}.weight": head, f"{_HEAD}.bias": torch.zeros(2)}


def working_copy(weights: Weights) -> Weights:
    """``weights`` as the products take them: bfloat16, the head in float32."""
    return {
        name: each.detach().clone() if name.startswith(_HEAD) else each.detach().bfloat16()
        for name, each in weights.items()
    }


class Dropout:
    """Sets a share of numbers to 0 and raises the others to make up for it, the same ones for the same ``seed``."""

    def __init__(self, share: float, seed: int) -> None:
        self._kept = 1 - share
        self._random = torch.Generator().manual_seed(seed)

    def __call__(self, inputs: torch.Tensor) -> torch.Tensor:
        """``inputs`` with a share of them dropped."""
        mask = torch.empty_like(inputs).bernoulli_(self._kept, generator=self._random)
        return inputs * mask.div_(self._kept)


def logits(
    weights: Weights,
    shape: Shape,
    ids: torch.Tensor,
    types: torch.Tensor,
    mask: torch.Tensor,
    *,
    drop: Dropout | None = None,
) -> torch.Tensor:
    """Start and end logits, float32 ``[2, samples, tokens]``; all three inputs are ``[samples, tokens]``.

    ``mask`` is True where there is a token and False for padding, whose logits mean nothing. ``drop`` is for training.
    """
    samples, length = ids.shape
    embedded = (
        weights[_EMBEDDINGS][ids]
        + weights["embeddings.position_embeddings.weight"][:length]
        + weights["embeddings.token_type_embeddings.weight"][types]
    )
    hidden = _dropped(_normed(weights, "embeddings.LayerNorm", embedded.view(samples * length, -1), shape), drop)
    barred = None
    if not mask.all():
        barred = torch.zeros(mask.shape, dtype=hidden.dtype).masked_fill(~mask, -1e4)
        barred = barred.repeat_interleave(shape.heads, dim=0)[:, None]
    for layer in range(shape.layers):
        place = f"encoder.layer.{layer}"
        mixed = _attention(weights, place, hidden.view(samples, length, -1), shape, barred)
        hidden = _normed(weights, f"{place}.attention.output.LayerNorm", hidden + _dropped(mixed, drop), shape)
        wide = functional.gelu(_linear(weights, f"{place}.intermediate.dense", hidden))
        narrow = _linear(weights, f"{place}.output.dense", wide)
        hidden = _normed(weights, f"{place}.output.LayerNorm", hidden + _dropped(narrow, drop), shape)
    return _linear(weights, _HEAD, hidden.float()).t().reshape(2, samples, length)


def _dropped(inputs: torch.Tensor, drop: Dropout | None) -> torch.Tensor:
    return drop(inputs) if drop else inputs


def _attention(
    weights: Weights, place: str, hidden: torch.Tensor, shape: Shape, barred: torch.Tensor | None
) -> torch.Tensor:
    samples, length, width = hidden.shape
    size = width // shape.heads
    joined = _linear(weights, f"{place}.attention.self.qkv", hidden.view(samples * length, width))
    stacked = joined.view(samples, length, 3, shape.heads, size).permute(2, 0, 3, 1, 4)
    query, key, value = stacked.reshape(3, samples * shape.heads, length, size)
    scale = 1 / math.sqrt(size)
    if barred is None:
        scores = torch.bmm(query * scale, key.transpose(1, 2))
    else:
        scores = torch.baddbmm(barred, query, key.transpose(1, 2), alpha=scale)
    mixed = torch.bmm(torch.softmax(scores, dim=2), value)
    mixed = mixed.view(samples, shape.heads, length, size).transpose(1, 2).reshape(samples * length, width)
    return _linear(weights, f"{place}.attention.output.dense", mixed)


def _linear(weights: Weights, name: str, inputs: torch.Tensor) -> torch.Tensor:
    return functional.linear(inputs, weights[f"{name}.weight"], weights[f"{name}.bias"])


def _normed(weights: Weights, name: str, inputs: torch.Tensor, shape: Shape) -> torch.Tensor:
    scale, shift = weights[f"{name}.weight"], weights[f"{name}.bias"]
    return functional.layer_norm(inputs, scale.shape, scale, shift, shape.epsilon)
