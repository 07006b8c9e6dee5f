"""What a usable model folder is. Inspects it without loading: no torch, no onnxruntime, no code from the folder.

A folder is usable when it holds ``config.json``, a fast tokenizer (``tokenizer.json``) and the weights of an encoder
with a question-answering head, as safetensors or ONNX. Anything else is refused with a sentence that says
what is missing. ``qadesk.json`` may hold the results of training or calibration, all of them optional:

    {"name": "...", "temperature": 1.0, "unanswerable": true, "max_seq_length": 384,
     "null": {"slope": 1.0, "bias": 0.0}, "best": {...}, "other": {...}, "pool": {...}}
"""

from __future__ import annotations

import json
import os
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from qadesk.errors import ModelError
from qadesk.qa import calibration, heads
from qadesk.qa.calibration import UNCALIBRATED, Calibration, PoolCalibration
from qadesk.qa.special_tokens import tokenizer_of
from qadesk.sentences import Sentence

INT8_GRAPH = "model_int8.onnx"
"""What our own int8 graphs are called."""

ONNX_NAMES = (INT8_GRAPH, "model.onnx")
"""Graphs in the order in which a CPU prefers them; also looked for in ``onnx/``."""

_MAX_JSON = 64 * 2**20
_MAX_TOKENS = 4096
_NO_TOKEN_TYPES = {"distilbert", "mpnet", "roberta", "xlm-roberta", "camembert", "bart", "modernbert"}
_PADDED_POSITIONS = {
    "roberta", "xlm-roberta", "xlm-roberta-xl", "camembert", "mpnet", "longformer", "roberta-prelayernorm",
    "data2vec-text", "ibert", "lilt", "markuplm", "xmod", "luke",
}  # fmt: skip
_WORDS = "It needs config.json, tokenizer.json and model.safetensors or an ONNX graph of a question-answering model."


@dataclass(frozen=True, slots=True)
class Model:
    """A usable model folder. ``onnx`` or ``safetensors`` may be None, not both. Lengths in tokens."""

    folder: Path
    name: str
    architecture: str
    onnx: Path | None
    safetensors: tuple[Path, ...]
    vocab_size: int
    max_tokens: int
    pad_id: int
    token_types: bool
    unanswerable: bool
    calibration: Calibration = UNCALIBRATED
    pool: PoolCalibration = field(default_factory=PoolCalibration)


def inspect(folder: Path) -> Model:
    """What the folder holds. Raises ``ModelError`` with a sentence if it is not a usable model."""
    if not folder.is_dir():
        raise ModelError(
            Sentence("model.no_folder", {"folder": str(folder)}), "Choose the folder that holds the model's files."
        )
    config = _config(folder)
    extras = _read_json(folder / "qadesk.json") if (folder / "qadesk.json").is_file() else {}
    onnx = _find_onnx(folder)
    weights = _find_safetensors(folder)
    if not onnx and not weights:
        _refuse_weights(folder)
    for path in weights:
        read_safetensors_header(path)
    if weights:
        _check_head(folder, weights, config)
    elif not heads.is_for_questions(_architecture(config)):
        _refuse_head(folder, config)
    if onnx and onnx.stat().st_size < 16:
        raise ModelError(Sentence("model.file_cut_short", {"file": onnx.name}), "Download the model again.")
    return _describe(folder, config, extras, onnx, weights)


def load_tokenizer(model: Model) -> Tokenizer:
    """The model's fast tokenizer, without truncation or padding, which takes the names of special tokens as text.

    Raises ``ModelError``.
    """
    path = model.folder / "tokenizer.json"
    if not path.is_file():
        raise ModelError(
            Sentence("model.no_tokenizer", {"folder": model.folder.name}),
            "Save it once with transformers' AutoTokenizer, or choose another model.",
        )
    _bounded(path)
    try:
        tokenizer = tokenizer_of(path.read_text(encoding="utf-8"))
    except Exception as error:  # the library raises plain Exception for a broken file
        raise ModelError(
            Sentence("model.tokenizer_broken", {"folder": model.folder.name}), "Download the model again.", str(error)
        ) from error
    if tokenizer.get_vocab_size() > model.vocab_size:
        sizes = {"tokens": tokenizer.get_vocab_size(), "known": model.vocab_size}
        raise ModelError(
            Sentence("model.tokenizer_too_large", {"folder": model.folder.name, **sizes}), "Download the model again."
        )
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def read_safetensors_header(path: Path) -> dict[str, Any]:
    """The names, types and shapes of the tensors in a safetensors file, checked against its length.

    The format: 8 bytes (little-endian length of the header), the header (JSON), the data. Raises ``ModelError``.
    """
    size = path.stat().st_size
    broken = ModelError(Sentence("model.weights_cut_short", {"file": path.name}), "Download the model again.")
    with path.open("rb") as file:
        first = file.read(8)
        if len(first) < 8:
            raise broken
        length = struct.unpack("<Q", first)[0]
        if not 2 <= length <= min(_MAX_JSON, size - 8):
            raise broken
        try:
            header = json.loads(file.read(length))
            tensors = {name: row for name, row in header.items() if name != "__metadata__"}
            end = max((row["data_offsets"][1] for row in tensors.values()), default=0)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
            raise broken from error
    if not isinstance(end, int) or 8 + length + end != size:
        raise broken
    return tensors


