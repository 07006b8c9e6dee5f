"""The workflow for every push, and what it shares with the hooks of ``.pre-commit-config.yaml``."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"actions/[\w-]+@[0-9a-f]{40}")
ON = True
"""What YAML 1.1 reads the key ``on`` as."""


def parse(path: Path) -> dict[Any, Any]:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


@pytest.fixture(scope="module")
def check() -> dict[Any, Any]:
    return parse(ROOT / ".github" / "workflows" / "check.yml")


def steps(workflow: dict[Any, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def commands(workflow: dict[Any, Any]) -> list[str]:
    return [line.strip() for step in steps(workflow) for line in step.get("run", "").splitlines()]


def test_there_is_one_for_pushes_and_one_for_releases() -> None:
    assert [path.name for path in WORKFLOWS] == ["check.yml", "release.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_to_a_commit_and_the_same_everywhere(path: Path) -> None:
    uses = {step["uses"] for step in steps(parse(path)) if "uses" in step}
    assert uses
    assert [name for name in uses if not PINNED.fullmatch(name)] == []
    everywhere = {step["uses"] for workflow in WORKFLOWS for step in steps(parse(workflow)) if "uses" in step}
    assert len({name.partition("@")[0] for name in everywhere}) == len(everywhere)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_make_targets_and_scripts_exist(path: Path) -> None:
    lines = commands(parse(path))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = [line.split()[1] for line in lines if line.startswith("make ")]
    assert "test" in targets
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
    scripts = re.findall(r"[\w./-]+\.py\b", "\n".join(lines))
    assert [script for script in scripts if not (ROOT / script).is_file()] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_job_has_an_end_and_no_index_is_named(path: Path) -> None:
    assert all(job["timeout-minutes"] <= 120 for job in parse(path)["jobs"].values())
    assert "PIP_EXTRA_INDEX_URL: ${{ vars.TORCH_CPU_INDEX }}" in path.read_text(encoding="utf-8")


def test_it_only_reads_and_gives_way_to_a_newer_push(check: dict[Any, Any]) -> None:
    assert check["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in check["jobs"].values())
    assert check["concurrency"]["cancel-in-progress"] is True
    assert {"push", "pull_request", "schedule"} <= set(check[ON])


def test_three_systems_and_every_python_that_is_promised(check: dict[Any, Any]) -> None:
    strategy = check["jobs"]["tests"]["strategy"]
    assert strategy["fail-fast"] is False
    assert strategy["matrix"] == {
        "os": ["ubuntu-latest", "windows-latest", "macos-latest"],
        "python": ["3.11", "3.12", "3.13"],
    }


def test_a_push_runs_at_least_the_quick_tests(check: dict[Any, Any]) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = makefile.partition("\ntest-fast:")[2].partition("\n\n")[0]
    quick = {word for word in shlex.split(recipe) if word.startswith("tests/") and f"--ignore {word}" not in recipe}
    pushed = [line for line in commands(check) if "pytest" in line]
    assert quick <= {word for line in pushed for word in line.split() if word.startswith("tests/")}
    assert all((ROOT / folder).is_dir() for folder in quick)
    assert not any("--ignore" in line or " -k " in line for line in pushed)


def test_hooks_are_local_and_run_what_make_check_runs() -> None:
    config = parse(ROOT / ".pre-commit-config.yaml")
    hooks = [hook for repository in config["repos"] for hook in repository["hooks"]]
    assert [repository["repo"] for repository in config["repos"]] == ["local"]
    assert {hook["language"] for hook in hooks} == {"system"}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = makefile.partition("\ncheck:")[2].partition("\n\n")[0].replace("$(BIN)", ".venv/bin")
    entries = {hook["id"]: hook["entry"].removesuffix(" --force-exclude") for hook in hooks}
    assert entries.pop("commit-subject") == ".venv/bin/python .ci/commit_subject.py"
    assert sorted(entries.values()) == sorted(line.strip() for line in recipe.splitlines()[1:])
    assert {hook["id"] for hook in hooks if hook.get("stages") == ["commit-msg"]} == {"commit-subject"}
