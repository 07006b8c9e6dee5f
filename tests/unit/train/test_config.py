from __future__ import annotations

from dataclasses import fields

import pytest

from qadesk.errors import DataError
from qadesk.train.config import PRESETS, Config, for_few, with_overrides


def test_more_effort_is_more_epochs() -> None:
    assert list(PRESETS) == ["quick", "balanced", "thorough"]
    epochs = [preset.epochs for preset in PRESETS.values()]
    assert epochs == sorted(set(epochs))


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS.keys())
def test_a_preset_keeps_its_own_rules(preset: Config) -> None:
    values = {field.name: str(getattr(preset, field.name)) for field in fields(Config)}
    assert with_overrides(Config(), values) == preset


def test_overrides_are_taken_as_they_are_typed() -> None:
    values = {"learning_rate": "2e-5", "epochs": " 3 ", "frozen_embeddings": "no", "device": "cuda:1"}
    config = with_overrides(Config(), values)
    assert (config.learning_rate, config.epochs, config.frozen_embeddings, config.device) == (2e-5, 3, False, "cuda:1")
    assert with_overrides(config, {}) == config


@pytest.mark.parametrize(
    ("key", "text", "says"),
    [
        ("speed", "1", "no training option 'speed'"),
        ("epochs", "2.5", "whole number from 1 to 100"),
        ("epochs", "0", "whole number from 1 to 100"),
        ("learning_rate", "fast", "a number from"),
        ("learning_rate", "nan", "a number from"),
        ("learning_rate", "-1e-5", "a number from"),
        ("dropout", "maybe", "yes or no"),
        ("precision", "int8", "one of auto, float32, bfloat16"),
    ],
)
def test_what_cannot_be_is_refused_in_words(key: str, text: str, says: str) -> None:
    with pytest.raises(DataError, match=says) as excinfo:
        with_overrides(Config(), {key: text})
    assert key in excinfo.value.message


@pytest.mark.parametrize(
    ("samples", "epochs"),
    [
        (200, 3),  # 25 steps an epoch are enough
        (160, 3),
        (153, 3),  # 20 steps
        (100, 5),  # 60 of 13
        (80, 6),  # 60 of 10
        (24, 15),  # 3: 20 epochs would be too many
        (1, 15),
        (0, 15),
    ],
)
def test_few_labels_are_gone_over_more_often(samples: int, epochs: int) -> None:
    assert for_few(Config(epochs=3, batch_size=8), samples) == Config(epochs=epochs, batch_size=8)
