"""The child process that makes the fast graph of a model: exports, quantises, checks, and keeps what came of it.

Says how far it is on standard output, one JSON object a line: ``{"progress": [what, done, total, seconds_left]}``, at
the end ``{"done": true}`` or ``{"error": [message, hint, detail]}``.
"""

from __future__ import annotations

import math
import shutil
import time
import traceback
from collections.abc import Callable, Generator
from dataclasses import astuple
from pathlib import Path

from qadesk.app import child_process
from qadesk.app.reading.graph_check import compare, is_good
from qadesk.errors import ModelError, QadeskError
from qadesk.progress import Progress
from qadesk.qa import export, graphs, models
from qadesk.qa.graphs import GraphComparison, Prepared
from qadesk.qa.models import INT8_GRAPH, Model

_ROOM = 10  # times the weights: they may be in half precision, and there are several graphs on the way


def main(arguments: list[str]) -> int:
    """Prepare the model in the folder that is the first argument; the second is a folder to work in.

    Returns the exit code; a bug ends in a traceback.
    """
    folder, work = (Path(each) for each in arguments)
    with child_process.connect_to_parent() as replies:
        try:
            for step in _prepare(models.inspect(folder), work):
                child_process.send_message(replies, {"progress": astuple(step)})
            child_process.send_message(replies, {"done": True})
        except QadeskError as error:
            child_process.send_message(replies, {"error": [error.message, error.hint, error.detail]})
    return 0


def _prepare(model: Model, work: Path) -> Generator[Progress, None, None]:
    yield Progress("Exporting", 0, 0)
    needed = _ROOM * graphs.weights_bytes(model)
    if shutil.disk_usage(work).free < needed:
        raise ModelError(
            f"There is too little room on the disk to prepare '{model.name}'.",
            f"It takes {needed / 2**30:.1f} GB for a moment. Until then the model answers without a fast graph.",
        )
    name = graphs.fingerprint(model)
    prepared = yield from make(model, work)
    if graphs.fingerprint(model) != name:
        raise ModelError(f"The model '{model.name}' changed while it was prepared.", "Prepare it again.")
    try:
        graphs.keep(name, prepared, work)
        graphs.tidy(name)
    except OSError as error:
        raise ModelError(
            "The graph that was made could not be stored.", "Check that there is room on the disk.", str(error)
        ) from error


def make(model: Model, work: Path) -> Generator[Progress, None, Prepared]:
    """Make a graph of ``model`` in ``work``, alone in its folder: the fastest that says what the model says.

    Tries int8, then float32. Yields progress, returns the verdict. Raises ``ModelError`` where there is no room on the
    disk or in memory.
    """
    began = time.monotonic()
    weights, reasons = graphs.weights_bytes(model), []
    yield Progress("Exporting", 0, 0)
    fused = _attempt(model, lambda: export.export_fused(model, work / "export"))
    yield Progress("Quantising", 0, 0)
    int8 = _attempt(model, lambda: _quantise(model, fused, work / "int8")) if fused else None
    for precision, graph in (("int8", int8), ("float32", fused)):
        if graph is None:
            reasons.append(f"No {precision} graph can be made of its architecture.")
            continue
        comparison = yield from compare(model, graph)
        if is_good(comparison):
            made = graph if graph == int8 else _alone(graph, work / "float32")
            seconds = time.monotonic() - began
            return Prepared(made, " ".join(reasons), comparison, made.stat().st_size, weights, seconds)
        reasons.append(f"Its {precision} graph strays too far from the model: {in_words(comparison)}.")
    return Prepared(None, " ".join(reasons), weights_bytes=weights, seconds=time.monotonic() - began)


def _attempt(model: Model, make_graph: Callable[[], Path]) -> Path | None:
    """What ``make_graph`` gives, None if the libraries cannot do it for this model."""
    try:
        return make_graph()
    except (OSError, MemoryError) as error:  # not the model's fault: it is tried again
        raise ModelError(
            f"The model '{model.name}' could not be prepared: there was no room on the disk or in memory.",
            "It answers without a fast graph.",
            str(error),
        ) from error
    except Exception:  # noqa: BLE001  each of the three libraries raises whatever it likes
        traceback.print_exc()
        return None


def _quantise(model: Model, fused: Path, target: Path) -> Path:
    target.mkdir()
    return export.quantise_graph(fused, target / INT8_GRAPH, model)


def _alone(graph: Path, target: Path) -> Path:
    """``graph`` in the folder ``target``, under the name of a float32 graph."""
    target.mkdir()
    for path in graph.parent.glob(f"{graph.name}*"):  # what is too large for one file has a second beside it
        path.rename(target / path.name)
    return target / graph.name


def in_words(comparison: GraphComparison) -> str:
    """How far a graph is from float32: 'by 13 % of the spread of its scores, and 93 % of its answers agree'."""
    if not math.isfinite(comparison.drift):
        return "its scores are not numbers"
    drift, agreement = 100 * comparison.drift, 100 * comparison.agreement
    return f"by {drift:.0f} % of the spread of its scores, and {agreement:.0f} % of its answers agree"
