"""Folders: those of the user (platformdirs), and the resources that come with the program.

``QADESK_HOME`` puts all of the user's in one folder: for tests, and for a program on a USB stick.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def own_command() -> list[str]:
    """The command that starts this program as a child process; hidden arguments follow it.

    In a frozen program it is the executable for terminals: on Windows that of the window shows a failure in a dialog.
    """
    if getattr(sys, "frozen", False):
        program = Path(sys.executable)
        return [str(program.with_name(f"qadesk{program.suffix}"))]
    return [sys.executable, "-m", "qadesk"]


def own_environment() -> dict[str, str]:
    """The environment for ``own_command``: that of this process, with its module path.

    Without the working folder, as one of the user's documents there may have the name of a Python module. A frozen
    program has its modules inside.
    """
    if getattr(sys, "frozen", False):
        return dict(os.environ)
    folders = [*filter(None, sys.path), str(Path(__file__).parents[1])]
    return {**os.environ, "PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(folders)}


def _folder(kind: str) -> Path:
    home = os.environ.get("QADESK_HOME")
    if home:
        folder = Path(home) / kind
    else:
        from platformdirs import PlatformDirs  # imported here: a reader can be loaded where it is not installed

        dirs = PlatformDirs("qadesk", appauthor=False)
        folder = Path(getattr(dirs, f"user_{kind}_dir"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def data_dir() -> Path:
    """The user's data: the database, models, training runs. Created if missing."""
    return _folder("data")


def runs_dir() -> Path:
    """The folders of training runs. Created if missing."""
    folder = data_dir() / "runs"
    folder.mkdir(exist_ok=True)
    return folder


def scans_dir() -> Path:
    """The folder of what text recognition found on pages that are pictures. It need not be there."""
    return data_dir() / "scans"


def config_dir() -> Path:
    """The folder of the settings. Created if missing."""
    return _folder("config")


def log_dir() -> Path:
    """The folder of logs and crash reports. Created if missing."""
    return _folder("log")


def resources_dir() -> Path:
    """The folder of the files that come with the program: models, samples, icons.

    In a checkout it is ``resources/`` beside the package, in a wheel inside the package, in a frozen program beside the
    bundled modules.
    """
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    folders = [Path(frozen) / "resources"] if frozen else []
    folders += [package / "resources", package.parent / "resources"]
    return next((folder for folder in folders if folder.is_dir()), folders[-1])


def bundled_model_dir() -> Path:
    """The model folder that comes with the program."""
    return resources_dir() / "models" / "reader"


def sample_path() -> Path:
    """The short document that the first start opens."""
    return resources_dir() / "samples" / "lighthouse.txt"


def sample_questions_path() -> Path:
    """Questions to the sample document, one a line."""
    return sample_path().with_name("questions.txt")


def general_set_path() -> Path:
    """Short texts with questions, in SQuAD 2.0: a fine-tuned reader is measured on them for what it has forgotten."""
    return resources_dir() / "general.json"


def replay_set_path() -> Path:
    """Parts of documents with questions, in SQuAD 2.0: fine-tuning keeps a reader near its answers to them."""
    return resources_dir() / "replay.json"
