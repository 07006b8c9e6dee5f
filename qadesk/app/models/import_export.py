"""Models in and out as files: imported from a folder or a zip archive of untrusted files, exported as a zip archive.

Only files with known names are copied, each up to the size that it can have.
"""

from __future__ import annotations

import contextlib
import os
import time
import zipfile
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import IO

from qadesk.app.models import naming, zip_archives
from qadesk.app.models.describe import in_one_line
from qadesk.app.models.manage import new_folder
from qadesk.app.models.model_files import ModelFile, check_sizes, is_weights, list_files
from qadesk.app.models.staging import add_model, check_room, staging_folder
from qadesk.errors import ModelError
from qadesk.progress import Clock, Progress
from qadesk.qa import models
from qadesk.settings import Settings

_CHUNK = 2**20  # bytes


def import_model(source: Path, settings: Settings, name: str = "") -> Generator[Progress, None, Path]:
    """Copy the model in ``source``, a folder or a zip archive, into the user's models; returns its folder there.

    It is called ``name``, or else as it names itself, or as ``source``. Yields progress in megabytes; closing the
    generator leaves nothing behind. Raises ``ModelError`` if the model is not usable or cannot be stored.
    """
    if name:
        new_folder(name, settings)
    source = source.absolute()
    with staging_folder() as work:
        folder = work / naming.folder_name(source.name.removesuffix(".zip"))
        folder.mkdir()
        with zip_archives.open_files(source) as files:
            yield from _copy(files, folder)
        return (yield from add_model(folder, settings, {"kind": "imported", "from": in_one_line(source.name)}, name))


def export_model(folder: Path, path: Path) -> Generator[Progress, None, int]:
    """Write the model in ``folder`` as the zip archive ``path``, all or nothing; returns its size in bytes.

    Yields progress in megabytes; closing the generator leaves nothing behind. Raises ``ModelError``.
    """
    models.inspect(folder)
    files = list_files(folder)
    part = path.with_name(path.name + ".part")
    clock = _clock("MB written:", sum(file.size for file in files))
    try:
        with zipfile.ZipFile(part, "w") as archive:
            yield from _write(archive, files, naming.folder_name(folder.name), clock)
        os.replace(part, path)
        return path.stat().st_size
    except OSError as error:
        raise ModelError(
            f"'{path.name}' could not be written.", f"Check that there is room in {path.parent}.", str(error)
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _write(archive: zipfile.ZipFile, files: Sequence[ModelFile], top: str, clock: Clock) -> Iterator[Progress]:
    written = 0
    for file in files:
        member = zipfile.ZipInfo(f"{top}/{file.name}", time.localtime()[:6])
        member.compress_type = zipfile.ZIP_STORED if is_weights(file.name) else zipfile.ZIP_DEFLATED
        member.external_attr = 0o644 << 16
        with file.open() as source, archive.open(member, "w", force_zip64=True) as target:
            while chunk := source.read(_CHUNK):
                target.write(chunk)
                written += len(chunk)
                yield clock.at(written // 10**6)


def _copy(files: Sequence[ModelFile], folder: Path) -> Generator[Progress, None, None]:
    """Copy ``files`` into ``folder``. Raises ``ModelError`` if they are too large, or the disk is full."""
    total = check_sizes((file.name, file.size) for file in files)
    check_room(total)
    clock = _clock("MB copied:", total)
    done = 0
    for file in files:
        size = 0
        with file.open() as source, _create(folder / file.name) as target:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                if size > file.size:
                    raise ModelError(f"'{file.name}' changed while it was copied.", "Try again.")
                target.write(chunk)
                yield clock.at((done + size) // 10**6)
        done += size


@contextlib.contextmanager
def _create(path: Path) -> Iterator[IO[bytes]]:
    """The new file ``path``, on the disk when the context ends. Raises ``ModelError`` if it cannot be written."""
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("xb") as file:
            yield file
            os.fsync(file.fileno())
    except OSError as error:
        raise ModelError(
            "The model could not be stored.", "Check that there is room on the disk.", str(error)
        ) from error


def _clock(what: str, size: int) -> Clock:
    return Clock(what, max(1, size // 10**6))
