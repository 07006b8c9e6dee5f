"""An import that is killed, or fills the disk: no partial model is listed, and the next attempt succeeds."""

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

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits"),
    pytest.mark.usefixtures("untried_models"),
]

CHILD = """
import os, resource, signal, sys
from pathlib import Path
from qadesk.app.models.import_export import import_model
from qadesk.errors import ModelError
from qadesk.settings import Settings

kill_at, max_bytes = int(sys.argv[2]), int(sys.argv[3])
if max_bytes:
    resource.setrlimit(resource.RLIMIT_FSIZE, (max_bytes, max_bytes))
try:
    for number, _ in enumerate(import_model(Path(sys.argv[1]), Settings()), 1):
        if number == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
except ModelError as error:
    print(error.message)
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with a model."""
    folder = tmp_path / "reader"
    folder.mkdir()
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        shutil.copy(paths.bundled_model_dir() / name, folder)
    return folder


def child(source: Path, *, kill_at: int = 0, max_bytes: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", CHILD, str(source), str(kill_at), str(max_bytes)]
    return subprocess.run(command, env=paths.own_environment(), capture_output=True, text=True, check=False)


@pytest.mark.parametrize("kill_at", [1, 2, 20, 46])
def test_kill_9_at_any_step(source: Path, kill_at: int) -> None:
    assert child(source, kill_at=kill_at).returncode == -9
    assert list_models()[1:] == []
    folder = finish(import_model(source, Settings()))
    assert [model.folder for model in list_models()[1:]] == [folder]
    assert folder.name == "reader"


def test_a_disk_that_becomes_full(source: Path) -> None:
    process = child(source, max_bytes=10_000_000)
    assert process.stdout == "The model could not be stored.\n", process.stderr
    assert list_models()[1:] == []
    assert list((paths.data_dir() / "models").iterdir()) == []
    finish(import_model(source, Settings()))
