"""The bounds that a hostile file stays within, whether it is read or refused: processor time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import qadesk
from qadesk.documents.formats import format_of

SECONDS = 2.0
"""Of processor time and not by the clock: other programs may be running."""
MEGABYTES = 256

_TRACED = 4  # times as slow is a program whose lines a tool counts (make cov)
_BESIDE = 2  # or one beside which other tests run: they share the processor's caches and its threads
_CHILD = """
import sys, time
from pathlib import Path
from qadesk.documents.parser_child import main
main()
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
peak = sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))  # kB, 0 where it is not known
print(time.process_time(), peak, file=sys.stderr)
"""


def slack() -> int:
    """How many times as slow a program may be here as on a quiet machine."""
    beside = _BESIDE if "PYTEST_XDIST_WORKER" in os.environ else 1
    return beside * (_TRACED if sys.gettrace() else 1)


@contextmanager
def within_bounds(seconds: float = SECONDS) -> Iterator[None]:
    """Assert that the block takes no more processor time than a hostile file may."""
    start = time.process_time()
    try:
        yield
    finally:
        assert time.process_time() - start < seconds * slack()


def reply_within_bounds(path: Path, kind: str = "") -> dict[str, Any]:
    """What the child that reads untrusted files replies about ``path``: 'text' ..., or 'message' and 'hint'.

    Asserts that it takes no more processor time and memory than a hostile file may, its start included.
    """
    with path.open("rb") as file:
        kind = kind or format_of(path, file).kind
    request = {"path": str(path), "kind": kind, "password": None, "max_bytes": 1 << 30, "encoding": ""}
    process = subprocess.run(
        [sys.executable, "-c", _CHILD],
        input=json.dumps(request).encode() + b"\n",
        capture_output=True,
        check=False,
        cwd=Path(qadesk.__file__).parents[1],
    )
    assert process.returncode == 0, process.stderr.decode()
    seconds, kilobytes = process.stderr.split()[-2:]
    assert float(seconds) < SECONDS * slack()
    assert int(kilobytes) < MEGABYTES * 1000
    reply = json.loads(process.stdout)
    assert isinstance(reply, dict)
    return reply
