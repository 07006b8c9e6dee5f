"""Compares two builds of one commit, file by file: two bundles, two Debian packages or two archives.

    python packaging/compare.py FIRST SECOND

Ends with 0 if they are equal apart from ``MAY_DIFFER``, else with 1 after it has named each file that is not.
"""

from __future__ import annotations

import fnmatch
import os
import stat
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import facts

MAY_DIFFER: tuple[str, ...] = ()
"""Patterns of the files that two builds of one commit may differ in; each with its reason."""


def differences(first: Path, second: Path) -> list[str]:
    """A line for each file below two folders that is in one only, or not the same: content, kind, permissions."""
    left, right = _described(first), _described(second)
    found = []
    for name in sorted(left.keys() | right.keys()):
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in MAY_DIFFER):
            continue
        if name not in right:
            found.append(f"only in the first: {name}")
        elif name not in left:
            found.append(f"only in the second: {name}")
        elif left[name] != right[name]:
            found.append(f"differs: {name}")
    return found


def _described(folder: Path) -> dict[str, tuple[str, str]]:
    """Of each file, folder and link below ``folder``: its kind with permissions, and what it holds."""
    return {path.relative_to(folder).as_posix(): (_kind(path), _content(path)) for path in folder.rglob("*")}


def _kind(path: Path) -> str:
    return stat.filemode(path.lstat().st_mode)


def _content(path: Path) -> str:
    if path.is_symlink():
        return str(path.readlink())
    if path.is_dir():
        return ""
    return facts.checksum(path)


@contextmanager
def unpacked(made: Path) -> Iterator[Path]:
    """The folder ``made``, or a folder with what the package or archive ``made`` holds."""
    if made.is_dir():
        yield made
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if made.suffix == ".deb":
            subprocess.run(["dpkg-deb", "--raw-extract", str(made), name], check=True)
        else:
            with tarfile.open(made) as archive:
                if hasattr(tarfile, "tar_filter"):  # Debian 12's Python 3.11 has none yet; what we unpack we made
                    archive.extraction_filter = tarfile.tar_filter
                archive.extractall(folder)
        yield folder


def main(arguments: list[str]) -> int:
    """Compare the two that ``arguments`` name. Returns the exit code."""
    first, second = map(Path, arguments)
    with unpacked(first) as left, unpacked(second) as right:
        found = differences(left, right)
        count = sum(len(files) for _, _, files in os.walk(left))
    print("\n".join(found) or f"{count:,} files are equal.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
