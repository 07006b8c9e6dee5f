"""Runs first in the frozen program: what it starts gets the libraries of the system, not those of the bundle."""

from __future__ import annotations

import os

_PATH = "LD_LIBRARY_PATH"  # PyInstaller points it to the bundle, and keeps what was there before under another name

if f"{_PATH}_ORIG" in os.environ:
    os.environ[_PATH] = os.environ.pop(f"{_PATH}_ORIG")
else:
    os.environ.pop(_PATH, None)
