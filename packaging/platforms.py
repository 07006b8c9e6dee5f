"""What the spec tells PyInstaller on Windows and macOS alone: icons, the version as Windows shows it, Info.plist."""

from __future__ import annotations

import plistlib
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import document_types
import facts
import icons

HERE = Path(__file__).resolve().parent


def numbers(version: str) -> tuple[int, int, int, int]:
    """``version`` as the four numbers that Windows wants: '1.2.3rc1' is (1, 2, 3, 0)."""
    found = [int(each) for each in re.split(r"[^\d.]", version, maxsplit=1)[0].split(".") if each]
    major, minor, micro, build = (*found, 0, 0, 0, 0)[:4]
    return major, minor, micro, build


def exe_options(name: str, work: Path) -> dict[str, Any]:
    """Arguments for PyInstaller's ``EXE`` of the program ``name``; files that they name are written to ``work``."""
    if sys.platform != "win32":
        return {}
    version = work / f"{name}-version.txt"
    version.write_text(version_info(name), encoding="utf-8")
    return {"icon": str(icons.write_ico(work / f"{name}.ico")), "version": str(version)}


def app_options(work: Path) -> dict[str, Any]:
    """Arguments for PyInstaller's ``BUNDLE``, which makes QADesk.app; the icon is written to ``work``."""
    return {
        "name": f"{facts.NAME}.app",
        "icon": str(icons.write_icns(work / f"{facts.NAME}.icns")),
        "bundle_identifier": facts.APP_ID,
        "version": facts.version(),
        "info_plist": info_plist(),
    }


def version_info(name: str) -> str:
    """The version resource of the program ``name``, as PyInstaller reads it."""
    file, version = f"{name}.exe", str(numbers(facts.version()))
    return facts.render(HERE / "windows" / "version_info.txt", FILE=file, NUMBERS=version)


def info_plist() -> dict[str, Any]:
    """What Info.plist says beside what PyInstaller writes into it."""
    text = facts.render(
        HERE / "macos" / "Info.plist",
        APPLE_TYPES=_strings(document_types.apple_types()),
        MARKDOWN_EXTENSIONS=_strings(document_types.markdown_extensions()),
    )
    return dict(plistlib.loads(text.encode()))


def _strings(values: Iterable[str]) -> str:
    return "\n".join(f"<string>{value}</string>" for value in values)
