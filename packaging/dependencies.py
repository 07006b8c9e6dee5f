"""Which libraries of a Linux system a bundle needs, read from its own ELF files, and which packages have them.

Qt's plugins lie in the bundle and are looked at like all other files, so what only an open window loads counts too.
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

_NEEDED = re.compile(r"\(NEEDED\).*\[(.+)\]$", re.MULTILINE)
_ABSENT = re.compile(r"cannot find library (\S+) needed by")
_CONTROL = "Source: any\n\nPackage: any\nArchitecture: any\n"


def elf_files(folder: Path) -> list[Path]:
    """The programs and libraries below ``folder``, sorted; links are left out."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return [path for path in files if is_elf(path)]


def libraries(folder: Path) -> dict[str, list[Path]]:
    """The libraries that the files below ``folder`` load and that are not there, each with who loads it."""
    here = {path.name for path in folder.rglob("*")}
    found: dict[str, list[Path]] = {}
    for path in elf_files(folder):
        shown = subprocess.run(
            ["readelf", "--dynamic", "--wide", str(path)], capture_output=True, text=True, check=True
        )
        for name in set(_NEEDED.findall(shown.stdout)) - here:
            found.setdefault(name, []).append(path)
    return dict(sorted(found.items()))


def debian_packages(folder: Path) -> list[str]:
    """What ``Depends`` must say for the bundle in ``folder``: packages, with the lowest version that has all symbols.

    Raises ``SystemExit`` with a sentence where a library belongs to no package that is installed here.
    """
    wanted = libraries(folder)
    owners = _owners(wanted)
    known = {name for names in owners.values() for name in names}
    found = [each for each in _shlibdeps(folder) if each.split()[0] in known]
    named = {each.split()[0] for each in found}
    for library, files in wanted.items():
        if not owners[library] & named and not library.startswith("ld-linux"):
            raise SystemExit(f"No package is known for {library}, which {files[0].name} needs. Is it installed?")
    return found


def is_elf(path: Path) -> bool:
    """Whether ``path`` is a program or a library."""
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _owners(names: Iterable[str]) -> dict[str, set[str]]:
    """The installed packages that have a file of each name."""
    owners: dict[str, set[str]] = {name: set() for name in names}
    command = ["dpkg-query", "--search", *(f"*/{name}" for name in owners)]
    shown = subprocess.run(command, capture_output=True, text=True, check=False)  # 1: one of them is unknown
    for line in shown.stdout.splitlines():
        packages, _, path = line.partition(": ")
        owners.get(Path(path).name, set()).update(each.split(":")[0] for each in packages.split(", "))
    return owners


def _shlibdeps(folder: Path) -> list[str]:
    """The packages that ``dpkg-shlibdeps`` finds, also for the libraries that the bundle has itself."""
    if not shutil.which("dpkg-shlibdeps"):
        raise SystemExit("dpkg-shlibdeps is missing: apt-get install dpkg-dev")
    files = [path.absolute() for path in elf_files(folder)]
    places = sorted({path.parent for path in files if ".so" in path.name})
    with tempfile.TemporaryDirectory() as name:
        control = Path(name) / "debian" / "control"
        control.parent.mkdir()
        control.write_text(_CONTROL, encoding="utf-8")
        command = ["dpkg-shlibdeps", "-O", "--warnings=0", "--ignore-missing-info"]
        command += [f"-l{place}" for place in places] + [f"-e{path}" for path in files]
        shown = subprocess.run(command, cwd=name, capture_output=True, text=True, check=False)
    if shown.returncode:
        absent = ", ".join(sorted(set(_ABSENT.findall(shown.stderr))))
        raise SystemExit(f"Install these libraries, their packages are looked up: {absent}" if absent else shown.stderr)
    return shown.stdout.strip().partition("=")[2].split(", ")


if __name__ == "__main__":
    place = Path(sys.argv[1])
    for library, files in libraries(place).items():
        print(f"{library:28} {', '.join(path.name for path in files[:3])}{', ...' if len(files) > 3 else ''}")
    print(f"\nDepends: {', '.join(debian_packages(place))}")
