"""What the tests of whole processes share."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from qadesk.app import child_process


@pytest.fixture(scope="session")
def watch_starts() -> Callable[[pytest.MonkeyPatch], list[subprocess.Popen[bytes]]]:
    """Gives the child processes that are started from the call on, for as long as what it is given patches."""

    def watch(patch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
        processes = []
        start_process = child_process._start_process

        def start(*arguments: Any) -> subprocess.Popen[bytes]:
            processes.append(start_process(*arguments))
            return processes[-1]

        patch.setattr(child_process, "_start_process", start)
        return processes

    return watch
