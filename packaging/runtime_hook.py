"""Runs first in the frozen program, so that child processes use the libraries of the system, not of the bundle."""

from __future__ import annotations

import os

_PATH = "LD_LIBRARY_PATH"  # PyInstaller sets it to the bundle, and saves the old value with the suffix _ORIG

if f"{_PATH}_ORIG" in os.environ:
    os.environ[_PATH] = os.environ.pop(f"{_PATH}_ORIG")
else:
    os.environ.pop(_PATH, None)
