"""A fused layer taken apart computes the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
ort = pytest.importorskip("onnxruntime")

from qadesk.qa import rewrite  # noqa: E402

RNG = np.random.default_rng(3)
WIDTH = 16
STORED = {
    "qkv": RNG.normal(0, 0.3, (WIDTH, 3 * WIDTH)).astype(np.float32),
    "qkv bias": RNG.normal(size=3 * WIDTH).astype(np.float32),
    "gamma": RNG.normal(1, 0.1, WIDTH).astype(np.float32),
    "beta": RNG.normal(size=WIDTH).astype(np.float32),
    "bias": RNG.normal(size=WIDTH).astype(np.float32),
}
X = RNG.normal(size=(1, 7, WIDTH)).astype(np.float32)


def layer(*, mask_elsewhere: bool = False) -> Any:
    """x -> attention (masked) -> skip and norm -> gelu -> y, as fused nodes."""
    helper, types = onnx.helper, onnx.TensorProto
    nodes = [
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=types.INT32),
        helper.make_node(
            "Attention", ["x", "qkv", "qkv bias", "mask"], ["a"], name="att", domain="com.microsoft", num_heads=2
        ),
        helper.make_node(
            "SkipLayerNormalization", ["a", "x", "gamma", "beta", "bias"], ["n"], name="norm", domain="com.microsoft",
            epsilon=1e-12,
        ),
        helper.make_node("BiasGelu", ["n", "bias"], ["y"], name="gelu", domain="com.microsoft"),
    ]  # fmt: skip
    outputs = [helper.make_tensor_value_info("y", types.FLOAT, ["b", "s", WIDTH])]
    if mask_elsewhere:
        nodes.append(helper.make_node("Identity", ["attention_mask"], ["seen"]))
        outputs.append(helper.make_tensor_value_info("seen", types.INT64, ["b", "s"]))
    graph_proto = helper.make_graph(
        nodes,
        "layer",
        [
            helper.make_tensor_value_info("x", types.FLOAT, ["b", "s", WIDTH]),
            helper.make_tensor_value_info("attention_mask", types.INT64, ["b", "s"]),
        ],
        outputs,
        [onnx.numpy_helper.from_array(values, name) for name, values in STORED.items()],
    )
    sets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph_proto, opset_imports=sets, ir_version=9)


def run(model: Any) -> np.ndarray:
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    feed = {"x": X, "attention_mask": np.ones((1, 7), np.int64)}
    return session.run(["y"], {graph_input.name: feed[graph_input.name] for graph_input in session.get_inputs()})[0]


def test_the_parts_compute_the_same_without_a_mask() -> None:
    parts = rewrite.without_mask(layer())
    assert [graph_input.name for graph_input in parts.graph.input] == ["x"]
    kinds = {node.op_type for node in parts.graph.node}
    assert kinds == {"MatMul", "Add", "MultiHeadAttention", "LayerNormalization", "Gelu"}
    assert np.allclose(run(parts), run(layer()), atol=1e-5)


def test_a_mask_that_something_else_needs_keeps_the_graph_as_it_is() -> None:
    model = layer(mask_elsewhere=True)
    assert rewrite.without_mask(model) is model


def test_a_graph_without_fused_attention_keeps_its_mask() -> None:
    model = layer()
    model.graph.node[1].op_type = "SomethingElse"
    assert rewrite.without_mask(model) is model
