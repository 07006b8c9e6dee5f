"""The child process that tries out a model, whose files are untrusted, under limits that it sets for itself.

Writes one JSON line to standard output: ``{"done": true}`` or ``{"error": [message, hint, detail]}``.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from qadesk.app import child_process
from qadesk.app.reading.trial import try_out
from qadesk.errors import QadeskError
from qadesk.qa import models
from qadesk.qa.models import Model

_MEMORY = 6 << 30  # bytes, for the libraries and a small model
_MEMORY_FACTOR = 6  # of the files: they may be in half precision, and are copied once or twice
_CPU_SECONDS = 1800


def main(arguments: list[str]) -> int:
    """Try out the model in the folder ``arguments[0]``. Returns the exit code 0; a bug ends in a traceback."""
    with child_process.connect_to_parent(is_background=False) as replies:
        try:
            model = models.inspect(Path(arguments[0]))
            _set_limits(model)
            try_out(model)
            child_process.send_message(replies, {"done": True})
        except QadeskError as error:
            child_process.send_message(replies, {"error": [error.message, error.hint, error.detail]})
    return 0


def _set_limits(model: Model) -> None:
    """Limit memory and processor time: a configuration may promise a model a thousand times as large as its file.

    Windows has no such limits: there only the parent's time limit holds.
    """
    if sys.platform != "win32":
        import resource

        memory = _MEMORY + _MEMORY_FACTOR * weights_size(model)
        for limit, value in ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_CPU, _CPU_SECONDS)):
            with suppress(ValueError, OSError):  # macOS refuses some of them
                resource.setrlimit(limit, (value, value))


def weights_size(model: Model) -> int:
    """The size in bytes of the weights of ``model``, and of its graph with what lies beside it."""
    graphs = model.onnx.parent.glob(f"{model.onnx.name}*") if model.onnx else ()
    return sum(path.stat().st_size for path in (*model.safetensors, *graphs))
