"""Fingerprints, and the prepared graphs that are stored under them."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from qadesk.qa import graphs
from qadesk.qa.graphs import GraphComparison, Prepared
from qadesk.qa.models import Model
from qadesk.sentences import verbatim

GOOD = GraphComparison(39, 0.7, 0.05, 0.05, 1.0)


@pytest.fixture(autouse=True)
def _data(home: Path) -> None:
    (home / "data").mkdir(parents=True)


def make_model(folder: Path, weights: bytes = b"weights") -> Model:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("config.json", b"{}"), ("tokenizer.json", b"{}"), ("model.safetensors", weights)):
        (folder / name).write_bytes(content)
    return Model(folder, folder.name, "Bert", None, (folder / "model.safetensors",), 9, 80, 0, True, unanswerable=True)


def keep(model: Model, graph: bytes = b"graph", name: str = "model_int8.onnx", reason: str = "") -> Prepared:
    reasons = (verbatim(reason),) if reason else ()
    with graphs.work_folder() as work:
        graph_path = work / "made" / name
        graph_path.parent.mkdir()
        graph_path.write_bytes(graph)
        return graphs.store_prepared(
            graphs.fingerprint(model), Prepared(graph_path, reasons, GOOD, len(graph), 7, 1.5), work
        )


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_fingerprint_changes_with_any_file_and_with_nothing_else(tmp_path: Path, name: str) -> None:
    model, copy = make_model(tmp_path / "a"), make_model(tmp_path / "b")
    before = graphs.fingerprint(model)
    assert graphs.fingerprint(copy) == before
    (model.folder / "qadesk.json").write_text("{}")
    os.utime(model.folder / name, (1, 1))
    assert graphs.fingerprint(model) == before
    (model.folder / name).write_bytes(b"other")
    assert graphs.fingerprint(model) != before


def test_a_recipe_makes_another_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = make_model(tmp_path / "a")
    before = graphs.fingerprint(model)
    monkeypatch.setattr(graphs, "RECIPE", graphs.RECIPE + 1)
    assert graphs.fingerprint(model) != before


def test_files_are_read_once(tmp_path: Path) -> None:
    model = make_model(tmp_path / "a")
    assert graphs.known_fingerprint(model) is None
    first = graphs.fingerprint(model)
    assert graphs.known_fingerprint(model) == first
    weights = model.safetensors[0]
    state = weights.stat()
    weights.write_bytes(b"WEIGHTS")  # of the same size and time: not read again
    os.utime(weights, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert graphs.fingerprint(model) == first
    os.utime(weights, ns=(state.st_atime_ns, state.st_mtime_ns + 1))
    assert graphs.known_fingerprint(model) is None
    assert graphs.fingerprint(model) != first


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"x": 1}', '{"FOLDER": {"files": []}}'])
def test_a_damaged_memory_is_made_anew(tmp_path: Path, home: Path, damage: str) -> None:
    model = make_model(tmp_path / "a")
    first = graphs.fingerprint(model)
    (home / "data" / "graphs" / "fingerprints.json").write_text(damage.replace("FOLDER", str(model.folder)))
    assert graphs.known_fingerprint(model) is None
    assert graphs.fingerprint(model) == first
    assert graphs.known_fingerprint(model) == first


def test_what_is_kept_is_found_again_and_replaced(tmp_path: Path, home: Path) -> None:
    model = make_model(tmp_path / "a")
    assert graphs.find_prepared(model) is None
    first = keep(model)
    assert graphs.find_prepared(model) == graphs.find_prepared_unread(model) == first
    assert first.graph
    assert first.graph.parent.parent == home / "data" / "graphs"
    assert (first.precision, first.comparison) == ("int8", GOOD)
    second = keep(model, b"another", "model.onnx", "Its int8 graph answers differently.")
    assert graphs.find_prepared(model) == second
    assert second.precision == "float32"
    assert sorted(path.name for path in second.graph.parent.iterdir()) == ["model.onnx", "prepared.json"]  # type: ignore[union-attr]
    assert [path.name for path in (home / "data" / "graphs").glob("work-*")] == []
    graphs.delete_prepared(model)
    assert graphs.find_prepared(model) is None


def test_a_verdict_without_a_graph_is_kept_too(tmp_path: Path) -> None:
    model = make_model(tmp_path / "a")
    with graphs.work_folder() as work:
        graphs.store_prepared(graphs.fingerprint(model), Prepared(None, (verbatim("None can be made."),)), work)
    assert graphs.find_prepared(model) == Prepared(None, (verbatim("None can be made."),))


@pytest.mark.parametrize("damage", ["cut", "gone", "verdict", "half a verdict"])
def test_what_is_not_whole_does_not_count(tmp_path: Path, damage: str) -> None:
    model = make_model(tmp_path / "a")
    graph = keep(model).graph
    assert graph
    verdict = graph.with_name("prepared.json")
    if damage == "cut":
        graph.write_bytes(b"gra")
    elif damage == "gone":
        graph.unlink()
    elif damage == "verdict":
        verdict.unlink()
    else:
        verdict.write_text(json.dumps({"graph": graph.name}))
    assert graphs.find_prepared(model) is None


def test_only_a_model_with_all_its_files_and_no_graph_of_its_own_can_have_one(tmp_path: Path) -> None:
    model = make_model(tmp_path / "a")
    assert graphs.can_have(model)
    assert not graphs.can_have(replace(model, onnx=tmp_path / "model.onnx"))
    (model.folder / "tokenizer.json").unlink()
    assert not graphs.can_have(model)
    assert graphs.find_prepared(model) is None
    assert graphs.find_prepared_unread(model) is None


def test_tidying_takes_away_what_no_model_uses(tmp_path: Path, home: Path) -> None:
    in_use, changed, incomplete, just_prepared = (
        make_model(tmp_path / name, name.encode()) for name in ("used", "changed", "gone", "made")
    )
    graph_of = {model.name: keep(model).graph for model in (in_use, changed, incomplete, just_prepared)}
    changed.safetensors[0].write_bytes(b"changed since")
    (incomplete.folder / "config.json").unlink()
    folder = home / "data" / "graphs"
    for name, age in (("work-old", 48 * 3600), ("work-new", 60)):
        (folder / name).mkdir()
        os.utime(folder / name, (time.time() - age, time.time() - age))
    graphs.tidy(graphs.fingerprint(just_prepared))
    names = {name for name, graph in graph_of.items() if graph and graph.is_file()}
    assert names == {"used", "made"}
    assert [path.name for path in folder.glob("work-*")] == ["work-new"]
    assert graphs.known_fingerprint(in_use)


def test_a_work_folder_goes_whatever_happens(tmp_path: Path) -> None:
    places: list[Path] = []

    def fail() -> None:
        with graphs.work_folder() as work:
            places.append(work)
            (work / "half").write_bytes(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert places
    assert not places[0].exists()
