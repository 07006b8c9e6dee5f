"""A process that trains together with the one that goes through the stages of a run: see ``app.training.ranks``."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path

from qadesk.app import child_process
from qadesk.app.training import run_folder
from qadesk.app.training.stages import base_of, task_of
from qadesk.errors import QadeskError
from qadesk.train.preparation import take_part
from qadesk.train.process_group import ProcessGroup, joined_accelerator


def main(arguments: list[str]) -> int:
    """Make the steps that the first process announces. Returns the exit code; a bug ends in a traceback.

    The arguments are the folder of the run, the rank of this process, how many there are, the path of the file by which
    they find one another, the kind of device, and the precision in which all compute.
    """
    steps: queue.SimpleQueue[int] = queue.SimpleQueue()
    run, meeting = Path(arguments[0]), Path(arguments[3])
    rank, size, kind, precision = int(arguments[1]), int(arguments[2]), *arguments[4:6]
    with child_process.connect_to_parent(lambda command: steps.put(int(command))) as output:
        try:
            with joined_accelerator(rank, size, meeting, kind) as accelerator:
                saved = run_folder.read_plan(run)
                task = task_of(run, saved, base_of(saved))
                work = take_part(task, ProcessGroup(rank, size, accelerator, precision), _announced(steps))
                child_process.send_message(output, {"ready": next(work)})
                for _ in work:
                    pass
        except QadeskError as error:
            child_process.send_message(output, {"error": child_process.error_as_json(error)})
    return 0


def _announced(steps: queue.SimpleQueue[int]) -> Iterator[int]:
    """The steps to make, until 0 is announced."""
    while step := steps.get():
        yield step
