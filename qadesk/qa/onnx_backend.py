"""Scores windows with ONNX Runtime: on the CPU, or on what another execution provider runs."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from qadesk.errors import DeviceError, ModelError
from qadesk.qa.devices import CPU_PROVIDER, Choice
from qadesk.qa.models import Model, reading_failure
from qadesk.qa.processor import has_vnni, physical_cores
from qadesk.qa.windows import Batch
from qadesk.sentences import Sentence

if TYPE_CHECKING:
    import onnxruntime

Logits = npt.NDArray[np.float32]

_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}


class OnnxBackend:
    """An ONNX graph with ``start_logits`` and ``end_logits``.

    Our own graphs have no attention mask (``qa.export``): their windows are scored one by one, without padding. On a
    processor that costs nothing, and as many windows as there are threads run at once, each on one thread, so that none
    waits for another. A single window gets all threads. Other graphs get padded batches.

    Without a ``choice`` it runs on the processor.
    """

    def __init__(self, model: Model, choice: Choice | None = None, threads: int = 0) -> None:
        self._model = model
        self._provider = choice.provider if choice else CPU_PROVIDER
        self._threads = threads or physical_cores()
        self._session = self._open(self._threads)
        self._single: onnxruntime.InferenceSession | None = None  # one thread for each run; opened at its first use
        self._opening = threading.Lock()
        self._inputs = [node.name for node in self._session.get_inputs()]
        self._pads = "attention_mask" in self._inputs
        self.workers = 1 if self._pads or self._provider != CPU_PROVIDER else self._threads
        self.max_tokens = 1536 if self._pads else 768
        outputs = {node.name for node in self._session.get_outputs()}
        if not {"start_logits", "end_logits"} <= outputs or not set(self._inputs) <= _INPUTS:
            raise ModelError(
                Sentence("model.other_graph", {"model": model.name}),
                "It must give start_logits and end_logits.",
            )

    def scores(self, batch: Batch, *, alone: bool = True) -> tuple[Logits, Logits]:
        """Start and end logits of each token, float32 ``[windows, tokens]``; 0 at padding if the graph takes none.

        Without ``alone`` it runs on the calling thread only. Raises ``DeviceError`` if a device other than the
        processor fails, ``ModelError`` if the graph does.
        """
        session = self._session if alone or self.workers == 1 else self._one_thread()
        if self._pads:
            return self._run(session, {name: getattr(batch, name) for name in self._inputs})
        logits = np.zeros((2, *batch.input_ids.shape), dtype=np.float32)
        for row, length in enumerate(batch.attention_mask.sum(axis=1)):
            feed = {name: getattr(batch, name)[row : row + 1, :length] for name in self._inputs}
            logits[:, row : row + 1, :length] = self._run(session, feed)
        return logits[0], logits[1]

    def _run(
        self, session: onnxruntime.InferenceSession, feed: dict[str, npt.NDArray[np.int64]]
    ) -> tuple[Logits, Logits]:
        try:
            start, end = session.run(["start_logits", "end_logits"], feed)
        except Exception as error:  # the library's exceptions share no base class of their own
            if self._provider == CPU_PROVIDER:
                raise reading_failure(self._model, str(error)) from error
            raise DeviceError(
                Sentence("device.failed_in_onnx"), "Choose another in the settings, or with --device cpu.", str(error)
            ) from error
        shape = feed["input_ids"].shape
        if not start.shape == end.shape == shape:
            raise reading_failure(self._model, f"logits {start.shape} and {end.shape} of windows {shape}")
        return start, end

    def _one_thread(self) -> onnxruntime.InferenceSession:
        with self._opening:
            self._single = self._single or self._open(1)
        return self._single

    def _open(self, threads: int) -> onnxruntime.InferenceSession:
        session = self._start_exact(threads) or self._start(threads)
        if session.get_providers()[0] != self._provider:  # it falls back without a word
            raise DeviceError(
                Sentence("device.provider_does_not_start", {"provider": self._provider}), "Use the device auto or cpu."
            )
        return session

    def _start_exact(self, threads: int) -> onnxruntime.InferenceSession | None:
        """A session with slower, exact products of bytes, where the processor sums them in 16 bits (AVX2).

        None where that is not needed, and for a graph that it cannot convert for that: one of whose matrices layers
        share (ALBERT). Our own graphs are exact without it (``qa.rounding``).
        """
        if has_vnni():
            return None
        with contextlib.suppress(ModelError):
            return self._start(threads, {"session.x64quantprecision": "1"})
        return None

    def _start(self, threads: int, entries: Mapping[str, str] | None = None) -> onnxruntime.InferenceSession:
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4  # failures are in the exceptions
        for key, value in (entries or {}).items():
            options.add_session_config_entry(key, value)
        options.enable_mem_pattern = self._provider != "DmlExecutionProvider"  # DirectML does not take it
        try:
            return ort.InferenceSession(
                os.fspath(self._model.onnx or ""),
                options,
                providers=list(dict.fromkeys((self._provider, CPU_PROVIDER))),
                disabled_optimizers=["SkipLayerNormFusion"],  # the fused kernel is slower than its two parts
            )
        except Exception as error:  # see above
            raise ModelError(
                Sentence("model.cannot_load_graph", {"model": self._model.name}),
                "Download the model again.",
                str(error),
            ) from error
