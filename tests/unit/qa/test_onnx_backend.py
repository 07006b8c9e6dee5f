"""Graphs that ONNX Runtime loads, but that do not read every text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper, save

from qadesk import paths
from qadesk.errors import ModelError
from qadesk.qa import models, onnx_backend
from qadesk.qa.models import Model
from qadesk.qa.onnx_backend import OnnxBackend
from qadesk.qa.windows import Batch

KNOWN = 10  # token ids that the graph has a logit for
LOGITS = np.arange(KNOWN, dtype=np.float32)


def model_with_graph(folder: Path, *, one_a_window: bool = False) -> Model:
    """A graph whose logits are the token ids, from a table of ``KNOWN`` rows; with ``one_a_window`` only their sum."""
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["logits"])]
    for name in ("start_logits", "end_logits"):
        operator = "ReduceSum" if one_a_window else "Identity"
        nodes.append(helper.make_node(operator, ["logits"], [name]))
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["windows", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("start_logits", "end_logits")]
    graph = helper.make_graph(nodes, "graph", inputs, outputs, [numpy_helper.from_array(LOGITS, "table")])
    path = folder / "model.onnx"
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return replace(models.inspect(paths.bundled_model_dir()), onnx=path)


def batch(*ids: int) -> Batch:
    row = np.array([ids], dtype=np.int64)
    return Batch((), row, np.ones_like(row), np.zeros_like(row), np.zeros(1, np.int64))


def test_the_logits_are_the_graphs(tmp_path: Path) -> None:
    start, end = OnnxBackend(model_with_graph(tmp_path)).scores(batch(3, 1, 9))
    assert start.tolist() == end.tolist() == [[3, 1, 9]]


def test_a_graph_that_fails_on_the_processor_is_the_models_fault(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot read this text") as excinfo:
        OnnxBackend(model_with_graph(tmp_path)).scores(batch(3, KNOWN))
    assert "Gather" in excinfo.value.detail


def test_logits_that_are_not_one_a_token_are_reported_in_words(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot read this text"):
        OnnxBackend(model_with_graph(tmp_path, one_a_window=True)).scores(batch(3, 1))


def shared_matrix_graph(folder: Path) -> Model:
    """Two products in int8 with one matrix, as layers that share their weights have them.

    The first logits are a token's row of ``ROWS`` times ``MATRIX`` twice: its first column.
    """
    byte_products = ["MatMulIntegerToFloat", "com.microsoft"]
    constants = {
        "rows": ROWS, "matrix": MATRIX, "one": np.float32(1), "ones": np.ones(2, np.float32), "zero": np.uint8(0),
        "first": np.int64(0),
    }  # fmt: skip
    nodes = [helper.make_node("Gather", ["rows", "input_ids"], ["x0"])]
    for layer in range(2):
        nodes += [
            helper.make_node("QuantizeLinear", [f"x{layer}", "one", "zero"], [f"q{layer}"]),
            helper.make_node(
                byte_products[0], [f"q{layer}", "matrix", "one", "ones", "zero"], [f"x{layer + 1}"],
                domain=byte_products[1],
            ),
        ]  # fmt: skip
    nodes += [helper.make_node("Gather", ["x2", "first"], [name], axis=2) for name in ("start_logits", "end_logits")]
    inputs = [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["windows", "tokens"])]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("start_logits", "end_logits")]
    tensors = [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(byte_products[1], 1)]
    path = folder / "model_int8.onnx"
    graph = helper.make_graph(nodes, "graph", inputs, outputs, tensors)
    save(helper.make_model(graph, opset_imports=opsets, ir_version=8), path)
    return replace(models.inspect(paths.bundled_model_dir()), onnx=path)


ROWS = np.array([[1, 0], [0, 1], [2, 3]], dtype=np.float32)
MATRIX = np.array([[100, 1], [20, 1]], dtype=np.int8)  # of more than 7 bits, which is what is converted


@pytest.mark.parametrize("has_vnni", [True, False])
def test_layers_may_share_a_matrix_on_every_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_vnni: bool
) -> None:
    monkeypatch.setattr(onnx_backend, "has_vnni", lambda: has_vnni)
    start, _ = OnnxBackend(shared_matrix_graph(tmp_path)).scores(batch(0, 1, 2))
    assert start.tolist() == [[100 * 100 + 20, 20 * 100 + 20, 255 * 100 + 5 * 20]]  # 260 is 255 as a byte
