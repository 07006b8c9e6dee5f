"""pyarrow, which reads and writes Parquet and is no part of the installers."""

from __future__ import annotations

import importlib
from typing import Any

from qadesk.errors import DataError


def load_parquet() -> Any:
    """The module ``pyarrow.parquet``. Raises ``DataError`` where it is not installed."""
    try:
        return importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise DataError(
            "Parquet files need pyarrow, which is not installed.",
            "Install it with 'pip install qadesk[parquet]', or use JSON lines (.jsonl).",
            str(error),
        ) from error
