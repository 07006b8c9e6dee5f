"""Debian's own checker finds no error in the package that is not overridden with its reason."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

NOT_COMPRESSED = "uses-no-compression-for-control-tarball,uses-no-compression-for-data-tarball"


@pytest.mark.skipif(not shutil.which("lintian"), reason="needs lintian")
def test_lintian_finds_no_error(package: Path) -> None:
    command = ["lintian", "--fail-on", "error", "--suppress-tags", NOT_COMPRESSED, str(package)]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout + process.stderr
