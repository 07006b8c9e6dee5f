"""New models on their way into the user's models: hidden work folders, and the rename that makes a model listed.

A model that is imported or downloaded is first complete in a folder that is not listed. It is then checked
(``qa.models``, ``reading.model_check``) and renamed.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Generator, Iterator
from datetime import date
from pathlib import Path

from qadesk.app.models import metadata, naming
from qadesk.app.models.describe import in_one_line
from qadesk.app.models.manage import models_dir, taken_names
from qadesk.app.reading.model_check import check_model
from qadesk.errors import ModelError
from qadesk.progress import Progress, megabytes
from qadesk.qa import models
from qadesk.settings import Settings

_SPARE = 100 * 10**6  # bytes that stay free on the disk
_STALE = 7 * 24 * 3600.0  # seconds after which a work folder is removed


@contextlib.contextmanager
def staging_folder() -> Iterator[Path]:
    """A hidden folder on the same disk as the user's models. It is removed when the context ends."""
    remove_stale()
    folder = Path(tempfile.mkdtemp(prefix=f"{naming.HIDDEN}part-", dir=models_dir()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_stale() -> None:
    """Remove the work folders of processes that were killed: those untouched for a week."""
    for folder in models_dir().glob(f"{naming.HIDDEN}*"):
        if folder.is_dir() and time.time() - folder.stat().st_mtime > _STALE:
            shutil.rmtree(folder, ignore_errors=True)


def check_room(size: int) -> None:
    """Raises ``ModelError`` if the disk of the user's models has no room for ``size`` more bytes."""
    free = shutil.disk_usage(models_dir()).free
    if free < size + _SPARE:
        raise ModelError(
            f"There is too little room on the disk: {megabytes(free)}, and the model takes {megabytes(size)}.",
            "Make room, or remove models that you no longer use.",
        )


def add_model(
    folder: Path, settings: Settings, origin: dict[str, str], name: str = ""
) -> Generator[Progress, None, Path]:
    """Move the complete model in ``folder`` into the user's models once it has read a text; returns its new folder.

    It is called ``name``, or else as it names itself, with a number where that is taken. ``origin`` is written to its
    metadata, with today's date. Yields progress. Raises ``ModelError`` if the model is not usable.
    """
    model = models.inspect(folder)
    models.load_tokenizer(model)
    yield from check_model(folder)
    name = naming.free(name or in_one_line(model.name, naming.MAX_LENGTH), taken_names(settings))
    metadata.update_metadata(folder, name=name, origin={**origin, "date": date.today().isoformat()})
    target = models_dir() / name
    try:
        folder.rename(target)
    except OSError as error:
        raise ModelError(
            "The model could not be stored.", f"Check that {target.parent} can be written to.", str(error)
        ) from error
    return target
