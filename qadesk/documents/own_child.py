"""Child processes that read untrusted files: our own program with a hidden argument."""

from __future__ import annotations

import subprocess

from qadesk import paths
from qadesk.errors import DocumentError


def start_child(argument: str, *, stderr: int, purpose: str) -> subprocess.Popen[bytes]:
    """The child that the hidden ``argument`` names, with pipes to it and from it.

    ``stderr`` is ``subprocess.PIPE`` or ``DEVNULL``; ``purpose`` says in the error what it does: 'reads files'. Raises
    ``DocumentError`` if the system starts no process.
    """
    try:
        return subprocess.Popen(  # noqa: S603 - this program
            [*paths.own_command(), argument],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=paths.own_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise DocumentError(
            f"QADesk could not start the process that {purpose}.", "Close other programs and try again.", str(error)
        ) from error
