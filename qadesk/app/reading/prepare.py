"""Prepares a model that the user added: its fast graph is made once, checked, and kept (``qa.graphs``).

The work is done by a child process at low priority, our own program with a hidden argument: what makes graphs would
cost this process hundreds of MB, and take the window its breath.
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
    """Whether ``reader`` would be faster with a graph, and nobody has tried yet to make one."""
    return gains_from_graph(reader.choice) and graphs.can_have(reader.model) and graphs.find(reader.model) is None


def prepare(folder: Path, *, force: bool = False) -> Generator[Progress, None, Prepared]:
    """Make the graph of the model in ``folder``, unless that was done: yields progress, often, and returns the verdict.

    Closing the generator ends the child process at once, and nothing of its work is left. ``force`` makes the graph
    anew. Raises ``ModelError`` for a model that needs none, and where the work failed for reasons that are not the
    model's: no room on the disk, or in memory; ``QadeskError`` where no process can be started.
    """
    model = models.inspect(folder)
    if model.onnx:
        raise ModelError(f"The model '{model.name}' comes with a graph of its own.", "There is nothing to prepare.")
    models.load_tokenizer(model)  # says so where it cannot be used
    yield Progress("Exporting", 0, 0)
    found = None if force else graphs.find(model)
    if found:
        return found
    try:
        with graphs.work_folder() as work:
            yield from _follow(model, work)
    except child_process.ChildEnded as error:
        raise ModelError(
            f"The process that prepared '{model.name}' ended before it was done.",
            "The model answers without a fast graph. The computer may have too little memory for more.",
            str(error),
        ) from error
    found = graphs.find(models.inspect(folder))
    if found is None:
        raise ModelError(f"The model '{model.name}' changed while it was prepared.", "Prepare it again.")
    return found


def verdict(prepared: Prepared) -> str:
    """What came of preparing a model, in a few lines."""
    made = f"A fast graph in {prepared.precision}, made in {prepared.seconds:.0f} s."
    lines = [made if prepared.graph else "No fast graph: the model runs as it is, in float32.", prepared.reason]
    seen = prepared.comparison
    if prepared.graph and seen:
        lines += [
            f"size         {prepared.graph_bytes / 1e6:,.1f} MB, of weights of {prepared.weights_bytes / 1e6:,.1f} MB",
            f"agreement    {100 * seen.agreement:.1f} %: F1 of its answers by float32's, {seen.windows} windows",
            f"difference   {seen.max_difference:.3f} at most, {seen.mean_difference:.3f} on average, in logits",
            f"stored in    {prepared.graph}",
        ]
    return "\n".join(line for line in lines if line)


def _follow(model: Model, work: Path) -> Generator[Progress, None, None]:
    """The progress of the child that makes the graph, repeated while it is silent, until it is done.

    Raises what the child raised. Its temporary files lie in ``work``, where they go when it is killed.
    """
    step = Progress("Exporting", 0, 0)
    with child_process.start(["--prepare-model", str(model.folder.resolve()), str(work)], work) as process:
        for said in process.messages():
            if said and "error" in said:
                raise ModelError(*said["error"])
            if said and "progress" not in said:
                return
            step = Progress(*said["progress"]) if said else step
            yield step
