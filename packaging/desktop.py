"""Writes what a Linux desktop wants to know of the program: its entry, description, icons and manual pages.

``python packaging/desktop.py SHARE`` writes into the folder SHARE: /usr/share, or share/ in a Flatpak or an AppImage.
"""

from __future__ import annotations

import gzip
import re
import shutil
import sys
from pathlib import Path

import document_types
import facts
import manual_pages

TEMPLATES = Path(__file__).with_name("linux")


def write(share: Path) -> None:
    """Write ``applications``, ``metainfo``, ``icons`` and ``man`` into ``share``."""
    mime_types = document_types.mime_types()
    entry = facts.render(TEMPLATES / "qadesk.desktop", MIME_TYPES=";".join(mime_types))
    _write_text(share / "applications" / f"{facts.APP_ID}.desktop", entry)
    media_types = "\n".join(f"    <mediatype>{mime_type}</mediatype>" for mime_type in mime_types)
    metainfo = facts.render(TEMPLATES / "metainfo.xml", MEDIA_TYPES=media_types)
    _write_text(share / "metainfo" / f"{facts.APP_ID}.metainfo.xml", metainfo)
    for icon, place in icons().items():
        target = share / "icons" / "hicolor" / place / "apps" / f"{facts.APP_ID}{icon.suffix}"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(icon, target)
    for page in manual_pages.write(share / "man" / "man1"):
        page.with_name(f"{page.name}.gz").write_bytes(gzip.compress(page.read_bytes(), 9, mtime=0))
        page.unlink()


def icons() -> dict[Path, str]:
    """The program's icons, each with the folder of the icon theme that its size belongs to."""
    folder = facts.RESOURCES / "icons"
    found = {icon: re.fullmatch(r"qadesk-(\d+)\.png", icon.name) for icon in sorted(folder.glob("qadesk-*.png"))}
    sized = {icon: f"{match[1]}x{match[1]}" for icon, match in found.items() if match}
    return {**sized, folder / "qadesk.svg": "scalable"}


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
