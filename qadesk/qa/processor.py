"""The processor: how many physical cores this process may use, and whether they multiply bytes exactly."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path


def has_vnni() -> bool:
    """Whether the processor is known to multiply bytes without saturating (AVX-512 or AVX VNNI; every 64-bit ARM).

    Only Linux reports it; elsewhere an Intel or AMD processor is assumed not to.
    """
    if platform.machine().lower() in ("arm64", "aarch64"):
        return True
    try:
        flags = Path("/proc/cpuinfo").read_text().partition("flags")[2].partition("\n")[0].split()
    except OSError:
        return False
    return bool({"avx512_vnni", "avx_vnni"} & set(flags))


def memory() -> float | None:
    """The computer's memory in GB (2**30 bytes); None on Windows, which has no simple call for it."""
    if sys.platform == "win32":
        return None
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def physical_cores() -> int:
    """How many physical cores this process may use, by affinity, cgroup quota and hyper-threads.

    On Apple's processors the performance cores: the others would wait for a slow one.
    """
    if sys.platform == "darwin":
        return _mac_number(b"hw.perflevel0.physicalcpu") or _mac_number(b"hw.physicalcpu") or os.cpu_count() or 1
    if sys.platform == "win32":
        return _windows_cores() or os.cpu_count() or 1
    cpus = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    return granted(len({_core_of(cpu) for cpu in cpus}), _quota())


def granted(cores: int, quota: float | None) -> int:
    """The best number of threads on ``cores`` under a ``quota`` of processors, None for no limit; 2 for 1.5.

    A thread more than the quota runs out of it early in each period; one less leaves a part of it unused.
    """
    return cores if quota is None else max(1, min(cores, int(quota + 0.5)))


def _core_of(cpu: int) -> str:
    """A name for the physical core of a logical processor; its own number where the system has none."""
    try:
        return Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text().strip()
    except OSError:
        return str(cpu)


def _quota() -> float | None:
    try:
        membership = Path("/proc/self/cgroup").read_text()
    except OSError:
        return None
    return cgroup_quota(membership, Path("/sys/fs/cgroup"))


def cgroup_quota(membership: str, root: Path) -> float | None:
    """Processors that the control groups grant, None if unlimited: the least of this process's group and those above.

    ``membership`` is the text of /proc/self/cgroup, a line 'id:controllers:path' a hierarchy; version 2 names no
    controllers. ``root`` is where the groups are mounted. A container may see its own group as the root.
    """
    quotas = []
    for line in membership.splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers:
            quotas += [_quota_v2(folder / "cpu.max") for folder in _upwards(root, path)]
        elif "cpu" in controllers.split(","):
            for mount in (root / "cpu", root / controllers):
                quotas += [_quota_v1(folder) for folder in _upwards(mount, path)]
    return min((quota for quota in quotas if quota is not None), default=None)


def _upwards(root: Path, path: str) -> Iterator[Path]:
    """The folder ``path`` under ``root`` and all above it, down to ``root`` itself."""
    parts = [part for part in path.split("/") if part not in ("", "..")]
    for count in range(len(parts), -1, -1):
        yield root.joinpath(*parts[:count])


def _quota_v2(file: Path) -> float | None:
    try:
        quota, period = file.read_text().split()
        return None if quota == "max" else float(quota) / float(period)
    except (OSError, ValueError):
        return None


def _quota_v1(folder: Path) -> float | None:
    try:
        quota = float((folder / "cpu.cfs_quota_us").read_text())
        period = float((folder / "cpu.cfs_period_us").read_text())
    except (OSError, ValueError):
        return None
    return quota / period if quota > 0 else None  # -1 is no limit


@cache
def _mac_number(name: bytes) -> int:
    """The value of a macOS sysctl; 0 for one that does not exist."""
    value, size = ctypes.c_int64(0), ctypes.c_size_t(8)
    ctypes.CDLL(None).sysctlbyname(name, ctypes.byref(value), ctypes.byref(size), None, ctypes.c_size_t(0))
    return value.value


@cache
def _windows_cores() -> int:
    """The physical cores of this process's processor group that its affinity allows; 0 if unknown."""
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        allowed, system = ctypes.c_size_t(0), ctypes.c_size_t(0)
        process = ctypes.c_void_p(kernel.GetCurrentProcess())
        kernel.GetProcessAffinityMask(process, ctypes.byref(allowed), ctypes.byref(system))
        size = ctypes.c_ulong(0)
        kernel.GetLogicalProcessorInformation(None, ctypes.byref(size))  # gives the size of the buffer that it needs
        rows = ctypes.create_string_buffer(size.value)
        kernel.GetLogicalProcessorInformation(rows, ctypes.byref(size))
        return count_cores(rows.raw[: size.value], allowed.value)
    return 0


def count_cores(rows: bytes, allowed: int) -> int:
    """The cores in Windows' SYSTEM_LOGICAL_PROCESSOR_INFORMATION that have a processor in the mask ``allowed``.

    A row of 32 bytes is the mask of its processors (8), its kind (4; 0 is a core) and fields that are not used here.
    """
    records = (struct.unpack_from("<QI", rows, at) for at in range(0, len(rows), 32))
    return sum(kind == 0 and bool(mask & allowed) for mask, kind in records)
