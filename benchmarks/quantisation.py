"""What each way of quantising costs: size, time, and how far answers move from float32.

    python benchmarks/quantisation.py DATASET.json [--limit N]

Each variant is made from the bundled weights by ``qadesk.qa.export`` and answers the same questions. Do not choose
by a set that is kept for evaluation. Prints a table; asserts nothing.
"""

from __future__ import annotations

import argparse
import dataclasses
import logging
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from qadesk import paths
from qadesk.app.evaluate import Evaluation, evaluate
from qadesk.labels.records import Dataset
from qadesk.labels.squad import read_squad
from qadesk.progress import finish
from qadesk.qa import export, models, windows
from qadesk.qa.devices import Choice
from qadesk.qa.engine import Options, Reader
from qadesk.qa.onnx_backend import OnnxBackend


def variants(work: Path) -> Iterator[tuple[str, Path]]:
    """Names and graphs."""
    model = models.inspect(paths.bundled_model_dir())
    fused = export.export_fused(model, work)
    yield "float32, fused", fused
    shipped = export.keep_in_float
    for name, keep in (
        ("int8", lambda _graph: []),
        ("int8, down 0-2 float", lambda graph: [each for each in shipped(graph) if "/output/" in each]),
        ("int8, down, up 0-2 float", shipped),
    ):
        export.keep_in_float = keep
        yield name, export.quantise_graph(fused, work / f"{name}.onnx", model)


def reader(graph: Path) -> Reader:
    """A reader of the bundled model with another graph."""
    model = dataclasses.replace(models.inspect(paths.bundled_model_dir()), onnx=graph)
    choice = Choice("cpu", "onnx", "as the graph", "benchmark")
    return Reader(model, choice, models.load_tokenizer(model), OnnxBackend(model))


def measure(reading: Reader, dataset: Dataset) -> Evaluation:
    """Answer the whole data set."""
    return finish(evaluate(reading, dataset, Options(top_k=1)))


def interleaved_times(readers: dict[str, Reader], runs: int = 20) -> dict[str, float]:
    """The best milliseconds for four full windows, variants taken in turn so that all see the same machine."""
    best = dict.fromkeys(readers, float("inf"))
    tokens = windows.DocumentTokens(np.full(1500, 2000, np.int32), np.zeros((1500, 2), np.int32))
    for _ in range(runs):
        for name, each in readers.items():
            asked = windows.tokenize_question(each._tokenizer, "Who is it?")
            batch = windows.pack(windows.cut(asked, tokens, max_seq_length=384, doc_stride=0)[:4])
            began = time.perf_counter()
            each._backend.scores(batch)
            best[name] = min(best[name], 1000 * (time.perf_counter() - began))
    return best


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--limit", type=int)
    parsed = parser.parse_args()
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    dataset = read_squad(parsed.dataset)
    count = len(dataset.examples)
    dataset = dataclasses.replace(dataset, examples=dataset.examples[:: max(1, count // (parsed.limit or count))])
    with tempfile.TemporaryDirectory() as name:
        graphs = dict(variants(Path(name)))
        readers = {variant: reader(graph) for variant, graph in graphs.items()}
        times = interleaved_times(readers)
        print(f"{len(dataset.examples)} questions of {parsed.dataset.name}; ms for 4 windows of 384 tokens")
        first = None
        for variant, graph in graphs.items():
            found = measure(readers[variant], dataset)
            first = first or found.predictions
            same = np.mean([found.predictions[key] == text for key, text in first.items()])
            scores = f"EM {found.report.exact:5.2f}  F1 {found.report.f1:5.2f}  same {same:6.1%}"
            print(f"{variant:28} {graph.stat().st_size / 1e6:6.1f} MB  {times[variant]:6.1f} ms  {scores}", flush=True)


if __name__ == "__main__":
    main()
