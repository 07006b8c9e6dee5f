"""Who made what is in the bundle, and under which licence: ``licences.json`` for the About window, and a text for all.

Every file that went into the bundle must belong to something known: a distribution of Python's, Python itself, QADesk,
or a row of ``licences/components.toml``. Each of them must bring the text of its licence.
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

from qadesk.app.licences import LIST, Package, as_json, by_name, from_json, of_distribution

TEXTS = Path(__file__).parent / "licences"
THIRD_PARTY = "THIRD-PARTY.txt"
VERSIONS = {
    "openssl": ssl.OPENSSL_VERSION.split()[1],
    "python": platform.python_version(),
    "qadesk": facts.version(),
    "sqlite": sqlite3.sqlite_version,
    "zlib": zlib.ZLIB_RUNTIME_VERSION,
}
_OURS = ("qadesk", "resources", "packaging")
_INSTALLED = {"site-packages", "dist-packages"}  # folders inside Python's that are not Python's
_LISTS = ("qt.json", "rust.json")
_PYTHON, _QADESK = "Python", facts.NAME
_LEAD = """\
{name} {version} is made of the software listed here. First the list, then the text of each licence with the names of
those that it belongs to. The same can be read in the program: Help, About {name}.
"""


def write(sources: Iterable[Path], folder: Path) -> list[Package]:
    """Write the licences of everything in ``sources``, the files that went into the bundle, to ``folder``.

    Returns what was found. Raises ``SystemExit`` where a file belongs to nothing known or may not be there, and for a
    package without a text.
    """
    files = sorted({str(source) for source in sources})
    rows = tomllib.loads((TEXTS / "components.toml").read_text(encoding="utf-8"))
    _refuse(files, rows["refused"])
    _check_versions(rows["listed_for"])
    components = [_Component.of(row) for row in rows["component"] if "name" in row]
    owners = _owners(files, components)
    found = by_name([*_distributions(owners, rows["component"]), *_components(files, components, owners), _ours()])
    _check_texts(found)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LIST).write_text(as_json(found), encoding="utf-8")
    (folder / THIRD_PARTY).write_text(third_party(found), encoding="utf-8")
    return found


def third_party(found: Sequence[Package]) -> str:
    """One text with everything: the list, then each licence once."""
    lines = [_LEAD.format(name=facts.NAME, version=facts.version())]
    lines += [f"{each.title}{_place(each)}\n    {each.licence}\n    {each.page}".rstrip() for each in found]
    names: dict[str, list[str]] = {}
    for each in found:
        for text in each.texts:
            names.setdefault(text, []).append(each.title)
    line = "=" * 100
    for text, whose in names.items():
        lines += ["", line, ", ".join(dict.fromkeys(whose)), line, "", text]
    return "\n".join(lines) + "\n"


def _place(package: Package) -> str:
    return f" (part of {package.part_of})" if package.part_of else ""


@dataclass(frozen=True, slots=True)
class _Component:
    """A row of the table: a ``package``, and which files it is (``files``) or is inside of (``inside``)."""

    package: Package
    files: re.Pattern[str]
    inside: re.Pattern[str]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> _Component:
        """The component that ``row`` describes."""
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
        """Others' software in a library, which ``part_of`` names: 'QtCore', or a distribution that is one library."""
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
    """Matches the whole path of a file if one of ``globs`` matches its name (or, with a /, the end of its path)."""
    return re.compile("|".join(fnmatch.translate(f"*/{glob}") for glob in globs) or r"(?!)", re.IGNORECASE)


def _texts(names: Iterable[str]) -> tuple[str, ...]:
    qt = metadata.version("pyside6")
    texts = ((TEXTS / name).read_text(encoding="utf-8").strip() for name in names)
    return tuple(text.replace("@QT@", qt).replace("@QT_MINOR@", qt.rpartition(".")[0]) for text in texts)


