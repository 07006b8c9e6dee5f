"""Scores windows with ONNX Runtime on the CPU."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from qadesk.errors import ModelError
from qadesk.qa.devices import has_vnni, physical_cores
from qadesk.qa.models import Model
from qadesk.qa.windows import Batch

if TYPE_CHECKING:
    import onnxruntime

_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}


class OnnxBackend:
    """An ONNX graph with ``start_logits`` and ``end_logits``; ``max_tokens`` is a batch's best size here."""

    max_tokens = 1536

    def __init__(self, model: Model, threads: int = 0) -> None:
        self._session = _open(model, threads or physical_cores())
        self._inputs = [each.name for each in self._session.get_inputs()]
        outputs = {each.name for each in self._session.get_outputs()}
        if not {"start_logits", "end_logits"} <= outputs or not set(self._inputs) <= _INPUTS:
            raise ModelError(
                f"The ONNX graph of '{model.name}' is not one of a question-answering model.",
                "It must give start_logits and end_logits.",
            )

    def scores(self, batch: Batch) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Start and end logits of each token, float32 ``[windows, tokens]``."""
        feed = {name: getattr(batch, name) for name in self._inputs}
        start, end = self._session.run(["start_logits", "end_logits"], feed)
        return start, end


def _open(model: Model, threads: int) -> onnxruntime.InferenceSession:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if not has_vnni():  # AVX2 sums byte products in 16 bits: slower exact products for weights of more than 7 bits
        options.add_session_config_entry("session.x64quantprecision", "1")
    try:
        return ort.InferenceSession(os.fspath(model.onnx or ""), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library's exceptions share no base class of their own
        raise ModelError(
            f"The ONNX graph of '{model.name}' cannot be loaded: it is broken or too new.",
            "Download the model again.",
            str(error),
        ) from error
