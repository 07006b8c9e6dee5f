"""Finds the system libraries that a bundle for Linux needs, by its ELF files, and the packages with them.

Qt's plugins are among the files of the bundle, so libraries that only an open window loads are found too.
``python packaging/dependencies.py BUNDLE`` lists the libraries and the Debian packages.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

PRINTER_PLUGIN = "libcupsprintersupport.so"
"""Qt's plugin for printers, loaded when somebody prints: without its library QADesk prints into PDF files only."""

_NEEDED = re.compile(r"\(NEEDED\).*\[(.+)\]$", re.MULTILINE)
_MISSING = re.compile(r"cannot find library (\S+) needed by")
_CONTROL = "Source: any\n\nPackage: any\nArchitecture: any\n"


def elf_files(folder: Path) -> list[Path]:
    """The programs and libraries below ``folder``, sorted; links are left out."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return [path for path in files if is_elf(path)]


def libraries(folder: Path) -> dict[str, list[Path]]:
    """The libraries that files below ``folder`` load from outside it, each with the files that load it."""
    own = {path.name for path in folder.rglob("*")}
    needed: dict[str, list[Path]] = {}
    for path in elf_files(folder):
        output = subprocess.run(
            ["readelf", "--dynamic", "--wide", str(path)], capture_output=True, text=True, check=True
        )
        for name in set(_NEEDED.findall(output.stdout)) - own:
            needed.setdefault(name, []).append(path)
    return dict(sorted(needed.items()))


def debian_packages(folder: Path) -> list[str]:
    """The packages for ``Depends`` of the bundle in ``folder``, each with the lowest version that has all symbols.

    What only the ``PRINTER_PLUGIN`` needs is left out: the package recommends it. Raises
    ``SystemExit`` for a library of no installed package.
    """
    needed = {
        name: files for name, files in libraries(folder).items() if any(file.name != PRINTER_PLUGIN for file in files)
    }
    owners = _owners(needed)
    known = {name for names in owners.values() for name in names}
    packages = [package for package in _shlibdeps(folder) if package.split()[0] in known]
    names = {package.split()[0] for package in packages}
    for library, files in needed.items():
        if not owners[library] & names and not library.startswith("ld-linux"):
            raise SystemExit(f"No package is known for {library}, which {files[0].name} needs. Is it installed?")
    return packages


def is_elf(path: Path) -> bool:
    """Whether ``path`` is a program or a library."""
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _owners(names: Iterable[str]) -> dict[str, set[str]]:
    """The installed packages that have a file of each of ``names``."""
    owners: dict[str, set[str]] = {name: set() for name in names}
    command = ["dpkg-query", "--search", *(f"*/{name}" for name in owners)]
    output = subprocess.run(command, capture_output=True, text=True, check=False)  # exit code 1: one is unknown
    for line in output.stdout.splitlines():
        packages, _, path = line.partition(": ")
        owners.get(Path(path).name, set()).update(package.split(":")[0] for package in packages.split(", "))
    return owners


def _shlibdeps(folder: Path) -> list[str]:
    """The packages that ``dpkg-shlibdeps`` finds, also those of libraries that are in the bundle."""
    if not shutil.which("dpkg-shlibdeps"):
        raise SystemExit("dpkg-shlibdeps is missing: apt-get install dpkg-dev")
    files = [path.absolute() for path in elf_files(folder) if path.name != PRINTER_PLUGIN]
    folders = sorted({path.parent for path in files if ".so" in path.name})
    with tempfile.TemporaryDirectory() as name:
        control = Path(name) / "debian" / "control"
        control.parent.mkdir()
        control.write_text(_CONTROL, encoding="utf-8")
        command = ["dpkg-shlibdeps", "-O", "--warnings=0", "--ignore-missing-info"]
        command += [f"-l{path}" for path in folders] + [f"-e{path}" for path in files]
        output = subprocess.run(command, cwd=name, capture_output=True, text=True, check=False)
    if output.returncode:
        missing = ", ".join(sorted(set(_MISSING.findall(output.stderr))))
        raise SystemExit(
            f"Install these libraries, their packages are looked up: {missing}" if missing else output.stderr
        )
    return output.stdout.strip().partition("=")[2].split(", ")


if __name__ == "__main__":
    bundle = Path(sys.argv[1])
    for library, files in libraries(bundle).items():
        print(f"{library:28} {', '.join(path.name for path in files[:3])}{', ...' if len(files) > 3 else ''}")
    print(f"\nDepends: {', '.join(debian_packages(bundle))}")
