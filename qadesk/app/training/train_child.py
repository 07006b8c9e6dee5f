"""The child process that trains: it does the stages of a run (``app.training.stages``), or measures what a run takes.

The protocol is that of ``app.child_process``. Commands: 'pause', 'resume', 'stop'. Messages: events as in
``app.training.run_events``, ``{"paused": true}`` when it waits, and at the end ``{"done": true}``,
``{"estimate": {...}}`` or ``{"error": [kind, message, hint, detail]}``.
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import TextIO

from qadesk.app import child_process
from qadesk.app.reading.load import load_reader
from qadesk.app.training import run_folder
from qadesk.app.training.measuring import Sets, measure
from qadesk.app.training.outcome import GENERAL
from qadesk.app.training.planning import parameter_count
from qadesk.app.training.rough_estimate import export_seconds
from qadesk.app.training.run_events import Phase, ProbeResult, event_as_json
from qadesk.app.training.run_folder import SavedPlan
from qadesk.app.training.run_log import RunLog
from qadesk.app.training.stages import base_of, run_through, sets_of, task_of
from qadesk.errors import DataError, QadeskError
from qadesk.labels.dataset import Dataset
from qadesk.process_memory import peak_memory
from qadesk.progress import finish, megabytes
from qadesk.qa.models import Model
from qadesk.train import loop
from qadesk.train.checkpoint import NO_ROOM

_POLL = 0.1  # seconds
_PROBE_QUESTIONS = 8  # of each set
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
    """Do the stages of the run in the folder that is the first argument; with a second, 'probe', only measure.

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
    def end_with(error: QadeskError) -> None:
        """Tell the parent of ``error`` and end, although this process is in the middle of a step."""
        _send_error(output, error)
        os._exit(1)

    with RunLog(run) as log:
        for event in run_through(run, lambda: commands.state, end_with):
            log.write(event)
            child_process.send_message(output, event_as_json(event))
            if isinstance(event, Phase) and event.what != "Training":  # ``train.loop`` waits by itself
                _wait_while_paused(commands, output)


def _wait_while_paused(commands: CommandState, output: TextIO) -> None:
    if commands.state == "pause":
        child_process.send_message(output, {"paused": True})
    while commands.state == "pause":
        time.sleep(_POLL)


def _send_error(output: TextIO, error: QadeskError) -> None:
    child_process.send_message(output, {"error": child_process.error_as_json(error)})


def _disk_full(run: Path, error: OSError) -> DataError:
    return DataError(
        f"The disk is full: {megabytes(shutil.disk_usage(run).free)} are free.",
        "Make room, then go on with the training: what was done up to the last checkpoint is kept.",
        str(error),
    )


def _probe(run: Path) -> ProbeResult:
    """What the run takes, measured with a few steps and a few questions."""
    saved = run_folder.read_plan(run)
    base = base_of(saved)
    sets = sets_of(saved)
    training = loop.measure_steps(task_of(run, saved, base))
    answering = _answering_seconds(base, saved, sets)
    weights = parameter_count(base)
    return {
        "seconds": training.seconds + answering + export_seconds(weights),
        "memory_bytes": max(peak_memory(), _EXPORT_MEMORY + _EXPORT_MEMORY_A_WEIGHT * weights),
        "device": training.placement.device,
        "reason": training.placement.reason.text,
    }


def _answering_seconds(base: Model, saved: SavedPlan, sets: Sets) -> float:
    """The time of all evaluations: of all sets before and after, and of the general set in float32, at most thrice."""
    some = {part: Dataset("2.0", dataset.examples[:_PROBE_QUESTIONS], ()) for part, dataset in sets.items()}
    config = saved.plan.config
    reader = load_reader(base.folder, device=config.device, threads=config.threads)
    seconds = 0.0
    for part, dataset in some.items():
        began = time.monotonic()
        finish(measure(reader, {part: dataset}, ""))
        per_question = (time.monotonic() - began) / len(dataset.examples)
        seconds += per_question * len(sets[part].examples) * (5 if part == GENERAL else 2)
    return seconds
