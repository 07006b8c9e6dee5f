"""How long a run will take, told at once: from the number of tokens that it goes over, and a speed.

A probe (``runs.estimate``) measures it better, but only after some seconds. What it measures is remembered as a factor
on the speed assumed here, so that the next first guess on this computer is nearly as good.

The work is counted in units: the forward pass of a token in float32. A token that is learned from costs 3, as there is
a backward pass through the upper half of the layers, and one that the int8 graph reads costs a half.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from qadesk.app.training import measuring, planning
from qadesk.app.training.planning import Plan
from qadesk.errors import SettingError
from qadesk.qa import models
from qadesk.qa.processor import physical_cores
from qadesk.records import LabeledExample
from qadesk.settings import Settings
from qadesk.train.config import Config

EXPORT_SECONDS, EXPORT_SECONDS_A_MILLION = 15.0, 1.2
"""For writing the model and its graph: in all, and for each million of weights, on two cores."""

_KEY = "state.training_speed"
_CHARACTERS_A_TOKEN, _QUESTION = 4.3, 20  # the question's tokens with the special ones
_LEARNED, _READ = 3.0, 0.5  # units a token
_UNLABELLED = 160  # tokens of an unlabelled window
_MOST_LEARNED, _MOST_SCORED = 1.5, 9  # windows of a label, where its text is long
_GENERAL = 262 * 250  # tokens of the general set with its questions
_GENERAL_READ, _GENERAL_CHECKED = 2, 1.5  # times that it is read: by the graph, and in float32 on average
_SPEED = {"cpu": 2800.0, "cuda": 200_000.0, "mps": 15_000.0}  # units a second, of the bundled reader; on cpu a core
_WEIGHTS = 22.5e6  # of the bundled reader
_FACTORS = (0.02, 50.0)


def rough_seconds(plan: Plan, settings: Settings) -> float:
    """About how long the run of ``plan`` takes, in seconds, from start to verdict."""
    weights = _weights(plan)
    factor = _factors(settings).get(_kind(plan), 1.0)
    return _units(plan) / (_speed(plan, weights) * factor) + export_seconds(weights)


def remember_speed(plan: Plan, seconds: float, settings: Settings) -> None:
    """Remember that the run of ``plan`` takes ``seconds`` on this computer."""
    weights = _weights(plan)
    working = seconds - export_seconds(weights)
    if working <= 0:
        return
    low, high = _FACTORS
    factor = min(high, max(low, _units(plan) / working / _speed(plan, weights)))
    try:
        settings.set(_KEY, json.dumps({**_factors(settings), _kind(plan): round(factor, 3)}))
    except SettingError:
        return  # the next guess is as rough as this one


def export_seconds(weights: int) -> float:
    """How long writing a model with so many ``weights`` and its graph takes."""
    return EXPORT_SECONDS + EXPORT_SECONDS_A_MILLION * weights / 1e6


def _weights(plan: Plan) -> int:
    return planning.parameter_count(models.inspect(Path(plan.base)))  # its tokenizer takes long to load, and is checked


def _factors(settings: Settings) -> Mapping[str, float]:
    try:
        values = json.loads(settings[_KEY] or "{}")
    except ValueError:
        return {}
    low, high = _FACTORS
    rows = values.items() if isinstance(values, dict) else ()
    return {kind: float(value) for kind, value in rows if isinstance(value, int | float) and low <= value <= high}


def _kind(plan: Plan) -> str:
    """The kind of device that is expected: what 'auto' finds is not known without loading torch."""
    kind = plan.config.device.partition(":")[0]
    return kind if kind in _SPEED else "cpu"


def _speed(plan: Plan, weights: int) -> float:
    """Units a second with a model of so many ``weights``, before the remembered factor."""
    kind = _kind(plan)
    cores = plan.config.threads or physical_cores()
    return _SPEED[kind] * (min(cores, 8) if kind == "cpu" else 1) * _WEIGHTS / max(weights, 1)


def _units(plan: Plan) -> float:
    config = plan.config
    learned = config.epochs * _tokens_in_windows(plan.train_questions, config, _MOST_LEARNED)
    steps = config.epochs * math.ceil(len(plan.train_questions) / config.batch_size)
    distilled = steps * max(1, config.batch_size // 2) * _UNLABELLED if config.distil_weight else 0
    scored = (config.epochs * config.evaluations + 1) * _tokens_in_windows(
        plan.evaluation_questions, config, _MOST_SCORED
    )
    read = 2 * (_tokens(plan.evaluation_questions) + _tokens(measuring.taught_part(plan.train)))
    general = _GENERAL * (_GENERAL_READ * _READ + _GENERAL_CHECKED)
    return _LEARNED * (learned + distilled) + scored + _READ * read + general


def _tokens(examples: Iterable[LabeledExample]) -> float:
    return sum(len(example.context) / _CHARACTERS_A_TOKEN + _QUESTION for example in examples)


def _tokens_in_windows(examples: Iterable[LabeledExample], config: Config, most: float) -> float:
    """The tokens of ``examples`` where at most so many windows of each are read."""
    total = 0.0
    for example in examples:
        length = len(example.context) / _CHARACTERS_A_TOKEN
        is_whole = length + _QUESTION <= config.max_seq_length
        total += min(length, most * (config.max_seq_length if is_whole else config.split_length)) + _QUESTION
    return total
