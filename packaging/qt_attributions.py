"""Makes ``licences/qt.json``: the software of others inside Qt's libraries, out of the sources of qtbase.

    python packaging/qt_attributions.py FOLDER_WITH_QTBASE

To be run again, by hand, when ``constraints.txt`` names another Qt.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qadesk.app.licences import Package, as_json, by_name

LIST = Path(__file__).parent / "licences" / "qt.json"
LIBRARIES = {  # where Qt's documentation has it: the library that has it inside
    "qtcore": "QtCore",
    "qtdbus": "QtDBus",
    "qtgui": "QtGui",
    "qtnetwork": "QtNetwork",
    "qtwaylandcompositor": "QtWaylandClient",  # the client was in that module before
}


def attributions(sources: Path) -> list[Package]:
    """What the sources of qtbase in the folder ``sources`` say of others' code in its libraries."""
    found = []
    for file in sorted(sources.rglob("qt_attribution*.json")):
        read = json.loads(file.read_text(encoding="utf-8-sig"), strict=False)  # some have line breaks in strings
        rows: list[dict[str, Any]] = read if isinstance(read, list) else [read]
        for row in rows:
            library = LIBRARIES.get(row["QDocModule"])
            if library and "libs" in row.get("QtParts", ["libs"]):
                texts = tuple(_texts(row, file.parent, sources))
                page, version = row.get("Homepage", ""), re.sub(r"^[0-9a-f]{32,}$", _short, row.get("Version", ""))
                found.append(Package(row["Name"], version, row["LicenseId"], page, library, texts))
    return by_name(found)


def _short(commit: re.Match[str]) -> str:
    return commit[0][:12]


def _texts(row: dict[str, Any], folder: Path, sources: Path) -> Iterator[str]:
    """Who has the rights, then the licences: the files that the row names, else the general ones of its identifiers."""
    owners = row.get("Copyright", "")
    yield "\n".join(owners) if isinstance(owners, list) else owners
    named = row.get("LicenseFiles") or row.get("LicenseFile") or []
    named = [named] if isinstance(named, str) else named
    general = [sources / "LICENSES" / f"{name}.txt" for name in row["LicenseId"].split() if name not in ("AND", "OR")]
    for file in [folder / name for name in named] or general:
        yield file.read_text(encoding="utf-8", errors="replace").strip()


if __name__ == "__main__":
    LIST.write_text(as_json(attributions(Path(sys.argv[1]))), encoding="utf-8")
