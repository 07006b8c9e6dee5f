"""Preparing a graph for int8 changes what is stored, not what it computes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from qadesk.qa import balance

onnx = pytest.importorskip("onnx")
ort = pytest.importorskip("onnxruntime")

RNG = np.random.default_rng(3)
TABLE = RNG.normal(size=(2000, 64)).astype(np.float32)
UP = RNG.normal(size=(64, 128)).astype(np.float32)
DOWN = RNG.normal(size=(128, 64)).astype(np.float32)
HEAD = RNG.normal(size=(64, 2)).astype(np.float32)
SCALE = np.ones(64, np.float32)
SCALE[5] = 40  # one channel is an outlier


def graph(*, shared: bool = False) -> Any:
    """ids -> table -> scale -> up -> relu -> down (-> up -> relu -> down, the same matrices, if shared) -> head."""
    helper, arrays = onnx.helper, onnx.numpy_helper
    nodes = [
        helper.make_node("Gather", ["table", "ids"], ["rows"], name="gather"),
        helper.make_node("Mul", ["rows", "scale"], ["x"], name="scale it"),
    ]
    last = "x"
    for number in range(2 if shared else 1):
        nodes += [
            helper.make_node("MatMul", [last, "up"], [f"h{number}"], name=f"up{number}"),
            helper.make_node("Relu", [f"h{number}"], [f"r{number}"], name=f"relu{number}"),
            helper.make_node("MatMul", [f"r{number}", "down"], [f"y{number}"], name=f"down{number}"),
        ]
        last = f"y{number}"
    nodes.append(helper.make_node("MatMul", [last, "head"], ["logits"], name="the head"))
    initializers = {"table": TABLE, "scale": SCALE, "up": UP, "down": DOWN, "head": HEAD}
    graph_proto = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("ids", onnx.TensorProto.INT64, ["b", "s"])],
        [helper.make_tensor_value_info("logits", onnx.TensorProto.FLOAT, ["b", "s", 2])],
        [arrays.from_array(values, name) for name, values in initializers.items()],
    )
    return helper.make_model(graph_proto, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


FEEDS = [{"ids": RNG.integers(0, 2000, (1, 50))} for _ in range(3)]


def run(model: Any) -> np.ndarray:
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, FEEDS[0])[0]


def test_matrices_are_those_of_the_layers() -> None:
    shapes = [(node.name, shape) for node, shape in balance.matrices(graph())]
    assert shapes == [("up0", (64, 128)), ("down0", (128, 64))]


def test_ranges_are_the_largest_of_all_feeds() -> None:
    ranges = balance.channel_ranges(graph(), FEEDS)
    activations = np.concatenate([TABLE[feed["ids"][0]] * SCALE for feed in FEEDS])
    assert np.allclose(ranges["x"], np.abs(activations).max(axis=0))


def test_the_outlier_moves_into_the_matrix_and_nothing_else_changes() -> None:
    model = graph()
    before = run(model)
    ranges = balance.channel_ranges(model, FEEDS)
    balance.move_outliers(model, ranges)
    assert np.allclose(run(model), before, rtol=1e-4, atol=1e-3)
    after = balance.channel_ranges(model, FEEDS)
    balanced = after["x/balanced"]
    assert ranges["x"].max() > 10 * np.median(ranges["x"])
    assert balanced.max() < 2 * np.median(balanced)


def test_a_matrix_of_two_nodes_is_left_alone() -> None:
    model = graph(shared=True)
    before = model.SerializeToString()
    balance.move_outliers(model, balance.channel_ranges(model, FEEDS))
    assert model.SerializeToString() == before


def test_even_channels_are_left_alone() -> None:
    model = graph()
    balance.move_outliers(model, {"x": np.ones(64, np.float32), "r0": np.zeros(128, np.float32)})
    assert model.SerializeToString() == graph().SerializeToString()


def test_a_table_has_a_scale_per_row() -> None:
    model = graph()
    before = run(model)
    balance.quantise_tables(model)
    initializers = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    assert initializers["table"].dtype == np.int8
    assert np.abs(initializers["table"]).max(axis=1).tolist() == [127] * 2000
    assert initializers["table/scale"].shape == (2000, 1)
    assert np.allclose(initializers["table"] * initializers["table/scale"], TABLE, atol=np.abs(TABLE).max() / 250)
    assert np.abs(run(model) - before).max() < 0.02 * np.abs(before).max()


def test_a_small_table_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(balance, "SMALLEST_TABLE", 2001)
    model = graph()
    balance.quantise_tables(model)
    assert model.SerializeToString() == graph().SerializeToString()
