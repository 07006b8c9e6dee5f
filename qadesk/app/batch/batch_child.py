"""The child process that answers chunks of a batch job: ``--answer-batch FOLDER THREADS DEVICE``.

Its commands are lines of JSON: ``{"chunk": 12}``, and ``{"chunk": 12, "singly": [3]}`` to answer it row by row without
the rows that ended a process before. Its messages: ``{"ready": true}``; ``{"row": 4}`` before a row that is answered by
itself; ``{"done": [...]}``, a ``ChunkDone``; and ``{"error": [kind, message, hint, detail]}``, after which it ends.
"""

from __future__ import annotations

import json
import queue
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TextIO

from qadesk.app import child_process
from qadesk.app.batch.chunk_answering import ChunkAnswerer
from qadesk.app.batch.job_folder import read_job
from qadesk.app.batch.job_reader import load_job_reader
from qadesk.errors import QadeskError


def main(arguments: Sequence[str]) -> int:
    """Answer the chunks that the parent names, until it ends this process. Returns 1 after an error."""
    commands: queue.SimpleQueue[str] = queue.SimpleQueue()
    folder, threads, device = arguments
    with child_process.connect_to_parent(commands.put, is_background=False) as output:
        try:
            job = read_job(Path(folder))
            reader = load_job_reader(job, threads=int(threads), device=device)
            with closing(ChunkAnswerer(job, reader)) as answerer:
                child_process.send_message(output, {"ready": True})
                while True:
                    _answer(answerer, commands.get(), output)
        except QadeskError as error:
            child_process.send_message(output, {"error": child_process.error_as_json(error)})
    return 1


def _answer(answerer: ChunkAnswerer, command: str, output: TextIO) -> None:
    request = json.loads(command)
    if "singly" in request:
        done = answerer.answer_singly(
            request["chunk"], request["singly"], lambda row: child_process.send_message(output, {"row": row})
        )
    else:
        done = answerer.answer(request["chunk"])
    child_process.send_message(output, {"done": done})
