"""Loads the weights of a model folder with torch: for answering, and for training."""

from __future__ import annotations

import inspect
from typing import Any

from qadesk.errors import ModelError
from qadesk.qa.models import Model
from qadesk.sentences import Sentence


def load_weights(model: Model, dtype: object) -> Any:
    """The transformers model in the torch type ``dtype``, on the processor.

    From safetensors and local files only; no code from the folder runs. Raises ``ModelError`` for an architecture that
    has no question-answering head in transformers, and for weights that cannot be loaded or are not complete.
    """
    from transformers import MODEL_FOR_QUESTION_ANSWERING_MAPPING, AutoConfig, AutoModelForQuestionAnswering, logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        config = AutoConfig.from_pretrained(model.folder, local_files_only=True, trust_remote_code=False)
        if type(config) not in MODEL_FOR_QUESTION_ANSWERING_MAPPING:
            raise ModelError(
                Sentence("model.other_architecture", {"model": model.name, "architecture": model.architecture}),
                "Choose a model of another architecture: BERT, RoBERTa or ModernBERT, for example.",
            )
        loaded, info = AutoModelForQuestionAnswering.from_pretrained(
            model.folder,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=dtype,
            output_loading_info=True,
        )
    except ModelError:
        raise
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


def inputs_of(loaded: Any, model: Model) -> list[str]:
    """The names of the inputs that ``loaded``, the weights of ``model``, is given."""
    names = ["input_ids", "attention_mask"]
    takes_types = "token_type_ids" in inspect.signature(loaded.forward).parameters
    return [*names, "token_type_ids"] if model.token_types and takes_types else names
