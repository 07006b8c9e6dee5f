"""The graphs that QADesk makes of the user's models. They lie beside the user's data, never in a model's own folder:

    graphs/<fingerprint>/prepared.json      what came of preparing the model
    graphs/<fingerprint>/model_int8.onnx    its graph; or model.onnx, in float32; or neither
    graphs/fingerprints.json                of each model folder that was seen: its files, and the fingerprint they gave
    graphs/work-*/                          where a graph is being made

A fingerprint stands for the weights, the configuration and the tokenizer, and for the recipe by which we make graphs.
Its folder appears by a rename when everything in it is done.
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
"""Number of the way in which ``qa.export`` makes graphs: a graph of another one is made anew."""

_VERDICT = "prepared.json"
_INDEX = "fingerprints.json"
_WORK = "work-"
_STALE = 24 * 3600.0  # seconds: nobody makes a graph for so long, so whoever began is gone


@dataclass(frozen=True, slots=True)
class GraphComparison:
    """What a graph said beside torch's float32, over so many ``windows``.

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
    """What came of preparing a model: its ``graph`` of ``graph_bytes``, None where none can take torch's place.

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
        """In which the model runs from now on: 'int8' or 'float32'."""
        return "int8" if self.graph and self.graph.name == INT8_GRAPH else "float32"


def can_have(model: Model) -> bool:
    """Whether a graph can be made of ``model``: it has all that is needed for one, and none of its own."""
    return model.onnx is None and all(path.is_file() for path in _files(model))


def weights_bytes(model: Model) -> int:
    """The size of ``model``'s safetensors."""
    return sum(path.stat().st_size for path in model.safetensors)


def fingerprint(model: Model) -> str:
    """The fingerprint of ``model``'s contents and our recipe. Reads all of its files once, until they change."""
    known = known_fingerprint(model)
    if known:
        return known
    files = _states(model)  # before they are read: what changes meanwhile is read again
    total = hashlib.sha256()
    for path in _files(model):
        with path.open("rb") as file:
            total.update(f"{path.name}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    contents = total.hexdigest()
    with contextlib.suppress(OSError):  # no room to remember it: then the next start reads the files again
        _write_index({**_index(), str(model.folder.resolve()): {"files": files, "contents": contents}})
    return _with_recipe(contents)


def known_fingerprint(model: Model) -> str | None:
    """The same, None if that would take reading the files."""
    entry = _index().get(str(model.folder.resolve()))
    return _with_recipe(entry["contents"]) if entry and entry["files"] == _states(model) else None


def find(model: Model) -> Prepared | None:
    """What came of preparing ``model``, None if that was not done yet. May read its files, as ``fingerprint`` does."""
    return _read(_folder() / fingerprint(model)) if can_have(model) else None


def find_known(model: Model) -> Prepared | None:
    """The same without reading the files: None too for a model that was never used."""
    known = known_fingerprint(model) if can_have(model) else None
    return _read(_folder() / known) if known else None


def keep(name: str, prepared: Prepared, work: Path) -> Prepared:
    """Keep ``prepared`` under the fingerprint ``name``, in place of what is there; gives it as it is found from now on.

    The folder of its graph becomes ours; ``work`` is a folder beside it for what is half done. Raises ``OSError``.
    """
    made = prepared.graph.parent if prepared.graph else work / "none"
    made.mkdir(exist_ok=True)
    (made / _VERDICT).write_text(json.dumps(_as_json(prepared)), encoding="utf-8")
    place = _folder() / name
    if place.exists():
        place.rename(work / "before")
    made.rename(place)
    return replace(prepared, graph=place / prepared.graph.name if prepared.graph else None)


def forget(model: Model) -> None:
    """Take away what was made of ``model``: the next start makes it anew."""
    shutil.rmtree(_folder() / fingerprint(model), ignore_errors=True)


def tidy(spare: str) -> None:
    """Take away the graphs that no model uses any more, but ``spare``, and what ended processes left.

    In use is what the model folders that were ever used have as their contents now. Reads no weights.
    """
    there = {folder: entry for folder, entry in _index().items() if _is_unchanged(Path(folder), entry)}
    _write_index(there)
    used = {spare, *(_with_recipe(entry["contents"]) for entry in there.values())}
    for folder in _folder().iterdir():
        if folder.is_dir() and (_is_stale(folder) if folder.name.startswith(_WORK) else folder.name not in used):
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def work_folder() -> Iterator[Path]:
    """A folder to make a graph in, from where a rename leads to its place. It is gone afterwards."""
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
    """The name, size and time of each file: what changes with its contents."""
    return [_state(path) for path in _files(model)]


def _state(path: Path) -> list[str | int]:
    found = path.stat()
    return [path.name, found.st_size, found.st_mtime_ns]


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
    """What is known of model folders; nothing if the file is not there or damaged: then it is found out again."""
    found = _read_json(_folder() / _INDEX)
    rows = {folder: entry for folder, entry in found.items() if isinstance(entry, dict)}
    return {folder: entry for folder, entry in rows.items() if {"files", "contents"} <= entry.keys()}


def _read(place: Path) -> Prepared | None:
    """What is kept in the folder ``place``; None if there is nothing or the graph is not what it was."""
    found = _read_json(place / _VERDICT)
    try:
        graph = place / found["graph"] if found["graph"] else None
        comparison = GraphComparison(**found["comparison"]) if found["comparison"] else None
        english = found.pop("reason", "")  # of an older version
        reasons = tuple(from_json(reason) for reason in found.pop("reasons", [english] if english else []))
        prepared = Prepared(**{**found, "graph": graph, "reasons": reasons, "comparison": comparison})
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
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write_index(content: dict[str, dict[str, Any]]) -> None:
    with work_folder() as work:  # others may be writing too
        part = work / _INDEX
        part.write_text(json.dumps(content), encoding="utf-8")
        os.replace(part, _folder() / _INDEX)
