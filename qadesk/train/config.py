"""The configuration of a training run: one record, three presets, and overrides as a person types them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from qadesk.errors import DataError

HALF = -1
"""As a number of frozen layers: the lower half."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that decides what a run does. Lengths in tokens, shares and rates between 0 and 1.

    ``warmup`` is the share of the steps in which the learning rate rises, before it falls to 0. ``frozen_layers``
    counts encoder layers from below that do not change, -1 is half of them; unless it is 0, the embeddings do not
    either. ``frozen_embeddings`` freezes the word embeddings in any case. ``dropout`` switches the model's own on.
    ``patience`` evaluations in a row without a gain end the run; 0 is never. ``distil_weight`` is the weight of the
    distillation loss, against forgetting; 0 leaves it out. ``evaluations`` are made in each epoch. ``threads`` 0 takes
    the physical cores. ``device`` is 'auto', 'cpu', 'cuda', 'cuda:1' or 'mps'; ``precision`` 'auto', 'float32' or
    'bfloat16'.
    """

    learning_rate: float = 3e-4
    epochs: int = 3
    batch_size: int = 8
    warmup: float = 0.1
    weight_decay: float = 0.01
    clip: float = 1.0
    frozen_layers: int = HALF
    frozen_embeddings: bool = True
    dropout: bool = False
    seed: int = 0
    patience: int = 0
    distil_weight: float = 2.0
    max_seq_length: int = 384
    split_length: int = 256
    doc_stride: int = 96
    evaluations: int = 1
    threads: int = 0
    device: str = "auto"
    precision: str = "auto"


PRESETS: Mapping[str, Config] = {
    "quick": Config(epochs=1),
    "balanced": Config(epochs=3),
    "thorough": Config(epochs=6, patience=3),
}
"""The three efforts of the wizard, the shortest first."""

_LEAST_STEPS, _MOST_TIMES = 20, 5
"""Steps that an epoch should have; where it has fewer there are more epochs, at most so many times as many."""

_LIMITS: Mapping[str, tuple[float, float]] = {
    "learning_rate": (1e-8, 1e-2),
    "epochs": (1, 100),
    "batch_size": (1, 256),
    "warmup": (0, 1),
    "weight_decay": (0, 1),
    "clip": (0.01, 100),
    "frozen_layers": (HALF, 100),
    "seed": (0, 2**31 - 1),
    "patience": (0, 100),
    "distil_weight": (0, 100),
    "max_seq_length": (48, 4096),
    "split_length": (48, 4096),
    "doc_stride": (0, 2048),
    "evaluations": (1, 20),
    "threads": (0, 256),
}
_PRECISIONS = ("auto", "float32", "bfloat16")
_YES = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def for_few(config: Config, samples: int) -> Config:
    """``config`` with more epochs where there are few labelled ``samples``: a dozen steps teach hardly anything.

    80 in batches of 8 are 10 steps an epoch, half of those that it should have, so there are twice as many epochs.
    """
    steps = max(1, -(-samples // config.batch_size))
    epochs = min(_MOST_TIMES * config.epochs, -(-_LEAST_STEPS * config.epochs // steps))
    return replace(config, epochs=max(config.epochs, epochs))


def with_overrides(config: Config, overrides: Mapping[str, str]) -> Config:
    """``config`` with ``overrides``, whose values are as typed. Raises ``DataError`` that names the wrong key."""
    known = {field.name for field in fields(Config)}
    values: dict[str, object] = {}
    for key, text in overrides.items():
        if key not in known:
            raise DataError(f"There is no training option '{key}'.", f"There are: {', '.join(sorted(known))}.")
        values[key] = _value(key, getattr(config, key), text.strip())
    return replace(config, **values)  # type: ignore[arg-type]  # each value has the type of the one it replaces


def _value(key: str, old: object, text: str) -> object:
    if isinstance(old, bool):
        if text.lower() not in _YES:
            raise DataError(f"'{key}' cannot be '{text}'.", "It is yes or no.")
        return _YES[text.lower()]
    if isinstance(old, str):
        if key == "precision" and text not in _PRECISIONS:
            raise DataError(f"'{key}' cannot be '{text}'.", f"It is one of {', '.join(_PRECISIONS)}.")
        return text
    low, high = _LIMITS[key]
    try:
        number = int(text) if isinstance(old, int) else float(text)
    except ValueError:
        number = math.nan
    if not low <= number <= high:
        kind = "a whole number" if isinstance(old, int) else "a number"
        raise DataError(f"'{key}' cannot be '{text}'.", f"It is {kind} from {low:g} to {high:g}.")
    return number