def _refuse(files: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
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
    """What each of ``files`` belongs to: the name of a distribution (lower case), of a component, Python or QADesk."""
    listed = _listed(tuple(sys.path))
    homes = [Path(os.path.realpath(each)) for each in (sysconfig.get_path("stdlib"), f"{sys.base_prefix}/DLLs")]
    found, unknown = {}, []
    for file in files:
        real = Path(os.path.realpath(file))
        owner = listed.get(os.path.normcase(real)) or next(
            (each.package.name for each in components if each.files.match(_slashes(file))), ""
        )
        if not owner and real.is_relative_to(facts.ROOT) and real.relative_to(facts.ROOT).parts[0] in _OURS:
            owner = _QADESK
        if not owner and any(map(real.is_relative_to, homes)) and not _INSTALLED & set(real.parts):
            owner = _PYTHON
        if owner:
            found[file] = owner
        else:
            unknown.append(file)
    if unknown:
        raise SystemExit(
            "These files belong to no package that is known, so nobody can say under which licence they are:\n  "
            + "\n  ".join(unknown)
            + f"\nLeave them out of the bundle, or name them in {TEXTS.name}/components.toml."
        )
    return found


@functools.cache
def _listed(places: tuple[str, ...]) -> dict[str, str]:
    """Every file that a distribution installed in ``places`` lists, and whose it is."""
    found = {}
    for distribution in metadata.distributions(path=list(places)):
        folder = Path(os.path.realpath(str(distribution.locate_file(""))))
        name = distribution.metadata["Name"].lower()
        for file in distribution.files or ():
            found[os.path.normcase(os.path.normpath(folder / file))] = name
    return found


def _distributions(owners: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> list[Package]:
    more = {name: _texts(row["texts"]) for row in rows for name in row.get("distributions", ())}
    installed = {each.metadata["Name"].lower(): each for each in metadata.distributions()}
    found = []
    for name in sorted((set(owners.values()) & set(installed)) - {facts.COMMAND}):
        package = of_distribution(installed[name])
        added = more.get(re.sub(r"[-_.]+", "-", name), ())
        found.append(replace(package, texts=(*package.texts, *added)))
    return found


def _components(files: Sequence[str], components: Sequence[_Component], owners: Mapping[str, str]) -> list[Package]:
    lists = [from_json((TEXTS / name).read_text(encoding="utf-8")) for name in _LISTS]
    found = []
    for each in (*components, *(_Component.inside_of(package) for listed in lists for package in listed)):
        own = [file for file in files if each.files.match(_slashes(file))]
        around = [file for file in files if each.inside.match(_slashes(file))]
        if own or around or each.package.name in owners.values():
            version = each.package.version or (_own_version(own[0]) if own else _version_around(owners[around[0]]))
            found.append(replace(each.package, version=version))
    return found


def _own_version(library: str) -> str:
    """The version of a library: of the system's package that it comes from, else what its name ends with."""
    if shutil.which("dpkg-query") and not Path(library).is_relative_to(sys.prefix):  # else out of a wheel
        # by the end of its path: packages still list /lib where it is a link to /usr/lib
        asked = _output("dpkg-query", "-S", f"*/{Path(os.path.realpath(library)).name}")
        owners = [line.partition(": ")[0] for line in asked.splitlines()]
        if package := next((each for each in owners if each != facts.COMMAND), ""):  # QADesk may be installed here
            return _output("dpkg-query", "-W", "-f=${Version}", package)
    return library.rpartition(".so.")[2] if ".so." in library else _version_around(_PYTHON)


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _version_around(owner: str) -> str:
    """What is known of the version of something that was compiled into ``owner``: where it is."""
    if owner == _PYTHON:
        return f"(in Python {platform.python_version()})"
    around = metadata.distribution(owner)
    return f"(in {around.metadata['Name']} {around.version})"


def _ours() -> Package:
    licence = (facts.ROOT / "LICENSE").read_text(encoding="utf-8").strip()
    return Package(_QADESK, facts.version(), "Apache-2.0", texts=(licence,))


def _check_texts(found: Iterable[Package]) -> None:
    without = [each.title for each in found if not any(each.texts)]
    if without:
        raise SystemExit(
            f"No text of the licence of {', '.join(without)}: put it into {TEXTS.name}/ and name it in components.toml."
        )


def _slashes(file: str) -> str:
    return file.replace("\\", "/")
