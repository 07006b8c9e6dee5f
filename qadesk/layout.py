"""The version of how the user's data folder is laid out.

    data/layout.json    this version
    data/qadesk.db      documents, questions, labels (its own steps: store/migrations.py); backups beside it
    data/models/        added and fine-tuned models, a folder each
    data/graphs/        fast graphs of models, made anew when they are gone
    data/runs/          training runs that wait or go on

A program that finds a newer layout than it knows touches nothing. ``LAYOUT`` grows when an older program could no
longer work with the folders, not for what it would merely leave alone.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from qadesk import paths
from qadesk.errors import StoreError

LAYOUT = 1
FILE_NAME = "layout.json"


def check() -> None:
    """Raise ``StoreError`` if a newer QADesk laid the data out as this one does not know. Writes nothing."""
    found, newer = _read(paths.data_dir() / FILE_NAME)
    if found > LAYOUT:
        raise StoreError(
            "Your documents, questions and labels were saved by a newer version of QADesk.",
            f"Install QADesk {newer} or a newer one to open them. Nothing was changed.",
            f"data layout {found}, this program knows {LAYOUT}",
        )


def mark(program: str) -> None:
    """Write into the data folder how it is laid out, by which version ``program``, where that is not written yet.

    Raises ``StoreError``.
    """
    path = paths.data_dir() / FILE_NAME
    if _read(path)[0] == LAYOUT:
        return
    part = path.with_name(f"{FILE_NAME}.{os.getpid()}.part")
    try:
        part.write_text(json.dumps({"layout": LAYOUT, "program": program}) + "\n", encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        hint = f"Check that {path.parent} can be written to."
        raise StoreError("Your data folder cannot be written to.", hint, str(error)) from error


def _read(path: Path) -> tuple[int, str]:
    """The layout and the program that wrote it; 0 where nothing is written, or nothing that can be read."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return int(values["layout"]), str(values["program"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, ""
