"""Checkpoints: all that resuming a run needs, in one file that is complete or does not exist.

A checkpoint is a safetensors file (8 bytes for the length of the header, the header in JSON, the data) with the run's
facts as JSON in the header, and a SHA-256 of both. It holds no pickle: reading it runs no code. It is written under
another name, flushed to the disk and renamed. The newest two are kept.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qadesk.errors import DataError

Tensors = Mapping[str, npt.NDArray[np.float32]]

NO_ROOM = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
"""The ``errno`` of an ``OSError`` for a full disk."""

_NAME = re.compile(r"step-(\d{8})\.safetensors")


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """Float32 ``tensors`` by name, and ``facts`` that JSON can hold."""

    tensors: Tensors
    facts: dict[str, Any]


def save_checkpoint(folder: Path, checkpoint: Checkpoint, step: int) -> Path:
    """Write the checkpoint of ``step``, and remove all but it and the one before. Returns its path.

    Raises ``DataError`` if the disk is full or cannot be written; the earlier ones stay.
    """
    path = folder / f"step-{step:08}.safetensors"
    facts = json.dumps(checkpoint.facts)
    write_tensors(path, checkpoint.tensors, {"facts": facts, "sha256": _digest(checkpoint.tensors, facts)})
    paths = _all(folder)
    newest_two = [number for number in paths if number <= step][-2:]
    for number in paths.keys() - newest_two:
        paths[number].unlink(missing_ok=True)
    return path


def newest_checkpoint(folder: Path) -> Checkpoint | None:
    """The newest checkpoint that is not damaged. None if there is none."""
    return next((checkpoint for path in reversed(_all(folder).values()) if (checkpoint := _read(path))), None)


def write_tensors(path: Path, tensors: Tensors, facts: Mapping[str, str] | None = None) -> None:
    """Write a safetensors file with ``facts`` in its header, all or nothing.

    Unlike the library's function it needs no second copy of the tensors in memory. Raises ``DataError`` if the disk is
    full or cannot be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(_header(tensors, facts or {}))
            for array in tensors.values():
                file.write(_bytes(array))
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
        _flush_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise _failure(path, error) from error


def _all(folder: Path) -> dict[int, Path]:
    """The checkpoints in ``folder`` by step, the oldest first."""
    matches = ((_NAME.fullmatch(path.name), path) for path in sorted(folder.glob("step-*")))
    return {int(match[1]): path for match, path in matches if match}


def _read(path: Path) -> Checkpoint | None:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            facts = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  it is no mapping
    except (OSError, SafetensorError):
        return None
    if facts.get("sha256") != _digest(tensors, facts.get("facts", "")):
        return None
    return Checkpoint(tensors, json.loads(facts["facts"]))


def _digest(tensors: Tensors, facts: str) -> str:
    digest = hashlib.sha256(facts.encode())
    for name in sorted(tensors):
        digest.update(f"{name} {tensors[name].shape}".encode())
        digest.update(_bytes(tensors[name]))
    return digest.hexdigest()


def _header(tensors: Tensors, facts: Mapping[str, str]) -> bytes:
    header: dict[str, Any] = {"__metadata__": {"format": "pt", **facts}}
    at = 0
    for name, array in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # the format asks for data at a multiple of 8
    return struct.pack("<Q", len(text)) + text


def _bytes(array: npt.NDArray[np.float32]) -> memoryview:
    return np.ascontiguousarray(array, dtype="<f4").reshape(-1).view(np.uint8).data


def _flush_folder(folder: Path) -> None:
    """Make a rename survive a power cut. Not possible on Windows, and not needed there."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _failure(path: Path, error: OSError) -> DataError:
    if error.errno in NO_ROOM:
        return DataError(
            "The disk is full: the training could not be saved.",
            "Free some room and go on: nothing is lost that was saved before.",
            f"{path}: {error}",
        )
    return DataError(
        f"The training could not be saved in '{path.parent}'.", "Check that it can be written to.", str(error)
    )
