"""The facts about the program in the packaging recipes: from one place, and no placeholder left."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

import facts
import pytest

import qadesk


def test_the_version_is_the_programs() -> None:
    assert facts.version() == qadesk.__version__


def test_the_summary_is_the_projects() -> None:
    project = tomllib.loads((facts.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["description"] == facts.SUMMARY


def test_the_date_is_the_one_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert facts.source_date_epoch() == 86400


def test_without_one_it_is_the_last_commits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setattr(facts, "ROOT", tmp_path)
    who = {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b", "GIT_COMMITTER_DATE": "@1000000000 +0000"}
    for name, value in who.items():
        monkeypatch.setenv(name, value)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "--message", "first"], check=True)
    assert facts.source_date_epoch() == 1_000_000_000


def test_and_without_a_commit_the_archives(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setattr(facts, "ROOT", tmp_path)
    (tmp_path / "pyproject.toml").touch()
    assert facts.source_date_epoch() == int((tmp_path / "pyproject.toml").stat().st_mtime)


def test_a_template_is_filled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    template = tmp_path / "about.in"
    template.write_text("@NAME@ @VERSION@ of @DATE@, @SIZE@ MB; a@b.example is no placeholder", encoding="utf-8")
    filled = facts.render(template, SIZE="12")
    assert filled == f"QADesk {qadesk.__version__} of 1970-01-02, 12 MB; a@b.example is no placeholder"


def test_a_placeholder_that_nothing_fills_is_an_error(tmp_path: Path) -> None:
    template = tmp_path / "about.in"
    template.write_text("@NAME@ @NOBODY_KNOWS@", encoding="utf-8")
    with pytest.raises(ValueError, match=r"about.in .*@NOBODY_KNOWS@"):
        facts.render(template)
