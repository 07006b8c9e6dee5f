"""One rotating log file in the user's log folder. It holds no text of documents or questions."""

from __future__ import annotations

import logging
import logging.handlers

from qadesk import paths

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def start(level: int = logging.INFO) -> None:
    """Write our log lines of at least ``level`` to ``qadesk.log`` (1 MB, two old ones kept)."""
    logger = logging.getLogger("qadesk")
    if logger.handlers:
        return
    try:
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            paths.log_dir() / "qadesk.log", maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True
        )
    except OSError:  # a read-only home must not keep the program from starting
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter(_FORMAT))
    logger.addHandler(handler)
    logger.setLevel(level)
    logger.propagate = False
