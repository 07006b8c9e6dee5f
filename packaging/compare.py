"""Compares two builds of one commit, file by file: two bundles, two Debian packages or two archives.

    python packaging/compare.py FIRST SECOND

Exits with 0 if they are equal except for ``MAY_DIFFER``, else with 1 and a list of the files that differ.
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
"""Patterns of files that may differ between two builds of one commit, each with the reason."""


def differences(first: Path, second: Path) -> list[str]:
    """A line for each file that is below one of the folders only, or differs in content, kind or permissions."""
    left, right = _descriptions(first), _descriptions(second)
    lines = []
    for name in sorted(left.keys() | right.keys()):
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in MAY_DIFFER):
            continue
        if name not in right:
            lines.append(f"only in the first: {name}")
        elif name not in left:
            lines.append(f"only in the second: {name}")
        elif left[name] != right[name]:
            lines.append(f"differs: {name}")
    return lines


def _descriptions(folder: Path) -> dict[str, tuple[str, str]]:
    """For each file, folder and link below ``folder``: its kind with permissions, and its content."""
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
def unpacked(build: Path) -> Iterator[Path]:
    """The folder ``build``, or a temporary folder with the contents of the package or archive ``build``."""
    if build.is_dir():
        yield build
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if build.suffix == ".deb":
            subprocess.run(["dpkg-deb", "--raw-extract", str(build), name], check=True)
        else:
            with tarfile.open(build) as archive:
                if hasattr(tarfile, "tar_filter"):  # not in Debian 12's Python 3.11; the archive is trusted
                    archive.extraction_filter = tarfile.tar_filter
                archive.extractall(folder)
        yield folder


def main(arguments: list[str]) -> int:
    """Compare the two builds in ``arguments``. Returns the exit code."""
    first, second = map(Path, arguments)
    with unpacked(first) as left, unpacked(second) as right:
        lines = differences(left, right)
        count = sum(len(files) for _, _, files in os.walk(left))
    print("\n".join(lines) or f"{count:,} files are equal.")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
