from __future__ import annotations

import subprocess
import sys

import pytest

from qadesk import paths
from qadesk.process_memory import peak_memory

_MEGABYTE = 1 << 20


@pytest.mark.skipif(sys.platform == "win32", reason="the system does not say")
def test_the_peak_holds_what_was_given_back():
    before = peak_memory()
    block = bytearray(200 * _MEGABYTE)
    block[::4096] = bytes([1]) * len(block[::4096])
    del block
    assert peak_memory() >= max(before, 200 * _MEGABYTE)


@pytest.mark.skipif(sys.platform == "win32", reason="the system does not say")
def test_a_child_does_not_begin_with_the_peak_of_its_parent():
    block = bytearray(200 * _MEGABYTE)
    block[::4096] = bytes([1]) * len(block[::4096])
    program = "from qadesk.process_memory import peak_memory; print(peak_memory())"
    command = [sys.executable, "-c", program]
    child = subprocess.run(command, capture_output=True, check=True, env=paths.own_environment())
    assert 0 < int(child.stdout) < 100 * _MEGABYTE
