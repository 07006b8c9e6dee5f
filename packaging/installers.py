"""Makes the installer of Windows or macOS out of what ``packaging/build.py bundle`` made: see packaging/README.md.

Usage: python packaging/installers.py windows|macos

On macOS ``QADESK_SIGN_IDENTITY`` names the identity to sign with, and ``QADESK_NOTARY_PROFILE`` has Apple check the
result; without the first, the signature has no name, and macOS warns who opens the program.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import document_types
import facts
import icons
import platforms

HERE = Path(__file__).resolve().parent
DIST = facts.ROOT / "dist"
MACOS = HERE / "macos"


def windows(bundle: Path, out: Path) -> Path:
    """Pack ``bundle`` into an installer in the folder ``out``, and give its path. Needs Inno Setup."""
    work = facts.ROOT / "build"
    work.mkdir(exist_ok=True)
    subprocess.run(windows_command(_inno_setup(), bundle, work, out), check=True)
    return out / f"qadesk-{facts.version()}-windows-x64-setup.exe"


def windows_command(compiler: str, bundle: Path, work: Path, out: Path) -> list[str]:
    """The command line of Inno Setup's ``compiler``; files that it needs are written to ``work``."""
    values = {
        "Version": facts.version(),
        "Numbers": ".".join(map(str, platforms.numbers(facts.version()))),
        "Bundle": str(bundle),
        "Icon": str(icons.write_ico(work / f"{facts.COMMAND}.ico")),
        "Associations": str(document_types.write_associations(work / "associations.iss")),
    }
    defines = [f"/D{name}={value}" for name, value in values.items()]
    return [compiler, "/Qp", *defines, f"/O{out}", str(HERE / "windows" / "qadesk.iss")]


def _inno_setup() -> str:
    usual = Path(os.environ.get("PROGRAMFILES(X86)", "")) / "Inno Setup 6" / "ISCC.exe"
    found = shutil.which("iscc") or (str(usual) if usual.is_file() else None)
    if found is None:
        raise SystemExit("Inno Setup is not installed: its compiler ISCC.exe was not found.")
    return found


def macos(app: Path, out: Path) -> Path:
    """Sign ``app``, pack it into a disk image in the folder ``out``, and give its path."""
    identity, profile = os.environ.get("QADESK_SIGN_IDENTITY", "-"), os.environ.get("QADESK_NOTARY_PROFILE")
    image = out / f"qadesk-{facts.version()}-macos-arm64.dmg"
    subprocess.run([MACOS / "sign.sh", app, identity], check=True)
    subprocess.run([MACOS / "dmg.sh", app, image], check=True)
    if profile:
        subprocess.run([MACOS / "notarise.sh", image, profile], check=True)
    return image


def main(arguments: list[str]) -> int:
    """Make the installer that ``arguments`` name. Returns the exit code."""
    if arguments == ["windows"]:
        print(windows(DIST / facts.COMMAND, DIST))
    elif arguments == ["macos"]:
        print(macos(DIST / f"{facts.NAME}.app", DIST))
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
