"""Writes ``licences/qt.json``: the third-party software inside Qt's libraries, from the sources of qtbase.

    python packaging/qt_attributions.py FOLDER_WITH_QTBASE

Run it by hand when ``constraints.txt`` has another version of Qt.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qadesk.app.licences import Package, by_name, packages_as_json

LIST = Path(__file__).parent / "licences" / "qt.json"
LIBRARIES = {  # the module in Qt's documentation: the library that the software is in
    "qtcore": "QtCore",
    "qtdbus": "QtDBus",
    "qtgui": "QtGui",
    "qtnetwork": "QtNetwork",
    "qtwaylandcompositor": "QtWaylandClient",  # an older name of the client's module
}


def attributions(sources: Path) -> list[Package]:
    """The third-party software in Qt's libraries, by the attributions in ``sources``, a folder with those of qtbase."""
    packages = []
    for file in sorted(sources.rglob("qt_attribution*.json")):
        content = json.loads(
            file.read_text(encoding="utf-8-sig"), strict=False
        )  # not strict: some have line breaks in strings
        rows: list[dict[str, Any]] = content if isinstance(content, list) else [content]
        for row in rows:
            library = LIBRARIES.get(row["QDocModule"])
            if library and "libs" in row.get("QtParts", ["libs"]):
                texts = tuple(_texts(row, file.parent, sources))
                page, version = (
                    row.get("Homepage", ""),
                    re.sub(r"^[0-9a-f]{32,}$", _short_commit, row.get("Version", "")),
                )
                packages.append(Package(row["Name"], version, row["LicenseId"], page, library, texts))
    return by_name(packages)


def _short_commit(commit: re.Match[str]) -> str:
    return commit[0][:12]


def _texts(row: dict[str, Any], folder: Path, sources: Path) -> Iterator[str]:
    """The copyright, then the licence texts: the files that ``row`` names, else those of its licence identifiers."""
    owners = row.get("Copyright", "")
    yield "\n".join(owners) if isinstance(owners, list) else owners
    names = row.get("LicenseFiles") or row.get("LicenseFile") or []
    names = [names] if isinstance(names, str) else names
    general = [sources / "LICENSES" / f"{name}.txt" for name in row["LicenseId"].split() if name not in ("AND", "OR")]
    for file in [folder / name for name in names] or general:
        yield file.read_text(encoding="utf-8", errors="replace").strip()


if __name__ == "__main__":
    LIST.write_text(packages_as_json(attributions(Path(sys.argv[1]))), encoding="utf-8")
