"""QADesk: question answering over your own documents, offline.

    import qadesk
    reader = qadesk.load()
    for answer in reader.ask("Who wrote it?", text, top_k=3):
        print(answer.text, answer.confidence)

Importing this package imports no library: ``load`` imports numpy, onnxruntime and tokenizers, and torch for a model or
a device that needs it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from qadesk.qa.engine import Reader

__all__ = ["__version__", "load"]
__version__ = "0.1.0"

# From 1.29 on, onnxruntime reports each start to Microsoft and stores an id of the computer in the user's cache folder.
# It reads this variable when it is imported, so it is set here. Child processes inherit it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def load(model: str | Path | None = None, *, device: str = "auto") -> Reader:
    """Load a reader: the bundled model, or the model folder ``model``.

    ``device`` is ``auto``, ``cpu``, ``cuda``, ``mps`` or a name from ``qadesk info``. Raises
    ``qadesk.errors.ModelError`` if the folder is not usable, ``DeviceError`` if the device is not.
    """
    from qadesk.app.reading.load import load_reader

    return load_reader(model, device=device)
