"""The model in training: loaded with torch, on a device and in a precision that it chooses."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from qadesk.errors import DataError, DeviceError, ModelError
from qadesk.qa.heads import head_module
from qadesk.qa.models import Model, forbid_downloads
from qadesk.qa.processor import physical_cores
from qadesk.qa.weights import inputs_of, load_weights
from qadesk.sentences import Sentence
from qadesk.train import features
from qadesk.train.config import HALF, Config
from qadesk.train.features import Sample

_MAX_TOKENS = {"cpu": 2048, "cuda": 16384, "mps": 4096}
"""Tokens, padding included, that are scored at once: more would only take memory."""

_CLEARLY_LESS = 0.8


@dataclass(frozen=True, slots=True)
class Placement:
    """Where to train: on 'cpu', 'cuda:0' or 'mps', in 'float32' or 'bfloat16' (mixed), and why."""

    device: str
    precision: str
    reason: Sentence

    @property
    def kind(self) -> str:
        """The device without its number."""
        return self.device.partition(":")[0]


def choose_placement(config: Config, rank: int = 0, size: int = 1) -> Placement:
    """The device and precision that ``config`` asks for, or the best of this computer. Raises ``DeviceError``.

    Of ``size`` processes that train together each has a card of its own, by its ``rank``, or a share of the processor.
    """
    import torch

    device = config.device if config.device != "auto" else _best_device()
    if size > 1:
        device = _device_of(device, rank, size)
    kind, _, number = device.partition(":")
    available = {
        "cpu": not number,
        "mps": not number and torch.backends.mps.is_available(),
        "cuda": (number or "0").isdigit() and int(number or 0) < torch.cuda.device_count(),
    }
    if not available.get(kind):
        raise DeviceError(f"The device '{config.device}' cannot train a model here.", "Use auto or cpu.")
    card = {"card": torch.cuda.get_device_name(device)} if kind == "cuda" else {}
    if config.precision != "auto":
        reason = Sentence(f"placement.{kind}_set", {**card, "precision": config.precision})
        return Placement(device, config.precision, reason)
    if _has_bfloat16(kind):
        return Placement(device, "bfloat16", Sentence(f"placement.{kind}_has_bfloat16", card))
    return Placement(device, "float32", Sentence(f"placement.{kind}", card))


def _best_device() -> str:
    import torch

    if torch.cuda.is_available():
        return "cuda:0"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _device_of(device: str, rank: int, size: int) -> str:
    """The device of the process ``rank`` of ``size``. Raises ``DeviceError`` where they cannot share ``device``."""
    import torch

    kind = device.partition(":")[0]
    if kind == "cpu":
        return device
    if kind != "cuda" or device not in ("cuda", "cuda:0"):
        raise DeviceError(
            f"Several processes cannot train on the device '{device}'.",
            "Choose cpu, or cuda for a card each; or train with one process.",
        )
    cards = torch.cuda.device_count()
    if cards < size:
        raise DeviceError(
            f"{size} processes need {size} cards, and this computer has {cards} that can be used.",
            "Take one process a card, or train on the processor: --config device=cpu.",
        )
    return f"cuda:{rank}"


def _has_bfloat16(kind: str) -> bool:
    """Whether the device has bfloat16 products in hardware: elsewhere they would only be slower."""
    import torch

    if kind == "cuda":
        return bool(torch.version.hip) or torch.cuda.get_device_capability()[0] >= 8
    if kind != "cpu":
        return False
    return torch.cpu._is_amx_tile_supported() or (torch.cpu._is_avx512_bf16_supported() and _multiplies_bfloat16_fast())


@cache
def _multiplies_bfloat16_fast() -> bool:
    """Whether products in bfloat16 take clearly less time here than in float32, of one thread of the processor.

    Some processors that have AVX-512 instructions for them are slower with them: an Intel Xeon without AMX took 1.8
    times as long for a step.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # so that the time of this thread is all, and work of others does not count
    try:
        return _product_seconds(torch.bfloat16) < _CLEARLY_LESS * _product_seconds(torch.float32)
    finally:
        torch.set_num_threads(threads)


def _product_seconds(dtype: Any) -> float:
    """The processor time of a product as an encoder layer has them, the least of a few tries."""
    import torch

    inputs, weight = torch.ones(128, 384, dtype=dtype), torch.ones(1536, 384, dtype=dtype)
    seconds = []
    for _ in range(6):
        start = time.thread_time()
        torch.nn.functional.linear(inputs, weight)
        seconds.append(time.thread_time() - start)
    return min(seconds)


