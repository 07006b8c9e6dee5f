"""Where things are: the user's folders (platformdirs) and the resources that come with the program.

``QADESK_HOME`` puts everything of the user's in one folder: tests, and a stick to carry around.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def own_command() -> list[str]:
    """The command that starts this program again, for a child process: hidden arguments follow it.

    In a frozen program it is always the one for terminals: on Windows the other one shows a failure in a dialog.
    """
    if getattr(sys, "frozen", False):
        program = Path(sys.executable)
        return [str(program.with_name(f"qadesk{program.suffix}"))]
    return [sys.executable, "-m", "qadesk"]


def own_environment() -> dict[str, str]:
    """The environment for ``own_command``: ours, but the child finds its modules where we found them.

    Never in the folder that we happen to be in, where a file named like a module of Python's may lie among the user's
    documents. A frozen program has its modules inside.
    """
    if getattr(sys, "frozen", False):
        return dict(os.environ)
    found_in = [*filter(None, sys.path), str(Path(__file__).parents[1])]
    return {**os.environ, "PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(found_in)}


def _folder(kind: str) -> Path:
    home = os.environ.get("QADESK_HOME")
    if home:
        folder = Path(home) / kind
    else:
        from platformdirs import PlatformDirs  # here: the reader alone can be used where it is not installed

        dirs = PlatformDirs("qadesk", appauthor=False)
        folder = Path(getattr(dirs, f"user_{kind}_dir"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def data_dir() -> Path:
    """What the user made: the database, added models. Made if it is not there."""
    return _folder("data")


def runs_dir() -> Path:
    """Where training runs are kept that wait or go on. Made if it is not there."""
    folder = data_dir() / "runs"
    folder.mkdir(exist_ok=True)
    return folder


def config_dir() -> Path:
    """The settings. Made if it is not there."""
    return _folder("config")


def log_dir() -> Path:
    """Logs and crash reports. Made if it is not there."""
    return _folder("log")


def resources_dir() -> Path:
    """What comes with the program: models, samples, icons.

    In a checkout it is the folder ``resources/`` beside the package; in a wheel it is inside the package;
    in a frozen program it lies beside the bundle's modules.
    """
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    places = [Path(frozen) / "resources"] if frozen else []
    places += [package / "resources", package.parent / "resources"]
    return next((place for place in places if place.is_dir()), places[-1])


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
    """Our own short texts with questions, in SQuAD 2.0: tells whether a fine-tuned reader got worse in general."""
    return resources_dir() / "general.json"
