"""Replaces fused nodes by their parts where ONNX Runtime runs those faster, and drops the attention mask.

Found by profiling (docs/measurements.md). On a processor, ``Attention`` and its int8 form compute their softmax over a
matrix that they write out and mask; ``MultiHeadAttention`` without a mask works in blocks that stay in the cache.
``SkipLayerNormalization`` takes three times as long as an addition and a ``LayerNormalization``, and ``BiasGelu`` is
slower than ``Gelu`` after a bias that the matrix product adds for nothing.

Without a mask there may be no padding: ``qa.onnx_backend`` gives such a graph each window on its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from qadesk.qa.balance import replace_nodes

_CONTRIB = "com.microsoft"
_MASK = "attention_mask"


def without_mask(model: Any) -> Any:
    """The fused graph ``model`` (an ``onnx.ModelProto``) as parts, or itself where something else needs the mask."""
    rewritten = type(model).FromString(model.SerializeToString())
    replace_nodes(rewritten, [part for node in model.graph.node for part in _parts(rewritten, node)])
    _prune(rewritten)
    attends = any(node.op_type == "MultiHeadAttention" for node in rewritten.graph.node)
    if not attends or any(_MASK in node.input for node in rewritten.graph.node):
        return model
    inputs = [tensor for tensor in rewritten.graph.input if tensor.name != _MASK]
    copies = [type(tensor).FromString(tensor.SerializeToString()) for tensor in inputs]
    del rewritten.graph.input[:]
    rewritten.graph.input.extend(copies)
    return rewritten


def _parts(model: Any, node: Any) -> Iterator[Any]:
    """The nodes that take the place of ``node``; new constants go into ``model``."""
    if node.op_type == "Attention" and not any(node.input[4:]):
        yield from _attention(model, node)
    elif node.op_type == "SkipLayerNormalization" and len(node.output) == 1:
        yield from _layer_norm(node)
    elif node.op_type == "BiasGelu":
        yield from _gelu(node)
    else:
        yield node


def _attention(model: Any, node: Any) -> Iterator[Any]:
    """A matrix product each for query, key and value, and attention without a mask."""
    from onnx import helper, numpy_helper

    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    weights, biases = (numpy_helper.to_array(constants[name]) for name in node.input[1:3])
    width = weights.shape[1] // 3
    attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    for index, letter in enumerate("qkv"):
        part, out = slice(index * width, (index + 1) * width), f"{node.name}/{letter}"
        for name, values in ((node.input[1], weights[:, part]), (node.input[2], biases[part])):
            if f"{name}/{letter}" not in constants:  # ALBERT's layers share theirs
                tensor = numpy_helper.from_array(np.ascontiguousarray(values), f"{name}/{letter}")
                model.graph.initializer.append(tensor)
        product = f"{out}/product"
        yield helper.make_node("MatMul", [node.input[0], f"{node.input[1]}/{letter}"], [product], name=f"{out}/MatMul")
        yield helper.make_node("Add", [product, f"{node.input[2]}/{letter}"], [out], name=f"{out}/bias")
    scale = {"scale": attributes["scale"]} if "scale" in attributes else {}
    inputs = [f"{node.name}/{letter}" for letter in "qkv"]
    heads = attributes["num_heads"]
    yield helper.make_node(
        "MultiHeadAttention", inputs, [node.output[0]], name=node.name, domain=_CONTRIB, num_heads=heads, **scale
    )


def _layer_norm(node: Any) -> Iterator[Any]:
    from onnx import helper

    first, skip, gamma, beta = node.input[:4]
    if len(node.input) > 4:
        yield helper.make_node("Add", [first, node.input[4]], [f"{node.name}/biased"], name=f"{node.name}/bias")
        first = f"{node.name}/biased"
    yield helper.make_node("Add", [first, skip], [f"{node.name}/sum"], name=f"{node.name}/sum")
    epsilon = next(attribute.f for attribute in node.attribute if attribute.name == "epsilon")
    inputs = [f"{node.name}/sum", gamma, beta]
    yield helper.make_node("LayerNormalization", inputs, [node.output[0]], name=node.name, axis=-1, epsilon=epsilon)


def _gelu(node: Any) -> Iterator[Any]:
    from onnx import helper

    yield helper.make_node("Add", list(node.input), [f"{node.name}/biased"], name=f"{node.name}/bias")
    yield helper.make_node("Gelu", [f"{node.name}/biased"], [node.output[0]], name=node.name, domain=_CONTRIB)


def _prune(model: Any) -> None:
    """Drop the nodes that no output needs."""
    needed = {tensor.name for tensor in model.graph.output}
    nodes = []
    for node in reversed(model.graph.node):  # a graph's nodes are in topological order
        if needed & set(node.output):
            needed |= set(node.input)
            nodes.append(node)
    replace_nodes(model, nodes[::-1])
