"""Loads the weights of a model folder with torch: for answering, and for training."""

from __future__ import annotations

from typing import Any

from qadesk.errors import ModelError
from qadesk.qa.models import Model
from qadesk.sentences import Sentence


def load_weights(model: Model, dtype: object) -> Any:
    """The transformers model in the torch type ``dtype``, on the processor.

    From safetensors and local files only; no code from the folder runs. Raises ``ModelError`` for weights that cannot
    be loaded or are not complete.
    """
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
    except Exception as error:  # transformers and safetensors raise exceptions of any class for a broken folder
        raise ModelError(
            Sentence("model.cannot_load", {"model": model.name}), "Download it again, or choose another.", str(error)
        ) from error
    if info["missing_keys"] or info["mismatched_keys"]:
        raise ModelError(
            Sentence("model.weights_incomplete", {"model": model.name}),
            "Download the model again.",
            f"missing {info['missing_keys']}, mismatched {info['mismatched_keys']}",
        )
    return loaded
