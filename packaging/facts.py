"""What every recipe here says of the program, once: its names, its version, and when it was made."""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
import subprocess
import tomllib
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESOURCES = ROOT / "resources"

NAME = "QADesk"
COMMAND = "qadesk"
APP_ID = "io.github.qadesk.QADesk"
SUMMARY = str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["description"])

_PLACEHOLDER = re.compile(r"@[A-Z][A-Z_]*@")


def version() -> str:
    """The version of the program, as ``qadesk/__init__.py`` says it. Raises ``ValueError`` if it says none."""
    found = re.search(r'^__version__ = "([^"]+)"$', (ROOT / "qadesk" / "__init__.py").read_text(encoding="utf-8"), re.M)
    if not found:
        raise ValueError("qadesk/__init__.py says no __version__")
    return found[1]


def source_date_epoch() -> int:
    """When the sources were made, in seconds since 1970: the date that everything built of them carries.

    ``SOURCE_DATE_EPOCH`` in the environment comes first, then the last commit; in an unpacked archive, where there is
    no commit, the date of ``pyproject.toml``, which archives keep.
    """
    told = os.environ.get("SOURCE_DATE_EPOCH")
    return int(told) if told else _date_of(ROOT)


@functools.cache  # packing asks for every file
def _date_of(root: Path) -> int:
    if shutil.which("git"):
        command = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
        asked = subprocess.run(command, capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            return int(asked.stdout)
    return int((root / "pyproject.toml").stat().st_mtime)


def checksum(path: Path, kind: str = "sha256") -> str:
    """The checksum of the file ``path``, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, kind).hexdigest()


def render(template: Path, **more: str) -> str:
    """The text of ``template`` with its placeholders filled: ``@VERSION@``, ``@DATE@`` (of the sources, UTC) and so on.

    ``more`` are further ones: ``SIZE="12"`` fills ``@SIZE@``. Raises ``ValueError`` where one is left.
    """
    known = {
        "NAME": NAME,
        "COMMAND": COMMAND,
        "APP_ID": APP_ID,
        "SUMMARY": SUMMARY,
        "VERSION": version(),
        "DATE": datetime.fromtimestamp(source_date_epoch(), UTC).date().isoformat(),
        **more,
    }
    text = template.read_text(encoding="utf-8")
    unknown = sorted({found[0] for found in _PLACEHOLDER.finditer(text)} - {f"@{each}@" for each in known})
    if unknown:
        raise ValueError(f"{template.name} has placeholders that nothing fills: {', '.join(unknown)}")
    return _PLACEHOLDER.sub(lambda found: known[found[0].strip("@")], text)
