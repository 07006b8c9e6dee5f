"""Scores windows with torch: on a GPU, or on the CPU for a model without an ONNX graph and to compare with.

Attention is torch's fused one (SDPA) wherever transformers has it for the architecture: that is its default.
"""

from __future__ import annotations

import contextlib
import gc
import math
import sys
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from qadesk.errors import DeviceError, ModelError
from qadesk.qa.devices import Choice
from qadesk.qa.models import Model, forbid_downloads, reading_failure
from qadesk.qa.processor import physical_cores
from qadesk.qa.weights import inputs_of, load_weights
from qadesk.qa.windows import Batch
from qadesk.sentences import Sentence

_MAX_TOKENS = {"cpu": 2048, "cuda": 32768, "mps": 8192}
"""Tokens of a batch, padding included, that use a device of each kind fully."""

_MULTIPLES = {"cpu": 1, "cuda": 8, "mps": 64}
"""Windows are padded to a multiple of so many tokens: tensor cores multiply tiles of 8, MPS compiles for each shape."""


class TorchBackend:
    """Any encoder that ``AutoModelForQuestionAnswering`` loads, from safetensors, without code of its own.

    Raises ``ModelError`` for a model that cannot be loaded, ``DeviceError`` for a device that cannot hold it.
    ``max_tokens`` becomes smaller when the device's memory does not suffice.
    """

    workers = 1

    def __init__(self, model: Model, choice: Choice, threads: int = 0) -> None:
        forbid_downloads()
        import torch

        self.model = model
        self.device = choice.device
        self.kind = choice.device.partition(":")[0]
        self.max_tokens = _MAX_TOKENS[self.kind]
        self.multiple = _MULTIPLES[self.kind]
        # MPS has no exception of its own for this: any failure there may be one of memory.
        self._out_of_memory: type[Exception] = RuntimeError if self.kind == "mps" else torch.OutOfMemoryError
        self._fits: float = math.inf  # tokens in a batch, set when one did not fit
        if self.kind == "cpu":
            torch.set_num_threads(threads or physical_cores())
        if choice.precision == "float32":
            torch.set_float32_matmul_precision("highest")  # no TF32
        self._padding = {"input_ids": model.pad_id}
        loaded = load_weights(model, getattr(torch, choice.precision)).eval()
        self._inputs = inputs_of(loaded, model)
        try:
            self._model = loaded.to(choice.device)
        except RuntimeError as error:  # of every kind: no memory, no such card, a broken driver
            raise self._failure("device.cannot_load", error) from error

    def scores(
        self,
        batch: Batch,
        *,
        alone: bool = True,  # noqa: ARG002  one batch at a time in any case
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Start and end logits of each token, float32 ``[windows, tokens]``.

        A batch that does not fit into memory is halved, down to single windows. Raises ``DeviceError`` where one
        does not fit, and where a device other than the processor fails; ``ModelError`` where the model does.
        """
        length = batch.input_ids.shape[1]
        rows = self._stack(batch)
        start, end = np.concatenate([self._halving(part) for part in self._parts(rows)], axis=1)[..., :length]
        return start, end

    def _stack(self, batch: Batch) -> npt.NDArray[np.int32]:
        """The inputs as one array ``[inputs, windows, tokens]``, for a single copy to the device, padded for it."""
        windows, length = batch.input_ids.shape
        padded = -(-length // self.multiple) * self.multiple
        rows = np.zeros((len(self._inputs), windows, padded), dtype=np.int32)
        for row, name in zip(rows, self._inputs, strict=True):
            row[:, :length] = getattr(batch, name)
            row[:, length:] = self._padding.get(name, 0)
        return rows

    def _parts(self, rows: npt.NDArray[np.int32]) -> Iterator[npt.NDArray[np.int32]]:
        """``rows`` in parts of as many windows as are known to fit."""
        windows, length = rows.shape[1:]
        at = 0
        while at < windows:
            step = int(max(1, min(windows, self._fits // length)))  # the caller may lower _fits between two parts
            yield rows[:, at : at + step]
            at += step

    def _halving(self, rows: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
        try:
            return self._forward(rows)
        except self._out_of_memory as error:
            windows, length = rows.shape[1:]
            if windows == 1:
                raise self._failure("device.too_little_memory", error) from error
        except ModelError:
            raise
        except Exception as error:  # transformers' code raises exceptions of any class for inputs that it cannot take
            # On a card a RuntimeError may be the card's: the processor, which takes over, tells.
            if isinstance(error, RuntimeError) and self.kind != "cpu":
                raise self._failure("device.failed_in_torch", error) from error
            raise reading_failure(self.model, f"{type(error).__name__}: {error}") from error
        # Here, not in the handler: the exception holds what filled the memory.
        free_memory()
        self._fits = min(self._fits, windows * length // 2)
        self.max_tokens = min(self.max_tokens, max(length, int(self._fits)))
        return np.concatenate([self._halving(part) for part in self._parts(rows)], axis=1)

    def _forward(self, rows: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
        """Start and end logits ``[2, windows, tokens]`` of the inputs ``rows``, both in one copy.

        Raises ``ModelError`` for logits of another shape.
        """
        import torch

        with torch.inference_mode():
            tensor = torch.from_numpy(np.ascontiguousarray(rows))
            if self.kind == "cuda":
                tensor = tensor.pin_memory()  # or the copy would wait
            tensor = tensor.to(self.device, non_blocking=True).long()
            output = self._model(**dict(zip(self._inputs, tensor, strict=True)))
            logits: npt.NDArray[np.float32] = (
                torch.stack((output.start_logits, output.end_logits)).float().cpu().numpy()
            )
        if logits.shape[1:] != rows.shape[1:]:
            raise reading_failure(self.model, f"logits {logits.shape} of windows {rows.shape[1:]}")
        return logits

    def _failure(self, sentence: str, error: Exception) -> DeviceError:
        return DeviceError(
            Sentence(sentence, {"device": self.device}),
            "Choose another in the settings, or with --device cpu.",
            f"{type(error).__name__}: {error}",
        )


def free_memory() -> None:
    """Give back the GPU memory of backends that are no longer used. Does nothing where torch is not loaded."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is None:
        return
    with contextlib.suppress(RuntimeError):  # a card that has failed keeps failing, and its memory
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        elif torch.backends.mps.is_available():
            torch.mps.empty_cache()
