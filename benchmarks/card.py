"""The name, the use and the memory of an NVIDIA graphics card while something runs. Without one ``name`` is ''."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from benchmarks.timing import timed
from qadesk.qa.devices import has_nvidia_driver


def name() -> str:
    """The first card's name; '' if torch has none."""
    if not has_nvidia_driver():
        return ""
    import torch

    return str(torch.cuda.get_device_name(0)) if torch.cuda.is_available() else ""


def peak(work: Callable[[], object]) -> int:
    """The peak of the card's memory during ``work``, in bytes above what is used at its start."""
    import torch

    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    work()
    torch.cuda.synchronize()
    return int(torch.cuda.max_memory_allocated() - before)


def computing_share(work: Callable[[], object]) -> float:
    """The share of the time of ``work`` in which the card computes, 0 to 1. Runs it three times.

    The time is that of the faster of two runs without the profiler, which slows a run; the card's computing time is
    by its own clocks, from a run with the profiler, without copies.
    """
    import torch
    from torch.autograd import DeviceType
    from torch.profiler import ProfilerActivity, profile

    wall = min(timed(work)[1] for _ in range(2))
    with profile(activities=[ProfilerActivity.CUDA]) as profiler:
        work()
        torch.cuda.synchronize()
    kernels = [
        (event.time_range.start, event.time_range.end)
        for event in profiler.events() or []
        if event.device_type == DeviceType.CUDA
        and not event.is_user_annotation
        and not event.name.startswith(("Memcpy", "Memset"))
    ]
    return covered(kernels) / 1e6 / wall


def covered(spans: Iterable[tuple[float, float]]) -> float:
    """The length of the union of ``spans``: two kernels at the same time count once."""
    total, covered_until = 0.0, float("-inf")
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, covered_until))
        covered_until = max(covered_until, end)
    return total
