"""What the start-up measurement reads and forgets."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks import startup

needs_advice = pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="this system takes no advice on files")


def test_the_slowest_imports_are_read_from_python() -> None:
    report = (
        "import time: self [us] | cumulative | imported package\n"
        "import time:       120 |        120 |   zipimport\n"
        "a line of somebody else | with | bars\n"
        "import time:      2000 |       5120 | numpy\n"
    )
    assert startup.slowest_imports(report, 1) == [(5.12, "numpy")]
    assert startup.slowest_imports(report) == [(5.12, "numpy"), (0.12, "zipimport")]


def test_the_file_cache_is_dropped_where_that_is_permitted(tmp_path: Path) -> None:
    control = tmp_path / "drop_caches"
    assert "dropped" in startup.forget_files(control)
    assert control.read_text() == "3"


@needs_advice
def test_else_the_files_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders: list[Path] = []
    monkeypatch.setattr(startup, "advise_forgetting", folders.extend)
    method = startup.forget_files(tmp_path / "no such folder" / "drop_caches")
    assert "asked to forget" in method
    assert any((folder / "engine.py").is_file() or (folder / "qa" / "engine.py").is_file() for folder in folders)


@needs_advice
def test_forgetting_reads_every_file_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(b"x" * 10_000)
    startup.advise_forgetting([tmp_path])
    assert (tmp_path / "deep" / "file").read_bytes() == b"x" * 10_000


def test_kinds_of_start_that_were_not_measured_have_no_column() -> None:
    run = {"drawn": 0.5, "asked": 0.6, "answered": 1.5, "resident": 250.0}
    markdown = startup.starts_table({"warm": [run, {**run, "drawn": 0.7}, run], "cold": []})
    assert "cold" not in markdown
    assert "| window on the screen, s | 0.50 | 0.70 |" in markdown
    assert "| memory after the answer, MB | 250 | 250 |" in markdown
