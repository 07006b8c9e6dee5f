"""``qadesk settings``."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Run = Callable[[list[str]], int]


def test_settings_are_listed_changed_and_reset(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["settings", "qa.top_k", "7"]) == 0
    assert run(["settings"]) == 0
    assert "qa.top_k = 7" in capsys.readouterr().out
    assert run(["settings", "qa.top_k", "default"]) == 0
    assert "qa.top_k = 5" in capsys.readouterr().out
