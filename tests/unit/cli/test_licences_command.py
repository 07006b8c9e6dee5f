"""``qadesk licences``."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Run = Callable[[list[str]], int]


def test_licences_lists_everything_or_shows_the_text_of_one(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["licences"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 20
    assert any(line.startswith("numpy ") and ": BSD-3-Clause" in line for line in lines)
    assert run(["licences", "NumPy"]) == 0
    assert "Redistribution and use in source and binary forms" in capsys.readouterr().out
    assert run(["licences", "nothing of that name"]) == 2
    assert "'qadesk licences' lists everything." in capsys.readouterr().err
