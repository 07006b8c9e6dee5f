"""Makes the optimised int8 ONNX graph of a model folder: export, fuse, balance, quantise.

Export and fusion (attention, layer norm, GELU) are optimum's; the matrices are quantised by ONNX Runtime: dynamic int8
with per-channel weights. What that costs and why it is done so stands in docs/measurements.md:

- Weights take 7 bits (``reduce_range``): products of an unsigned and a signed byte are summed in 16 bits on processors
  without VNNI, and 8-bit weights would saturate there.
- Activations share one range per tensor, so one outlier among the channels coarsens all others. ``qa.balance`` moves
  outliers into the weights first, exactly.
- The down-projections of the lower half of the layers, which follow the GELU and suffer most, stay in float32.
- The table of word embeddings has a scale per row.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qadesk import paths
from qadesk.errors import ModelError
from qadesk.qa import balance, models, windows
from qadesk.qa.models import Model

GRAPH_NAME = "model_int8.onnx"


def export_int8(model: Model, target: Path) -> Path:
    """Write the int8 graph of ``model`` to the folder ``target`` as ``model_int8.onnx``, and give its path.

    Takes seconds to minutes and several times the model's size in memory and temporary files. Raises
    ``ModelError`` if the model has no safetensors or its architecture cannot be exported.
    """
    if not model.safetensors:
        raise ModelError(f"The model '{model.name}' has no safetensors to make a graph from.", "Use it as it is.")
    with tempfile.TemporaryDirectory(prefix="qadesk-export-") as name:
        work = Path(name)
        try:
            fused = export_fused(model, work)
            balanced = balance_graph(fused, work / "balanced.onnx", model)
            quantised = quantise(balanced, work / "int8.onnx", keep_in_float(fused))
        except Exception as error:  # each of the three libraries raises whatever it likes
            raise ModelError(
                f"No optimised graph can be made of '{model.name}'.", "It still runs, but slower.", str(error)
            ) from error
        target.mkdir(parents=True, exist_ok=True)
        part = target / (GRAPH_NAME + ".part")
        shutil.copyfile(quantised, part)
        os.replace(part, target / GRAPH_NAME)
    return target / GRAPH_NAME


def export_fused(model: Model, work: Path) -> Path:
    """The float32 graph of ``model`` with fused attention, layer norm and GELU, as a file in the folder ``work``.

    Where the library knows no fusion for the architecture, the graph as it was exported.
    """
    models.forbid_downloads()
    from optimum.exporters.onnx import main_export
    from optimum.onnxruntime import ORTOptimizer
    from optimum.onnxruntime.configuration import OptimizationConfig

    main_export(
        str(model.folder),
        work / "float",
        task="question-answering",
        dtype="fp32",  # half precision is slow on a processor
        local_files_only=True,
        trust_remote_code=False,
        do_validation=False,  # tests and callers compare the finished graph with torch
    )
    try:
        optimizer = ORTOptimizer.from_pretrained(str(work / "float"))
        optimizer.optimize(OptimizationConfig(optimization_level=2), save_dir=str(work / "fused"), file_suffix="")
    except (NotImplementedError, KeyError):  # what the library says of an unknown model type
        return work / "float" / "model.onnx"
    return work / "fused" / "model.onnx"


def balance_graph(fused: Path, target: Path, model: Model) -> Path:
    """Write ``fused`` to ``target`` with outliers among the channels moved into the weights, and give ``target``.

    The ranges are taken from the sample document and its questions.
    """
    from onnx import load, save

    graph = load(fused)
    balance.move_outliers(graph, balance.channel_ranges(graph, _sample_feeds(model, graph)))
    balance.quantise_tables(graph)
    save(graph, target)
    return target


def quantise(graph: Path, target: Path, keep: Sequence[str], *, reduce_range: bool = True) -> Path:
    """Write ``graph`` to ``target`` with its matrices in int8, and give ``target``.

    The matrices of the nodes ``keep`` stay in float32. Weights take 7 bits unless ``reduce_range`` is False.
    """
    from onnx import TensorProto
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        graph,
        target,
        op_types_to_quantize=["MatMul", "Attention"],
        per_channel=True,
        reduce_range=reduce_range,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=list(keep),
        # Shape inference does not reach through fused nodes, so the type must be told.
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
    )
    return target


def keep_in_float(path: Path) -> list[str]:
    """The names of the nodes to leave in float32: the down-projections of the lower half of the layers.

    A down-projection is a MatMul whose constant ``[rows, columns]`` has more rows than columns; the head, with its two
    columns, is not one.
    """
    from onnx import load

    found = [
        node.name for node, shape in balance.matrices(load(path)) if node.op_type == "MatMul" and shape[0] > shape[1]
    ]
    return found[: (len(found) + 1) // 2]


def _sample_feeds(model: Model, graph: Any) -> list[dict[str, windows.Ints]]:
    """The sample document and its questions as inputs of ``graph``, one window each."""
    tokenizer = models.load_tokenizer(model)
    text = paths.sample_path().read_text(encoding="utf-8")
    tokens = windows.join(list(windows.tokenize_document(tokenizer, text)))
    names = {each.name for each in graph.graph.input}
    feeds = []
    for question in paths.sample_questions_path().read_text(encoding="utf-8").splitlines():
        asked = windows.tokenize_question(tokenizer, question)
        length = min(384, model.max_tokens)
        for window in windows.cut(asked, tokens, max_seq_length=length, doc_stride=length // 3):
            batch = windows.pack([window], model.pad_id)
            feeds.append({name: getattr(batch, name) for name in names})
    return feeds
