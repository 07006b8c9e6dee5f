"""Checks the tag of a release, and makes its notes from the changelog and its checksums.

Usage: python packaging/release.py check TAG | notes | sums FOLDER
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import facts

SUMS = "SHA256SUMS"


def check(tag: str) -> None:
    """Exit with an error unless ``tag`` is that of this version and the changelog has the date of its release."""
    version = facts.version()
    if tag != f"v{version}":
        raise SystemExit(f"The tag is {tag}, but qadesk/version.py says {version}: the tag must be v{version}.")
    if not re.search(rf"^## {re.escape(version)} \(\d{{4}}-\d\d-\d\d\)$", _changelog(), re.MULTILINE):
        raise SystemExit(f"CHANGELOG.md has no heading '## {version} (YYYY-MM-DD)'.")


def notes(version: str, changelog: str) -> str:
    """The section of ``changelog`` about ``version``. Raises ``ValueError`` if there is none."""
    parts = re.split(r"^## (\S+).*$", changelog, flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    text = sections.get(version, "").strip()
    if not text:
        raise ValueError(f"CHANGELOG.md says nothing about {version}")
    return text + "\n"


def write_sums(folder: Path) -> Path:
    """Write the SHA-256 sums of the files in ``folder``, for ``sha256sum --check``. Returns the path."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != SUMS)
    target = folder / SUMS
    target.write_text(
        "".join(f"{facts.checksum(path)}  {path.name}\n" for path in files), encoding="utf-8", newline="\n"
    )
    return target


def _changelog() -> str:
    return (facts.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Run the command in ``arguments``. Returns the exit code."""
    match arguments:
        case ["check", tag]:
            check(tag)
        case ["notes"]:
            print(notes(facts.version(), _changelog()), end="")
        case ["sums", folder]:
            print(write_sums(Path(folder)))
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
