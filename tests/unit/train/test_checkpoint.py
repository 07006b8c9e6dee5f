from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import numpy as np
import pytest

from qadesk.errors import DataError
from qadesk.train import checkpoint
from qadesk.train.checkpoint import Checkpoint, newest_checkpoint, save_checkpoint, write_tensors

STATE = Checkpoint(
    {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.float32([0.1])}, {"step": 3, "loss": 0.1}
)


def state(value: float) -> Checkpoint:
    return Checkpoint({"a": np.full(1000, value, np.float32)}, {"value": value})


def test_what_was_saved_comes_back_to_the_bit(tmp_path: Path) -> None:
    path = save_checkpoint(tmp_path / "new", STATE, 3)
    checkpoint = newest_checkpoint(tmp_path / "new")
    assert checkpoint is not None
    assert checkpoint.facts == STATE.facts
    assert set(checkpoint.tensors) == {"a", "b"}
    assert all(np.array_equal(checkpoint.tensors[name], STATE.tensors[name]) for name in STATE.tensors)
    assert [file.name for file in (tmp_path / "new").iterdir()] == [path.name]


def test_an_empty_folder_and_none_hold_no_checkpoint(tmp_path: Path) -> None:
    assert newest_checkpoint(tmp_path) is None
    assert newest_checkpoint(tmp_path / "nowhere") is None


def test_the_library_reads_what_is_written(tmp_path: Path) -> None:
    numpy = pytest.importorskip("safetensors.numpy")
    write_tensors(tmp_path / "w.safetensors", STATE.tensors)
    checkpoint = numpy.load_file(tmp_path / "w.safetensors")
    assert np.array_equal(checkpoint["a"], STATE.tensors["a"])
    assert checkpoint["b"].dtype == np.float32


def test_the_newest_two_are_kept(tmp_path: Path) -> None:
    for step in (5, 10, 15):
        save_checkpoint(tmp_path, state(step), step)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "step-00000010.safetensors",
        "step-00000015.safetensors",
    ]
    checkpoint = newest_checkpoint(tmp_path)
    assert checkpoint is not None
    assert checkpoint.facts["value"] == 15


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "other facts", "folder"])
def test_a_damaged_one_is_passed_over(tmp_path: Path, damage: str) -> None:
    save_checkpoint(tmp_path, state(1), 1)
    path = save_checkpoint(tmp_path, state(2), 2)
    content = bytearray(path.read_bytes())
    if damage == "flipped":
        content[-10] ^= 1
    elif damage == "other facts":
        content = content.replace(b"2.0", b"7.0") if b"2.0" in content else content.replace(b": 2", b": 7")
        assert content != path.read_bytes()
    damaged = {"cut": content[:-100], "empty": b""}.get(damage, bytes(content))
    path.unlink()
    if damage == "folder":
        path.mkdir()
    else:
        path.write_bytes(damaged)
    checkpoint = newest_checkpoint(tmp_path)
    assert checkpoint is not None
    assert checkpoint.facts["value"] == 1


def test_damaged_ones_ahead_never_cost_the_good_one(tmp_path: Path) -> None:
    save_checkpoint(tmp_path, state(1), 1)
    for step in (8, 9):
        (tmp_path / f"step-{step:08}.safetensors").write_bytes(b"broken")
    save_checkpoint(tmp_path, state(2), 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "step-00000001.safetensors",
        "step-00000002.safetensors",
    ]


def test_a_half_written_file_is_no_checkpoint(tmp_path: Path) -> None:
    save_checkpoint(tmp_path, state(1), 1)
    (tmp_path / "step-00000002.safetensors.part").write_bytes(b"half")
    checkpoint = newest_checkpoint(tmp_path)
    assert checkpoint is not None
    assert checkpoint.facts["value"] == 1


def test_a_full_disk_is_reported_and_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_checkpoint(tmp_path, state(1), 1)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError, match="disk is full"):
        save_checkpoint(tmp_path, state(2), 2)
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000001.safetensors"]
    assert newest_checkpoint(tmp_path) is not None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on the size of files")
def test_a_real_limit_in_the_middle_of_the_file_costs_nothing(tmp_path: Path) -> None:
    import resource
    import signal

    save_checkpoint(tmp_path, state(1), 1)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # as Python does; pytest may have changed it
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        with pytest.raises(DataError, match="could not be saved"):
            save_checkpoint(tmp_path, state(2), 2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000001.safetensors"]


def test_nothing_in_a_checkpoint_is_code(tmp_path: Path) -> None:
    content = save_checkpoint(tmp_path, STATE, 1).read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    assert json.loads(header["__metadata__"]["facts"]) == STATE.facts
    assert len(content) == 8 + length + sum(array.nbytes for array in STATE.tensors.values())
    assert checkpoint.newest_checkpoint(tmp_path) is not None
