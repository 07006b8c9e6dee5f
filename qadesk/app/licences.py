"""What QADesk is made of: every program and library that is part of it, with its licence and the text of it.

A frozen program brings the list with it (``packaging/licences.py`` makes it); where QADesk was installed with pip,
the installed distributions are asked.
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
_FOLDERS = ("licenses", "LICENSES", "BUILD_LICENSES")  # whatever lies in them is a licence
_SHORT = 200  # characters: some put the whole text where the name of the licence should be
_SAME = {  # other words for one and the same
    **dict.fromkeys(("Apache", "Apache 2.0", "Apache 2.0 License", "Apache Software License"), "Apache-2.0"),
    **dict.fromkeys(("MIT License", "The MIT License (MIT)"), "MIT"),
    "3-Clause BSD License": "BSD-3-Clause",
    "PSFL": "PSF-2.0",
}
_PAGES = ("homepage", "home", "repository", "source", "source code")  # of the addresses that a distribution names


@dataclass(frozen=True, slots=True)
class Package:
    """A program or library. ``page`` is its address, ``part_of`` the package whose files have it inside, or ''."""

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
        """All that is to be read about it: what it is, then its licence."""
        about = [self.title, f"Licence: {self.licence}"]
        about += [f"Part of: {self.part_of}"] if self.part_of else []
        about += [f"Page: {self.page}"] if self.page else []
        return "\n\n".join(("\n".join(about), *(self.texts or (NO_TEXT,))))


def packages() -> list[Package]:
    """Everything that this program is made of, by name."""
    listed = paths.resources_dir() / "licences" / LIST
    return from_json(listed.read_text(encoding="utf-8")) if listed.exists() else installed()


def model_card() -> str:
    """What the bundled model is, where it comes from, and the licences of its data (Markdown)."""
    return (paths.bundled_model_dir() / "README.md").read_text(encoding="utf-8")


def installed(root: str = "qadesk") -> list[Package]:
    """The distribution ``root``, all that it needs and that is installed, and Python, by name."""
    found = [of_distribution(each) for each in _needed(root)]
    return by_name(
        [*found, Package("Python", platform.python_version(), "PSF-2.0", "https://www.python.org", texts=_python())]
    )


def by_name(found: Iterable[Package]) -> list[Package]:
    """``found`` in the order of their names, those that are part of another one behind all others."""
    return sorted(found, key=lambda each: (each.part_of != "", each.name.casefold(), each.version, each.part_of))


def of_distribution(distribution: metadata.Distribution) -> Package:
    """What ``distribution`` says about itself, with every licence text among its files."""
    about = distribution.metadata
    addresses = (line.split(", ", 1) for line in about.get_all("Project-URL") or ())
    named = {label.lower(): address for label, address in addresses}
    pages = [*(about.get_all("Home-page") or ()), *(named[label] for label in _PAGES if label in named)]
    return Package(
        about["Name"],
        distribution.version,
        _licence(distribution),
        pages[0] if pages else f"https://pypi.org/project/{about['Name']}/",
        texts=tuple(_texts(distribution)),
    )


def _texts(distribution: metadata.Distribution) -> Iterator[str]:
    """Each text among its files once, and, where there are several, under the names of the files that hold it."""
    names: dict[str, list[str]] = {}
    for file in licence_files(distribution):
        text = Path(str(distribution.locate_file(file))).read_text(encoding="utf-8", errors="replace").strip()
        names.setdefault(text, []).append(_FOLDER.sub("", file.as_posix()))
    for text, where in names.items():
        yield f"[{', '.join(where)}]\n\n{text}" if len(names) > 1 else text


def licence_files(distribution: metadata.Distribution) -> list[metadata.PackagePath]:
    """Those of its files that hold licences and notices, the shortest path first."""
    listed = [
        file
        for file in distribution.files or ()
        if _NAMES.match(file.name) or (file.parts[0].endswith(".dist-info") and set(_FOLDERS) & set(file.parts))
    ]
    return sorted(listed, key=lambda file: (len(file.parts), str(file)))


def as_json(found: Iterable[Package]) -> str:
    """``found`` to keep in a file. A text that several packages have is kept once."""
    found = list(found)
    texts = list(dict.fromkeys(text for each in found for text in each.texts))
    number = {text: place for place, text in enumerate(texts)}
    rows = [
        {"name": each.name, "version": each.version, "licence": each.licence, "page": each.page,
         "part_of": each.part_of, "texts": [number[text] for text in each.texts]}
        for each in found
    ]  # fmt: skip
    return json.dumps({"packages": rows, "texts": texts}, ensure_ascii=False, indent=1) + "\n"


def from_json(kept: str) -> list[Package]:
    """What ``as_json`` was given."""
    read = json.loads(kept)
    return [
        Package(**{**row, "texts": tuple(read["texts"][number] for number in row["texts"])}) for row in read["packages"]
    ]


def _licence(distribution: metadata.Distribution) -> str:
    about = distribution.metadata
    named: str
    for named in (*(about.get_all("License-Expression") or ()), *(about.get_all("License") or ())):
        if len(named) <= _SHORT and "\n" not in named:
            return _SAME.get(named, named)
    names = [line.split(" :: ")[-1] for line in about.get_all("Classifier") or () if line.startswith("License :: ")]
    return ", ".join(_SAME.get(name, name) for name in names) or "see its text"


def _needed(root: str) -> list[metadata.Distribution]:
    """``root`` and what it needs, each once; what an environment marker rules out, or is not installed, is left out."""
    from packaging.requirements import Requirement

    found: dict[str, metadata.Distribution] = {}
    wanted, asked = [(root, frozenset[str]())], set[tuple[str, frozenset[str]]]()
    while wanted:
        name, extras = wanted.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if (key, extras) in asked:
            continue
        asked.add((key, extras))
        try:
            found.setdefault(key, metadata.distribution(name))
        except metadata.PackageNotFoundError:
            continue
        for line in found[key].requires or ():
            need = Requirement(line)
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras or {""}):
                wanted.append((need.name, frozenset(need.extras)))
    return list(found.values())


def _python() -> tuple[str, ...]:
    """The licence of the Python that runs this, where its installation has it."""
    places = [Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix)]
    found = [place / "LICENSE.txt" for place in places if (place / "LICENSE.txt").exists()]
    return tuple(file.read_text(encoding="utf-8") for file in found[:1])
