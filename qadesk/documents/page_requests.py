"""What requests to children that handle the pages of a file have in common: which file, and how it was read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from qadesk.documents.open_file import quoted_name
from qadesk.documents.parsing import Source
from qadesk.documents.scans.scan_store import store_of


def source_of_request(request: Mapping[str, Any], file: BinaryIO) -> Source:
    """The ``file`` that ``request`` names, read as the document was whose pages are asked for."""
    return Source(
        file,
        quoted_name(Path(request["path"])),
        password=request["password"],
        scans=store_of(request["scans"]),
        recognized_pages=frozenset(request["recognized_pages"]),
    )
