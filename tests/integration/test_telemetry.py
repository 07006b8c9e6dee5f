"""onnxruntime's telemetry is off: it would report each use, and leave its files in the user's folders."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ASK = """
import qadesk
assert qadesk.load().ask("Who built it?", "Stevenson built it in 1811.")
"""


def run(code: str, home: Path) -> list[Path]:
    home.mkdir()
    (home / "tmp").mkdir()
    variables = {name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")}
    root = Path(__file__).parents[2]
    environment = {**variables, "HOME": str(home), "TMPDIR": str(home / "tmp"), "PYTHONPATH": str(root)}
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=home, check=True, timeout=60)
    return [path for path in home.rglob("*") if path.is_file()]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="its files on other systems are elsewhere")
def test_answering_leaves_no_trace_of_telemetry(tmp_path):
    assert run(_ASK, tmp_path / "ours") == []
