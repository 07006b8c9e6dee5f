"""Graphs that ONNX Runtime loads, but that do not read every text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper, save

from qadesk import paths
from qadesk.errors import ModelError
from qadesk.qa import models
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
