"""Scores windows with torch: on a GPU, or on the CPU for a model without an ONNX graph and to compare with."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from qadesk.errors import ModelError
from qadesk.qa.devices import Choice, physical_cores
from qadesk.qa.models import Model, forbid_downloads
from qadesk.qa.windows import Batch


class TorchBackend:
    """Any encoder that ``AutoModelForQuestionAnswering`` loads, from safetensors, without code of its own."""

    def __init__(self, model: Model, choice: Choice, threads: int = 0) -> None:
        forbid_downloads()
        import torch

        self._torch = torch
        self._choice = choice
        self.max_tokens = 2048 if choice.device == "cpu" else 32768
        if choice.device == "cpu":
            torch.set_num_threads(threads or physical_cores())
        self._model = _load(model, getattr(torch, choice.precision)).to(choice.device).eval()
        self._token_types = model.token_types

    def scores(self, batch: Batch) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Start and end logits of each token, float32 ``[windows, tokens]``."""
        torch = self._torch
        feed = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}
        if self._token_types:
            feed["token_type_ids"] = batch.token_type_ids
        with torch.inference_mode():
            tensors = {name: torch.from_numpy(values).to(self._choice.device) for name, values in feed.items()}
            output = self._model(**tensors)
            return output.start_logits.float().cpu().numpy(), output.end_logits.float().cpu().numpy()


def _load(model: Model, dtype: object) -> Any:
    from transformers import AutoModelForQuestionAnswering, logging

    logging.set_verbosity_error()
    try:
        loaded, info = AutoModelForQuestionAnswering.from_pretrained(
            model.folder,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=dtype,
            output_loading_info=True,
        )
    except Exception as error:  # transformers and safetensors raise anything for a folder that is not right
        raise ModelError(
            f"The model '{model.name}' cannot be loaded.", "Download it again, or choose another.", str(error)
        ) from error
    if info["missing_keys"] or info["mismatched_keys"]:
        raise ModelError(
            f"The weights of '{model.name}' are not complete.",
            "Download the model again.",
            f"missing {info['missing_keys']}, mismatched {info['mismatched_keys']}",
        )
    return loaded
