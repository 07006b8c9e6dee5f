"""Compares ways of quantising: size, time, and how far answers differ from float32.

    python benchmarks/quantisation.py DATASET.json [--limit N]

Each variant is made from the bundled weights by the steps of ``qadesk.qa.export`` and answers the same questions. Do
not choose by a data set that is for evaluation. Prints a table; asserts nothing.
"""

from __future__ import annotations

import argparse
import dataclasses
import logging
import sys
import tempfile
import warnings
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a checkout, where QADesk need not be installed

from benchmarks import texts
from benchmarks.timing import settle, timed
from qadesk import paths
from qadesk.app.reading.evaluate import evaluate
from qadesk.labels.label_files import read_dataset
from qadesk.progress import finish
from qadesk.qa import balance, export, models, quantise, rewrite
from qadesk.qa.engine import Reader, open_reader
from qadesk.qa.reader_options import Options

PAGE_WORDS = 1000


def variants(work: Path) -> Iterator[tuple[str, Path]]:
    """Names and graphs; the last one is shipped."""
    import onnx

    model = models.inspect(paths.bundled_model_dir())
    fused = export.export_fused(model, work)
    yield "float32, fused", fused
    parts = rewrite.without_mask(onnx.load(fused))
    yield "float32, in parts", _save(parts, work / "parts.onnx")
    feeds = export._sample_feeds(model)
    keep = export.keep_in_float(parts)
    for name, balanced, gptq, in_float in (
        ("int8", False, False, ()),
        ("int8, balanced", True, False, ()),
        ("int8, balanced, GPTQ", True, True, ()),
        ("the same, two in float", True, True, keep),
    ):
        graph = _quantised(onnx.load(work / "parts.onnx"), feeds, in_float, balanced=balanced, gptq=gptq)
        yield name, _save(graph, work / f"{name}.onnx")


def _quantised(
    graph: Any, feeds: list[dict[str, Any]], in_float: Collection[str], *, balanced: bool, gptq: bool
) -> Any:
    if balanced:
        balance.move_outliers(graph, balance.channel_ranges(graph, feeds), excluded=in_float)
    balance.quantise_tables(graph)
    limits = quantise.ranges(graph, feeds)
    moments = quantise.moments(graph, feeds, limits, in_float) if gptq else None
    quantise.quantise(graph, limits, in_float, moments)
    quantise.store_in_halves(graph, in_float)
    return graph


def _save(graph: Any, path: Path) -> Path:
    import onnx

    onnx.save(graph, path)
    return path


def interleaved_times(readers: dict[str, Reader], text: str, runs: int = 10) -> dict[str, float]:
    """The best milliseconds for a question to ``text``, variants in turn, so that all have the same conditions."""
    best = dict.fromkeys(readers, float("inf"))
    for _ in range(runs):
        for name, reader in readers.items():
            settle()
            best[name] = min(best[name], 1000 * timed(lambda: reader.ask("Who is it?", text))[1])  # noqa: B023
    return best


def main() -> None:
    """Measure each variant and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--limit", type=int)
    parsed = parser.parse_args()
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    dataset = read_dataset(parsed.dataset)
    count = len(dataset.examples)
    dataset = dataclasses.replace(dataset, examples=dataset.examples[:: max(1, count // (parsed.limit or count))])
    text = texts.book(texts.read_source(parsed.dataset).paragraphs, PAGE_WORDS, seed=1)
    with tempfile.TemporaryDirectory() as name:
        graphs = dict(variants(Path(name)))
        folder = paths.bundled_model_dir()
        readers = {variant: open_reader(folder, device="cpu", graph=graph) for variant, graph in graphs.items()}
        times = interleaved_times(readers, text)
        print(f"{len(dataset.examples)} questions of {parsed.dataset.name}; ms for a text of {PAGE_WORDS:,} words")
        first = None
        for variant, graph in graphs.items():
            evaluation = finish(evaluate(readers[variant], dataset, Options(top_k=1)))
            first = first or evaluation.predictions
            same = np.mean([evaluation.predictions[key] == text for key, text in first.items()])
            scores = f"EM {evaluation.report.exact:5.2f}  F1 {evaluation.report.f1:5.2f}  same {same:6.1%}"
            print(f"{variant:28} {graph.stat().st_size / 1e6:6.1f} MB  {times[variant]:6.1f} ms  {scores}", flush=True)


if __name__ == "__main__":
    main()
