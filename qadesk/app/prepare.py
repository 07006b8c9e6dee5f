"""Prepares a model that the user added: its fast graph is made once, checked, and kept (``qa.graphs``).

The work is done by a child process at low priority, our own program with a hidden argument: what makes graphs would
cost this process hundreds of MB, and take the window its breath.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import IO, Any

from qadesk import paths
from qadesk.errors import ModelError
from qadesk.progress import Progress
from qadesk.qa import graphs, models
from qadesk.qa.engine import Reader
from qadesk.qa.graphs import Prepared
from qadesk.qa.models import Model

_POLL = 0.1  # seconds
_LONGEST_COMPLAINT = 20_000  # bytes


def is_wanted(reader: Reader) -> bool:
    """Whether ``reader`` would be faster with a graph, and nobody has tried yet to make one."""
    slow = (reader.choice.device, reader.choice.backend) == ("cpu", "torch")
    return slow and graphs.can_have(reader.model) and graphs.find(reader.model) is None


def prepare(folder: Path, *, force: bool = False) -> Generator[Progress, None, Prepared]:
    """Make the graph of the model in ``folder``, unless that was done: yields progress, often, and returns the verdict.

    Closing the generator ends the child process at once, and nothing of its work is left. ``force`` makes the graph
    anew. Raises ``ModelError`` for a model that needs none, and where the work failed for reasons that are not the
    model's: no room on the disk, or in memory.
    """
    model = models.inspect(folder)
    if model.onnx:
        raise ModelError(f"The model '{model.name}' comes with a graph of its own.", "There is nothing to prepare.")
    models.load_tokenizer(model)  # says so where it cannot be used
    yield Progress("Exporting", 0, 0)
    found = None if force else graphs.find(model)
    if found:
        return found
    with (
        graphs.work_folder() as work,
        (work / "complaint").open("w+b") as complaint,
        _child(model, work, complaint) as process,
    ):
        yield from _follow(process, model, complaint)
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


@contextlib.contextmanager
def _child(model: Model, work: Path, complaint: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """The process that makes the graph. It is gone afterwards; it ends by itself when we do, and its input with us.

    Its temporary files lie in ``work``, where they go when it is killed.
    """
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(work))
    try:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*paths.own_command(), "--prepare-model", str(model.folder.resolve()), str(work)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaint,
            env={**paths.own_environment(), **places},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
            | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
    except OSError as error:
        raise ModelError(
            "QADesk could not start the process that prepares models.",
            "Close other programs and try again.",
            str(error),
        ) from error
    with process:
        try:
            yield process
        finally:
            process.kill()


def _follow(process: subprocess.Popen[bytes], model: Model, complaint: IO[bytes]) -> Generator[Progress, None, None]:
    """The child's progress, repeated while it is silent, until it is done. Raises what it raised."""
    assert process.stdout
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    pump = threading.Thread(target=_pump, args=(process.stdout, lines), daemon=True)
    pump.start()
    step = Progress("Exporting", 0, 0)
    try:
        while True:
            yield step
            with contextlib.suppress(queue.Empty):
                said = _understood(lines.get(timeout=_POLL), process, model, complaint)
                if said is None:
                    return
                step = said
    finally:
        process.kill()
        pump.join()


def _pump(pipe: IO[bytes], lines: queue.SimpleQueue[bytes]) -> None:
    for line in pipe:
        lines.put(line)
    lines.put(b"")


def _understood(line: bytes, process: subprocess.Popen[bytes], model: Model, complaint: IO[bytes]) -> Progress | None:
    """One line of the child's: its progress, or None for the end."""
    if not line:
        complaint.seek(max(0, complaint.seek(0, os.SEEK_END) - _LONGEST_COMPLAINT))
        words = complaint.read().decode(errors="replace")
        raise ModelError(
            f"The process that prepared '{model.name}' ended before it was done.",
            "The model answers without a fast graph. The computer may have too little memory for more.",
            f"exit code {process.wait()}; {words}",
        )
    said: dict[str, Any] = json.loads(line)
    if "error" in said:
        raise ModelError(*said["error"])
    return Progress(*said["progress"]) if "progress" in said else None
