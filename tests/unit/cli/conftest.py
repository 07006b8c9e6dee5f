"""Fixtures that the tests of several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qadesk.cli import main


@pytest.fixture
def run() -> Callable[[list[str]], int]:
    """Runs the command line, where no window may open. Returns the exit code."""

    def refuse(files: list[Path], safe_mode: bool) -> int:
        raise AssertionError(f"a window was opened for {files}, {safe_mode}")

    return lambda arguments: main.main(arguments, refuse)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A document that says who built the tower, and when it was finished."""
    path = tmp_path / "tower.txt"
    path.write_text("The tower was built by Thomas Reeve. It was finished in 1862.", encoding="utf-8")
    return path
