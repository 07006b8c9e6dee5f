"""Prepares a model that the user added: its fast graph is made once, checked and stored (``qa.graphs``).

A child process at low priority does the work (``prepare_child``): the libraries would take hundreds of MB of this
process, and slow down the window.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from qadesk.app import child_process
from qadesk.errors import ModelError
from qadesk.progress import Progress
from qadesk.qa import graphs, models
from qadesk.qa.backends import gains_from_graph
from qadesk.qa.engine import Reader
from qadesk.qa.graphs import Prepared
from qadesk.qa.models import Model


def is_wanted(reader: Reader) -> bool:
    """Whether ``reader`` would be faster with a graph, and its model was not prepared yet."""
    return (
        gains_from_graph(reader.choice) and graphs.can_have(reader.model) and graphs.find_prepared(reader.model) is None
    )


def prepare(folder: Path, *, force: bool = False) -> Generator[Progress, None, Prepared]:
    """Make the graph of the model in ``folder``, unless that was done. Yields progress, often; returns the result.

    Closing the generator ends the child process at once and deletes its files. ``force`` makes the graph again. Raises
    ``ModelError`` for a model that has a graph of its own, and where there is too little room on the disk or in memory;
    ``QadeskError`` where no process can be started.
    """
    model = models.inspect(folder)
    if model.onnx:
        raise ModelError(f"The model '{model.name}' comes with a graph of its own.", "There is nothing to prepare.")
    models.load_tokenizer(model)  # raises if it cannot be used
    yield Progress("Exporting", 0, 0)
    prepared = None if force else graphs.find_prepared(model)
    if prepared:
        return prepared
    try:
        with graphs.work_folder() as work:
            yield from _run_child(model, work)
    except child_process.ChildEnded as error:
        raise ModelError(
            f"The process that prepared '{model.name}' ended before it was done.",
            "The model answers without a fast graph. The computer may have too little memory for more.",
            str(error),
        ) from error
    prepared = graphs.find_prepared(models.inspect(folder))
    if prepared is None:
        raise ModelError(f"The model '{model.name}' changed while it was prepared.", "Prepare it again.")
    return prepared


def summary(prepared: Prepared) -> str:
    """The result of preparing a model, in a few lines."""
    success = f"A fast graph in {prepared.precision}, made in {prepared.seconds:.0f} s."
    lines = [success if prepared.graph else "No fast graph: the model runs as it is, in float32.", prepared.reason]
    check = prepared.comparison
    if prepared.graph and check:
        lines += [
            f"size         {prepared.graph_bytes / 1e6:,.1f} MB, of weights of {prepared.weights_bytes / 1e6:,.1f} MB",
            f"agreement    {100 * check.agreement:.1f} %: F1 of its answers by float32's, {check.windows} windows",
            f"difference   {check.max_difference:.3f} at most, {check.mean_difference:.3f} on average, in logits",
            f"stored in    {prepared.graph}",
        ]
    return "\n".join(line for line in lines if line)


def _run_child(model: Model, work: Path) -> Generator[Progress, None, None]:
    """Run the child that makes the graph. Yields its progress, the last one again while it sends nothing.

    Raises the child's ``ModelError``. Its temporary files are in ``work``, so that they are deleted when it is killed.
    """
    step = Progress("Exporting", 0, 0)
    with child_process.start(["--prepare-model", str(model.folder.resolve()), str(work)], work) as process:
        for message in process.messages():
            if message and "error" in message:
                raise ModelError(*message["error"])
            if message and "progress" not in message:
                return
            step = Progress(*message["progress"]) if message else step
            yield step
