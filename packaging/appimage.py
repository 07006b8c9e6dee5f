"""Makes an AppDir, a folder that runs from anywhere, and of it an AppImage if appimagetool is installed.

Usage: python packaging/appimage.py BUNDLE OUT
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import desktop
import facts


def make_appdir(bundle: Path, out: Path) -> Path:
    """Make ``out/QADesk.AppDir`` of ``bundle``, in place of an older one. Returns its path.

    ``AppRun`` is the program for the terminal: it has all commands, and opens the window without arguments.
    """
    folder = out / f"{facts.NAME}.AppDir"
    part = folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(bundle, part / "usr" / "lib" / facts.COMMAND, symlinks=True)
    desktop.write(part / "usr" / "share")
    (part / "AppRun").symlink_to(f"usr/lib/{facts.COMMAND}/{facts.COMMAND}")
    (part / f"{facts.APP_ID}.desktop").symlink_to(f"usr/share/applications/{facts.APP_ID}.desktop")
    icon = f"usr/share/icons/hicolor/256x256/apps/{facts.APP_ID}.png"
    (part / f"{facts.APP_ID}.png").symlink_to(icon)
    (part / ".DirIcon").symlink_to(icon)
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    return folder


def pack(folder: Path, out: Path) -> Path:
    """Pack the AppDir ``folder`` into one file in ``out``. Returns its path. Raises ``SystemExit`` without the tool."""
    tool = shutil.which("appimagetool")
    if not tool:
        raise SystemExit(f"appimagetool is not installed; {folder} runs as it is, by its AppRun.")
    image = out / f"{facts.NAME}-{facts.version()}-x86_64.AppImage"
    environment = {**os.environ, "ARCH": "x86_64", "SOURCE_DATE_EPOCH": str(facts.source_date_epoch())}
    subprocess.run([tool, "--no-appstream", str(folder), str(image)], check=True, env=environment)
    return image


if __name__ == "__main__":
    target = Path(sys.argv[2])
    print(pack(make_appdir(Path(sys.argv[1]), target), target))
