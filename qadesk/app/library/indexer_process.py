"""The window's end of the process that indexes the library (``index_child``)."""

from __future__ import annotations

import json
import queue
import tempfile
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qadesk import paths
from qadesk.app import child_process
from qadesk.app.child_process import ChildEnded, Message
from qadesk.errors import LibraryError
from qadesk.progress import Progress
from qadesk.records import IndexStep, LibraryCounts


@dataclass(frozen=True, slots=True)
class IndexerNews:
    """What the indexer says: a step, that it is done, a sentence for the user, whether it watches the folders."""

    step: IndexStep | None = None
    is_done: bool = False
    notice: str = ""
    is_watching: bool | None = None
    reason: str = ""
    """Why it does not watch them."""


class IndexerControl:
    """What the indexer is told, from any thread; it is sent by the lane that follows it."""

    def __init__(self) -> None:
        self.commands: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def update(self, sources: Iterable[Path]) -> None:
        """Bring the index up to date for these folders and files, and take out all others."""
        self.commands.put({"do": "update", "sources": [str(path) for path in sources]})

    def retry(self, files: Iterable[Path]) -> None:
        """Read ``files`` again, whatever is known of them."""
        self.commands.put({"do": "retry", "paths": [str(path) for path in files]})

    def pause(self) -> None:
        """Wait after the file that is read."""
        self.commands.put({"do": "pause"})

    def resume(self) -> None:
        """Go on."""
        self.commands.put({"do": "resume"})


def follow_indexer(control: IndexerControl) -> Generator[IndexerNews | None, None, None]:
    """Run the process and yield what it says, None for each tenth of a second without news. It does not return.

    Closing the generator ends the process, which loses nothing that matters. Raises ``QadeskError``.
    """
    with (
        tempfile.TemporaryDirectory(prefix="qadesk-indexer-", ignore_cleanup_errors=True) as scratch,
        child_process.start(["--index-library", str(paths.data_dir() / "library")], Path(scratch)) as child,
    ):
        try:
            for message in child.messages():
                while not control.commands.empty():
                    child.send(json.dumps(control.commands.get()))
                yield _news(message) if message else None
        except ChildEnded as error:
            raise LibraryError(
                "The process that indexes the library ended before it was done.",
                "It is started again. What was indexed so far is kept.",
                str(error),
            ) from error


def _news(message: Message) -> IndexerNews:
    if "step" in message:
        return IndexerNews(step=_step(message["step"]))
    if "error" in message:
        raise LibraryError(*message["error"][-3:])
    if "watching" in message:
        return IndexerNews(is_watching=bool(message["watching"]), reason=message.get("reason", ""))
    return IndexerNews(is_done="done" in message, notice=message.get("notice", ""))


def _step(fields: dict[str, Any]) -> IndexStep:
    current = fields.get("current")
    return IndexStep(
        Progress(*fields["progress"]) if isinstance(fields["progress"], list) else Progress(**fields["progress"]),
        Path(current) if current else None,
        LibraryCounts(**fields["counts"]),
        fields.get("pages_a_second", 0.0),
        fields.get("passages_a_second", 0.0),
    )
