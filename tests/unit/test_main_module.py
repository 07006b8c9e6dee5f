"""The entry point: it also runs without standard streams."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import qadesk
from qadesk import __main__ as entry
from qadesk import paths


def test_a_library_may_write_where_there_are_no_streams(tmp_path: Path) -> None:
    result = tmp_path / "result"
    code = (
        "import sys; from pathlib import Path; sys.stdout = sys.stderr = None; sys.argv = ['qadesk', 'settings'];"
        "from qadesk.__main__ import main; code = main();"
        f"print('unasked'); sys.stderr.write('also'); sys.stderr.flush(); Path({str(result)!r}).write_text(str(code))"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], env=paths.own_environment(), capture_output=True, check=False
    )
    assert (process.returncode, process.stdout, process.stderr) == (0, b"", b"")
    assert result.read_text() == "0"


def test_streams_that_are_there_stay(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["qadesk", "--version"])
    with pytest.raises(SystemExit) as excinfo:
        entry.main()
    assert excinfo.value.code == 0
    assert capsys.readouterr().out == f"qadesk {qadesk.__version__}\n"
