"""``qadesk.json`` of a model folder: its name, calibration, origin, training and scores. It may come from anywhere."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from qadesk.errors import ModelError

_FILE = "qadesk.json"
_MAX_BYTES = 2**20


def read_metadata(folder: Path) -> dict[str, Any]:
    """The values in ``qadesk.json`` of the model in ``folder``; none if the file is missing or cannot be read."""
    path = folder / _FILE
    with contextlib.suppress(OSError, ValueError, RecursionError):
        if path.stat().st_size <= _MAX_BYTES:
            values = json.loads(path.read_text(encoding="utf-8"))
            return values if isinstance(values, dict) else {}
    return {}


def update_metadata(folder: Path, **values: Any) -> None:
    """Set ``values`` in ``qadesk.json`` of the model in ``folder``; the others stay. Raises ``ModelError``."""
    path = folder / _FILE
    part = folder / f".{_FILE}.part"
    try:
        part.write_text(json.dumps({**read_metadata(folder), **values}, indent=1, ensure_ascii=False), encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        raise ModelError(
            f"The name of '{folder.name}' could not be written.", f"Check that {folder} can be written to.", str(error)
        ) from error
