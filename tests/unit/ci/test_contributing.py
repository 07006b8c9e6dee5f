"""The files and commands that CONTRIBUTING.md names exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_every_file_and_folder_exists() -> None:
    """Some are named from the folder of the table's row or of the sentence."""
    names = set(re.findall(r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|md|yml|toml|txt)|[\w./]+/)`", TEXT))
    folders = [ROOT, *(path for part in ("qadesk", "tests") for path in [ROOT / part, *(ROOT / part).rglob("*/")])]
    assert len(names) > 60
    assert [name for name in sorted(names) if not any((folder / name).exists() for folder in folders)] == []


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"\bmake (check|test\S*?|cov|run)\b(?=[`\s])", TEXT))
    assert targets == {"check", "cov", "run", "test", "test-fast"}
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_every_hidden_argument_exists() -> None:
    entry = (ROOT / "qadesk" / "__main__.py").read_text(encoding="utf-8")
    hidden = {"--read-document", "--prepare-model", "--check-model", "--train", "--self-check"}
    arguments = set(re.findall(r"--[\w-]+", TEXT)) & hidden
    assert arguments == hidden
    assert all(f'"{argument}"' in entry for argument in arguments)
