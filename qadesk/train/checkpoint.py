"""Checkpoints: all that a run needs to go on, in one file that is whole or not there.

A checkpoint is a safetensors file (8 bytes for the length of the header, the header in JSON, the data) with the run's
facts as JSON in the header, and a SHA-256 of everything. There is no pickle in it: reading one runs no code. It is
written under another name, flushed to the disk and renamed. The newest two are kept.
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
"""The numbers of an ``OSError`` that say that the disk is full."""

_NAME = re.compile(r"step-(\d{8})\.safetensors")


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """What a checkpoint holds: float32 ``tensors`` by name, and ``facts`` that JSON can hold."""

    tensors: Tensors
    facts: dict[str, Any]


def save(folder: Path, state: Checkpoint, step: int) -> Path:
    """Write the checkpoint of ``step``, and remove all but it and the one before. Gives its path.

    Raises ``DataError`` if the disk is full or cannot be written; those that were there stay.
    """
    path = folder / f"step-{step:08}.safetensors"
    facts = json.dumps(state.facts)
    write_tensors(path, state.tensors, {"facts": facts, "sha256": _digest(state.tensors, facts)})
    found = _all(folder)
    kept = [number for number in found if number <= step][-2:]
    for number in found.keys() - kept:
        found[number].unlink(missing_ok=True)
    return path


def newest(folder: Path) -> Checkpoint | None:
    """The newest checkpoint that is whole; damaged ones are passed over. None if there is none."""
    return next((state for path in reversed(_all(folder).values()) if (state := _read(path))), None)


def write_tensors(path: Path, tensors: Tensors, facts: Mapping[str, str] | None = None) -> None:
    """Write a safetensors file with ``facts`` in its header, all or nothing.

    Here, not by the library, because it needs no second copy of the tensors in memory, and knows a full disk as an
    ``OSError``. Raises ``DataError`` if the disk is full or cannot be written.
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
    found = ((_NAME.fullmatch(path.name), path) for path in sorted(folder.glob("step-*")))
    return {int(name[1]): path for name, path in found if name}


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
    """Make a rename last through a power cut. Windows does not let one, and does not need it."""
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
