"""The graphs that QADesk makes of the user's models. They are among the user's data, never in a model's own folder:

    graphs/<fingerprint>/prepared.json      the result of preparing the model
    graphs/<fingerprint>/model_int8.onnx    its graph; or model.onnx, in float32; or neither
    graphs/fingerprints.json                the files of each model folder that was used, and their fingerprint
    graphs/work-*/                          a graph in the making

A fingerprint is the hash of the weights, the configuration and the tokenizer, and the number of the export's recipe.
Its folder appears by a rename when everything in it is complete.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from qadesk import paths
from qadesk.qa.models import INT8_GRAPH, Model
from qadesk.sentences import Sentence, from_json

RECIPE = 3
"""Version of how ``qa.export`` makes graphs: graphs of other versions are made again."""

_RESULT = "prepared.json"
_INDEX = "fingerprints.json"
_WORK = "work-"
_STALE = 24 * 3600.0  # seconds: no export takes so long, so its process has ended


@dataclass(frozen=True, slots=True)
class GraphComparison:
    """A graph's logits and answers compared with torch's float32, over so many ``windows``.

    ``max_difference`` and ``mean_difference`` in logits; ``drift`` is their root mean square as a part of the spread
    of the logits; ``agreement`` the mean F1 of the answers, 0 to 1.
    """

    windows: int
    max_difference: float
    mean_difference: float
    drift: float
    agreement: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """The result of preparing a model: its ``graph`` of ``graph_bytes``, None where none can replace torch.

    ``weights_bytes`` is the size of the safetensors, ``seconds`` the time that it took.

    ``reasons`` say why it is not in int8; there are none if it is. ``comparison`` is that of the graph.
    """

    graph: Path | None
    reasons: tuple[Sentence, ...] = ()
    comparison: GraphComparison | None = None
    graph_bytes: int = 0
    weights_bytes: int = 0
    seconds: float = 0.0

    @property
    def reason(self) -> str:
        """The ``reasons`` in English, or ''."""
        return " ".join(sentence.text for sentence in self.reasons)

    @property
    def precision(self) -> str:
        """The precision in which the model runs from now on: 'int8' or 'float32'."""
        return "int8" if self.graph and self.graph.name == INT8_GRAPH else "float32"


def can_have(model: Model) -> bool:
    """Whether a graph can be made of ``model``: it has the files for that, and no graph of its own."""
    return model.onnx is None and all(path.is_file() for path in _files(model))


def weights_bytes(model: Model) -> int:
    """The size of ``model``'s safetensors."""
    return sum(path.stat().st_size for path in model.safetensors)


