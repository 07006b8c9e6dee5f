"""Timings are remembered as long as they hold; each stored sentence about devices and graphs reads as its English."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.app.reading.device_timings import DeviceTimings, Timing, key_of, load_timings, save_timings
from qadesk.qa import devices, models
from qadesk.qa.devices import Device
from qadesk.sentences import Sentence, verbatim
from qadesk.settings import Settings

DAY = date(2026, 11, 24)
CPU, CARD = Timing("cpu", 0.025, 31.4), Timing("cuda", 0.008, 3120.0)
BROKEN = Timing("openvino", problem=Sentence("device.replaced", {"device": "openvino"}))


def test_what_was_measured_survives_a_restart() -> None:
    measured = DeviceTimings("key", DAY, (CPU, CARD, BROKEN))
    save_timings(Settings(), measured)
    assert load_timings(Settings()) == measured
    problems = [row["problem"] for row in json.loads(Settings()["state.devices"])["timings"]]
    assert problems == [None, None, ["device.replaced", {"device": "openvino"}]]


def test_a_problem_that_an_older_version_stored_in_english_is_shown_as_it_is() -> None:
    settings = Settings()
    row = {"device": "cuda", "page": 0.0, "speed": 0.0, "problem": "It broke."}
    settings.set("state.devices", json.dumps({"key": "k", "day": "2026-11-24", "timings": [row]}))
    assert load_timings(settings) == DeviceTimings("k", DAY, (Timing("cuda", problem=verbatim("It broke.")),))


@pytest.mark.parametrize(
    "stored",
    ["", "{", "[]", "null", '{"key": "k"}', '{"key": "k", "day": "soon", "timings": []}',
     '{"key": "k", "day": "2026-11-24", "timings": [{"device": "cpu", "page": "fast", "speed": 1, "problem": null}]}',
     '{"key": "k", "day": "2026-11-24", "timings": [{"device": "cpu", "page": 0, "speed": 0, "problem": [3]}]}'],
)  # fmt: skip
def test_what_cannot_be_read_was_not_measured(stored: str) -> None:
    settings = Settings()
    settings.set("state.devices", stored)
    assert load_timings(settings) is None


@pytest.mark.parametrize(
    ("timings", "name"),
    [((CPU, CARD), "cuda"), ((CPU, BROKEN), "cpu"), ((CPU,), None), ((BROKEN, BROKEN), None), ((), None)],
)
def test_the_fastest_is_one_of_several(timings: tuple[Timing, ...], name: str | None) -> None:
    fastest = DeviceTimings("key", DAY, timings).fastest
    assert (fastest.device if fastest else None) == name


def test_the_reason_shows_when_and_how_fast() -> None:
    assert (
        DeviceTimings("", DAY, (CPU, BROKEN)).reason
        == "fastest when measured on 24 November 2026: 31 parts of a long text a second"
    )
    assert DeviceTimings("", DAY, (CPU, CARD)).reason.endswith(": 3,120 parts of a long text a second")


def test_the_key_changes_with_the_model_the_devices_and_the_threads(tmp_path: Path) -> None:
    graph, weights = tmp_path / "model.onnx", tmp_path / "model.safetensors"
    graph.write_bytes(b"graph")
    weights.write_bytes(b"weights")
    model = replace(models.inspect(paths.bundled_model_dir()), onnx=graph, safetensors=(weights,))
    listed = devices.listed(model)
    key = key_of(model, listed, 0)
    assert key == key_of(model, listed, 0)
    changed_computers = [
        key_of(model, listed, 1),
        key_of(model, (*listed, Device("cuda", "Card", "torch")), 0),
        key_of(replace(model, onnx=None), listed, 0),
    ]
    os.utime(weights, (1, 1))
    changed_computers.append(key_of(model, listed, 0))
    assert len({key, *changed_computers}) == 5
