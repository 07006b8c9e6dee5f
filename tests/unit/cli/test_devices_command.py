"""``qadesk devices``: listed, measured, and as JSON."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from datetime import date

import pytest

from qadesk.app.reading.device_listing import ListedDevice, Listing, time_devices
from qadesk.app.reading.device_timings import Timing
from qadesk.cli.devices_command import listing_as_json
from qadesk.qa.devices import Device
from qadesk.sentences import Sentence

Run = Callable[[list[str]], int]


def test_devices_are_listed_measured_and_printed_as_documented(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["devices"]) == 0
    out = capsys.readouterr().out
    assert "* cpu        Processor" in out
    assert "In use: the model's faster form for processors, on" in out
    assert "Not measured yet." in out
    monkeypatch.setattr("qadesk.app.reading.device_listing.time_devices", functools.partial(time_devices, seconds=0.1))
    assert run(["devices", "--measure", "--json"]) == 0
    output = json.loads(capsys.readouterr().out)
    assert date.fromisoformat(output["measured"]) <= date.today()
    cpu = output["devices"][0]
    assert (cpu["name"], cpu["precision"], cpu["backend"], cpu["chosen"]) == ("cpu", "int8", "onnx", True)
    assert cpu["timing"]["speed"] > 0
    assert run(["devices"]) == 0
    assert "parts of a long text a second" in capsys.readouterr().out


def test_a_problem_of_a_measured_device_is_english_in_json() -> None:
    problem = Sentence("device.replaced", {"device": "cuda"})
    device = Device("cuda", "Card", "torch", problem=Sentence("problem.only_graph"))
    listed = ListedDevice(device, Timing("cuda", problem=problem), "")
    output = json.loads(json.dumps(listing_as_json(Listing((listed,), None, None))))
    assert output["devices"][0]["problem"] == "it has an ONNX graph only, and this takes safetensors"
    assert output["devices"][0]["timing"] == {
        "device": "cuda", "page": 0.0, "speed": 0.0, "problem": "The device 'cuda' failed, so the processor goes on.",
    }  # fmt: skip
