"""No file that is too large for git, but the bundled reader."""

from __future__ import annotations

import subprocess
from pathlib import Path

import large_files
import pytest


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with a file at the limit, one above it, one in the exempt folder, and one that is not tracked."""
    files = {"limit.bin": 500_000, "über limit.bin": 500_001, "resources/models/m.onnx": 600_000}
    for name, size in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "add", "."], check=True)
    (tmp_path / "untracked.bin").write_bytes(b"x" * 600_000)
    return tmp_path


def test_a_tracked_file_over_the_limit_is_named(clone: Path) -> None:
    names = large_files.tracked_files(clone)
    assert sorted(names) == ["limit.bin", "resources/models/m.onnx", "über limit.bin"]
    assert large_files.too_large(clone, names) == ["über limit.bin: 500,001 bytes, more than 500,000"]


def test_a_file_that_was_removed_is_passed_over(clone: Path) -> None:
    (clone / "über limit.bin").unlink()
    assert large_files.too_large(clone, large_files.tracked_files(clone)) == []


def test_where_there_is_no_clone_nothing_is_tracked(tmp_path: Path) -> None:
    assert large_files.tracked_files(tmp_path) == []


def test_it_ends_with_1_and_names_the_file(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(large_files, "ROOT", clone)
    assert large_files.main(["limit.bin"]) == 0
    assert capsys.readouterr().out == ""
    assert large_files.main([]) == 1
    assert capsys.readouterr().out == "über limit.bin: 500,001 bytes, more than 500,000\n"


def test_this_repository_has_none() -> None:
    assert large_files.too_large(large_files.ROOT, large_files.tracked_files(large_files.ROOT)) == []
