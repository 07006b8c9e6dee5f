"""Refuses files that are too large for git: what is committed once stays in every clone for ever.

``make check`` runs it on all tracked files, the pre-commit hook on those of the commit, which it names as arguments.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MAX_BYTES = 500_000
EXEMPT = ("resources/models/", "resources/tessdata/")
"""The bundled reader, of which a new one comes at most once a release (CONTRIBUTING.md), and Tesseract's English."""


def tracked_files(root: Path) -> list[str]:
    """The paths in git's index, relative to ``root``; none where ``root`` is not a clone."""
    if not (root / ".git").exists():
        return []
    listing = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, check=True).stdout
    return [name for name in listing.decode("utf-8").split("\0") if name]


def too_large(root: Path, names: Iterable[str]) -> list[str]:
    """One line for each of the files ``names`` below ``root`` that is larger than ``MAX_BYTES`` and not exempt."""
    sizes = {name: (root / name).stat().st_size for name in names if (root / name).is_file()}
    return [
        f"{name}: {size:,} bytes, more than {MAX_BYTES:,}"
        for name, size in sorted(sizes.items())
        if size > MAX_BYTES and not name.startswith(EXEMPT)
    ]


def main(names: list[str]) -> int:
    """Print the files that are too large. Returns 1 if there is one."""
    lines = too_large(ROOT, names or tracked_files(ROOT))
    print("\n".join(lines), end="\n" if lines else "")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