def reading_failure(model: Model, detail: str) -> ModelError:
    """The error for a model that fails, on the processor or anywhere, when it is given a text."""
    return ModelError(
        Sentence("model.cannot_read", {"model": model.name}),
        "Choose another: this one may need other inputs than a text, or more memory than there is.",
        detail,
    )


def forbid_downloads() -> None:
    """Keep transformers and the hub's client off the network; must be called before they are imported."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    if not path.is_file():
        raise ModelError(Sentence("model.no_config", {"folder": folder.name}), _WORDS)
    config = _read_json(path)
    if "auto_map" in config:
        raise ModelError(
            Sentence("model.own_code", {"folder": folder.name}),
            "Choose a model of a standard architecture.",
        )
    return config


def _read_json(path: Path) -> dict[str, Any]:
    _bounded(path)
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(
            Sentence("model.file_broken", {"file": path.name}), "Download the model again.", str(error)
        ) from error
    if not isinstance(values, dict):
        raise ModelError(Sentence("model.file_broken", {"file": path.name}), "Download the model again.")
    return values


def _bounded(path: Path) -> None:
    if path.stat().st_size > _MAX_JSON:
        raise ModelError(Sentence("model.file_too_large", {"file": path.name}), "Choose another model.")


def _find_onnx(folder: Path) -> Path | None:
    candidates = [parent / name for name in ONNX_NAMES for parent in (folder, folder / "onnx")]
    return next((path for path in candidates if path.is_file()), None)


def _find_safetensors(folder: Path) -> tuple[Path, ...]:
    whole, index = folder / "model.safetensors", folder / "model.safetensors.index.json"
    if whole.is_file():
        return (whole,)
    if not index.is_file():
        return ()
    names = _read_json(index).get("weight_map", {})
    parts = sorted({Path(str(name)).name for name in names.values()}) if isinstance(names, dict) else []
    missing = [name for name in parts if not (folder / name).is_file()]
    if missing or not parts:
        raise ModelError(
            Sentence("model.weights_missing", {"files": ", ".join(missing[:3])}), "Download the model again."
        )
    return tuple(folder / name for name in parts)


def _refuse_weights(folder: Path) -> None:
    pickles = [path.name for pattern in ("*.bin", "*.pt", "*.pth", "*.ckpt") for path in folder.glob(pattern)]
    if pickles:
        raise ModelError(
            Sentence("model.weights_as_code", {"folder": folder.name, "file": pickles[0]}),
            "QADesk loads safetensors and ONNX only: choose a model that has one of them, or convert it.",
        )
    raise ModelError(Sentence("model.no_weights", {"folder": folder.name}), _WORDS)


def _check_head(folder: Path, weights: tuple[Path, ...], config: dict[str, Any]) -> None:
    tensors = {name: row for path in weights for name, row in read_safetensors_header(path).items()}
    if not heads.has_head(str(config.get("model_type", "")), _architecture(config), tensors):
        _refuse_head(folder, config)
    rows = [row.get("shape", [0])[0] for name, row in tensors.items() if name.endswith("word_embeddings.weight")]
    if rows and config.get("vocab_size") not in (None, rows[0]):
        sizes = {"tokens": config["vocab_size"], "rows": rows[0]}
        raise ModelError(
            Sentence("model.vocabularies_differ", {"folder": folder.name, **sizes}), "Download the model again."
        )


def _refuse_head(folder: Path, config: dict[str, Any]) -> None:
    architecture = _architecture(config)
    if heads.is_for_questions(architecture):
        raise ModelError(
            Sentence("model.other_head", {"folder": folder.name, "architecture": architecture}),
            "Choose another model, of the architecture BERT, RoBERTa or ModernBERT, for example.",
        )
    raise ModelError(
        Sentence("model.no_head", {"folder": folder.name}),
        "Choose a model that was fine-tuned for extractive question answering (on SQuAD, for example).",
    )


def _architecture(config: dict[str, Any]) -> str:
    names = config.get("architectures") or [""]
    return str(names[0]) if isinstance(names, list) else str(names)


def _describe(
    folder: Path, config: dict[str, Any], extras: dict[str, Any], onnx: Path | None, weights: tuple[Path, ...]
) -> Model:
    kind = str(config.get("model_type", ""))
    pad = _integer(config, "pad_token_id", 0)
    positions = _integer(config, "max_position_embeddings", _integer(config, "n_positions", 512))
    if kind in _PADDED_POSITIONS:  # these count positions from pad_id + 1
        positions -= pad + 1
    limit = min(positions, _integer(extras, "max_seq_length", positions), _MAX_TOKENS)
    return Model(
        folder,
        str(extras.get("name") or folder.name),
        _architecture(config) or kind,
        onnx,
        weights,
        _integer(config, "vocab_size", 0),
        limit,
        pad,
        kind not in _NO_TOKEN_TYPES and _integer(config, "type_vocab_size", 2) > 1,
        bool(extras.get("unanswerable", True)),
        calibration.read_calibration(extras),
        calibration.read_pool_calibration(extras),
    )


def _integer(values: dict[str, Any], key: str, default: int) -> int:
    value = values.get(key, default)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ModelError(Sentence("model.not_a_number", {"key": key}), "Download the model again.")
    return value
