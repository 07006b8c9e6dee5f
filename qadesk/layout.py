"""The version of the layout of the user's data folder.

    data/layout.json    this version
    data/qadesk.db      documents, questions, labels (versions of its own: store/migrations/); backups beside it
    data/models/        added and fine-tuned models, a folder each
    data/graphs/        fast graphs of models, made again when they are missing
    data/scans/         what text recognition found on pages that are pictures, a file each; made again when missing
    data/languages/     files of Tesseract for other languages, which the user puts there
    data/library/       the index of the library (versions of its own: library/index_schema.py); made again when missing
    data/runs/          training runs that are paused or running

A program changes nothing where the layout is newer than it knows. ``LAYOUT`` grows when an older program could no
longer work with the folders; a folder that it would ignore needs no new version. It is still 1, although files changed
their shape (sentences are ids with arguments now): 0.1.0 is not released, so no older program can meet them, and this
one reads the new shapes beside the old ones.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from qadesk import paths
from qadesk.errors import StoreError

LAYOUT = 1
FILE_NAME = "layout.json"


def check_version() -> None:
    """Raise ``StoreError`` if the layout is newer than this program knows. Writes nothing."""
    version, program = _read(paths.data_dir() / FILE_NAME)
    if version > LAYOUT:
        raise StoreError(
            "Your documents, questions and labels were saved by a newer version of QADesk.",
            f"Install QADesk {program} or a newer one to open them. Nothing was changed.",
            f"data layout {version}, this program knows {LAYOUT}",
        )


def mark(program: str) -> None:
    """Write ``LAYOUT`` and the version ``program`` into the data folder, unless it has them. Raises ``StoreError``."""
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
    """The layout and the version of the program that wrote it; 0 and '' where there is no file or it is damaged."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return int(values["layout"]), str(values["program"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, ""
