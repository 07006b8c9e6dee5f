"""The backends that score windows: what each runs on, and how one is opened.

To add a backend, write a class that is a ``Backend`` and is made as a ``Factory``, and add its row to ``BACKENDS``.
Nothing heavy is imported before a backend is opened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
import numpy.typing as npt

from qadesk.errors import DeviceError
from qadesk.qa.devices import Choice
from qadesk.qa.models import Model
from qadesk.qa.windows import Batch
from qadesk.sentences import Sentence

Logits = npt.NDArray[np.float32]
DeviceKind = Literal["cpu", "cuda", "mps", "directml", "coreml", "openvino"]
Precision = Literal["int8", "float32", "bfloat16", "float16"]


class Backend(Protocol):
    """Scores windows. ``max_tokens`` is how many tokens, padding included, a batch should have.

    ``workers`` is how many batches it takes at once, each from a thread of its own.
    """

    max_tokens: int
    workers: int

    def scores(self, batch: Batch, *, alone: bool = True) -> tuple[Logits, Logits]:
        """Start and end logits, float32 ``[windows, tokens]``. ``alone``: no other batch is scored meanwhile."""


Factory = Callable[[Model, Choice, int], Backend]
"""Makes a backend for a model on the chosen device with so many threads (0: the physical cores)."""


@dataclass(frozen=True, slots=True)
class BackendRow:
    """What is known of a backend before it is imported. ``factory`` is 'module:name' of a ``Factory``.

    It serves ``devices`` (kinds: the name of a device without its number) in ``precisions``. On those of ``slow_on``
    a model is answered faster through a prepared graph (``qadesk.qa.graphs``).
    """

    factory: str
    devices: tuple[DeviceKind, ...]
    precisions: tuple[Precision, ...]
    slow_on: tuple[DeviceKind, ...] = ()


BACKENDS: dict[str, BackendRow] = {
    "onnx": BackendRow(
        "qadesk.qa.onnx_backend:OnnxBackend", ("cpu", "cuda", "directml", "coreml", "openvino"), ("int8", "float32")
    ),
    "torch": BackendRow(
        "qadesk.qa.torch_backend:TorchBackend",
        ("cpu", "cuda", "mps"),
        ("float32", "bfloat16", "float16"),
        slow_on=("cpu",),
    ),
}
"""By the name that ``Choice.backend`` holds."""

if TYPE_CHECKING:  # mypy sees that the classes of the table fit
    from qadesk.qa.onnx_backend import OnnxBackend
    from qadesk.qa.torch_backend import TorchBackend

    _FACTORIES: tuple[Factory, ...] = (OnnxBackend, TorchBackend)


def open_backend(model: Model, choice: Choice, threads: int = 0) -> Backend:
    """The backend of ``choice`` with ``model`` loaded. ``threads`` 0 takes the physical cores.

    Raises ``ModelError`` for a model that cannot be loaded, ``DeviceError`` where the device cannot be used.
    """
    row = BACKENDS[choice.backend]
    if _kind(choice) not in row.devices or choice.precision not in row.precisions:
        arguments = {"backend": choice.backend, "precision": choice.precision, "device": choice.device}
        raise DeviceError(Sentence("device.not_of_backend", arguments), "Use the device auto or cpu.")
    factory: Factory = resolve_name(row.factory)
    return factory(model, choice, threads)


def gains_from_graph(choice: Choice) -> bool:
    """Whether a model that runs as ``choice`` would be answered faster through a prepared graph."""
    return _kind(choice) in BACKENDS[choice.backend].slow_on


def _kind(choice: Choice) -> str:
    return choice.device.partition(":")[0]
