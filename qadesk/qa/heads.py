"""The question-answering heads of the architectures in transformers: under which name their weights are stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_USUAL = "qa_outputs"
_OTHERS: Mapping[str, str] = {  # of the classes that AutoModelForQuestionAnswering loads, by model_type
    "modernbert": "classifier",
    "big_bird": "qa_classifier",
    "splinter": "splinter_qass",
}
_WEIGHTS: Mapping[str, str] = {  # in the module of that name; 'weight' where it is not listed
    "big_bird": "qa_outputs.weight",
    "splinter": "start_classifier.weight",
}


def head_module(model_type: str) -> str:
    """The name of the module that makes logits of hidden states, in a model of ``model_type``."""
    return _OTHERS.get(model_type, _USUAL)


def has_head(model_type: str, architecture: str, tensors: Mapping[str, Any]) -> bool:
    """Whether the safetensors header ``tensors`` has the head for starts and ends that ``model_type`` has.

    Other names than the usual one are those of other heads too: there the ``architecture`` counts, a class's name.
    """
    module = head_module(model_type)
    shape = _shape(tensors.get(f"{module}.{_WEIGHTS.get(model_type, 'weight')}"))
    if module == _USUAL:
        return shape[:1] == [2]
    return bool(shape) and is_for_questions(architecture)


def is_for_questions(architecture: str) -> bool:
    """Whether the class called ``architecture`` answers questions by spans of a text."""
    return "ForQuestionAnswering" in architecture


def _shape(row: Any) -> list[Any]:
    shape = row.get("shape") if isinstance(row, dict) else None
    return shape if isinstance(shape, list) else []
