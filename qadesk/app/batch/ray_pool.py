"""Shares tasks out among actors of Ray, and replaces actors that are lost.

A task is some numbers of chunks. Each actor has two, the one in work and the next. Those of an actor that is lost go to
the others at once, before there is room for the one that replaces it. An actor for which there is no room yet begins
when a computer joins the cluster.

These are actors of Ray's core, not of Ray Data: nothing but numbers goes through Ray, and what Ray Data adds, a loop
that looks for work ten times a second and three processes of its own, took 0.11 of a core whatever the actors did.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from qadesk.app.child_process import Message
from qadesk.errors import QadeskError

_AHEAD = 2  # tasks that an actor has
_MOST_STARTS = 3  # of an actor that is lost before it is ready, one after another
_MOST_ROWS = 256  # of a task of several chunks: a task takes some ms of the processor, a row of the bundled reader 8
_LEAST_ROWS = 32
_SHARES = 4  # a task is this part of what is left for each actor

Task = Sequence[int]
"""The numbers of chunks that are given to an actor together."""


def tasks_of(numbers: Sequence[int], rows: int, actors: int) -> list[list[int]]:
    """``numbers`` of chunks with about so many ``rows`` each, in tasks: large ones first, then ever smaller ones.

    So tasks are few, and all actors end at about the same time (guided self-scheduling, Polychronopoulos & Kuck 1987).
    """
    tasks: list[list[int]] = []
    at = 0
    while at < len(numbers):
        left = len(numbers) - at
        share = max(left // (_SHARES * actors), _LEAST_ROWS // rows)
        together = max(1, min(share, _MOST_ROWS // rows, left // actors))
        tasks.append(list(numbers[at : at + together]))
        at += together
    return tasks


@dataclass(slots=True, eq=False)
class _Member:
    """An actor and how many tasks it has. ``computer`` is where it is, '' until it is ready.

    ``starts`` are those since one was last ready.
    """

    actor: Any
    computer: str = ""
    tasks: int = 0
    starts: int = 1


class ActorPool:
    """``size`` actors that ``start`` makes, each a ``ChunkActor``, and the ``tasks`` that they are given.

    ``ray`` is the connected module.
    """

    def __init__(self, ray: Any, start: Callable[[], Any], size: int, tasks: Sequence[Task]) -> None:
        self._ray = ray
        self._start = start
        self._waiting = deque(tasks)
        self._left = len(tasks)
        self._calls: dict[Any, tuple[_Member, Task | None]] = {}  # by reference; None: where the actor is
        errors = ray.exceptions
        self._losses = (
            errors.RayActorError, errors.NodeDiedError, errors.ObjectLostError, errors.OutOfMemoryError,
            errors.WorkerCrashedError,
        )  # fmt: skip
        self._members = [_Member(start()) for _ in range(size)]
        for member in self._members:
            self._ask_where(member)

    def messages(self) -> Iterator[Message]:
        """What the actors say, until all tasks are done.

        Raises ``QadeskError`` where actors are lost each time before they are ready, and what Ray raises otherwise.
        """
        while self._left:
            done, _ = self._ray.wait(list(self._calls), num_returns=1)
            for reference in done:
                yield from self._take(reference)

    def _take(self, reference: Any) -> Sequence[Message]:
        """The messages that a call returned; the actor is given more."""
        member, task = self._calls.pop(reference)
        try:
            result = self._ray.get(reference)
        except self._losses as error:
            return self._replace(member, task, error)
        if task is None:
            member.computer, member.starts = result, 0
        else:
            member.tasks -= 1
            self._left -= 1
        self._give(member)
        return () if task is None else result

    def _ask_where(self, member: _Member) -> None:
        self._calls[member.actor.computer.remote()] = member, None

    def _give(self, member: _Member) -> None:
        """Let ``member`` have tasks, if it is ready."""
        while member.computer and member.tasks < _AHEAD and self._waiting:
            task = self._waiting.popleft()
            self._calls[member.actor.answer.remote(task)] = member, task
            member.tasks += 1

    def _replace(self, member: _Member, task: Task | None, error: Exception) -> list[Message]:
        """Start another actor for that of ``member``, which was lost with ``task`` and others, and share these out.

        Returns the message that says so.
        """
        if not member.computer and member.starts >= _MOST_STARTS:
            raise QadeskError(
                "The workers that Ray starts end before they are ready.",
                "The computers may have too little memory for them: try fewer by --workers.",
                str(error),
            ) from error
        others = {reference: call for reference, call in self._calls.items() if call[0] is member}
        self._calls = {reference: call for reference, call in self._calls.items() if reference not in others}
        lost = [lost for lost in (task, *(call[1] for call in others.values())) if lost is not None]
        self._waiting.extendleft(reversed(lost))
        self._ray.kill(member.actor)  # it may only be out of reach
        where = f" on the computer {member.computer}" if member.computer else ""
        member.actor, member.computer, member.tasks = self._start(), "", 0
        member.starts += 1
        self._ask_where(member)
        for other in self._members:
            self._give(other)
        return [{"notice": f"A worker{where} has ended: others do its work again."}]
