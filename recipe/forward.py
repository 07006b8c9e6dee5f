"""BERT's encoder with a question-answering head, written for training on a processor.

Half of the time of a library's BERT there is not arithmetic: padding, copies, and products too small for the machine.
Here query, key and value are one product, attention is two batched products over samples of similar length, and weights
and activations are bfloat16 where that is faster, except the head, which needs exact logits. Dropout is applied to the
output of sublayers, not to attention weights, where it would cost more than the rest together.

Weights are dictionaries by transformers' names without "bert.", but for the three attention inputs, which are one
matrix ``qkv``.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from functools import cache

import torch
from torch.nn import functional

Weights = dict[str, torch.Tensor]

_EMBEDDINGS = "embeddings.word_embeddings.weight"
_HEAD = "qa_outputs"
_PARTS = ("query", "key", "value")


@dataclass(frozen=True, slots=True)
class Shape:
    """What cannot be read from the weights."""

    layers: int
    heads: int
    epsilon: float = 1e-12


def fuse(tensors: Weights, shape: Shape) -> Weights:
    """Weights with transformers' names, in the form used here, without those that answering does not use."""
    plain = {name.removeprefix("bert."): tensor.float() for name, tensor in tensors.items()}
    fused = {name: tensor for name, tensor in plain.items() if name.startswith(("embeddings.", "encoder.", _HEAD))}
    fused.pop("embeddings.position_ids", None)
    for layer in range(shape.layers):
        prefix = f"encoder.layer.{layer}.attention.self"
        for kind in ("weight", "bias"):
            parts = [fused.pop(f"{prefix}.{part}.{kind}") for part in _PARTS]
            fused[f"{prefix}.qkv.{kind}"] = torch.cat(parts)
    return fused


def split(weights: Weights) -> Weights:
    """The opposite of ``fuse``: names and shapes as transformers' BertForQuestionAnswering has them."""
    plain: Weights = {}
    for name, tensor in weights.items():
        head, qkv, kind = name.partition(".qkv.")
        if qkv:
            plain |= {f"bert.{head}.{part}.{kind}": third for part, third in zip(_PARTS, tensor.chunk(3), strict=True)}
        else:
            plain[name if name.startswith(_HEAD) else f"bert.{name}"] = tensor
    return {name: tensor.contiguous() for name, tensor in plain.items()}


def with_head(weights: Weights, seed: int) -> Weights:
    """``weights`` and, where they have none, a random head, the same for the same ``seed``."""
    if f"{_HEAD}.weight" in weights:
        return weights
    hidden = weights[_EMBEDDINGS].shape[1]
    random = torch.Generator().manual_seed(seed)
    head = torch.randn(2, hidden, generator=random) * 0.02
    return {**weights, f"{_HEAD}.weight": head, f"{_HEAD}.bias": torch.zeros(2)}


def working_copy(weights: Weights, dtype: torch.dtype | None = None) -> Weights:
    """``weights`` as the products take them: in ``dtype``, by default ``fastest_dtype()``, the head in float32."""
    dtype = dtype or fastest_dtype()
    return {
        name: tensor.detach().clone() if name.startswith(_HEAD) else tensor.detach().to(dtype, copy=True)
        for name, tensor in weights.items()
    }


@cache
def fastest_dtype() -> torch.dtype:
    """Bfloat16 or float32, whichever this processor multiplies faster: some only emulate the former."""
    return min((torch.bfloat16, torch.float32), key=_seconds_of_product)


def _seconds_of_product(dtype: torch.dtype) -> float:
    inputs, weight = torch.ones(1024, 384, dtype=dtype), torch.ones(1536, 384, dtype=dtype)
    seconds = []
    for _ in range(6):
        start = time.perf_counter()
        functional.linear(inputs, weight)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


class Dropout:
    """Sets a share of numbers to 0, to the nearest 1/256, and scales up the others; the same for the same ``seed``."""

    def __init__(self, share: float, seed: int) -> None:
        self._keep_bytes = round(256 * (1 - share))
        self._random = torch.Generator().manual_seed(seed)

    def __call__(self, inputs: torch.Tensor) -> torch.Tensor:
        """``inputs`` with a share of them dropped."""
        mask = self._bytes(inputs.numel()) < self._keep_bytes
        return inputs * mask.view(inputs.shape).to(inputs.dtype).mul_(256 / self._keep_bytes)

    def _bytes(self, count: int) -> torch.Tensor:
        """Random bytes ``[count]``: eight of each random number, which is the slow part."""
        numbers = torch.empty(-(-count // 8), dtype=torch.int64).random_(-(2**63), None, generator=self._random)
        return numbers.view(torch.uint8)[:count]


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
    hidden = _drop(_layer_norm(weights, "embeddings.LayerNorm", embedded.view(samples * length, -1), shape), drop)
    bias = None
    if not mask.all():
        bias = torch.zeros(mask.shape, dtype=hidden.dtype).masked_fill(~mask, -1e4)
        bias = bias.repeat_interleave(shape.heads, dim=0)[:, None]
    for layer in range(shape.layers):
        prefix = f"encoder.layer.{layer}"
        mixed = _attention(weights, prefix, hidden.view(samples, length, -1), shape, bias)
        hidden = _layer_norm(weights, f"{prefix}.attention.output.LayerNorm", hidden + _drop(mixed, drop), shape)
        wide = functional.gelu(_linear(weights, f"{prefix}.intermediate.dense", hidden))
        narrow = _linear(weights, f"{prefix}.output.dense", wide)
        hidden = _layer_norm(weights, f"{prefix}.output.LayerNorm", hidden + _drop(narrow, drop), shape)
    return _linear(weights, _HEAD, hidden.float()).t().reshape(2, samples, length)


def _drop(inputs: torch.Tensor, drop: Dropout | None) -> torch.Tensor:
    return drop(inputs) if drop else inputs


def _attention(
    weights: Weights, prefix: str, hidden: torch.Tensor, shape: Shape, bias: torch.Tensor | None
) -> torch.Tensor:
    samples, length, width = hidden.shape
    size = width // shape.heads
    join_texts = _linear(weights, f"{prefix}.attention.self.qkv", hidden.view(samples * length, width))
    stacked = join_texts.view(samples, length, 3, shape.heads, size).permute(2, 0, 3, 1, 4)
    query, key, value = stacked.reshape(3, samples * shape.heads, length, size)
    scale = 1 / math.sqrt(size)
    if bias is None:
        scores = torch.bmm(query * scale, key.transpose(1, 2))
    else:
        scores = torch.baddbmm(bias, query, key.transpose(1, 2), alpha=scale)
    mixed = torch.bmm(torch.softmax(scores, dim=2), value)
    mixed = mixed.view(samples, shape.heads, length, size).transpose(1, 2).reshape(samples * length, width)
    return _linear(weights, f"{prefix}.attention.output.dense", mixed)


def _linear(weights: Weights, name: str, inputs: torch.Tensor) -> torch.Tensor:
    return functional.linear(inputs, weights[f"{name}.weight"], weights[f"{name}.bias"])


def _layer_norm(weights: Weights, name: str, inputs: torch.Tensor, shape: Shape) -> torch.Tensor:
    scale, shift = weights[f"{name}.weight"], weights[f"{name}.bias"]
    return functional.layer_norm(inputs, scale.shape, scale, shift, shape.epsilon)
