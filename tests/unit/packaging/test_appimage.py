"""The AppDir: it starts from wherever it lies, and has what appimagetool asks for at its top."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import appimage
import facts
import pytest


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A program that says where it lies and what it is given."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    program = folder / facts.COMMAND
    program.write_text('#!/bin/sh\necho "$(dirname "$(readlink -f "$0")")" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return folder


def test_it_runs_from_any_folder(bundle: Path, tmp_path: Path) -> None:
    folder = appimage.make_appdir(bundle, tmp_path / "out")
    moved_folder = folder.rename(tmp_path / "any where")
    run = subprocess.run([moved_folder / "AppRun", "ask", "x"], capture_output=True, text=True, check=True)
    assert run.stdout == f"{moved_folder}/usr/lib/qadesk ask x\n"


def test_the_entry_and_the_icon_are_at_the_top(bundle: Path, tmp_path: Path) -> None:
    folder = appimage.make_appdir(bundle, tmp_path)
    assert f"Icon={facts.APP_ID}" in (folder / f"{facts.APP_ID}.desktop").read_text(encoding="utf-8")
    for name in (f"{facts.APP_ID}.png", ".DirIcon"):
        assert (folder / name).read_bytes().startswith(b"\x89PNG")


def test_an_old_one_is_replaced(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "QADesk.AppDir" / "old").mkdir(parents=True)
    folder = appimage.make_appdir(bundle, tmp_path)
    assert not (folder / "old").exists()


@pytest.mark.skipif(bool(shutil.which("appimagetool")), reason="appimagetool is installed")
def test_without_the_tool_the_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="appimagetool is not installed"):
        appimage.pack(tmp_path / "QADesk.AppDir", tmp_path)
