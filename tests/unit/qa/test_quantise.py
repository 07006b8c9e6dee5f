"""Static int8 on a product that can be worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
ort = pytest.importorskip("onnxruntime")

from qadesk.qa import quantise  # noqa: E402

W = np.array([[1.27, 0.64, 0], [-0.01, 0.64, 6.35]], np.float32)
BIAS = np.array([10, 20, 30], np.float32)


def graph() -> Any:
    """x -> W -> + bias -> y, and the same x -> W again -> z."""
    helper = onnx.helper
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["p"], name="first"),
        helper.make_node("Add", ["bias", "p"], ["y"], name="add"),
        helper.make_node("MatMul", ["x", "w"], ["z"], name="second"),
    ]
    floats = onnx.TensorProto.FLOAT
    graph_proto = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", floats, ["n", 2])],
        [helper.make_tensor_value_info(name, floats, ["n", 3]) for name in "yz"],
        [onnx.numpy_helper.from_array(W, "w"), onnx.numpy_helper.from_array(BIAS, "bias")],
    )
    sets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph_proto, opset_imports=sets, ir_version=9)


def run(model: Any, x: list[list[float]]) -> list[np.ndarray]:
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(["y", "z"], {"x": np.array(x, np.float32)})


def test_ranges_are_those_of_all_feeds_with_zero_inside() -> None:
    feeds = [{"x": np.array([[1, 2]], np.float32)}, {"x": np.array([[0.5, 4]], np.float32)}]
    assert quantise.ranges(graph(), feeds) == {"x": (0.0, 4.0)}


def test_columns_have_a_scale_each() -> None:
    """The largest of a column becomes 127, or its two neighbours together 128: scales 0.01, 0.01 and 0.05."""
    model = graph()
    quantise.quantise(model, {"x": (-1.0, 1.55)}, [])
    initializers = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    assert initializers["w"].tolist() == [[127, 64, 0], [-1, 64, 127]]
    assert np.allclose(initializers["w/scale"], [0.01, 0.01, 0.05])
    assert (float(initializers["x/scale"]), int(initializers["x/zero"])) == (pytest.approx(0.01), 100)
    assert [node.op_type for node in model.graph.node].count("QuantizeLinear") == 1  # both products share it


def test_moments_are_those_of_the_rounded_inputs() -> None:
    """Steps of 0.01 from -1: 0.504 counts as 0.5, 3 as the largest, 1.55."""
    feeds = [{"x": np.array([[0.504, 3.0]], np.float32)}, {"x": np.array([[1.0, 0.0]], np.float32)}]
    moments = quantise.moments(graph(), feeds, {"x": (-1.0, 1.55)})
    assert moments.keys() == {"x"}
    assert np.allclose(moments["x"], [[0.25 + 1, 0.5 * 1.55], [0.5 * 1.55, 1.55**2]], atol=1e-4)
    assert quantise.moments(graph(), feeds, {"x": (-1.0, 1.55)}, ["first", "second"]) == {}


def test_weights_are_rounded_with_the_moments() -> None:
    """Of two channels that are always equal the second makes good what the first loses."""
    model = graph()
    initializer = next(tensor for tensor in model.graph.initializer if tensor.name == "w")
    initializer.CopyFrom(onnx.numpy_helper.from_array(np.array([[0.014, 1.27, 0], [0.014, 0, 1.27]], np.float32), "w"))
    moments = {"x": 100 * np.ones((2, 2), np.float32)}
    quantise.quantise(model, {"x": (-1.0, 1.55)}, [], moments)
    rounded = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}["w"]
    assert rounded[:, 0].tolist() == [64, 64]


def test_products_are_exact_where_nothing_is_rounded() -> None:
    model = graph()
    quantise.quantise(model, {"x": (-1.0, 1.55)}, [])
    x = [[0.5, -1.0], [1.55, 0.25]]
    y, z = run(model, x)
    assert np.allclose(z, np.array(x) @ W, atol=1e-5)
    assert np.allclose(y, np.array(x) @ W + BIAS, atol=1e-5)


def test_values_out_of_range_are_cut() -> None:
    model = graph()
    quantise.quantise(model, {"x": (-1.0, 1.55)}, [])
    assert np.allclose(run(model, [[100.0, 0.0]])[1], np.array([1.55, 0]) @ W, atol=1e-5)


def test_a_matrix_that_a_kept_node_shares_stays() -> None:
    model = graph()
    quantise.quantise(model, {"x": (-1.0, 1.55)}, ["second"])
    assert model.SerializeToString() == graph().SerializeToString()


def test_matrices_are_stored_in_halves_and_computed_in_floats() -> None:
    model = graph()
    quantise.store_in_halves(model, ["first", "second"])
    halves = [tensor for tensor in model.graph.initializer if tensor.name == "w/half"]
    assert onnx.numpy_helper.to_array(halves[0]).dtype == np.float16
    assert [tensor.name for tensor in model.graph.initializer] == ["w/half", "bias"]
    assert np.allclose(run(model, [[1.0, 2.0]])[1], np.array([1, 2]) @ W, rtol=1e-3)
