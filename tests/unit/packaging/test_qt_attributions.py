"""The list of third-party software in Qt, from the attribution files of its sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import qt_attributions

from qadesk.app.licences import Package

ROW: dict[str, Any] = {
    "QDocModule": "qtgui", "Name": "Shaper", "Version": "14", "LicenseId": "MIT", "LicenseFile": "COPYING",
    "Homepage": "https://shaper.example", "Copyright": ["(c) A", "(c) B"],
}  # fmt: skip


def sources(folder: Path, *rows: dict[str, Any]) -> Path:
    """A tree of Qt's with ``rows`` and the general texts of two licences."""
    (folder / "LICENSES").mkdir()
    for name in ("CC0-1.0", "Apache-2.0"):
        (folder / "LICENSES" / f"{name}.txt").write_text(f"Text of {name}.\n", encoding="utf-8")
    (folder / "shaper").mkdir()
    (folder / "shaper" / "COPYING").write_text("Do as you like.\n", encoding="utf-8")
    (folder / "shaper" / "MORE").write_text("Or not.\n", encoding="utf-8")
    (folder / "shaper" / "qt_attribution.json").write_text(json.dumps(rows), encoding="utf-8")
    return folder


def test_a_row_becomes_a_package_with_owners_and_text(tmp_path: Path) -> None:
    texts = ("(c) A\n(c) B", "Do as you like.")
    expected = Package("Shaper", "14", "MIT", "https://shaper.example", "QtGui", texts)
    assert qt_attributions.attributions(sources(tmp_path, ROW)) == [expected]


def test_tools_and_other_modules_are_left_out(tmp_path: Path) -> None:
    tool, test = {**ROW, "QtParts": ["tools"]}, {**ROW, "QDocModule": "qttestlib"}
    assert qt_attributions.attributions(sources(tmp_path, tool, test)) == []


def test_several_files_and_the_general_texts_of_identifiers(tmp_path: Path) -> None:
    two = {**ROW, "LicenseFile": None, "LicenseFiles": ["COPYING", "MORE"]}
    general = {**ROW, "Name": "Hash", "LicenseFile": None, "LicenseId": "CC0-1.0 OR Apache-2.0", "Copyright": "none"}
    hash_, shaper = qt_attributions.attributions(sources(tmp_path, two, general))
    assert hash_.texts == ("none", "Text of CC0-1.0.", "Text of Apache-2.0.")
    assert shaper.texts[1:] == ("Do as you like.", "Or not.")


def test_a_commit_is_shortened_and_a_single_row_with_line_breaks_is_read(tmp_path: Path) -> None:
    folder = sources(tmp_path)
    text = json.dumps({**ROW, "Version": "0123456789abcdef" * 2 + "01234567", "Description": "two LINES"})
    (folder / "shaper" / "qt_attribution.json").write_text(text.replace("LINES", "\nlines"), encoding="utf-8")
    assert [package.version for package in qt_attributions.attributions(folder)] == ["0123456789ab"]
