"""Writes the licences of all that is in the bundle: ``licences.json`` for the About window, and a text file.

Every file of the bundle must belong to a known package: a Python distribution, Python itself, QADesk, or a row of
``licences/components.toml``. Each of them must have the text of its licence.
"""

from __future__ import annotations

import fnmatch
import functools
import os
import platform
import re
import shutil
import sqlite3
import ssl
import subprocess
import sys
import sysconfig
import tomllib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

import facts

from qadesk.app.licences import LIST, Package, by_name, of_distribution, packages_as_json, packages_from_json

TEXTS = Path(__file__).parent / "licences"
THIRD_PARTY = "THIRD-PARTY.txt"
VERSIONS = {
    "openssl": ssl.OPENSSL_VERSION.split()[1],
    "python": platform.python_version(),
    "qadesk": facts.version(),
    "sqlite": sqlite3.sqlite_version,
    "tessdata": "4.1.0",
    "zlib": zlib.ZLIB_RUNTIME_VERSION,
}
_OWN_FOLDERS = ("qadesk", "resources", "packaging")
_INSTALLED = {"site-packages", "dist-packages"}  # folders in Python's folder with other packages
_LISTS = ("qt.json", "rust.json")
_PYTHON, _QADESK = "Python", facts.NAME
_INTRODUCTION = """\
{name} {version} is made of the software listed here. First the list, then the text of each licence with the names of
those that it belongs to. The same can be read in the program: Help, About {name}.
"""


def write(sources: Iterable[Path], folder: Path) -> list[Package]:
    """Write the licences of ``sources``, the files of the bundle, to ``folder``. Returns the packages.

    Raises ``SystemExit`` for a file of no known package, for one that must not be in the bundle, and for a package
    without a text.
    """
    files = sorted({str(source) for source in sources})
    rows = tomllib.loads((TEXTS / "components.toml").read_text(encoding="utf-8"))
    _check_refused(files, rows["refused"])
    _check_versions(rows["listed_for"])
    components = [_Component.of(row) for row in rows["component"] if "name" in row]
    owners = _owners(files, components)
    distributions = _distributions(owners, rows["component"])
    packages = by_name([*distributions, *_components(files, components, owners), _qadesk()])
    _check_texts(packages)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LIST).write_text(packages_as_json(packages), encoding="utf-8")
    (folder / THIRD_PARTY).write_text(third_party(packages), encoding="utf-8")
    return packages


def third_party(packages: Sequence[Package]) -> str:
    """The text file: a list of ``packages``, then each licence text once."""
    lines = [_INTRODUCTION.format(name=facts.NAME, version=facts.version())]
    lines += [f"{row.title}{_part_of(row)}\n    {row.licence}\n    {row.page}".rstrip() for row in packages]
    titles: dict[str, list[str]] = {}
    for package in packages:
        for text in package.texts:
            titles.setdefault(text, []).append(package.title)
    line = "=" * 100
    for text, owners in titles.items():
        lines += ["", line, ", ".join(dict.fromkeys(owners)), line, "", text]
    return "\n".join(lines) + "\n"


def _part_of(package: Package) -> str:
    return f" (part of {package.part_of})" if package.part_of else ""


@dataclass(frozen=True, slots=True)
class _Component:
    """A row of components.toml: a package, patterns of its files, and of files that it is compiled into."""

    package: Package
    files: re.Pattern[str]
    inside: re.Pattern[str]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> _Component:
        """The component of ``row``."""
        package = Package(
            row["name"],
            VERSIONS[row["version"]] if "version" in row else "",
            row["licence"],
            row["page"],
            row.get("part_of", ""),
            _texts(row["texts"]),
        )
        return cls(package, _pattern(row.get("files", ())), _pattern(row.get("inside", ())))

    @classmethod
    def inside_of(cls, package: Package) -> _Component:
        """The component of a package inside the library ``part_of``: 'QtCore', or a distribution with one library."""
        name = package.part_of
        module = name.removeprefix("Qt")
        libraries = (
            f"libQt6{module}.so*",
            f"Qt6{module}.dll",
            name,
            f"{name}.abi3.so",
            f"{name}*.pyd",
            f"_{name}_rust.*",
        )
        return cls(package, _pattern(()), _pattern(libraries))


def _pattern(globs: Iterable[str]) -> re.Pattern[str]:
    """A pattern for paths whose name (for a glob with a /: whose end) matches one of ``globs``."""
    return re.compile("|".join(fnmatch.translate(f"*/{glob}") for glob in globs) or r"(?!)", re.IGNORECASE)


def _texts(names: Iterable[str]) -> tuple[str, ...]:
    qt = metadata.version("pyside6")
    texts = ((TEXTS / name).read_text(encoding="utf-8").strip() for name in names)
    return tuple(text.replace("@QT@", qt).replace("@QT_MINOR@", qt.rpartition(".")[0]) for text in texts)


