"""Training with several processes, as the first of them sees it: it starts the others, leads them and watches them.

The child that goes through the stages of a run is the first process, of rank 0. It starts the others
(``app.training.rank_child``) for the time of the training, by the protocol of ``app.child_process``: they end when it
does. Commands: the number of the step to make, 0 when there is none left. Messages: ``{"ready": step}`` when a process
has loaded the checkpoint of that step, or ``{"error": [kind, message, hint, detail]}``.

Where one of them ends all do. The first process may be waiting for it in the middle of a step, for ever with some
devices: then the one that watches calls ``on_lost``, which ends this process.
"""

from __future__ import annotations

import contextlib
import queue
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

from qadesk.app import child_process
from qadesk.app.child_process import Child, ChildEnded, Message, error_from_json
from qadesk.errors import DataError, DeviceError, QadeskError
from qadesk.train.config import Config
from qadesk.train.network import choose_placement
from qadesk.train.process_group import ALONE, ProcessGroup, joined_accelerator, require_accelerate

MAX_PROCESSES = 64
"""Processes that can train together at most."""

_POLL = 0.1  # seconds
_GRACE = 5.0  # seconds in which the first process can end by itself

OnLost = Callable[[QadeskError], None]


def ignore_lost(_error: QadeskError) -> None:
    """The ``OnLost`` of a process that is alone."""


def check_processes(processes: int, config: Config) -> None:
    """Raise ``QadeskError`` where so many ``processes`` cannot train together on this computer; loads no library."""
    most = min(MAX_PROCESSES, config.batch_size)
    if not 1 <= processes <= most:
        raise DataError(
            f"{processes} processes cannot train together.",
            f"It is a number from 1 to {most}: at most one for each window of a batch (batch_size).",
        )
    if processes > 1:
        require_accelerate()


@contextlib.contextmanager
def joined_processes(run: Path, processes: int, config: Config, on_lost: OnLost) -> Iterator[ProcessGroup]:
    """The group of the processes that train the run in the folder ``run``; the others end with the context.

    ``on_lost`` is called, in a thread of its own, where another process has ended and this one has not noticed. Raises
    ``QadeskError`` if they cannot be started, or one of them fails.
    """
    check_processes(processes, config)
    if processes == 1:
        yield ALONE
        return
    placement = choose_placement(config, 0, processes)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, contextlib.ExitStack() as stack:
        meeting = Path(name) / "meeting"
        others = _OtherProcesses(on_lost)
        for rank in range(1, processes):
            what = str(run.resolve()), str(rank), str(processes), str(meeting), placement.kind, placement.precision
            others.watch(stack.enter_context(child_process.start(["--train-rank", *what], Path(name))))
        stack.callback(others.close)
        with others.failure_first(), joined_accelerator(0, processes, meeting, placement.kind) as accelerator:
            yield ProcessGroup(0, processes, accelerator, placement.precision, others.wait_until_ready, others.announce)
            others.dismiss()


class _OtherProcesses:
    """All processes of a run but the first. ``failure`` is what has ended one of them."""

    def __init__(self, on_lost: OnLost) -> None:
        self.failure: QadeskError | None = None
        self._on_lost = on_lost
        self._children: list[Child] = []
        self._watchers: list[threading.Thread] = []
        self._ready: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._failed = threading.Event()
        self._dismissed = threading.Event()
        self._over = threading.Event()

    def watch(self, child: Child) -> None:
        """Follow the messages of ``child`` until it ends, or all is over."""
        self._children.append(child)
        self._watchers.append(threading.Thread(target=self._follow, args=(child.messages(),), daemon=True))
        self._watchers[-1].start()

    def _follow(self, messages: Generator[Message | None, None, None]) -> None:
        try:
            for message in messages:
                if self._over.is_set():
                    break
                if message and "ready" in message:
                    self._ready.put(message["ready"])
                elif message:
                    raise error_from_json(message["error"])
        except QadeskError as error:
            self._fail(error)
        except ChildEnded as error:
            self._fail(_ended(str(error)))
        finally:
            messages.close()

    def _fail(self, error: QadeskError) -> None:
        if self._dismissed.is_set():
            return
        self.failure = self.failure or error
        self._failed.set()
        if not self._over.wait(_GRACE):
            self._on_lost(self.failure)

    def wait_until_ready(self, step: int) -> None:
        """Return when all have loaded the checkpoint of ``step``. Raises ``QadeskError`` where one of them fails."""
        for _ in self._children:
            ready = self._next_ready()
            if ready != step:
                raise DataError(
                    "The processes do not go on from the same checkpoint.",
                    "Go on with the training once more.",
                    f"the first from step {step}, another from step {ready}",
                )

    def _next_ready(self) -> int:
        while True:
            if self.failure:
                raise self.failure
            with contextlib.suppress(queue.Empty):
                return self._ready.get(timeout=_POLL)

    def announce(self, step: int) -> None:
        """Have all make ``step``. Raises ``QadeskError`` where one of them has failed."""
        if self.failure:
            raise self.failure
        for child in self._children:
            child.send(str(step))

    @contextlib.contextmanager
    def failure_first(self) -> Iterator[None]:
        """Within the context an error of this process that comes of another's end is raised as that of the other."""
        try:
            yield
        except (RuntimeError, DeviceError) as error:
            if self._failed.wait(_GRACE) and self.failure:
                raise self.failure from error
            raise

    def dismiss(self) -> None:
        """Let the processes leave the group, as the first does: some devices want that of all at once."""
        self._dismissed.set()
        for child in self._children:
            child.send("0")

    def close(self) -> None:
        """Stop watching the processes, and kill those that are still there."""
        self._over.set()
        for watcher in self._watchers:
            watcher.join()


def _ended(detail: str) -> QadeskError:
    return QadeskError(
        "One of the processes that train together ended before the training was done. "
        "The computer may have too little memory.",
        "Go on with the training, with fewer processes perhaps: what was done up to the last checkpoint is kept.",
        detail,
    )
