"""Tags, notes and sums of a release, and the workflow that makes it."""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path
from typing import Any

import facts
import pytest
import release
import yaml

WORKFLOW = facts.ROOT / ".github" / "workflows" / "release.yml"
CHANGELOG = "# Changelog\n\n## 0.2.0 (2026-12-01)\n\n### Added\n- A.\n\n## 0.1.0 (2026-11-01)\n\n- B.\n\n## 0.0.1 (x)\n"


def test_notes_are_what_the_changelog_says_of_a_version() -> None:
    assert release.notes("0.2.0", CHANGELOG) == "### Added\n- A.\n"
    assert release.notes("0.1.0", CHANGELOG) == "- B.\n"
    for version in ("0.0.1", "0.3.0"):
        with pytest.raises(ValueError, match="says nothing about"):
            release.notes(version, CHANGELOG)


def test_a_release_needs_its_tag_and_its_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "_changelog", lambda: CHANGELOG)
    monkeypatch.setattr(facts, "version", lambda: "0.2.0")
    release.check("v0.2.0")
    with pytest.raises(SystemExit, match=r"the tag must be v0\.2\.0"):
        release.check("v0.1.0")
    monkeypatch.setattr(facts, "version", lambda: "0.0.1")
    with pytest.raises(SystemExit, match="has no heading"):
        release.check("v0.0.1")


def test_the_changelog_names_this_version() -> None:
    assert release.notes(facts.version(), release._changelog())


def test_sums_are_as_sha256sum_checks_them(tmp_path: Path) -> None:
    (tmp_path / "b.deb").write_bytes(b"b")
    (tmp_path / "a.exe").write_bytes(b"a")
    for _ in range(2):  # the second time it is not one of the files
        sums = release.write_sums(tmp_path)
    a, b = (hashlib.sha256(content).hexdigest() for content in (b"a", b"b"))
    assert sums.read_text() == f"{a}  a.exe\n{b}  b.deb\n"


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    loaded = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_only_the_last_job_may_write(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    may = {name: job.get("permissions") for name, job in workflow["jobs"].items()}
    assert may == {"linux": None, "windows": None, "macos": None, "release": {"contents": "write"}}
    assert set(workflow["jobs"]["release"]["needs"]) == {"linux", "windows", "macos"}
    assert "secrets." not in WORKFLOW.read_text(encoding="utf-8")


def test_actions_are_pinned_to_a_commit(workflow: dict[str, Any]) -> None:
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action) for action in used)


def test_no_script_is_built_of_what_others_may_choose(workflow: dict[str, Any]) -> None:
    assert all("${{" not in step.get("run", "") for step in steps(workflow))


def test_the_scripts_and_targets_it_calls_are_there(workflow: dict[str, Any]) -> None:
    commands = "\n".join(step.get("run", "") for step in steps(workflow))
    scripts = set(re.findall(r"packaging/\w+\.py", commands))
    assert scripts >= {"packaging/build.py", "packaging/smoke.py", "packaging/installers.py", "packaging/release.py"}
    assert all((facts.ROOT / script).is_file() for script in scripts)
    makefile = (facts.ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", commands, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("system", ["linux", "windows", "macos"])
def test_every_system_is_tried_after_it_is_installed(workflow: dict[str, Any], system: str) -> None:
    runs = [step.get("run", "") for step in workflow["jobs"][system]["steps"]]
    (last,) = [run for run in runs if "smoke.py" in run and "\n" in run]
    assert runs.index(last) == len(runs) - 2  # then it is kept
    uploaded = workflow["jobs"][system]["steps"][-1]
    assert uploaded["with"]["if-no-files-found"] == "error"


def test_its_shell_scripts_parse(workflow: dict[str, Any]) -> None:
    for step in steps(workflow):
        if "run" in step and "shell" not in step:
            subprocess.run(["bash", "-n"], input=step["run"], text=True, check=True)
