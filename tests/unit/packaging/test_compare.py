"""Two builds are compared to the last byte, permission and link."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import compare
import pytest


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    first = tmp_path / "first"
    (first / "lib").mkdir(parents=True)
    (first / "lib" / "a.so").write_bytes(b"code")
    (first / "run").write_text("#!", encoding="utf-8")
    (first / "window").symlink_to("run")
    shutil.copytree(first, tmp_path / "second", symlinks=True)
    return first, tmp_path / "second"


def test_equal_builds_are_equal(two: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert compare.differences(*two) == []
    assert compare.main([str(path) for path in two]) == 0
    assert capsys.readouterr().out == "3 files are equal.\n"


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda place: (place / "lib" / "a.so").write_bytes(b"Code"), "differs: lib/a.so"),
        (lambda place: (place / "run").chmod(0o755), "differs: run"),
        (lambda place: (place / "new").touch(), "only in the second: new"),
        (lambda place: (place / "lib" / "a.so").unlink(), "only in the first: lib/a.so"),
        (lambda place: ((place / "window").unlink(), (place / "window").symlink_to("lib")), "differs: window"),
        (lambda place: (place / "lib" / "empty").mkdir(), "only in the second: lib/empty"),
    ],
)
def test_each_difference_is_named(
    change: Callable[[Path], object], line: str, two: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    change(two[1])
    assert compare.differences(*two) == [line]
    assert compare.main([str(path) for path in two]) == 1
    assert capsys.readouterr().out == f"{line}\n"


def test_what_may_differ_may(two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    (two[1] / "lib" / "a.so").write_bytes(b"Code")
    monkeypatch.setattr(compare, "MAY_DIFFER", ("lib/*.so",))
    assert compare.differences(*two) == []


def test_archives_are_unpacked(two: tuple[Path, Path], tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        archive.add(two[0], ".")
    with compare.unpacked(tmp_path / "a.tar.gz") as inside:
        assert compare.differences(two[0], inside) == []
