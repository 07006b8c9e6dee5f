"""The child process that makes the fast graph of a model: exports it, quantises it, checks it and stores it.

Writes JSON lines to standard output: ``{"progress": [what, done, total, seconds_left]}`` while it works, then
``{"done": true}`` or ``{"error": [message, hint, detail]}``.
"""

from __future__ import annotations

import logging
import math
import shutil
import time
import traceback
from collections.abc import Callable, Generator
from dataclasses import astuple
from pathlib import Path

from qadesk.app import child_process
from qadesk.app.reading.graph_check import compare_graph, is_good
from qadesk.app.reading.trial import try_out
from qadesk.errors import ModelError, QadeskError
from qadesk.progress import Progress, megabytes
from qadesk.qa import export, graphs, models
from qadesk.qa.graphs import GraphComparison, Prepared
from qadesk.qa.models import INT8_GRAPH, Model
from qadesk.sentences import Sentence

_log = logging.getLogger(__name__)

_DISK_FACTOR = 10  # of the size of the weights: they may be in half precision, and there are several graphs at a time


def main(arguments: list[str]) -> int:
    """Prepare the model in the folder ``arguments[0]``, with temporary files in ``arguments[1]``.

    Returns the exit code 0; a bug ends in a traceback.
    """
    folder, work = map(Path, arguments)
    with child_process.connect_to_parent() as replies:
        try:
            for step in _prepare(models.inspect(folder), work):
                child_process.send_message(replies, {"progress": astuple(step)})
            child_process.send_message(replies, {"done": True})
        except QadeskError as error:
            child_process.send_message(replies, {"error": [error.message, error.hint, error.detail]})
    return 0


def _prepare(model: Model, work: Path) -> Generator[Progress, None, None]:
    """Make the graph in ``work`` and store it under the model's fingerprint."""
    yield Progress("Exporting", 0, 0)
    needed = _DISK_FACTOR * graphs.weights_bytes(model)
    if shutil.disk_usage(work).free < needed:
        raise ModelError(
            f"There is too little room on the disk to prepare '{model.name}'.",
            f"It takes {megabytes(needed)} for a moment. Until then the model answers without a fast graph.",
        )
    try_out(model)  # else what is said below of its graph would be true of the model
    fingerprint = graphs.fingerprint(model)
    prepared = yield from make(model, work)
    if graphs.fingerprint(model) != fingerprint:
        raise ModelError(f"The model '{model.name}' changed while it was prepared.", "Prepare it again.")
    try:
        graphs.store_prepared(fingerprint, prepared, work)
        graphs.tidy(fingerprint)
    except OSError as error:
        raise ModelError(
            "The graph that was made could not be stored.", "Check that there is room on the disk.", str(error)
        ) from error


def make(model: Model, work: Path) -> Generator[Progress, None, Prepared]:
    """Make the fastest graph of ``model`` that passes the check, in a folder of its own below ``work``.

    Tries int8, then float32. Yields progress, returns the result. ``model`` is one that can read (``trial``). Raises
    ``ModelError`` where there is no room on the disk or in memory.
    """
    began = time.monotonic()
    weights = graphs.weights_bytes(model)
    reasons: list[Sentence] = []
    yield Progress("Exporting", 0, 0)
    fused = _attempt(model, lambda: export.export_fused(model, work / "export"))
    yield Progress("Quantising", 0, 0)
    int8 = _attempt(model, lambda: _quantise(model, fused, work / "int8")) if fused else None
    for precision, graph in (("int8", int8), ("float32", fused)):
        if graph is None:
            reasons.append(Sentence("graph.not_made", {"precision": precision}))
            continue
        try:
            comparison = yield from compare_graph(model, graph)
        except ModelError as error:
            _log.debug("%s graph: %s %s", precision, error.message, error.detail)
            reasons.append(Sentence("graph.not_loaded", {"precision": precision}))
            continue
        _log.debug("%s graph: drift %.4f, agreement %.3f", precision, comparison.drift, comparison.agreement)
        if is_good(comparison):
            path = graph if graph == int8 else _move_float32(graph, work / "float32")
            seconds = time.monotonic() - began
            return Prepared(path, tuple(reasons), comparison, path.stat().st_size, weights, seconds)
        reasons.append(why_rejected(precision, comparison))
    return Prepared(None, tuple(reasons), weights_bytes=weights, seconds=time.monotonic() - began)


def _attempt(model: Model, make_graph: Callable[[], Path]) -> Path | None:
    """The path that ``make_graph`` returns, None if the libraries cannot export this model."""
    try:
        return make_graph()
    except (OSError, MemoryError) as error:  # not the model's fault: it is tried again
        raise ModelError(
            f"The model '{model.name}' could not be prepared: there was no room on the disk or in memory.",
            "It answers without a fast graph.",
            str(error),
        ) from error
    except Exception:  # noqa: BLE001  the three libraries raise exceptions of many kinds
        traceback.print_exc()
        return None


def _quantise(model: Model, fused: Path, target: Path) -> Path:
    """Make the int8 graph in the new folder ``target``."""
    target.mkdir()
    return export.quantise_graph(fused, target / INT8_GRAPH, model)


def _move_float32(graph: Path, target: Path) -> Path:
    """Move ``graph`` into the new folder ``target``, where nothing else is. Returns its path there."""
    target.mkdir()
    for path in graph.parent.glob(f"{graph.name}*"):  # weights over 2 GB are in a second file beside it
        path.rename(target / path.name)
    return target / graph.name


def why_rejected(precision: str, comparison: GraphComparison) -> Sentence:
    """Why a graph in ``precision`` is not used, with the drift and the agreement in per cent."""
    if not math.isfinite(comparison.drift):
        return Sentence("graph.scores_not_numbers", {"precision": precision})
    measured = {"drift": 100 * comparison.drift, "agreement": 100 * comparison.agreement}
    return Sentence("graph.drifts", {"precision": precision, **measured})
