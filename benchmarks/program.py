"""The time until the window of a built program is painted, measured from outside by its X11 picture.

Needs a display (``xvfb-run -a`` makes one), and xdotool and xwd.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
import time
from pathlib import Path

_LONGEST = 60.0  # seconds
_COLOURS = 8  # a window that is mapped but not painted has one
_ENTRY = 12  # bytes of a row in xwd's table of colours
_STEP = 61  # every 61st pixel is sampled
_POLL = 0.005  # seconds


def check_tools() -> None:
    """Raise ``SystemExit`` with a sentence where the tools or the display are missing."""
    missing = [tool for tool in ("xdotool", "xwd") if not shutil.which(tool)]
    if missing:
        raise SystemExit(f"{' and '.join(missing)} must be installed: apt-get install xdotool x11-apps")
    if not os.environ.get("DISPLAY"):
        raise SystemExit("There is no X11 display: run this with xvfb-run -a in front.")


def seconds_to_window(program: Path) -> float:
    """Start ``program`` with a new home. Returns the seconds until its window was painted.

    The program is ended then. Raises ``TimeoutError`` after a minute.
    """
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "QADESK_HOME": home}
        environment.pop("WAYLAND_DISPLAY", None)
        start = time.monotonic()
        process = subprocess.Popen([str(program)], env=environment, stderr=subprocess.DEVNULL)
        try:
            while not _is_painted(process.pid):
                if time.monotonic() - start > _LONGEST:
                    raise TimeoutError(f"{program} showed no window in a minute")
                time.sleep(_POLL)
            return time.monotonic() - start
        finally:
            process.terminate()
            process.wait()


def _is_painted(process: int) -> bool:
    search = ["xdotool", "search", "--onlyvisible", "--pid", str(process)]
    windows = subprocess.run(search, capture_output=True, text=True, check=False).stdout.split()
    return any(colours(_picture(window)) >= _COLOURS for window in windows)


def _picture(window: str) -> bytes:
    """The dump that xwd writes of a window; empty if it has no picture yet."""
    return subprocess.run(["xwd", "-silent", "-id", window], capture_output=True, check=False).stdout


def colours(dump: bytes) -> int:
    """How many colours a sample of the pixels in xwd's ``dump`` has; 0 for an empty one.

    A dump has a header of 25 numbers, the first of which is its length with the window's name, then a table of colours,
    the length of which is the 20th, then the pixels of 4 bytes.
    """
    if not dump:
        return 0
    header, *_, entries = struct.unpack(">20I", dump[:80])
    pixels = memoryview(dump)[header + _ENTRY * entries :]
    return len({bytes(pixels[at : at + 4]) for at in range(0, len(pixels), 4 * _STEP)})
