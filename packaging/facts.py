"""The names, the version and the date of the program, for all scripts and templates of this folder."""

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
    """The version of the program, from ``qadesk/version.py``. Raises ``ValueError`` if there is none."""
    match = re.search(r'^__version__ = "([^"]+)"$', (ROOT / "qadesk" / "version.py").read_text(encoding="utf-8"), re.M)
    if not match:
        raise ValueError("qadesk/version.py has no __version__")
    return match[1]


def source_date_epoch() -> int:
    """The date of the sources in seconds since 1970, which all files of a build get.

    It is ``SOURCE_DATE_EPOCH`` of the environment, else the date of the last commit, else, in an unpacked archive, that
    of ``pyproject.toml``.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return int(epoch) if epoch else _date_of(ROOT)


@functools.cache  # it is needed for every file that is packed
def _date_of(root: Path) -> int:
    if shutil.which("git"):
        command = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
        log = subprocess.run(command, capture_output=True, text=True, check=False)
        if log.returncode == 0:
            return int(log.stdout)
    return int((root / "pyproject.toml").stat().st_mtime)


def checksum(path: Path, kind: str = "sha256") -> str:
    """The checksum of the file ``path`` by the algorithm ``kind``, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, kind).hexdigest()


def render(template: Path, **more: str) -> str:
    """The text of ``template`` with its placeholders filled: ``@VERSION@``, ``@DATE@`` (of the sources, UTC) and so on.

    ``more`` are values for others: ``SIZE="12"`` fills ``@SIZE@``. Raises ``ValueError`` for an unknown placeholder.
    """
    values = {
        "NAME": NAME,
        "COMMAND": COMMAND,
        "APP_ID": APP_ID,
        "SUMMARY": SUMMARY,
        "VERSION": version(),
        "DATE": datetime.fromtimestamp(source_date_epoch(), UTC).date().isoformat(),
        **more,
    }
    text = template.read_text(encoding="utf-8")
    unknown = sorted(set(_PLACEHOLDER.findall(text)) - {f"@{name}@" for name in values})
    if unknown:
        raise ValueError(f"{template.name} has placeholders that nothing fills: {', '.join(unknown)}")
    return _PLACEHOLDER.sub(lambda match: values[match[0].strip("@")], text)
