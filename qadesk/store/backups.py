"""Daily copies of the database, in ``backups`` beside it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

MAX_BACKUPS = 5
_FOLDER = "backups"


def newest_first(database: Path) -> list[Path]:
    """The backups of ``database``, the newest first."""
    return sorted((database.parent / _FOLDER).glob("qadesk-????-??-??.db"), reverse=True)


def day_of(backup: Path) -> str:
    """The day a backup was made, as ``2026-01-31``."""
    return backup.stem.removeprefix("qadesk-")


def write_backup(connection: sqlite3.Connection, database: Path, *, force: bool = False) -> Path:
    """Copy the open ``database``, once a day or by ``force``, and delete the oldest copies; gives today's.

    Raises ``OSError`` or ``sqlite3.Error`` if the copy cannot be written; the older ones stay then.
    """
    target = database.parent / _FOLDER / f"qadesk-{date.today().isoformat()}.db"
    if target.exists() and not force:
        return target
    target.parent.mkdir(exist_ok=True)
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(part)) as copy:
        copy.execute("pragma journal_mode = off")  # a copy that was cut short is thrown away, not rolled back
        connection.backup(copy)
    os.replace(part, target)
    for old in newest_first(database)[MAX_BACKUPS:]:
        old.unlink()
    return target


def restore_backup(backup: Path, database: Path) -> None:
    """Put a copy of ``backup`` where ``database`` belongs; nothing may be there."""
    part = backup.with_suffix(".part")
    shutil.copyfile(backup, part)
    os.replace(part, database)


def remove_all_but(backup: Path) -> None:
    """Delete every other backup, and files that interrupted ones left."""
    for file in backup.parent.glob("qadesk-*"):
        if file != backup:
            file.unlink()
