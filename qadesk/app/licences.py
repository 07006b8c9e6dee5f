"""The programs and libraries that QADesk is made of, with their licences and the licence texts.

A frozen program has the list in its resources (made by ``packaging/licences.py``); where QADesk was installed with pip,
the list is made from the metadata of the installed distributions.
"""

from __future__ import annotations

import json
import platform
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from qadesk import paths

LIST = "licences.json"
NO_TEXT = "It brings no text of its licence with it; its page says more."
_NAMES = re.compile(
    r"(LICEN[CS]ES?|COPYING|COPYRIGHT|NOTICE|ThirdPartyNotices)\b(?!.*\.(py|pyc|h|hpp|cmake)$)", re.IGNORECASE
)
_FOLDER = re.compile(r"^[^/]+\.dist-info/(licenses/)?")
_FOLDERS = ("licenses", "LICENSES", "BUILD_LICENSES")  # every file in them is a licence
_NO_TEXTS = (".docx", ".rtf")
_LONGEST_NAME = 200  # characters: some distributions have the whole text in the field for the name
_SPDX_NAMES = {  # the names of licences that distributions use, and their SPDX identifiers
    **dict.fromkeys(("Apache", "Apache 2.0", "Apache 2.0 License", "Apache Software License"), "Apache-2.0"),
    **dict.fromkeys(("MIT License", "The MIT License (MIT)"), "MIT"),
    "3-Clause BSD License": "BSD-3-Clause",
    "PSFL": "PSF-2.0",
}
_PAGES = ("homepage", "home", "repository", "source", "source code")  # labels of Project-URL, the best first


@dataclass(frozen=True, slots=True)
class Package:
    """A program or library. ``page`` is its web page, ``part_of`` the package that it is bundled in, or ''."""

    name: str
    version: str
    licence: str
    page: str = ""
    part_of: str = ""
    texts: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The name with the version."""
        return f"{self.name} {self.version}".strip()

    @property
    def full_text(self) -> str:
        """Name, licence and page, then the licence texts."""
        about = [self.title, f"Licence: {self.licence}"]
        about += [f"Part of: {self.part_of}"] if self.part_of else []
        about += [f"Page: {self.page}"] if self.page else []
        return "\n\n".join(("\n".join(about), *(self.texts or (NO_TEXT,))))


def packages() -> list[Package]:
    """All packages that this program is made of, sorted by name."""
    path = paths.resources_dir() / "licences" / LIST
    return packages_from_json(path.read_text(encoding="utf-8")) if path.exists() else installed()


def model_card() -> str:
    """The model card of the bundled model, with the licences of its data (Markdown)."""
    return (paths.bundled_model_dir() / "README.md").read_text(encoding="utf-8")


def installed(root: str = "qadesk") -> list[Package]:
    """The distribution ``root``, its installed dependencies, and Python, sorted by name."""
    python = Package("Python", platform.python_version(), "PSF-2.0", "https://www.python.org", texts=_python_licence())
    return by_name([*map(of_distribution, _with_dependencies(root)), python])


def by_name(packages: Iterable[Package]) -> list[Package]:
    """``packages`` sorted by name, those that are part of another one last."""
    return sorted(packages, key=lambda row: (row.part_of != "", row.name.casefold(), row.version, row.part_of))


def of_distribution(distribution: metadata.Distribution) -> Package:
    """The package that ``distribution``'s metadata describes, with all licence texts among its files."""
    fields = distribution.metadata
    labelled = (line.split(", ", 1) for line in fields.get_all("Project-URL") or ())
    urls = {label.lower(): url for label, url in labelled}
    pages = [*(fields.get_all("Home-page") or ()), *(urls[label] for label in _PAGES if label in urls)]
    return Package(
        fields["Name"],
        distribution.version,
        _licence(distribution),
        pages[0] if pages else f"https://pypi.org/project/{fields['Name']}/",
        texts=tuple(_texts(distribution)),
    )


def _texts(distribution: metadata.Distribution) -> Iterator[str]:
    """Each licence text once; where there are several, below the names of the files that hold it."""
    names: dict[str, list[str]] = {}
    for file in licence_files(distribution):
        text = Path(str(distribution.locate_file(file))).read_text(encoding="utf-8", errors="replace").strip()
        names.setdefault(text, []).append(_FOLDER.sub("", file.as_posix()))
    for text, files in names.items():
        yield f"[{', '.join(files)}]\n\n{text}" if len(names) > 1 else text


def licence_files(distribution: metadata.Distribution) -> list[metadata.PackagePath]:
    """The files of ``distribution`` that hold licences and notices, the shortest path first."""
    files = [
        file
        for file in distribution.files or ()
        if (_NAMES.match(file.name) or (file.parts[0].endswith(".dist-info") and set(_FOLDERS) & set(file.parts)))
        and file.suffix.lower() not in _NO_TEXTS
    ]
    return sorted(files, key=lambda file: (len(file.parts), str(file)))


def packages_as_json(packages: Iterable[Package]) -> str:
    """``packages`` as the contents of ``LIST``. A text that several packages have is written once."""
    packages = list(packages)
    texts = list(dict.fromkeys(text for package in packages for text in package.texts))
    numbers = {text: number for number, text in enumerate(texts)}
    rows = [
        {"name": package.name, "version": package.version, "licence": package.licence, "page": package.page,
         "part_of": package.part_of, "texts": [numbers[text] for text in package.texts]}
        for package in packages
    ]  # fmt: skip
    return json.dumps({"packages": rows, "texts": texts}, ensure_ascii=False, indent=1) + "\n"


def packages_from_json(text: str) -> list[Package]:
    """The packages that ``packages_as_json`` wrote."""
    values = json.loads(text)
    texts = values["texts"]
    return [Package(**{**row, "texts": tuple(texts[number] for number in row["texts"])}) for row in values["packages"]]


def _licence(distribution: metadata.Distribution) -> str:
    """The name of the licence, as an SPDX identifier where it is known."""
    fields = distribution.metadata
    name: str
    for name in (*(fields.get_all("License-Expression") or ()), *(fields.get_all("License") or ())):
        if len(name) <= _LONGEST_NAME and "\n" not in name:
            return _SPDX_NAMES.get(name, name)
    names = [line.split(" :: ")[-1] for line in fields.get_all("Classifier") or () if line.startswith("License :: ")]
    return ", ".join(_SPDX_NAMES.get(name, name) for name in names) or "see its text"


def _with_dependencies(root: str) -> list[metadata.Distribution]:
    """``root`` and its dependencies, each once, without those that are not installed or not for this environment."""
    from packaging.requirements import Requirement

    distributions: dict[str, metadata.Distribution] = {}
    pending, visited = [(root, frozenset[str]())], set[tuple[str, frozenset[str]]]()
    while pending:
        name, extras = pending.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if (key, extras) in visited:
            continue
        visited.add((key, extras))
        try:
            distributions.setdefault(key, metadata.distribution(name))
        except metadata.PackageNotFoundError:
            continue
        for line in distributions[key].requires or ():
            requirement = Requirement(line)
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or {""}):
                pending.append((requirement.name, frozenset(requirement.extras)))
    return list(distributions.values())


def _python_licence() -> tuple[str, ...]:
    """The licence text of the running Python, if its installation has one."""
    folders = [Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix)]
    files = [folder / "LICENSE.txt" for folder in folders if (folder / "LICENSE.txt").exists()]
    return tuple(file.read_text(encoding="utf-8") for file in files[:1])
