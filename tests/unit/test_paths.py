"""How the program starts itself again, from a checkout and frozen."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from qadesk import paths


def test_a_child_is_our_own_module() -> None:
    assert paths.own_command() == [sys.executable, "-m", "qadesk"]
    assert str(Path(paths.__file__).parents[1]) in paths.own_environment()["PYTHONPATH"].split(os.pathsep)


@pytest.mark.parametrize(("window", "terminal"), [("qadesk-window", "qadesk"), ("qadesk-window.exe", "qadesk.exe")])
def test_a_frozen_program_starts_the_one_for_terminals(
    window: str, terminal: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / window))
    assert paths.own_command() == [str(tmp_path / terminal)]
    assert paths.own_environment() == dict(os.environ)


def test_a_frozen_program_has_its_resources_beside_its_modules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.resources_dir() == tmp_path / "resources"
