"""Makes the optimised int8 ONNX graph of a model folder: export, fuse, balance, quantise.

Export and fusion (attention, layer norm, GELU) are optimum's. The steps after that, for which docs/measurements.md has
the reasons: ``qa.rewrite`` splits fused nodes that ONNX Runtime computes faster in parts, ``qa.balance`` moves outliers
from the activations, which share one range, to the weights, ``qa.quantise`` makes int8 matrices. The
feed-forward down-projections of the lowest third of the layers, which suffer most, stay in float32.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qadesk import paths
from qadesk.errors import ModelError
from qadesk.qa import balance, models, quantise, rewrite, windows
from qadesk.qa.document_tokens import read_tokens
from qadesk.qa.models import INT8_GRAPH, Model

_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def export_int8(model: Model, target: Path) -> Path:
    """Write the int8 graph of ``model`` to the folder ``target`` as ``model_int8.onnx``. Returns its path.

    Takes seconds to minutes and several times the model's size in memory and temporary files. Raises
    ``ModelError`` if the model has no safetensors or its architecture cannot be exported.
    """
    if not model.safetensors:
        raise ModelError(f"The model '{model.name}' has no safetensors to make a graph from.", "Use it as it is.")
    with tempfile.TemporaryDirectory(prefix="qadesk-export-") as name:
        work = Path(name)
        try:
            fused = export_fused(model, work)
            quantised = quantise_graph(fused, work / "int8.onnx", model)
        except Exception as error:  # the three libraries raise exceptions of any class
            raise ModelError(
                f"No optimised graph can be made of '{model.name}'.", "It still runs, but slower.", str(error)
            ) from error
        target.mkdir(parents=True, exist_ok=True)
        part = target / (INT8_GRAPH + ".part")
        shutil.copyfile(quantised, part)
        os.replace(part, target / INT8_GRAPH)
    return target / INT8_GRAPH


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
    except (NotImplementedError, KeyError):  # raised for an unknown model type
        return work / "float" / "model.onnx"
    return work / "fused" / "model.onnx"


def quantise_graph(fused: Path, target: Path, model: Model) -> Path:
    """Write ``fused`` to ``target`` in int8, split into parts where that is faster. Returns ``target``.

    Ranges and moments are taken from the sample document and from our general set of short texts, with questions.
    """
    from onnx import load, save

    graph = rewrite.without_mask(load(fused))
    feeds = _sample_feeds(model)
    keep = keep_in_float(graph)
    balance.move_outliers(graph, balance.channel_ranges(graph, feeds), excluded=keep)
    balance.quantise_tables(graph)
    limits = quantise.ranges(graph, feeds)
    quantise.quantise(graph, limits, keep, quantise.moments(graph, feeds, limits, keep))
    quantise.store_in_halves(graph, keep)
    save(graph, target)
    return target


def keep_in_float(graph: Any) -> list[str]:
    """The names of the nodes to leave in float32: the feed-forward down-projections of the lowest third of the layers.

    They are the products with a constant ``[rows, columns]`` of more rows than columns; the head, with its two columns,
    is not one.
    """
    products = [(node.name, shape) for node, shape in balance.matrices(graph) if node.op_type == "MatMul"]
    down = [name for name, (rows, columns) in products if columns < rows]
    return down[: (len(down) + 2) // 3]


def _sample_feeds(model: Model) -> list[dict[str, windows.Ints]]:
    """Texts with questions as inputs of a graph, one window each."""
    tokenizer = models.load_tokenizer(model)
    length = min(384, model.max_tokens)
    feeds = []
    for text, questions in _sample_texts():
        tokens = read_tokens(tokenizer, text)
        for question in questions:
            head = windows.tokenize_question(tokenizer, question)
            for window in windows.cut(head, tokens, windows.WindowLengths(length, length // 3)):
                batch = windows.pack([window], model.pad_id)
                feeds.append({name: getattr(batch, name) for name in _INPUTS})
    return feeds


def _sample_texts() -> Iterator[tuple[str, list[str]]]:
    """The sample document with its questions, and the texts of the general set with a question each."""
    sample = paths.sample_path().read_text(encoding="utf-8")
    yield sample, paths.sample_questions_path().read_text(encoding="utf-8").splitlines()
    for article in json.loads(paths.general_set_path().read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            yield paragraph["context"], [row["question"] for row in paragraph["qas"][:1]]
