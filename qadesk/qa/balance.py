"""Prepares an ONNX graph for int8: moves outliers from activations to weights, and gives tables a scale per row.

Dynamic quantisation gives each activation tensor one range. In BERT's encoders one or two channels are many times as
large as the others (after the attention's layer norm, and after the GELU): all others get a few of the 256 steps.
As x W = (x / s) (diag(s) W) for any s > 0, an outlier can be divided away and multiplied into the weights, exactly
(SmoothQuant, Xiao et al. 2023, section 4). Outliers are moved completely; channels that are smaller than most grow a
little: both trade the range of the activations for that of the weights.

Graphs are ``onnx.ModelProto`` and are changed in place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

OUTLIER_QUANTILE = 0.98
"""Channels above this quantile of a tensor's channel ranges are brought down to it."""

SPREAD = 0.35
LEAST_SPREAD = 0.4
"""Channels that are smaller grow by this power of what they lack, up to the inverse of the least."""

SMALLEST_TABLE = 1000
"""Tables of fewer rows stay in float32."""

Ranges = Mapping[str, npt.NDArray[np.float32]]


def matrices(model: Any) -> Iterator[tuple[Any, tuple[int, int]]]:
    """The nodes that multiply by a constant matrix, with its shape ``(rows, columns)``; not the head's two columns."""
    shapes = {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type in ("MatMul", "Attention"):
            shape = shapes.get(node.input[1], ())
            if len(shape) == 2 and shape[1] > 2:
                yield node, (shape[0], shape[1])


def run_probe(
    model: Any, feeds: Sequence[Mapping[str, npt.NDArray[Any]]], names: Collection[str] | None = None
) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    """For each feed the name and values ``[..., channels]`` of the tensors ``names``; None: of each matrix's input."""
    import onnxruntime
    from onnx import ModelProto, TensorProto, helper

    outputs = sorted({node.input[0] for node, _ in matrices(model)} if names is None else names)
    probe = ModelProto()
    probe.CopyFrom(model)
    probe.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs)
    session = onnxruntime.InferenceSession(probe.SerializeToString(), providers=["CPUExecutionProvider"])
    inputs = [tensor.name for tensor in session.get_inputs()]
    for feed in feeds:
        yield from zip(outputs, session.run(outputs, {name: feed[name] for name in inputs}), strict=True)


def channel_ranges(model: Any, feeds: Sequence[Mapping[str, npt.NDArray[Any]]]) -> Ranges:
    """The largest absolute value of each channel ``[channels]`` of each matrix's input, by name, over ``feeds``."""
    ranges: dict[str, npt.NDArray[np.float32]] = {}
    for name, values in run_probe(model, feeds):
        peaks = np.abs(values).reshape(-1, values.shape[-1]).max(axis=0)
        ranges[name] = np.maximum(ranges[name], peaks) if name in ranges else peaks
    return ranges


def move_outliers(model: Any, ranges: Ranges, excluded: Collection[str] = ()) -> None:
    """Divide outlying channels of each matrix's input by their excess, and multiply it into the matrix.

    Matrices with the same input (query, key, value) share the division. Those of the nodes
    ``excluded`` are left as they are.
    """
    from onnx import helper, numpy_helper

    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    used = [node.input[1] for node in model.graph.node if len(node.input) > 1]
    # A matrix that two nodes share (ALBERT's layers) cannot be scaled for one of them.
    balanced = {node.name for node, _ in matrices(model) if used.count(node.input[1]) == 1} - set(excluded)
    divided: set[str] = set()
    nodes = []
    for node in model.graph.node:
        scale = _excess(ranges[node.input[0]]) if node.name in balanced else None
        if scale is not None and (scale > 1).any():
            name, divisor = node.input[0], f"{node.input[0]}/outliers"
            matrix = numpy_helper.to_array(constants[node.input[1]]) * scale[:, None]
            constants[node.input[1]].CopyFrom(numpy_helper.from_array(matrix, node.input[1]))
            if name not in divided:
                divided.add(name)
                model.graph.initializer.append(numpy_helper.from_array(1 / scale, divisor))
                nodes.append(helper.make_node("Mul", [name, divisor], [f"{name}/balanced"], name=divisor))
            node.input[0] = f"{name}/balanced"
        nodes.append(node)
    replace_nodes(model, nodes)


def _excess(peaks: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The factor by which each channel exceeds the usual range; a little less than 1 for smaller ones."""
    usual = max(float(np.quantile(peaks, OUTLIER_QUANTILE)), 1e-6)
    part = np.maximum(peaks / usual, 1e-6)
    excess: npt.NDArray[np.float32] = np.maximum(part, np.clip(part**SPREAD, LEAST_SPREAD, 1)).astype(np.float32)
    return excess


def quantise_tables(model: Any) -> None:
    """Store large embedding tables as int8 with a float32 scale per row; errors are below 0.4 % of a row's largest."""
    from onnx import TensorProto, helper, numpy_helper

    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    nodes = []
    for node in model.graph.node:
        table = constants.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or len(table.dims) != 2 or table.dims[0] < SMALLEST_TABLE:
            nodes.append(node)
            continue
        values, name, out = numpy_helper.to_array(table), node.input[0], node.output[0]
        scale = np.maximum(np.abs(values).max(axis=1, keepdims=True) / 127, 1e-9).astype(np.float32)
        table.CopyFrom(numpy_helper.from_array(np.round(values / scale).astype(np.int8), name))
        model.graph.initializer.append(numpy_helper.from_array(scale, f"{name}/scale"))
        nodes += [
            helper.make_node("Gather", [name, node.input[1]], [f"{out}/int8"]),
            helper.make_node("Gather", [f"{name}/scale", node.input[1]], [f"{out}/scale"]),
            helper.make_node("Cast", [f"{out}/int8"], [f"{out}/float"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{out}/float", f"{out}/scale"], [out]),
        ]
    replace_nodes(model, nodes)


def replace_nodes(model: Any, nodes: list[Any]) -> None:
    """Make ``nodes`` the nodes of ``model``, and drop the constants that none of them uses."""
    copies = [type(node).FromString(node.SerializeToString()) for node in nodes]  # deleting would empty them
    del model.graph.node[:]
    model.graph.node.extend(copies)
    used = {name for node in model.graph.node for name in node.input}
    constants = [
        type(tensor).FromString(tensor.SerializeToString()) for tensor in model.graph.initializer if tensor.name in used
    ]
    del model.graph.initializer[:]
    model.graph.initializer.extend(constants)
