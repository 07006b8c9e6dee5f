"""Makes the Debian package: the bundle in /usr/lib/qadesk, and around it what a desktop wants to know of a program.

``python packaging/debian.py BUNDLE OUT`` does it. There are no maintainer scripts: Debian's own triggers take notice of
the entry, the icons and the manual pages, and the user's folders are never touched.
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

    ``fast`` packs without compressing, with the same content. Two packages of equal bundles are equal. Raises
    ``SystemExit`` where a tool is missing.
    """
    out.mkdir(parents=True, exist_ok=True)
    package = out / f"{facts.COMMAND}_{facts.version()}_amd64.deb"
    with tempfile.TemporaryDirectory(dir=out, prefix=".deb-") as name:
        tree = Path(name) / "tree"
        _install(bundle, tree / "usr")
        _describe(tree)
        _settle(tree)
        made = Path(name) / package.name
        _pack(tree, made, fast=fast)
        made.replace(package)
    return package


def _install(bundle: Path, usr: Path) -> None:
    """Lay out what the package installs, with links to the bundle's files where they need no change."""
    shutil.copytree(bundle, usr / "lib" / facts.COMMAND, symlinks=True, copy_function=_place)
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


def _place(source: str, target: str) -> None:
    """A link to a file that already has the mode and time of a package's, else a copy that gets them."""
    stat = Path(source).stat()
    is_settled = stat.st_mode & 0o777 == _mode(Path(source)) and stat.st_mtime == facts.source_date_epoch()
    if is_settled and stat.st_dev == Path(target).parent.stat().st_dev:
        os.link(source, target)
    else:
        shutil.copyfile(source, target)
        shutil.copymode(source, target)


def _describe(tree: Path) -> None:
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


def _settle(tree: Path) -> None:
    """Give every file the mode and the time that it has on every machine that builds it."""
    when = facts.source_date_epoch()
    for path in [*sorted(tree.rglob("*"), reverse=True), tree]:
        if path.is_symlink():
            os.utime(path, (when, when), follow_symlinks=False)
        elif path.is_dir() or path.stat().st_nlink == 1:  # a second link is the bundle's own file, settled already
            path.chmod(0o755 if path.is_dir() else _mode(path))
            os.utime(path, (when, when))


def _mode(path: Path) -> int:
    """Programs are run; libraries, and texts that a wheel marked as programs, are not."""
    is_program = path.stat().st_mode & 0o100 and ".so" not in path.name and dependencies.is_elf(path)
    return 0o755 if is_program else 0o644


def _pack(tree: Path, package: Path, *, fast: bool) -> None:
    how = ["-Znone"] if fast else ["-Zxz", f"--threads-max={max(2, os.cpu_count() or 2)}"]  # 1 would pack otherwise
    command = ["dpkg-deb", "--root-owner-group", *how, "--build", str(tree), str(package)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(facts.source_date_epoch())}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def changelog(text: str) -> str:
    """CHANGELOG.md in Debian's form. A version that is not released yet has the date of the sources."""
    entries = []
    for version, date, body in _RELEASE.findall(text):
        is_dated = re.fullmatch(r"\d{4}-\d\d-\d\d", date)
        when = datetime.fromisoformat(date) if is_dated else datetime.fromtimestamp(facts.source_date_epoch(), UTC)
        bullets = [" ".join(bullet.split()) for bullet in _BULLET.findall(body)]
        lines = [textwrap.fill(each, 78, initial_indent="  * ", subsequent_indent="    ") for each in bullets]
        signed = f" -- {maintainer()}  {format_datetime(when.replace(tzinfo=UTC))}"
        entries.append("\n".join([f"{facts.COMMAND} ({version}) stable; urgency=medium", "", *lines, "", signed, ""]))
    return "\n".join(entries)


def maintainer() -> str:
    """Who answers for the package: name and address."""
    found = re.search(r"^Maintainer: (.+)$", (TEMPLATES / "control").read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    return found[1]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the Debian package of a bundle.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--fast", action="store_true", help="do not compress")
    parsed = parser.parse_args()
    print(make_deb(parsed.bundle, parsed.out, fast=parsed.fast))
