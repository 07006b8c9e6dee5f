"""How many cores this process may use."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from qadesk.qa import processor


def test_cores_are_those_this_process_may_use() -> None:
    cores = processor.physical_cores()
    assert 1 <= cores <= (os.cpu_count() or 1)
    if hasattr(os, "sched_setaffinity"):
        allowed = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(allowed)})
        try:
            assert processor.physical_cores() == 1
        finally:
            os.sched_setaffinity(0, allowed)


@pytest.mark.parametrize(
    ("cores", "quota", "threads"),
    [(8, None, 8), (8, 2.0, 2), (8, 1.5, 2), (8, 1.4, 1), (8, 0.2, 1), (2, 6.0, 2), (1, None, 1)],
)
def test_a_quota_takes_the_nearest_number_of_threads(cores: int, quota: float | None, threads: int) -> None:
    assert processor.granted(cores, quota) == threads


def write(root: Path, **files: str) -> None:
    root.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (root / name.replace("__", ".")).write_text(content)


@pytest.mark.parametrize(
    ("content", "quota"), [("max 100000\n", None), ("150000 100000\n", 1.5), ("nonsense", None), ("", None)]
)
def test_a_control_group_of_version_2(content: str, quota: float | None, tmp_path: Path) -> None:
    write(tmp_path, cpu__max=content)
    assert processor.cgroup_quota("0::/\n", tmp_path) == quota
    assert processor.cgroup_quota("0::/\n", tmp_path / "missing") is None


def test_the_groups_above_count_too(tmp_path: Path) -> None:
    write(tmp_path / "user", cpu__max="200000 100000")
    write(tmp_path / "user" / "session", cpu__max="max 100000")
    write(tmp_path / "other", cpu__max="100000 100000")
    assert processor.cgroup_quota("0::/user/session\n", tmp_path) == 2.0


@pytest.mark.parametrize("mount", ["cpu", "cpu,cpuacct"])
def test_a_control_group_of_version_1(mount: str, tmp_path: Path) -> None:
    membership = "9:memory:/docker/1\n4:cpu,cpuacct:/docker/1\n0::/\n"
    write(tmp_path / mount, cpu__cfs_quota_us="250000\n", cpu__cfs_period_us="100000\n")
    assert processor.cgroup_quota(membership, tmp_path) == 2.5
    write(tmp_path / mount, cpu__cfs_quota_us="-1\n")
    assert processor.cgroup_quota(membership, tmp_path) is None


def test_windows_rows_are_counted_by_core_and_affinity() -> None:
    def row(mask: int, kind: int) -> bytes:
        return struct.pack("<QI", mask, kind) + bytes(20)

    rows = row(0b0011, 0) + row(0b1100, 0) + row(0b1111, 2) + row(0b1111, 3)  # two cores with two threads; caches
    assert processor.count_cores(rows, 0b1111) == 2
    assert processor.count_cores(rows, 0b0101) == 2
    assert processor.count_cores(rows, 0b0011) == 1
    assert processor.count_cores(b"", 1) == 0


def test_memory_is_in_gigabytes() -> None:
    byte_count = processor.memory()
    assert byte_count is None or 0.1 < byte_count < 100_000
