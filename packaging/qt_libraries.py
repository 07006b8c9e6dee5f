"""Checks that the system has the libraries that Qt needs; on Debian and Ubuntu installs them, or prints the command.

It lists what the dynamic loader cannot find for Qt's plugins, so nothing more than needed.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

NEEDED_BY = ("plugins/platforms/libqxcb.so", "plugins/platforms/libqoffscreen.so", "lib/libQt6Network.so.6")
PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libOpenGL.so.0": "libopengl0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}


def missing(ldd_output: str) -> list[str]:
    """The names of the libraries that ``ldd`` did not find."""
    return sorted(set(re.findall(r"^\s*(\S+) => not found", ldd_output, re.MULTILINE)))


def qt_missing() -> list[str]:
    """The system libraries that the PySide6 of this Python needs and that are missing."""
    spec = importlib.util.find_spec("PySide6")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("PySide6 is not installed.")
    qt = Path(spec.submodule_search_locations[0]) / "Qt"
    names: set[str] = set()
    for file in (qt / name for name in NEEDED_BY):
        output = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=False)
        names.update(missing(output.stdout))
    return sorted(names)


def main() -> int:
    """Install or print what is missing. Returns 0 if nothing is missing in the end."""
    if not sys.platform.startswith("linux") or not shutil.which("ldd"):
        return 0
    names = qt_missing()
    if not names:
        return 0
    packages = sorted({PACKAGES.get(name, name) for name in names})
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if shutil.which("apt-get") and os.geteuid() == 0:
        print(f"Installing system libraries for Qt: {' '.join(packages)}")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "--quiet"], check=True, env=environment, stdout=subprocess.DEVNULL)
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
        return 1 if qt_missing() else 0
    print(f"Qt lacks these system libraries: {', '.join(names)}")
    print(f"On Debian or Ubuntu, run:\n  sudo {' '.join(command)}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