class Network:
    """A model in float32 to train; matrix products are in bfloat16 where ``placement`` says so.

    ``trainable`` are the parameters that change, by name. Of ``size`` processes on one processor each takes its share
    of the threads. Raises ``ModelError`` for a model that cannot be loaded,
    ``DeviceError`` for a device that cannot hold it, ``DataError`` for more frozen layers than there are.
    """

    def __init__(self, model: Model, config: Config, placement: Placement, size: int = 1) -> None:
        forbid_downloads()

        self.placement = placement
        self._all_threads = config.threads or physical_cores()
        self._threads = max(1, self._all_threads // size)
        self._set_threads(self._threads)
        self._pad_id = model.pad_id
        self._max_tokens = model.max_tokens
        self._model = _load(model)
        self._inputs = inputs_of(self._model, model)
        _freeze(self._model, config)
        _keep_head_in_float32(self._model, placement.kind)
        try:
            self._model.to(placement.device)
        except RuntimeError as error:  # of every kind: no memory, a broken driver
            raise device_failure(placement, error) from error
        self.trainable = {
            name: parameter for name, parameter in self._model.named_parameters() if parameter.requires_grad
        }

    def _set_threads(self, threads: int) -> None:
        import torch

        if self.placement.kind == "cpu":
            torch.set_num_threads(threads)

    @contextlib.contextmanager
    def all_threads(self) -> Iterator[None]:
        """Within the context this process has the threads of all processes, which wait for it meanwhile."""
        self._set_threads(self._all_threads)
        try:
            yield
        finally:
            self._set_threads(self._threads)

    @property
    def max_tokens(self) -> int:
        """How many tokens, padding included, are scored at once."""
        return _MAX_TOKENS[self.placement.kind]

    def set_dropout(self, on: bool) -> None:
        """Switch the model's dropout on or off."""
        self._model.train(on)

    def logits(self, batch: features.TrainingBatch) -> tuple[Any, Any]:
        """Start and end logits, float32 ``[2, windows, tokens]``, and the mask of the tokens ``[windows, tokens]``."""
        import torch

        inputs = {name: self.tensor(getattr(batch.packed, name)) for name in self._inputs}
        with torch.autocast(self.placement.kind, torch.bfloat16, enabled=self.placement.precision == "bfloat16"):
            output = self._model(**inputs)
        return torch.stack((output.start_logits, output.end_logits)).float(), inputs["attention_mask"].bool()

    def tensor(self, array: npt.NDArray[Any]) -> Any:
        """``array`` on the device."""
        import torch

        return torch.from_numpy(array).to(self.placement.device)

    def batches(self, samples: Sequence[Sample]) -> Iterator[tuple[list[int], features.TrainingBatch]]:
        """``samples`` packed in parts that are scored at once, with the indexes of each part."""
        for part in features.parts(samples, self.max_tokens):
            yield part, features.pack_samples([samples[index] for index in part], self._pad_id, self._max_tokens)

    def score(
        self, samples: Sequence[Sample]
    ) -> Iterator[tuple[list[int], features.TrainingBatch, npt.NDArray[np.float32]]]:
        """The logits ``[2, windows, tokens]`` of each part of ``samples``, without gradients, with its indexes."""
        import torch

        self.set_dropout(False)
        for part, batch in self.batches(samples):
            with torch.inference_mode():
                logits, _ = self.logits(batch)
            yield part, batch, logits.cpu().numpy()

    def weights(self) -> dict[str, npt.NDArray[np.float32]]:
        """The trainable weights by name. On the processor they share memory with those in use."""
        return {name: as_array(parameter) for name, parameter in self.trainable.items()}

    def set_weights(self, weights: Mapping[str, npt.NDArray[np.float32]]) -> None:
        """Set the trainable weights to ``weights``."""
        import torch

        with torch.no_grad():
            for name, parameter in self.trainable.items():
                parameter.copy_(torch.from_numpy(weights[name]))

    def tensors(self) -> dict[str, npt.NDArray[np.float32]]:
        """All tensors of the model by their names in transformers."""
        state = self._model.state_dict()
        return {name: as_array(tensor) for name, tensor in state.items() if tensor.is_floating_point()}


def as_array(tensor: Any) -> npt.NDArray[np.float32]:
    """``tensor`` as an array, which shares its memory where it is on the processor."""
    array: npt.NDArray[np.float32] = tensor.detach().cpu().numpy()
    return array


def device_failure(placement: Placement, error: Exception) -> DeviceError:
    """The error for a device that failed during training."""
    return DeviceError(
        f"The device '{placement.device}' failed while it trained.",
        "Make the batch smaller, or train on another device: cpu, for example.",
        f"{type(error).__name__}: {error}",
    )


def _load(model: Model) -> Any:
    import torch

    if not model.safetensors:
        raise ModelError(
            f"The model '{model.name}' has no safetensors, so it cannot be trained.", "Choose one that has them."
        )
    return load_weights(model, torch.float32)


def _freeze(loaded: Any, config: Config) -> None:
    if config.frozen_embeddings:
        loaded.get_input_embeddings().requires_grad_(False)
    if not config.frozen_layers:
        return
    layers = _layers(loaded)
    frozen = len(layers) // 2 if config.frozen_layers == HALF else config.frozen_layers
    if frozen > len(layers):
        raise DataError(
            f"There are {len(layers)} layers in this model that can be frozen, not {frozen}.",
            "Freeze fewer layers.",
        )
    getattr(loaded.base_model, "embeddings", loaded.get_input_embeddings()).requires_grad_(False)
    for layer in layers[:frozen]:
        layer.requires_grad_(False)


def _layers(loaded: Any) -> Sequence[Any]:
    """The encoder's layers, the lowest first; none where the architecture shares one between all (ALBERT)."""
    import torch

    depth = loaded.config.num_hidden_layers
    lists = (module for module in loaded.modules() if isinstance(module, torch.nn.ModuleList))
    return next((layers for layers in lists if len(layers) == depth), [])


def _keep_head_in_float32(loaded: Any, kind: str) -> None:
    """Compute the logits of hidden states in float32: bfloat16 rounds a logit of 8 to 1/32."""
    import torch

    head = getattr(loaded, head_module(loaded.config.model_type))
    compute = head.forward

    def forward(hidden: Any, *others: Any) -> Any:
        with torch.autocast(kind, enabled=False):
            return compute(hidden.float(), *others)

    head.forward = forward
