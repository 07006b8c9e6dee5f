"""The processes that make the steps of one run together: on one computer, a GPU or a share of the cores each.

The first, of rank 0, leads: it evaluates, writes checkpoints and says which step is made. Every process has the whole
model and takes its share of each batch. The gradient of a step is the *sum over all processes* of the gradients of the
summed losses, divided by the number of windows in the whole batch, which each process knows: so it does not matter that
one has more windows than another, or none. A mean of the means of the processes, as DistributedDataParallel makes it,
would weigh the windows of a small share more.

accelerate says which device a process has and adds up tensors: with gloo on processors, NCCL on GPUs of NVIDIA. The
processes find one another by a file, and talk over the loopback interface alone: nothing listens on the network.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from qadesk.errors import QadeskError

T = TypeVar("T")

_BACKENDS = {"cpu": "gloo", "cuda": "nccl"}
_TIMEOUT = timedelta(days=1)  # a computer may sleep in the middle of a step; a process that ends is noticed elsewhere
_BUCKET = 1 << 24  # gradients that are added up at once, in numbers: 64 MB


def _nothing(_step: int) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class ProcessGroup:
    """The group of ``size`` processes as the one of ``rank`` sees it; by default a process that is alone.

    ``precision`` is that in which all compute, '' where each chooses: two that time the processor might not agree.
    Before its first step the first process calls ``wait_until_ready`` with the number of steps that were made: it
    returns when all have loaded that checkpoint. It calls ``announce`` with each step, which all make then.
    """

    rank: int = 0
    size: int = 1
    accelerator: Any = None
    precision: str = ""
    wait_until_ready: Callable[[int], None] = _nothing
    announce: Callable[[int], None] = _nothing

    def share(self, items: Sequence[T]) -> list[T]:
        """Which of ``items`` this process takes: together the processes take all, each once."""
        return list(items[self.rank :: self.size])

    def add_up(self, parameters: Iterable[Any], numbers: Sequence[float]) -> list[float]:
        """The sums of ``numbers`` over all processes; the gradients of ``parameters`` become theirs.

        A process that had no windows has no gradients: they count as 0.
        """
        if self.size == 1:
            return list(numbers)
        import torch

        for bucket in _buckets(parameters):
            gradients = [_gradient(parameter) for parameter in bucket]
            total = self.accelerator.reduce(torch.cat([part.reshape(-1) for part in gradients]), reduction="sum")
            sums = total.split([part.numel() for part in gradients])
            for gradient, summed in zip(gradients, sums, strict=True):
                gradient.copy_(summed.view_as(gradient))
        values = torch.tensor(numbers, dtype=torch.float64, device=self.accelerator.device)
        return [float(value) for value in self.accelerator.reduce(values, reduction="sum")]


ALONE = ProcessGroup()


def _gradient(parameter: Any) -> Any:
    import torch

    if parameter.grad is None:
        parameter.grad = torch.zeros_like(parameter)
    return parameter.grad


def _buckets(parameters: Iterable[Any]) -> Iterator[list[Any]]:
    """``parameters`` in groups of at most ``_BUCKET`` numbers, at least one each."""
    bucket: list[Any] = []
    size = 0
    for parameter in parameters:
        if bucket and size + parameter.numel() > _BUCKET:
            yield bucket
            bucket, size = [], 0
        bucket.append(parameter)
        size += parameter.numel()
    if bucket:
        yield bucket


def require_accelerate() -> None:
    """Raise ``QadeskError`` where accelerate is not installed. Imports nothing of it."""
    if find_spec("accelerate") is None:
        frozen = getattr(sys, "frozen", False)
        how = "Start QADesk from its sources, with accelerate" if frozen else "Install it: pip install accelerate"
        raise QadeskError(
            "Training with several processes needs the package accelerate, which is not installed.",
            f"{how}. Or train with one process.",
        )


@contextlib.contextmanager
def joined_accelerator(rank: int, size: int, meeting: Path, kind: str) -> Iterator[Any]:
    """Join ``size`` processes as ``rank``, on devices of ``kind`` ('cpu' or 'cuda'), until the context ends.

    ``meeting`` is the path of a new file by which they find one another. Returns when all are there.
    """
    import torch

    ranks = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": size, "LOCAL_WORLD_SIZE": size}
    threads = {"OMP_NUM_THREADS": 1}  # ``Network`` sets them; without a number accelerate sets others, and warns
    with _environment({**ranks, **threads, **_loopback()}):
        if kind == "cuda":
            torch.cuda.set_device(rank)
        store = torch.distributed.FileStore(str(meeting), size)
        backend = _BACKENDS[kind]
        torch.distributed.init_process_group(backend, store=store, rank=rank, world_size=size, timeout=_TIMEOUT)
        try:
            yield _accelerator(kind)
        finally:
            torch.distributed.destroy_process_group()


def _accelerator(kind: str) -> Any:
    from accelerate import Accelerator

    return Accelerator(cpu=kind == "cpu")


def _loopback() -> dict[str, str]:
    """What makes gloo and NCCL use the loopback interface alone; nothing where it has neither of its usual names."""
    names = [name for _, name in socket.if_nameindex()]
    loopback = next((name for name in ("lo", "lo0") if name in names), "")
    return {"GLOO_SOCKET_IFNAME": loopback, "NCCL_SOCKET_IFNAME": loopback} if loopback else {}


@contextlib.contextmanager
def _environment(variables: Mapping[str, object]) -> Iterator[None]:
    """Within the context the environment has ``variables``."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update({name: str(value) for name, value in variables.items()})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