def _check_refused(files: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    for row in rows:
        refused, unless = _pattern(row["files"]), _pattern(row.get("unless", ()))
        names = [file for file in files if refused.match(_slashes(file)) and not unless.match(_slashes(file))]
        if names:
            raise SystemExit(f"{names[0]} may not be in the bundle: {row['why']}.")


def _check_versions(listed: Mapping[str, str]) -> None:
    for name, version in listed.items():
        installed = metadata.version(name)
        if not f"{installed}.".startswith(f"{version}."):
            raise SystemExit(
                f"{name} is {installed}, but what others wrote in it is listed for {version}: see components.toml."
            )


def _owners(files: Sequence[str], components: Sequence[_Component]) -> dict[str, str]:
    """The owner of each of ``files``: the name of a distribution (in lower case) or a component, Python or QADesk."""
    listed = _files_of_distributions(tuple(sys.path))
    python = [Path(os.path.realpath(path)) for path in (sysconfig.get_path("stdlib"), f"{sys.base_prefix}/DLLs")]
    owners, unknown = {}, []
    for file in files:
        real = Path(os.path.realpath(file))
        owner = listed.get(os.path.normcase(real)) or next(
            (row.package.name for row in components if row.files.match(_slashes(file))), ""
        )
        if not owner and real.is_relative_to(facts.ROOT) and real.relative_to(facts.ROOT).parts[0] in _OWN_FOLDERS:
            owner = _QADESK
        if not owner and any(map(real.is_relative_to, python)) and not _INSTALLED & set(real.parts):
            owner = _PYTHON
        if owner:
            owners[file] = owner
        else:
            unknown.append(file)
    if unknown:
        raise SystemExit(
            "These files belong to no package that is known, so nobody can say under which licence they are:\n  "
            + "\n  ".join(unknown)
            + f"\nLeave them out of the bundle, or name them in {TEXTS.name}/components.toml."
        )
    return owners


@functools.cache
def _files_of_distributions(folders: tuple[str, ...]) -> dict[str, str]:
    """Every file that a distribution in ``folders`` lists, with the name of the distribution."""
    owners = {}
    for distribution in metadata.distributions(path=list(folders)):
        folder = Path(os.path.realpath(str(distribution.locate_file(""))))
        name = distribution.metadata["Name"].lower()
        for file in distribution.files or ():
            owners[os.path.normcase(os.path.normpath(folder / file))] = name
    return owners


def _distributions(owners: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> list[Package]:
    extra_texts = {name: _texts(row["texts"]) for row in rows for name in row.get("distributions", ())}
    installed = {row.metadata["Name"].lower(): row for row in metadata.distributions()}
    packages = []
    for name in sorted((set(owners.values()) & set(installed)) - {facts.COMMAND}):
        package = of_distribution(installed[name])
        texts = extra_texts.get(re.sub(r"[-_.]+", "-", name), ())
        packages.append(replace(package, texts=(*package.texts, *texts)))
    return packages


def _components(files: Sequence[str], components: Sequence[_Component], owners: Mapping[str, str]) -> list[Package]:
    lists = [packages_from_json((TEXTS / name).read_text(encoding="utf-8")) for name in _LISTS]
    packages = []
    for component in (*components, *(_Component.inside_of(package) for listed in lists for package in listed)):
        package = component.package
        own = [file for file in files if component.files.match(_slashes(file))]
        around = [file for file in files if component.inside.match(_slashes(file))]
        if own or around or (package.name == _PYTHON and _PYTHON in owners.values()):
            version = package.version or (_own_version(own[0]) if own else _version_around(owners[around[0]]))
            packages.append(replace(package, version=version))
    return packages


def _own_version(library: str) -> str:
    """The version of a library: that of its Debian package, else the end of its file name."""
    if shutil.which("dpkg-query") and not Path(library).is_relative_to(sys.prefix):  # not from a wheel
        # By name: packages list /lib, even if that is a link to /usr/lib.
        output = _output("dpkg-query", "-S", f"*/{Path(os.path.realpath(library)).name}")
        owners = [line.partition(": ")[0] for line in output.splitlines()]
        if package := next((name for name in owners if name != facts.COMMAND), ""):  # QADesk may be installed
            return _output("dpkg-query", "-W", "-f=${Version}", package)
    return library.rpartition(".so.")[2] if ".so." in library else _version_around(_PYTHON)


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _version_around(owner: str) -> str:
    """A text in place of the version of a component that is compiled into ``owner``."""
    if owner == _PYTHON:
        return f"(in Python {platform.python_version()})"
    distribution = metadata.distribution(owner)
    return f"(in {distribution.metadata['Name']} {distribution.version})"


def _qadesk() -> Package:
    licence = (facts.ROOT / "LICENSE").read_text(encoding="utf-8").strip()
    return Package(_QADESK, facts.version(), "Apache-2.0", texts=(licence,))


def _check_texts(packages: Iterable[Package]) -> None:
    without = [package.title for package in packages if not any(package.texts)]
    if without:
        raise SystemExit(
            f"No text of the licence of {', '.join(without)}: put it into {TEXTS.name}/ and name it in components.toml."
        )


def _slashes(file: str) -> str:
    return file.replace("\\", "/")