def fingerprint(model: Model) -> str:
    """The fingerprint of ``model``. Reads all of its files, once until they change."""
    cached = known_fingerprint(model)
    if cached:
        return cached
    files = _states(model)  # before they are read: files that change meanwhile are read again
    digest = hashlib.sha256()
    for path in _files(model):
        with path.open("rb") as file:
            digest.update(f"{path.name}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    contents = digest.hexdigest()
    with contextlib.suppress(OSError):  # the disk is full: the next start reads the files again
        _write_index({**_index(), str(model.folder.resolve()): {"files": files, "contents": contents}})
    return _with_recipe(contents)


def known_fingerprint(model: Model) -> str | None:
    """The fingerprint of ``model`` as it was last computed; None if its files would have to be read."""
    entry = _index().get(str(model.folder.resolve()))
    return _with_recipe(entry["contents"]) if entry and entry["files"] == _states(model) else None


def find_prepared(model: Model) -> Prepared | None:
    """The result of preparing ``model``, None if that was not done yet. May read its files, as ``fingerprint`` does."""
    return _read(_folder() / fingerprint(model)) if can_have(model) else None


def find_prepared_unread(model: Model) -> Prepared | None:
    """As ``find_prepared``, without reading the model's files: None also for a model that was never used."""
    name = known_fingerprint(model) if can_have(model) else None
    return _read(_folder() / name) if name else None


def store_prepared(name: str, prepared: Prepared, work: Path) -> Prepared:
    """Store ``prepared`` under the fingerprint ``name``, replacing an earlier one. Returns it with its new path.

    The folder of the graph is moved; ``work`` is a work folder for the steps between. Raises ``OSError``.
    """
    folder = prepared.graph.parent if prepared.graph else work / "none"
    folder.mkdir(exist_ok=True)
    (folder / _RESULT).write_text(json.dumps(_as_json(prepared)), encoding="utf-8")
    target = _folder() / name
    if target.exists():
        target.rename(work / "before")
    folder.rename(target)
    return replace(prepared, graph=target / prepared.graph.name if prepared.graph else None)


def delete_prepared(model: Model) -> None:
    """Delete the result of preparing ``model``: the next start prepares it again."""
    shutil.rmtree(_folder() / fingerprint(model), ignore_errors=True)


def tidy(spare: str) -> None:
    """Delete the graphs that no model uses any more, except ``spare``, and the work folders of ended processes.

    In use are the fingerprints of all unchanged model folders in the index. Reads no weights.
    """
    unchanged = {folder: entry for folder, entry in _index().items() if _is_unchanged(Path(folder), entry)}
    _write_index(unchanged)
    used = {spare, *(_with_recipe(entry["contents"]) for entry in unchanged.values())}
    for folder in _folder().iterdir():
        if folder.is_dir() and (_is_stale(folder) if folder.name.startswith(_WORK) else folder.name not in used):
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def work_folder() -> Iterator[Path]:
    """A temporary folder on the disk of the graphs, so that a rename moves its contents there. Deleted afterwards."""
    _folder().mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=_WORK, dir=_folder()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _folder() -> Path:
    return paths.data_dir() / "graphs"


def _files(model: Model) -> list[Path]:
    return [model.folder / "config.json", model.folder / "tokenizer.json", *model.safetensors]


def _states(model: Model) -> list[list[str | int]]:
    """The name, size and time of each file, which change with its contents."""
    return [_state(path) for path in _files(model)]


def _state(path: Path) -> list[str | int]:
    status = path.stat()
    return [path.name, status.st_size, status.st_mtime_ns]


def _is_unchanged(folder: Path, entry: dict[str, Any]) -> bool:
    try:
        return all(_state(folder / row[0]) == row for row in entry["files"])
    except OSError:
        return False


def _is_stale(folder: Path) -> bool:
    return time.time() - folder.stat().st_mtime > _STALE


def _with_recipe(contents: str) -> str:
    return f"{contents[:40]}-{RECIPE}"


def _index() -> dict[str, dict[str, Any]]:
    """The index of model folders; empty if its file is missing or damaged: then the files are read again."""
    content = _read_json(_folder() / _INDEX)
    rows = {folder: entry for folder, entry in content.items() if isinstance(entry, dict)}
    return {folder: entry for folder, entry in rows.items() if {"files", "contents"} <= entry.keys()}


def _read(folder: Path) -> Prepared | None:
    """The result that is stored in the folder ``folder``; None if there is none or the graph has another size."""
    values = _read_json(folder / _RESULT)
    try:
        graph = folder / values["graph"] if values["graph"] else None
        comparison = GraphComparison(**values["comparison"]) if values["comparison"] else None
        english = values.pop("reason", "")  # of an older version
        reasons = tuple(from_json(reason) for reason in values.pop("reasons", [english] if english else []))
        prepared = Prepared(**{**values, "graph": graph, "reasons": reasons, "comparison": comparison})
    except (KeyError, TypeError, ValueError):
        return None
    return prepared if _size_of(graph) == prepared.graph_bytes else None


def _size_of(graph: Path | None) -> int | None:
    if graph is None:
        return 0
    return graph.stat().st_size if graph.is_file() else None


def _as_json(prepared: Prepared) -> dict[str, Any]:
    reasons = [sentence.as_json() for sentence in prepared.reasons]
    return {**asdict(prepared), "graph": prepared.graph.name if prepared.graph else None, "reasons": reasons}


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write_index(content: dict[str, dict[str, Any]]) -> None:
    with work_folder() as work:  # other processes may be writing too
        part = work / _INDEX
        part.write_text(json.dumps(content), encoding="utf-8")
        os.replace(part, _folder() / _INDEX)
