"""The check for Qt's system libraries: what it finds, and the command that it shows without root."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[3] / "packaging" / "qt_libraries.py"


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("qt_libraries", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_missing_libraries_are_read_from_the_loader(script: ModuleType) -> None:
    output = (
        "\tlinux-vdso.so.1 (0x00007ffd)\n\tlibEGL.so.1 => not found\n"
        "\tlibc.so.6 => /lib/libc.so.6 (0x00007f)\n\tlibxcb-cursor.so.0 => not found\n\tlibEGL.so.1 => not found\n"
    )
    assert script.missing(output) == ["libEGL.so.1", "libxcb-cursor.so.0"]


def test_nothing_missing_is_silent(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "qt_missing", list)
    assert script.main() == 0
    assert capsys.readouterr().out == ""


def test_who_is_not_root_is_shown_the_command(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "qt_missing", lambda: ["libEGL.so.1", "libglib-2.0.so.0", "libgthread-2.0.so.0"])
    monkeypatch.setattr(script.os, "geteuid", lambda: 1000)
    assert script.main() == 1
    out = capsys.readouterr().out
    assert "sudo apt-get install --yes --no-install-recommends libegl1 libglib2.0-0" in out
