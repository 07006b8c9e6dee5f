"""Int8 for the matrix products of an ONNX graph, with ranges that are fixed beforehand (static quantisation).

    x  ~ scale (x8 - zero), x8 = 0..255          one scale for a tensor, from its range over sample texts
    W  ~ scale_c W8, W8 = -127..127              one scale for each column c; how they are rounded: ``qa.rounding``

so x W is an exact product of integers times a scale for each column. Unlike with dynamic ranges, the logits of a window
do not depend on what else is in its batch.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from qadesk.qa.balance import matrices, replace_nodes, run_probe
from qadesk.qa.rounding import to_int8

Range = tuple[float, float]
Moments = Mapping[str, npt.NDArray[np.float32]]

_CONTRIB = "com.microsoft"


def ranges(model: Any, feeds: Sequence[Mapping[str, npt.NDArray[Any]]]) -> dict[str, Range]:
    """The smallest and largest value of each matrix's input over ``feeds``, by name; 0 is always inside."""
    limits: dict[str, Range] = {}
    for name, values in run_probe(model, feeds):
        low, high = limits.get(name, (0.0, 0.0))
        limits[name] = min(low, float(values.min())), max(high, float(values.max()))
    return limits


def moments(
    model: Any, feeds: Sequence[Mapping[str, npt.NDArray[Any]]], limits: Mapping[str, Range], keep: Collection[str] = ()
) -> dict[str, npt.NDArray[np.float32]]:
    """The sum of x x^T ``[channels, channels]`` over ``feeds`` for each matrix's input x, by name.

    x is rounded to int8 as its ``limits`` (``ranges``) say. Inputs of the nodes in ``keep`` alone are left out.
    """
    names = {node.input[0] for node, _ in matrices(model) if node.name not in keep}
    sums: dict[str, npt.NDArray[np.float32]] = {}
    for name, values in run_probe(model, feeds, names) if names else ():
        scale, zero = _step(limits[name])
        x = values.reshape(-1, values.shape[-1])
        x = (np.clip(np.round(x / scale) + zero, 0, 255) - zero) * scale
        sums[name] = sums[name] + x.T @ x if name in sums else x.T @ x
    return sums


def quantise(model: Any, limits: Mapping[str, Range], keep: Collection[str], moments: Moments | None = None) -> None:
    """Put the matrix products of ``model`` (an ``onnx.ModelProto``) into int8, except the nodes named in ``keep``.

    A matrix that one of those shares with others stays as it is for all. ``limits`` are the ``ranges`` of the inputs,
    ``moments`` what ``moments`` gives: without it, each weight is rounded for itself. A bias that is added to a product
    becomes part of it.
    """
    products = [node for node, _ in matrices(model) if node.op_type == "MatMul"]
    in_float = {node.input[1] for node in products if node.name in keep}
    in_int8 = {node.name for node in products if node.input[1] not in in_float}
    biases = _biases(model, in_int8)
    done: set[str] = set()
    nodes: list[Any] = []
    for node in model.graph.node:
        if node.name in in_int8:
            nodes += _quantised_input(model, node.input[0], limits[node.input[0]], done)
            nodes.append(_product(model, node, biases.get(node.name), done, moments or {}))
        elif not any(node.output[0] == add.output[0] for add in biases.values()):
            nodes.append(node)
    replace_nodes(model, nodes)


def store_in_halves(model: Any, names: Collection[str]) -> None:
    """Keep the matrices of the nodes ``names`` as float16 in the file; ONNX Runtime widens them once, when it loads."""
    from onnx import TensorProto, helper, numpy_helper

    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    matrices_by_name = {node.input[1]: constants[node.input[1]] for node in model.graph.node if node.name in names}
    casts = []
    for name, tensor in matrices_by_name.items():
        half = numpy_helper.to_array(tensor).astype(np.float16)
        tensor.CopyFrom(numpy_helper.from_array(half, f"{name}/half"))
        casts.append(helper.make_node("Cast", [f"{name}/half"], [name], name=f"{name}/widen", to=TensorProto.FLOAT))
    replace_nodes(model, [*casts, *model.graph.node])


def _biases(model: Any, products: Collection[str]) -> dict[str, Any]:
    """The ``Add`` node that adds a constant vector to each of ``products``, where nothing else uses the product."""
    vectors = {tensor.name for tensor in model.graph.initializer if len(tensor.dims) == 1}
    users: dict[str, list[Any]] = {}
    for node in model.graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    biases = {}
    for node in model.graph.node:
        after = users.get(node.output[0], [])
        if node.name in products and len(after) == 1 and after[0].op_type == "Add" and vectors & set(after[0].input):
            biases[node.name] = after[0]
    return biases


def _quantised_input(model: Any, name: str, limits: Range, done: set[str]) -> list[Any]:
    from onnx import helper, numpy_helper

    if name in done:
        return []
    done.add(name)
    scale, zero = _step(limits)
    for suffix, value in (("scale", np.array(scale, np.float32)), ("zero", np.array(zero, np.uint8))):
        model.graph.initializer.append(numpy_helper.from_array(value, f"{name}/{suffix}"))
    inputs = [name, f"{name}/scale", f"{name}/zero"]
    return [helper.make_node("QuantizeLinear", inputs, [f"{name}/int8"], name=f"{name}/int8")]


def _moments_at(model: Any, weights: str, moments: Moments) -> npt.NDArray[np.float32] | None:
    """The sum of the moments of all inputs of the matrix ``weights``, None if one is not known."""
    sources = [node.input[0] for node, _ in matrices(model) if node.input[1] == weights]
    return sum(moments[source] for source in sources) if moments.keys() >= set(sources) else None  # type: ignore[return-value]


def _step(limits: Range) -> tuple[float, int]:
    """The scale of a range, and the byte that stands for 0."""
    low, high = limits
    scale = max((high - low) / 255, 1e-9)
    return scale, round(-low / scale)


def _product(model: Any, node: Any, bias: Any | None, done: set[str], moments: Moments) -> Any:
    from onnx import helper, numpy_helper

    source, weights = node.input
    if weights not in done:  # two nodes may share a matrix
        done.add(weights)
        matrix = next(tensor for tensor in model.graph.initializer if tensor.name == weights)
        rounded, scale = to_int8(numpy_helper.to_array(matrix), _moments_at(model, weights, moments))
        matrix.CopyFrom(numpy_helper.from_array(rounded, weights))
        model.graph.initializer.append(numpy_helper.from_array(scale, f"{weights}/scale"))
    inputs = [f"{source}/int8", weights, f"{source}/scale", f"{weights}/scale", f"{source}/zero"]
    if bias is not None:
        inputs += ["", next(name for name in bias.input if name != node.output[0])]
    output = bias.output[0] if bias is not None else node.output[0]
    return helper.make_node("MatMulIntegerToFloat", inputs, [output], name=node.name, domain=_CONTRIB)
