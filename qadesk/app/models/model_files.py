"""The files that a model can have: their names, their sizes, and those in a folder of untrusted files."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from qadesk.errors import ModelError
from qadesk.progress import megabytes

_OTHER_NAMES = frozenset(
    {
        "config.json", "tokenizer.json", "qadesk.json", "tokenizer_config.json", "special_tokens_map.json",
        "added_tokens.json", "vocab.txt", "vocab.json", "merges.txt", "spiece.model", "sentencepiece.bpe.model",
        "model.safetensors.index.json", "README.md", "reliability.png", "LICENSE", "LICENSE.md",
        "LICENSE.txt", "NOTICE", "NOTICE.txt",
    }
)  # fmt: skip
_WEIGHTS = re.compile(
    r"model\.safetensors|model-\d{5}-of-\d{5}\.safetensors|(?:onnx/)?model(?:_int8)?\.onnx(?:[._]data)?"
)
_PICKLES = (".bin", ".pt", ".pth", ".ckpt")
_MAX_TEXT_BYTES = 64 * 2**20
_MAX_MODEL_BYTES = 20 * 10**9

_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a model: its known ``name``, its declared ``size`` in bytes, and a function that opens it."""

    name: str
    size: int
    open: Callable[[], IO[bytes]]


def is_known(name: str) -> bool:
    """Whether ``name``, a path in a model's folder with '/', is that of a file that a model can have."""
    return name in _OTHER_NAMES or is_weights(name)


def is_weights(name: str) -> bool:
    """Whether ``name`` is that of a file of weights or of a graph."""
    return bool(_WEIGHTS.fullmatch(name))


def check_sizes(files: Iterable[tuple[str, int]]) -> int:
    """The total size of ``files``, pairs of name and bytes. Raises ``ModelError`` if one or the total is too large."""
    total = 0
    for name, size in files:
        if not is_weights(name) and size > _MAX_TEXT_BYTES:
            raise ModelError(f"The file '{name}' of this model is too large to be right.", "Choose another model.")
        total += size
    if total > _MAX_MODEL_BYTES:
        raise ModelError(
            f"This model has {megabytes(total)}, and QADesk takes up to {megabytes(_MAX_MODEL_BYTES)}.",
            "Choose a smaller one.",
        )
    return total


def check_weights(names: Iterable[str], title: str) -> None:
    """Raises ``ModelError`` if none of ``names`` is that of weights that QADesk loads. ``title`` is the model's."""
    names = list(names)
    if any(is_weights(name) and not name.endswith("data") for name in names):
        return
    pickles = [name for name in names if name.endswith(_PICKLES)]
    if pickles:
        raise ModelError(
            f"The model in '{title}' has its weights only as '{pickles[0]}', a format that can run code.",
            "QADesk loads safetensors and ONNX only: choose a model that has one of them, or convert it.",
        )
    raise ModelError(f"'{title}' holds no weights of a model.", "It needs model.safetensors or an ONNX graph.")


def list_files(folder: Path) -> list[ModelFile]:
    """The files in ``folder`` that a model can have. Raises ``ModelError`` for links, pipes and the like."""
    files = []
    try:
        for parent, prefix in ((folder, ""), (folder / "onnx", "onnx/")):
            paths = sorted(parent.iterdir()) if parent.is_dir() else []
            files += [_model_file(path, prefix + path.name) for path in paths if is_known(prefix + path.name)]
    except OSError as error:
        raise ModelError(f"The folder '{folder.name}' cannot be read.", "Check its permissions.", str(error)) from error
    return files


def _model_file(path: Path, name: str) -> ModelFile:
    real = path
    if path.is_symlink():
        real = path.resolve()
        if not _is_in_cache(path, real):
            raise ModelError(
                f"'{name}' is a link to another place.", "Copy the model with its files, not with links, and open that."
            )
    if not stat.S_ISREG(real.lstat().st_mode):
        raise ModelError(f"'{name}' is not a file.", "Choose the folder that holds the model's files.")
    return ModelFile(name, real.stat().st_size, lambda: _open(real))


def _is_in_cache(link: Path, real: Path) -> bool:
    """Whether ``link`` is one in the cache of huggingface_hub: snapshots/<commit>/file -> blobs/<hash>."""
    snapshots = link.absolute().parent.parent
    return snapshots.name == "snapshots" and real.parent == (snapshots.parent / "blobs").resolve()


def _open(path: Path) -> IO[bytes]:
    file = os.fdopen(os.open(path, _OPEN_FLAGS), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):  # replaced since it was listed
        file.close()
        raise ModelError(f"'{path.name}' is not a file.", "Choose the folder that holds the model's files.")
    return file
