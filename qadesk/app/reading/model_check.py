"""Checks that a model which came from outside can read, in a child process with bounds (``trial_child``)."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Generator
from pathlib import Path

from qadesk.app import child_process
from qadesk.app.reading.trial_child import weights_size
from qadesk.errors import ModelError
from qadesk.progress import Progress
from qadesk.qa import models
from qadesk.qa.models import Model

LONGEST = 120.0
"""Seconds that the check may take, beside the reading of the files."""

_BYTES_A_SECOND = 20e6  # of a slow disk


def check_model(folder: Path) -> Generator[Progress, None, None]:
    """Let the model in ``folder`` read a few words. Yields progress, often; closing the generator ends the child.

    Raises ``ModelError`` if it cannot, or takes too long or too much memory; ``QadeskError`` where no process can be
    started.
    """
    model = models.inspect(folder)
    try:
        with tempfile.TemporaryDirectory(prefix="qadesk-check-") as scratch:
            yield from _run_child(model, Path(scratch))
    except child_process.ChildEnded as error:
        raise ModelError(
            f"The model '{model.name}' cannot be loaded.",
            "It may be damaged, or need more memory than there is. Choose another one.",
            str(error),
        ) from error


def _run_child(model: Model, scratch: Path) -> Generator[Progress, None, None]:
    deadline = time.monotonic() + LONGEST + weights_size(model) / _BYTES_A_SECOND
    with child_process.start(["--check-model", str(model.folder.resolve())], scratch) as process:
        for message in process.messages():
            if message and "error" in message:
                raise ModelError(*message["error"])
            if message:
                return
            if time.monotonic() > deadline:
                raise ModelError(
                    f"The model '{model.name}' takes too long to load, and was given up.",
                    "It may be damaged. Download it again, or choose another one.",
                )
            yield Progress("Checking", 0, 0)
