"""The child process that trains: goes through a run (``app.training.stages``), or measures what one will take.

The protocol is that of ``app.child_process``. Commands: 'pause', 'resume', 'stop'. Messages: events as in
``app.training.run_events``, ``{"paused": true}`` when it waits, and at the end ``{"done": true}``,
``{"estimate": {...}}`` or ``{"error": [kind, message, hint, detail]}``.
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from typing import Any, TextIO

from qadesk.app import child_process
from qadesk.app.reading.load import load_reader
from qadesk.app.training import planning
from qadesk.app.training.measuring import Sets, measure
from qadesk.app.training.outcome import GENERAL
from qadesk.app.training.planning import Written
from qadesk.app.training.run_events import Phase, to_json
from qadesk.app.training.run_log import Log
from qadesk.app.training.stages import base_of, job_of, run_through, sets_of
from qadesk.errors import DataError, QadeskError
from qadesk.labels.dataset import Dataset
from qadesk.progress import finish
from qadesk.qa.models import Model
from qadesk.train import loop
from qadesk.train.checkpoint import NO_ROOM

_POLL = 0.1  # seconds
_FEW = 8  # questions of each part
_EXPORT_SECONDS, _EXPORT_SECONDS_A_MILLION = 15.0, 1.2  # of weights, on two cores
_EXPORT_MEMORY, _EXPORT_MEMORY_A_WEIGHT = 800 << 20, 40  # bytes


class CommandState:
    """The state that the parent's last command asks for: '' (run), 'pause' or 'stop'. A stop is final."""

    def __init__(self) -> None:
        self.state = ""

    def on_command(self, command: str) -> None:
        """Follow ``command``: 'pause', 'resume' or 'stop'."""
        if self.state != "stop":
            self.state = "" if command == "resume" else command


def main(arguments: list[str]) -> int:
    """Go through the run in the folder that is the first argument; with a second, 'probe', only measure.

    Returns the exit code; a bug ends in a traceback.
    """
    commands = CommandState()
    run = Path(arguments[0])
    with child_process.connect_to_parent(commands.on_command) as output:
        try:
            if arguments[1:] == ["probe"]:
                child_process.send_message(output, {"estimate": _probe(run)})
            else:
                _run(run, commands, output)
                child_process.send_message(output, {"done": True})
        except QadeskError as error:
            _send_error(output, error)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            _send_error(output, _disk_full(run, error))
    return 0


def _run(run: Path, commands: CommandState, output: TextIO) -> None:
    with Log(run) as log:
        for event in run_through(run, lambda: commands.state):
            log.write(event)
            child_process.send_message(output, to_json(event))
            if isinstance(event, Phase) and event.what != "Training":  # training waits by itself
                _wait_while_paused(commands, output)


def _wait_while_paused(commands: CommandState, output: TextIO) -> None:
    if commands.state == "pause":
        child_process.send_message(output, {"paused": True})
    while commands.state == "pause":
        time.sleep(_POLL)


def _send_error(output: TextIO, error: QadeskError) -> None:
    child_process.send_message(output, {"error": [type(error).__name__, error.message, error.hint, error.detail]})


def _disk_full(run: Path, error: OSError) -> DataError:
    return DataError(
        f"The disk is full: {shutil.disk_usage(run).free / 2**30:.1f} GB are free.",
        "Make room, then go on with the training: what was done up to the last checkpoint is kept.",
        str(error),
    )


def _probe(run: Path) -> dict[str, Any]:
    """What the run will take, from a few steps of it and a few questions."""
    written = planning.read(run)
    base = base_of(written)
    sets = sets_of(written)
    found = loop.estimate(job_of(run, written, base))
    reading = _reading(base, written, sets)
    weights = planning.parameters(base)
    return {
        "seconds": found.seconds + reading + _EXPORT_SECONDS + _EXPORT_SECONDS_A_MILLION * weights / 1e6,
        "memory_bytes": max(_most_memory(), _EXPORT_MEMORY + _EXPORT_MEMORY_A_WEIGHT * weights),
        "device": found.chosen.device,
        "reason": found.chosen.reason,
    }


def _reading(base: Model, written: Written, sets: Sets) -> float:
    """How many seconds all answering takes: before and after, and the general set once more in float32."""
    some = {part: Dataset("2.0", dataset.examples[:_FEW], ()) for part, dataset in sets.items()}
    config = written.plan.config
    reader = load_reader(base.folder, device=config.device, threads=config.threads)
    began = time.monotonic()
    finish(measure(reader, some, ""))
    each = (time.monotonic() - began) / sum(len(dataset.examples) for dataset in some.values())
    return each * sum((5 if part == GENERAL else 2) * len(dataset.examples) for part, dataset in sets.items())


def _most_memory() -> int:
    """The most bytes of memory that this process had so far; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most
