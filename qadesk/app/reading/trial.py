"""Whether a model can read: it is given two short texts before it is listed among the user's models, or prepared.

The files of a folder say little about that: weights of a layer may be missing or no numbers, and some architectures
take other inputs than a text.
"""

from __future__ import annotations

from collections.abc import Iterator

from qadesk.progress import finish
from qadesk.qa import models
from qadesk.qa.backends import Backend, open_backend
from qadesk.qa.devices import CPU_PROVIDER, Choice
from qadesk.qa.engine import Reader
from qadesk.qa.models import Model

_ITEMS = [  # of two lengths, so that one of them is padded where the model takes batches
    ("Who built the mill?", "Ada Quill built the mill."),
    ("When was it built?", "The mill at Holm was built in 1841, beside the old bridge."),
]


def try_out(model: Model) -> None:
    """Let ``model`` answer on the processor, by its weights and by its graph, as far as it has them.

    Raises ``ModelError`` if one of them cannot be loaded, is not complete, cannot read a text, or gives scores that are
    not numbers; ``QuestionError`` if the model takes too few tokens for a short question.
    """
    tokenizer = models.load_tokenizer(model)
    for choice, backend in _backends(model):
        finish(Reader(model, choice, tokenizer, backend).answer_many(_ITEMS))


def _backends(model: Model) -> Iterator[tuple[Choice, Backend]]:
    choices = []
    if model.onnx:
        choices.append(Choice("cpu", "onnx", "float32", "to try it", CPU_PROVIDER))
    if model.safetensors:
        choices.append(Choice("cpu", "torch", "float32", "to try it"))
    for choice in choices:
        yield choice, open_backend(model, choice)
