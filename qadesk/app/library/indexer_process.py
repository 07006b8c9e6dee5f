"""The window's end of the process that indexes the library (``index_child``)."""

from __future__ import annotations

import json
import queue
import tempfile
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qadesk.app import child_process
from qadesk.app.child_process import ChildEnded, Message
from qadesk.app.library.index_messages import step_from
from qadesk.errors import LibraryError
from qadesk.records import IndexStep


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
        self.commands.put({"do": "update", "sources": [str(path) for path in sources], "forget": True})

    def retry(self, files: Iterable[Path]) -> None:
        """Read ``files`` again, whatever is known of them."""
        self.commands.put({"do": "retry", "paths": [str(path) for path in files]})

    def recognize(self, files: Sequence[Path]) -> None:
        """Recognise the text of pictures in ``files``, of all where none are given."""
        named = {"paths": [str(path) for path in files]} if files else {}
        self.commands.put({"do": "recognize", **named})

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
        child_process.start(["--index-library"], Path(scratch)) as child,
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
        return IndexerNews(step=step_from(message))
    if "error" in message:
        raise LibraryError(**message["error"])
    if "watching" in message:
        return IndexerNews(is_watching=message["watching"], reason=message["reason"])
    return IndexerNews(is_done="done" in message, notice=message.get("notice", ""))
