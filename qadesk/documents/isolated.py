"""Parses one untrusted file in a child process of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from qadesk.documents.parser_pool import ParserPool
from qadesk.documents.parsing import Parsed
from qadesk.documents.scans.scan_store import ScanStore


def parse(
    path: Path,
    kind: str,
    password: str | None,
    max_bytes: int,
    cancelled: Callable[[], bool],
    *,
    encoding: str = "",
    scans: ScanStore | None = None,
) -> Parsed:
    """The text of the file ``path``, as ``ParserPool.parse`` gives it, read in a child that ends then."""
    with closing(ParserPool()) as pool:
        return pool.parse(path, kind, password, max_bytes, cancelled, encoding=encoding, scans=scans)
