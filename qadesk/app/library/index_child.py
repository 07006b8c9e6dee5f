"""The child process of the window that fills the index of the library, and watches the linked folders while it lives.

Its requests are lines of JSON:

    {"do": "update", "sources": [...]}       bring the index up to date with all these folders and files, and watch them
    {"do": "update", ..., "forget": true}    ... after all files in none of them were taken out
    {"do": "retry", "paths": [...]}          read these again, which failed
    {"do": "recognize", "paths": [...]}      recognise the pictures on the pages of these files, of all without paths
    {"do": "pause"}, {"do": "resume"}, {"do": "stop"}

and its messages ``step``, ``done``, ``notice``, ``watching`` with its ``reason``, and ``error``, after which it ends.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TextIO

from qadesk import paths
from qadesk.app.child_process import connect_to_parent, send_message
from qadesk.app.library.folder_watch import FolderWatch, WatchState
from qadesk.app.library.index_messages import done_message, error_message, step_message
from qadesk.app.library.index_progress import IndexProgress
from qadesk.app.library.indexing import forget_others, read_again, update
from qadesk.app.library.picture_reading import read_pictures
from qadesk.app.library.scanning import is_there
from qadesk.errors import LibraryError
from qadesk.library.index import LibraryIndex, open_index
from qadesk.library.index_schema import IndexDamagedError
from qadesk.process_memory import share_free_memory
from qadesk.records import IndexStep, LibraryCounts, Scope
from qadesk.settings import Settings

_log = logging.getLogger(__name__)

RESCAN = 600.0
"""Seconds between two scans of folders that are not watched."""
_RESCAN_WATCHED = 3600.0  # events can be lost
_POLL = 0.1  # seconds

Request = dict[str, Any]


def main(_arguments: Sequence[str]) -> int:
    """Serve requests until one says stop, or the parent is gone. Returns the exit code."""
    share_free_memory()
    inbox = _Inbox()
    output = connect_to_parent(inbox.take)
    try:
        with closing(open_index(paths.data_dir() / "library", writes=True)) as index, closing(FolderWatch()) as watch:
            _IndexServer(index, watch, inbox, output).serve()
    except LibraryError as error:
        send_message(output, error_message(error))
        return 1
    return 0


class _Inbox:
    """Requests, from the thread that reads them to the one that works."""

    def __init__(self) -> None:
        self.is_paused = threading.Event()
        self.is_stopping = threading.Event()
        self._requests: deque[Request] = deque()
        self._changed = threading.Condition()

    def take(self, line: str) -> None:
        """Take a line of the parent."""
        request = json.loads(line)
        do = request["do"]
        with self._changed:
            if do == "pause":
                self.is_paused.set()
            elif do == "resume":
                self.is_paused.clear()
            elif do == "stop":
                self.is_stopping.set()
            else:
                self._requests.append(request)
            self._changed.notify()

    def next(self, seconds: float) -> Request | None:
        """The next request, waiting for at most ``seconds``."""
        with self._changed:
            self._changed.wait_for(lambda: self._requests or self.is_stopping.is_set(), seconds)
            return self._requests.popleft() if self._requests else None

    def put_back(self, request: Request) -> None:
        """``request`` is the next one again."""
        with self._changed:
            self._requests.appendleft(request)


class _IndexServer:
    """Does what the requests say, one after another; a new update takes the place of one that is running."""

    def __init__(self, index: LibraryIndex, watch: FolderWatch, inbox: _Inbox, output: TextIO) -> None:
        self._index = index
        self._watch = watch
        self._inbox = inbox
        self._output = output
        self._sources: list[Path] = []
        self._watching: WatchState | None = None
        self._rescan_at = float("inf")
        self._is_tidy = False
        self._is_looser = False  # there is room in the database to give back

    def serve(self) -> None:
        """Work until told to stop."""
        for notice in self._index.notices:
            self._notify(notice)
        while not self._inbox.is_stopping.is_set():
            request = self._inbox.next(_POLL)
            if request is not None:
                self._do(request)
            elif changes := self._watch.take_changes():
                self._run(self._update(only=changes), is_told=True)
            elif time.monotonic() > self._rescan_at:
                self._do({"do": "update", "sources": self._sources})
            elif not (self._is_tidy or self._inbox.is_paused.is_set()):
                self._tidy()
        self._index.commit()

    def _tidy(self) -> None:
        """Make a part of the index smaller, while nobody waits for anything."""
        try:
            if self._index.recompress():
                self._is_looser = True
                return
            self._is_tidy = True
            if self._is_looser:
                self._index.shrink(writes_anew=True)
                self._is_looser = False
        except IndexDamagedError:
            raise
        except (
            LibraryError
        ) as error:  # as on a full disk: it was not asked for, and is tried again after the next update
            _log.debug("the index was not made smaller: %s", error)
            self._is_tidy = True

    def _do(self, request: Request) -> None:
        named = [Path(path) for path in request.get("paths", ())]
        match request["do"]:
            case "update":
                self._update_all(request)
            case "retry":
                read_again(self._index, named)
                self._run(self._update(only=set(named)), is_told=True)
            case "recognize":
                self._run(self._recognize(set(named) if "paths" in request else None), is_told=True)

    def _update_all(self, request: Request) -> None:
        sources = [Path(source) for source in request["sources"]]
        if sources != self._sources or not (self._watching and self._watching.is_watching):
            self._sources = sources
            self._watch_sources()
        if request.get("forget"):
            forget_others(self._index, sources)
        newer = self._run(self._update(), is_told=True, can_give_way=True)
        if newer is not None:
            self._inbox.put_back(newer)
            return
        if not all(map(is_there, sources)):
            self._watching = None  # what comes back is not watched any more
        is_watching = self._watching is not None and self._watching.is_watching
        self._rescan_at = time.monotonic() + (_RESCAN_WATCHED if is_watching else RESCAN)

    def _run(
        self, work: Generator[IndexStep, None, LibraryCounts], *, is_told: bool, can_give_way: bool = False
    ) -> Request | None:
        """Run ``work`` to its end, and tell the steps. Returns the request for an update that it gave way to."""
        with closing(work):
            while not self._inbox.is_stopping.is_set():
                try:
                    step = next(work)
                except StopIteration as end:
                    self._is_tidy = False
                    if is_told:
                        send_message(self._output, done_message(end.value))
                    return None
                if is_told:
                    send_message(self._output, step_message(step))
                if can_give_way and (request := self._inbox.next(0)):
                    if request["do"] == "update":
                        return request
                    self._do(request)
                if can_give_way and (changes := self._watch.take_changes()):
                    self._run(self._update(only=changes), is_told=False)
        return None

    def _update(self, only: set[Path] | None = None) -> Generator[IndexStep, None, LibraryCounts]:
        return update(
            self._index,
            self._sources,
            Settings(),
            is_paused=self._inbox.is_paused.is_set,
            only=only,
            on_notice=self._notify,
        )

    def _recognize(self, only: set[Path] | None) -> Generator[IndexStep, None, LibraryCounts]:
        scope = Scope(tuple(self._sources))
        progress = IndexProgress(lambda: self._index.counts(scope))
        paused = self._inbox.is_paused.is_set
        yield from read_pictures(
            self._index, self._sources, Settings(), progress, only=only, is_paused=paused, on_notice=self._notify
        )
        return self._index.counts(scope)

    def _watch_sources(self) -> None:
        state = self._watch.watch(self._sources)
        if state != self._watching:
            send_message(self._output, {"watching": state.is_watching, "reason": state.reason})
        self._watching = state

    def _notify(self, sentence: str) -> None:
        send_message(self._output, {"notice": sentence})
