"""Writes predictions for the official scripts of SQuAD."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from qadesk.labels import text_files


def write_predictions(path: Path, predictions: Mapping[str, str] | Mapping[str, float]) -> None:
    """Write ``predictions`` by question id, in the format of the official scripts, all or nothing.

    Texts ('' for no answer) make a prediction file, numbers a file of no-answer probabilities.
    Raises ``DataError`` if ``path`` cannot be written.
    """
    with text_files.writing(path) as file:
        json.dump(predictions, file, indent=1)
