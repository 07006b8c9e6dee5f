"""The log: one rotating file in the user's log folder. No line holds text of a document or a question.

``QADESK_LOG`` sets the level: debug, info (the default) or warning; ``debug,stderr`` writes each line to standard error
too, which is what ``--debug`` sets. Child processes inherit it, and log only where it is set (``qadesk.__main__``).
"""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys

from qadesk import paths

VARIABLE = "QADESK_LOG"
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}
_STDERR = "stderr"
_FORMAT = logging.Formatter("%(asctime)s %(levelname)s %(process)d %(threadName)s %(name)s: %(message)s")
_log = logging.getLogger("qadesk")


def set_debug() -> None:
    """Set ``QADESK_LOG`` to debug lines, also on standard error, for this process and its children."""
    os.environ[VARIABLE] = f"debug,{_STDERR}"


def start_logging() -> None:
    """Log to ``qadesk.log`` (1 MB, two old ones kept). Called again, it only follows a changed ``QADESK_LOG``."""
    if not _log.handlers:
        _log.addHandler(_file_handler(rotates=True))
        _log.propagate = False
    _apply_variable()


def start_in_child(*, may_write: bool = True) -> None:
    """Log in a child process; only to standard error, if at all, where it may write no file."""
    _log.addHandler(_file_handler(rotates=False) if may_write else logging.NullHandler())
    _log.propagate = False
    _apply_variable()
    _log.debug("child process %s", sys.argv[1] if len(sys.argv) > 1 else "")


def _file_handler(*, rotates: bool) -> logging.Handler:
    """The log file is opened with the first line. Children leave rotating it to their parent."""
    try:
        path = paths.log_dir() / "qadesk.log"
    except OSError:  # a read-only home must not keep the program from starting
        return logging.NullHandler()
    if not rotates:
        return logging.FileHandler(path, encoding="utf-8", delay=True)
    return logging.handlers.RotatingFileHandler(path, maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True)


def _apply_variable() -> None:
    """Set the level, and log to standard error too where the variable says so."""
    words = [word.strip() for word in os.environ.get(VARIABLE, "").lower().split(",") if word.strip()]
    on_stderr = any(type(handler) is logging.StreamHandler for handler in _log.handlers)
    if _STDERR in words and not on_stderr:
        _log.addHandler(logging.StreamHandler(sys.stderr))
    for handler in _log.handlers:
        handler.setFormatter(_FORMAT)
    _log.setLevel(next((_LEVELS[word] for word in words if word in _LEVELS), logging.INFO))
    for word in words:
        if word not in _LEVELS and word != _STDERR:
            _log.warning("%s takes debug, info or warning, not '%s'", VARIABLE, word)
