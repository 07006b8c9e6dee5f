"""What processes that train together share and add up, with threads in their place."""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from qadesk.errors import QadeskError
from qadesk.train import process_group
from qadesk.train.process_group import ALONE, ProcessGroup, require_accelerate

torch = pytest.importorskip("torch")


class Meeting:
    """Adds up the tensors of ``size`` threads, as accelerate adds up those of processes."""

    device = "cpu"

    def __init__(self, size: int) -> None:
        self._barrier = threading.Barrier(size, timeout=20)
        self._tensors: list[Any] = []

    def reduce(self, tensor: Any, reduction: str) -> Any:
        assert reduction == "sum"
        self._tensors.append(tensor)
        self._barrier.wait()
        total = sum(self._tensors)
        if not self._barrier.wait():
            self._tensors = []
        self._barrier.wait()
        return total


def in_threads(size: int, work: Callable[[ProcessGroup], Any]) -> list[Any]:
    """What ``work`` returns in each of ``size`` threads."""
    meeting = Meeting(size)
    with ThreadPoolExecutor(size) as pool:
        return list(pool.map(work, [ProcessGroup(rank, size, meeting) for rank in range(size)]))


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_each_window_of_a_batch_is_taken_once(size: int) -> None:
    shares = [ProcessGroup(rank, size).share("abcd") for rank in range(size)]
    assert sorted(item for share in shares for item in share) == list("abcd")
    assert max(map(len, shares)) - min(map(len, shares)) <= 1
    assert ALONE.share("abcd") == list("abcd")


@pytest.mark.parametrize(("size", "bucket"), [(2, 1 << 24), (2, 1), (4, 1 << 24)])
def test_windows_weigh_alike_whatever_the_shares_are(size: int, bucket: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows of the losses 2 w, 4 w and 9 w, w = 1: the gradient is 15 / 3 = 5, as is the loss.

    The mean of the means of two processes would be ((2 + 9) / 2 + 4) / 2 = 4.75. Of four the last has no window.
    """
    monkeypatch.setattr(process_group, "_BUCKET", bucket)

    def step(group: ProcessGroup) -> tuple[float, list[float], list[float]]:
        weight, other = torch.ones(1, requires_grad=True), torch.ones(2, requires_grad=True)
        total = 0.0
        for factor in group.share([2.0, 4.0, 9.0]):
            loss = (weight * factor + other.sum()).sum() / 3
            loss.backward()
            total += float(loss.detach())
        (mean,) = group.add_up([weight, other], [total])
        return mean, weight.grad.tolist(), other.grad.tolist()

    for mean, gradient, others in in_threads(size, step):
        assert mean == pytest.approx(7)  # 5, and 2 of the other weights
        assert gradient == pytest.approx([5])
        assert others == pytest.approx([1, 1])


def test_a_process_alone_changes_nothing() -> None:
    weight = torch.ones(1, requires_grad=True)
    assert ALONE.add_up([weight], [0.1, 0.2]) == [0.1, 0.2]
    assert weight.grad is None


def test_without_accelerate_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_group, "find_spec", lambda _name: None)
    with pytest.raises(QadeskError, match="pip install accelerate"):
        require_accelerate()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(QadeskError, match="from its sources"):
        require_accelerate()


def test_nothing_of_accelerate_is_imported_to_look_for_it() -> None:
    loaded = "accelerate" in sys.modules
    if importlib.util.find_spec("accelerate") is not None:
        require_accelerate()
    assert ("accelerate" in sys.modules) == loaded
