"""``qadesk info``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import qadesk

Run = Callable[[list[str]], int]


def test_info_names_versions_devices_and_paths(run: Run, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["info", "--json"]) == 0
    output = json.loads(capsys.readouterr().out)
    assert output["versions"]["qadesk"] == qadesk.__version__
    assert "cpu" in output["devices"]
    assert output["paths"]["data"] == str(home / "data")
