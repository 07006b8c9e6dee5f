"""Makes the Debian package: the bundle in /usr/lib/qadesk, with desktop entry, icons and manual pages.

Usage: python packaging/debian.py BUNDLE OUT

There are no maintainer scripts: Debian's own triggers handle the entry, the icons and the manual pages, and the user's
folders are never touched.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import shutil
import subprocess
import tempfile
import textwrap
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import dependencies
import desktop
import facts

TEMPLATES = Path(__file__).with_name("linux")
PROGRAMS = (facts.COMMAND, f"{facts.COMMAND}-window")
_RELEASE = re.compile(r"^## (\S+) \(([^)\n]+)\)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BULLET = re.compile(r"^- (.+(?:\n  .+)*)", re.MULTILINE)


def make_deb(bundle: Path, out: Path, *, fast: bool = False) -> Path:
    """Make the package of ``bundle`` in the folder ``out``. Returns its path.

    ``fast`` packs the same contents without compression. Two packages of equal bundles are equal. Raises ``SystemExit``
    if a tool is missing.
    """
    out.mkdir(parents=True, exist_ok=True)
    package = out / f"{facts.COMMAND}_{facts.version()}_amd64.deb"
    with tempfile.TemporaryDirectory(dir=out, prefix=".deb-") as name:
        tree = Path(name) / "tree"
        _install(bundle, tree / "usr")
        _write_control(tree)
        _normalise(tree)
        part = Path(name) / package.name
        _pack(tree, part, fast=fast)
        part.replace(package)
    return package


def _install(bundle: Path, usr: Path) -> None:
    """Put the files of the package below ``usr``; files of the bundle that need no change as hard links."""
    shutil.copytree(bundle, usr / "lib" / facts.COMMAND, symlinks=True, copy_function=_link_or_copy)
    (usr / "bin").mkdir()
    for program in PROGRAMS:
        (usr / "bin" / program).symlink_to(f"../lib/{facts.COMMAND}/{program}")
    desktop.write(usr / "share")
    doc = usr / "share" / "doc" / facts.COMMAND
    doc.mkdir(parents=True)
    (doc / "copyright").write_text(facts.render(TEMPLATES / "copyright"), encoding="utf-8")
    shutil.copyfile(facts.ROOT / "docs" / "command-line.md", doc / "command-line.md")
    changes = changelog((facts.ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    (doc / "changelog.gz").write_bytes(gzip.compress(changes.encode(), 9, mtime=0))
    overrides = usr / "share" / "lintian" / "overrides" / facts.COMMAND
    overrides.parent.mkdir(parents=True)
    overrides.write_text(facts.render(TEMPLATES / "lintian-overrides"), encoding="utf-8")


def _link_or_copy(source: str, target: str) -> None:
    """Link a file that already has the mode and time for the package; copy any other."""
    stat = Path(source).stat()
    is_normal = stat.st_mode & 0o777 == _mode(Path(source)) and stat.st_mtime == facts.source_date_epoch()
    if is_normal and stat.st_dev == Path(target).parent.stat().st_dev:
        os.link(source, target)
    else:
        shutil.copyfile(source, target)
        shutil.copymode(source, target)


def _write_control(tree: Path) -> None:
    """Write DEBIAN/control and DEBIAN/md5sums."""
    folder = tree / "DEBIAN"
    folder.mkdir()
    files = [path for path in sorted(tree.rglob("*")) if path.is_file() and not path.is_symlink()]
    sums = [f"{facts.checksum(path, 'md5')}  {path.relative_to(tree)}\n" for path in files]
    (folder / "md5sums").write_text("".join(sums), encoding="utf-8")
    control = facts.render(
        TEMPLATES / "control",
        SIZE=str(sum(-(-path.stat().st_size // 1024) for path in files)),
        DEPENDS=", ".join(dependencies.debian_packages(tree / "usr" / "lib" / facts.COMMAND)),
    )
    (folder / "control").write_text(control, encoding="utf-8")


def _normalise(tree: Path) -> None:
    """Set the mode and the time of every file, so that all builds are equal."""
    date = facts.source_date_epoch()
    for path in [*sorted(tree.rglob("*"), reverse=True), tree]:
        if path.is_symlink():
            os.utime(path, (date, date), follow_symlinks=False)
        elif path.is_dir() or path.stat().st_nlink == 1:  # a second link is a file of the bundle, which needs no change
            path.chmod(0o755 if path.is_dir() else _mode(path))
            os.utime(path, (date, date))


def _mode(path: Path) -> int:
    """The mode of a file: executable for programs, not for libraries and for texts that a wheel marks as executable."""
    is_program = path.stat().st_mode & 0o100 and ".so" not in path.name and dependencies.is_elf(path)
    return 0o755 if is_program else 0o644


def _pack(tree: Path, package: Path, *, fast: bool) -> None:
    # At least two threads: with one the result differs.
    compression = ["-Znone"] if fast else ["-Zxz", f"--threads-max={max(2, os.cpu_count() or 2)}"]
    command = ["dpkg-deb", "--root-owner-group", *compression, "--build", str(tree), str(package)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(facts.source_date_epoch())}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def changelog(text: str) -> str:
    """The text of CHANGELOG.md in Debian's format. An unreleased version gets the date of the sources."""
    entries = []
    for version, date, body in _RELEASE.findall(text):
        is_dated = re.fullmatch(r"\d{4}-\d\d-\d\d", date)
        time = datetime.fromisoformat(date) if is_dated else datetime.fromtimestamp(facts.source_date_epoch(), UTC)
        bullets = [" ".join(bullet.split()) for bullet in _BULLET.findall(body)]
        lines = [textwrap.fill(bullet, 78, initial_indent="  * ", subsequent_indent="    ") for bullet in bullets]
        signature = f" -- {maintainer()}  {format_datetime(time.replace(tzinfo=UTC))}"
        entries.append(
            "\n".join([f"{facts.COMMAND} ({version}) stable; urgency=medium", "", *lines, "", signature, ""])
        )
    return "\n".join(entries)


def maintainer() -> str:
    """The name and the address of the maintainer."""
    match = re.search(r"^Maintainer: (.+)$", (TEMPLATES / "control").read_text(encoding="utf-8"), re.MULTILINE)
    assert match
    return match[1]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the Debian package of a bundle.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--fast", action="store_true", help="do not compress")
    parsed = parser.parse_args()
    print(make_deb(parsed.bundle, parsed.out, fast=parsed.fast))
