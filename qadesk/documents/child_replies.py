"""How child processes that read untrusted files reply: on standard output, which no library then prints on."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import BinaryIO


def redirect_stdout() -> int:
    """Send all that a library prints to standard error. Returns a descriptor of the real standard output."""
    replies = os.dup(1)
    os.dup2(2, 1)
    return replies


def write_reply(replies: BinaryIO, reply: Mapping[str, object]) -> None:
    """Write ``reply`` at once, as a line of JSON."""
    replies.write(json.dumps(reply).encode() + b"\n")
    replies.flush()
