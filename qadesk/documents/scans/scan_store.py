"""The folder in which results of text recognition are kept, each under a hash of the page that it was found on."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from qadesk.errors import DocumentError

if TYPE_CHECKING:
    from qadesk.documents.scans.scan_text import ScanText

MOST_PAGES = 20_000
"""So many are kept, about 1 GB; the ones that were written first go."""

_LARGEST = 50_000_000  # bytes
_KEY = re.compile(r"[0-9a-f]{32}-[A-Za-z0-9_+-]{1,100}")


class ScanStore:
    """Results in ``folder``; None keeps none. ``languages``: those that are read, as 'eng+deu'.

    Reading needs no right to write: the child process that parses documents reads here.
    """

    def __init__(self, folder: Path | None, languages: str = "eng") -> None:
        self.folder = folder
        self.languages = languages

    def as_request(self) -> tuple[str, str] | None:
        """The store for the request to a child process, which ``store_of`` takes."""
        return (str(self.folder), self.languages) if self.folder else None

    def read(self, page_hash: str) -> ScanText | None:
        """What was found on the page with this hash; None if it was not read yet, or the file is damaged."""
        path = self._path(page_hash)
        if path is None:
            return None
        try:
            if path.stat().st_size > _LARGEST:
                return None
            from qadesk.documents.scans.scan_text import ScanText

            return ScanText.from_json(path.read_bytes())
        except (OSError, ValueError):
            return None

    def write(self, page_hash: str, text: ScanText) -> None:
        """Keep what was found, whole or not at all. Raises ``DocumentError``."""
        path = self._path(page_hash)
        if path is None:
            return
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(text.to_json(), encoding="utf-8")
            os.replace(part, path)
        except OSError as error:
            raise DocumentError(
                "The recognised text cannot be kept.", f"Check that {path.parent} can be written to.", str(error)
            ) from error

    def drop_oldest(self, most: int = MOST_PAGES) -> None:
        """Remove what is more than ``most`` results. Never fails."""
        if self.folder is None:
            return
        with suppress(OSError):
            files = [entry for entry in os.scandir(self.folder) if entry.is_file()]
            if len(files) <= most:
                return
            files.sort(key=lambda entry: entry.stat().st_mtime)
            for entry in files[: len(files) - most]:
                Path(entry).unlink()

    def _path(self, page_hash: str) -> Path | None:
        name = f"{page_hash}-{self.languages}"
        if self.folder is None or not _KEY.fullmatch(name):
            return None
        return self.folder / f"{name}.json"


NO_SCANS = ScanStore(None)
"""Has nothing and keeps nothing."""


def store_of(request: Sequence[str] | None) -> ScanStore:
    """The store that ``as_request`` named."""
    return ScanStore(Path(request[0]), request[1]) if request else NO_SCANS
