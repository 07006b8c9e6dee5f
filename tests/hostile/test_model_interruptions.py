"""Killed, or with the disk full, while a model comes in: nothing half written is listed, and the next try works."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.app.models.import_export import import_model
from qadesk.app.models.manage import list_models
from qadesk.progress import finish
from qadesk.settings import Settings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")

CHILD = """
import os, resource, signal, sys
from pathlib import Path
from qadesk.app.models.import_export import import_model
from qadesk.errors import ModelError
from qadesk.settings import Settings

die_at, most = int(sys.argv[2]), int(sys.argv[3])
if most:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
try:
    for number, _ in enumerate(import_model(Path(sys.argv[1]), Settings()), 1):
        if number == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
except ModelError as error:
    print(error.message)
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A model of somebody's."""
    folder = tmp_path / "reader"
    folder.mkdir()
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        shutil.copy(paths.bundled_model_dir() / name, folder)
    return folder


def child(source: Path, *, die_at: int = 0, most: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", CHILD, str(source), str(die_at), str(most)]
    return subprocess.run(command, env=paths.own_environment(), capture_output=True, text=True, check=False)


@pytest.mark.parametrize("die_at", [1, 2, 20, 46])
def test_kill_9_at_any_step(source: Path, die_at: int) -> None:
    assert child(source, die_at=die_at).returncode == -9
    assert list_models()[1:] == []
    made = finish(import_model(source, Settings()))
    assert [each.folder for each in list_models()[1:]] == [made]
    assert made.name == "reader"


def test_a_disk_that_is_full_in_the_middle(source: Path) -> None:
    done = child(source, most=10_000_000)
    assert done.stdout == "The model could not be stored.\n", done.stderr
    assert list_models()[1:] == []
    assert list((paths.data_dir() / "models").iterdir()) == []
    finish(import_model(source, Settings()))
