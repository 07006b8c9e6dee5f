"""Makes the optimised int8 ONNX graph of a model folder: export, fuse, quantise.

Export and fusion (attention, layer norm, GELU) are optimum's; quantisation is ONNX Runtime's dynamic int8 with
per-channel weights. Activations are quantised per tensor, which hurts most where the range is widest for what it
carries: in the second feed-forward matrix, after the GELU, of the lower layers. Those matrices of the lower half of
the layers stay in float32 (docs/measurements.md has what each choice costs).

Weights take 7 bits (``reduce_range``): products of an unsigned and a signed byte are summed in 16 bits on processors
without VNNI, and 8-bit weights would saturate there. On one with VNNI it costs no time and, measured, no accuracy.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from qadesk.errors import ModelError
from qadesk.qa.models import Model

GRAPH_NAME = "model_int8.onnx"


def export_int8(model: Model, target: Path) -> Path:
    """Write the int8 graph of ``model`` to the folder ``target`` as ``model_int8.onnx``, and give its path.

    Takes seconds to minutes and several times the model's size in memory and temporary files. Raises
    ``ModelError`` if the model has no safetensors or its architecture cannot be exported.
    """
    if not model.safetensors:
        raise ModelError(f"The model '{model.name}' has no safetensors to make a graph from.", "Use it as it is.")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # must be set before transformers is imported
    os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    with tempfile.TemporaryDirectory(prefix="qadesk-export-") as name:
        work = Path(name)
        try:
            _export(model, work / "float")
            fused = _fuse(work / "float", work / "fused")
            quantised = _quantise(fused, work)
        except Exception as error:  # each of the three libraries raises whatever it likes
            raise ModelError(
                f"No optimised graph can be made of '{model.name}'.", "It still runs, but slower.", str(error)
            ) from error
        target.mkdir(parents=True, exist_ok=True)
        part = target / (GRAPH_NAME + ".part")
        shutil.copyfile(quantised, part)
        os.replace(part, target / GRAPH_NAME)
    return target / GRAPH_NAME


def _export(model: Model, target: Path) -> None:
    from optimum.exporters.onnx import main_export

    main_export(
        str(model.folder),
        target,
        task="question-answering",
        dtype="fp32",  # half precision is slow on a processor
        local_files_only=True,
        trust_remote_code=False,
        do_validation=False,  # tests and callers compare the finished graph with torch
    )


def _fuse(source: Path, target: Path) -> Path:
    """The graph with fused attention, layer norm and GELU; as it was, where the library knows no fusion for it."""
    from optimum.onnxruntime import ORTOptimizer
    from optimum.onnxruntime.configuration import OptimizationConfig

    try:
        optimizer = ORTOptimizer.from_pretrained(str(source))
        optimizer.optimize(OptimizationConfig(optimization_level=2), save_dir=str(target), file_suffix="")
    except (NotImplementedError, KeyError):  # what the library says of an unknown model type
        return source / "model.onnx"
    return target / "model.onnx"


def _quantise(graph: Path, work: Path) -> Path:
    """Two passes: tables in 8 bits, as looking up cannot saturate, then matrices in 7 bits by channel."""
    from onnx import TensorProto, load
    from onnxruntime.quantization import QuantType, quantize_dynamic

    options: dict[str, Any] = {
        "MatMulConstBOnly": True,
        "DefaultTensorType": TensorProto.FLOAT,
    }  # fused nodes have none
    tables, matrices = work / "tables.onnx", work / "matrices.onnx"
    quantize_dynamic(graph, tables, op_types_to_quantize=["Gather"], weight_type=QuantType.QInt8, extra_options=options)
    quantize_dynamic(
        tables,
        matrices,
        op_types_to_quantize=["MatMul", "Attention"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=kept_in_float(load(graph, load_external_data=False)),
        extra_options=options,
    )
    return matrices


def kept_in_float(graph: Any) -> list[str]:
    """The names of the nodes to leave in float32: the down-projections of the lower half of the layers.

    A down-projection is a MatMul whose constant ``[rows, columns]`` has more rows than columns; the head, with its two
    columns, is not one. ``graph`` is an ``onnx.ModelProto``.
    """
    shapes = {tensor.name: tuple(tensor.dims) for tensor in graph.graph.initializer}
    found = []
    for node in graph.graph.node:
        shape = shapes.get(node.input[1], ()) if node.op_type == "MatMul" else ()
        if len(shape) == 2 and shape[0] > shape[1] > 2:
            found.append(node.name)
    return found[: (len(found) + 1) // 2]
