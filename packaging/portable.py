"""Makes the portable archive for Linux, which runs from any folder without installation."""

from __future__ import annotations

import gzip
import re
import subprocess
import tarfile
import textwrap
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import dependencies
import facts

_OPTIONAL_PLUGINS = {"libqgtk3.so", dependencies.PRINTER_PLUGIN}  # of Qt: the look of GNOME, printers
_GLIBC = re.compile(r"\bGLIBC_(\d+)\.(\d+)")
_README = Path(__file__).with_name("linux") / "portable.txt"


def make_tar(bundle: Path, out: Path, *, fast: bool = False) -> Path:
    """Pack ``bundle`` into an archive in the folder ``out``, with a README on its requirements. Returns its path.

    ``fast`` compresses little. Two archives of equal bundles are equal: sorted, with one date and without an owner.
    """
    name = f"{facts.COMMAND}-{facts.version()}"
    target = out / f"{name}-linux-x86_64.tar.gz"
    part = target.with_suffix(".part")
    date = facts.source_date_epoch()
    with (
        part.open("wb") as file,
        gzip.GzipFile("", "wb", 1 if fast else 9, file, date) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        readme = read_me(bundle).encode()
        about = tarfile.TarInfo(f"{name}/README.txt")
        about.size, about.mode = len(readme), 0o644
        archive.addfile(_anonymous(about), BytesIO(readme))
        for path in sorted(bundle.rglob("*")):
            archive.add(path, f"{name}/{path.relative_to(bundle)}", recursive=False, filter=_anonymous)
    part.replace(target)
    return target


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    entry.mtime = facts.source_date_epoch()
    entry.mode = 0o755 if entry.isdir() or entry.mode & 0o111 else 0o644
    return entry


def read_me(bundle: Path) -> str:
    """The README of the archive, with the libraries that it needs."""
    needed = dependencies.libraries(bundle)
    optional = {name for name, files in needed.items() if all(file.name in _OPTIONAL_PLUGINS for file in files)}
    return facts.render(
        _README,
        GLIBC=newest_glibc(bundle),
        LIBRARIES=_list(name for name in needed.keys() - optional if not name.startswith("ld-linux")),
        OPTIONAL=_list(optional),
    )


def _list(names: Iterable[str]) -> str:
    return textwrap.fill(
        ", ".join(sorted(names)), 100, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False
    )


def newest_glibc(bundle: Path) -> str:
    """The lowest version of the C library that has all symbols which ``bundle`` uses, as '2.35'."""
    files = map(str, dependencies.elf_files(bundle))
    output = subprocess.run(["readelf", "--version-info", *files], capture_output=True, text=True, check=True)
    major, minor = max((int(major), int(minor)) for major, minor in _GLIBC.findall(output.stdout))
    return f"{major}.{minor}"
