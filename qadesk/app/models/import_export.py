"""Model folders in and out: copied in from a folder or a zip archive, as files that nobody vouches for; out as a zip.

Only files with known names are taken, each by itself and up to a size that it can have. They lie in a folder that is
not listed until they are all there and ``qa.models`` finds nothing wrong with them; then it is renamed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Generator, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import IO

from qadesk.app.models import naming, zip_archives
from qadesk.app.models.describe import in_one_line, megabytes
from qadesk.app.models.manage import models_dir, new_place, note, taken_names
from qadesk.app.models.model_files import Part, check_sizes, folder_parts, is_weights
from qadesk.errors import ModelError
from qadesk.progress import Clock, Progress
from qadesk.qa import models
from qadesk.settings import Settings

_SPARE = 100 * 10**6  # bytes that stay free on the disk
_CHUNK = 2**20
_STALE = 7 * 24 * 3600.0  # seconds after which unfinished work is taken away


def import_model(source: Path, settings: Settings, name: str = "") -> Generator[Progress, None, Path]:
    """Copy the model in ``source``, a folder or a zip archive, among the user's models; gives its folder there.

    It is called ``name``, or else as it calls itself, or as its source. Yields progress in megabytes; closing the
    generator leaves nothing behind. Raises ``ModelError`` in words for whatever is wrong with it.
    """
    if name:
        new_place(name, settings)
    source = source.absolute()
    with work_folder() as work:
        folder = work / naming.folder_name(source.name.removesuffix(".zip"))
        folder.mkdir()
        with zip_archives.open_parts(source) as parts:
            yield from _copy(parts, folder)
        return settle(folder, settings, {"kind": "imported", "from": in_one_line(source.name)}, name)


def export_model(folder: Path, path: Path) -> Generator[Progress, None, int]:
    """Write the model in ``folder`` as the zip archive ``path``, all or nothing; gives its size in bytes.

    Yields progress in megabytes; closing the generator leaves nothing behind. Raises ``ModelError``.
    """
    models.inspect(folder)
    parts = folder_parts(folder)
    part = path.with_name(path.name + ".part")
    clock = _clock("MB written:", sum(each.size for each in parts))
    try:
        with zipfile.ZipFile(part, "w") as archive:
            yield from _write(archive, parts, naming.folder_name(folder.name), clock)
        os.replace(part, path)
        return path.stat().st_size
    except OSError as error:
        raise ModelError(
            f"'{path.name}' could not be written.", f"Check that there is room in {path.parent}.", str(error)
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _write(archive: zipfile.ZipFile, parts: Sequence[Part], top: str, clock: Clock) -> Iterator[Progress]:
    written = 0
    for each in parts:
        row = zipfile.ZipInfo(f"{top}/{each.name}", time.localtime()[:6])
        row.compress_type = zipfile.ZIP_STORED if is_weights(each.name) else zipfile.ZIP_DEFLATED
        row.external_attr = 0o644 << 16
        with each.open() as source, archive.open(row, "w", force_zip64=True) as target:
            while chunk := source.read(_CHUNK):
                target.write(chunk)
                written += len(chunk)
                yield clock.at(written // 10**6)


def _copy(parts: Sequence[Part], folder: Path) -> Generator[Progress, None, None]:
    """Copy ``parts`` into ``folder``. Raises ``ModelError`` where they are too large, or the disk is full."""
    total = check_sizes((each.name, each.size) for each in parts)
    check_room(total)
    clock = _clock("MB copied:", total)
    done = 0
    for each in parts:
        taken = 0
        with each.open() as source, _storing(folder / each.name) as file:
            while chunk := source.read(_CHUNK):
                taken += len(chunk)
                if taken > each.size:
                    raise ModelError(f"'{each.name}' changed while it was copied.", "Try again.")
                file.write(chunk)
                yield clock.at((done + taken) // 10**6)
        done += taken


@contextlib.contextmanager
def _storing(path: Path) -> Iterator[IO[bytes]]:
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("xb") as file:
            yield file
            os.fsync(file.fileno())
    except OSError as error:
        raise ModelError(
            "The model could not be stored.", "Check that there is room on the disk.", str(error)
        ) from error


def check_room(size: int) -> None:
    """Raises ``ModelError`` if ``size`` more bytes do not fit among the user's models."""
    free = shutil.disk_usage(models_dir()).free
    if free < size + _SPARE:
        raise ModelError(
            f"There is too little room on the disk: {megabytes(free)}, and the model takes {megabytes(size)}.",
            "Make room, or remove models that you no longer use.",
        )


def settle(folder: Path, settings: Settings, origin: dict[str, str], name: str = "") -> Path:
    """Check the model in ``folder``, note where it came from, and put it among the user's; gives its place there.

    Raises ``ModelError`` if it is not usable.
    """
    model = models.inspect(folder)
    models.load_tokenizer(model)
    wanted = naming.free(name or in_one_line(model.name, naming.LONGEST), taken_names(settings))
    note(folder, name=wanted, origin={**origin, "date": date.today().isoformat()})
    place = models_dir() / wanted
    try:
        folder.rename(place)
    except OSError as error:
        raise ModelError(
            "The model could not be stored.", f"Check that {place.parent} can be written to.", str(error)
        ) from error
    return place


@contextlib.contextmanager
def work_folder() -> Iterator[Path]:
    """A folder among the user's models, not listed, from where a rename leads to its place. It is gone afterwards."""
    tidy()
    folder = Path(tempfile.mkdtemp(prefix=f"{naming.UNFINISHED}part-", dir=models_dir()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def tidy() -> None:
    """Take away what ended processes left, when it is old enough to be nobody's."""
    for folder in models_dir().glob(f"{naming.UNFINISHED}*"):
        if folder.is_dir() and time.time() - folder.stat().st_mtime > _STALE:
            shutil.rmtree(folder, ignore_errors=True)


def _clock(what: str, size: int) -> Clock:
    return Clock(what, max(1, size // 10**6))
