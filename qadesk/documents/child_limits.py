"""The limits that a child process which reads untrusted files sets for itself."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

_MAX_MEMORY = 2 << 30  # bytes


def set_limits(cpu_seconds: int | None) -> None:
    """Limit memory and processor time; forbid this process to start others, to write files and to dump core.

    No limit on processor time where ``cpu_seconds`` is None. Windows has no such limits at all.
    """
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy's library would start threads, which are processes to the limit
    if sys.platform != "win32":
        import resource

        limits = (
            (resource.RLIMIT_AS, _MAX_MEMORY),
            (resource.RLIMIT_CPU, cpu_seconds or resource.RLIM_INFINITY),
            (resource.RLIMIT_NPROC, 0),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        )
        for limit, value in limits:
            with suppress(ValueError, OSError):  # macOS refuses some of them
                resource.setrlimit(limit, (value, value))
