"""The archive for Linux: everything in it, equal each time, and it says what it needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import facts
import portable
import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux" or not shutil.which("readelf"), reason="needs Linux's readelf")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A program with one library of its own, which needs the C library."""
    folder = tmp_path / "bundle"
    (folder / "_internal").mkdir(parents=True)
    shutil.copy(sys.executable, folder / "qadesk")
    (folder / "_internal" / "data.txt").write_text("data", encoding="utf-8")
    (folder / "qadesk-window").symlink_to("qadesk")
    return folder


def test_it_holds_the_bundle_and_a_readme(bundle: Path, tmp_path: Path) -> None:
    archive_path = portable.make_tar(bundle, tmp_path, fast=True)
    top = f"qadesk-{facts.version()}"
    assert archive_path.name == f"{top}-linux-x86_64.tar.gz"
    with tarfile.open(archive_path) as archive:
        entries = {entry.name: entry for entry in archive.getmembers()}
    assert list(entries) == [
        f"{top}/{name}" for name in ("README.txt", "_internal", "_internal/data.txt", "qadesk", "qadesk-window")
    ]
    assert entries[f"{top}/qadesk"].mode == 0o755
    assert entries[f"{top}/_internal/data.txt"].mode == 0o644
    assert entries[f"{top}/qadesk-window"].linkname == "qadesk"
    assert {(entry.uid, entry.gid, entry.uname, entry.mtime) for entry in entries.values()} == {
        (0, 0, "root", facts.source_date_epoch())
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle", archive_path.name]


def test_two_are_equal_whoever_makes_them_when(bundle: Path, tmp_path: Path) -> None:
    first = portable.make_tar(bundle, tmp_path, fast=True).read_bytes()
    (bundle / "_internal" / "data.txt").chmod(0o600)
    os.utime(bundle / "_internal" / "data.txt", (0, 0))
    assert portable.make_tar(bundle, tmp_path, fast=True).read_bytes() == first


def test_the_readme_names_what_it_needs(bundle: Path) -> None:
    text = portable.read_me(bundle)
    assert "libc.so.6" in text
    assert f"glibc {portable.newest_glibc(bundle)} or newer" in text
    assert "ld-linux" not in text
    assert f"QADesk {facts.version()}" in text


def test_the_c_library_is_as_new_as_the_newest_symbol(bundle: Path) -> None:
    major, minor = portable.newest_glibc(bundle).split(".")
    output = subprocess.run(["readelf", "--version-info", sys.executable], capture_output=True, text=True, check=True)
    assert f"GLIBC_{major}.{minor}" in output.stdout
    assert f"GLIBC_{major}.{int(minor) + 1}" not in output.stdout
