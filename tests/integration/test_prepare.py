"""A model of the user's is prepared by the real child process: exported, quantised, checked, stored and used."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qadesk import paths
from qadesk.app.models.manage import list_models
from qadesk.app.reading import graph_check, prepare_child
from qadesk.app.reading.load import find_model, load_reader
from qadesk.app.reading.prepare import is_wanted, prepare
from qadesk.cli import main
from qadesk.errors import ModelError
from qadesk.progress import Progress, finish
from qadesk.qa import export, graphs, models
from qadesk.qa.graphs import Prepared
from qadesk.qa.models import Model

transformers = pytest.importorskip("transformers")
torch = pytest.importorskip("torch")

pytestmark = pytest.mark.slow

TEXT = "The man went to the store and bought some milk, and then he walked home. " * 8


def save_small_bert(folder: Path, seed: int = 7) -> Path:
    torch.manual_seed(seed)
    sizes = {"num_hidden_layers": 2, "hidden_size": 64, "num_attention_heads": 2, "intermediate_size": 128}
    config = transformers.BertConfig(vocab_size=30522, max_position_embeddings=80, initializer_range=0.1, **sizes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        transformers.BertForQuestionAnswering(config).save_pretrained(folder)
    shutil.copy(paths.bundled_model_dir() / "tokenizer.json", folder)
    return folder


@pytest.fixture(scope="module")
def prepared_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Progress], Prepared]:
    """A home with the model 'mine' that was prepared, the progress of that, and the result."""
    home = tmp_path_factory.mktemp("prepared home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QADESK_HOME", str(home))
        folder = save_small_bert(home / "data" / "models" / "mine")
        work = prepare(folder)
        steps = []
        while True:
            try:
                steps.append(next(work))
            except StopIteration as end:
                verdict = end.value
                break
    return home, steps, verdict


@pytest.fixture
def user_model(
    prepared_home: tuple[Path, list[Progress], Prepared], monkeypatch: pytest.MonkeyPatch, home: Path
) -> Model:
    """The model 'mine' with its graph, in a home of the test's own."""
    shutil.copytree(prepared_home[0], home, dirs_exist_ok=True)
    model = models.inspect(home / "data" / "models" / "mine")
    graphs.fingerprint(model)  # as its first use did
    return model


def leftovers(folder: Path) -> list[str]:
    """The names in the folder of graphs that are neither a complete graph nor the index."""
    return [path.name for path in folder.glob("*") if not (path / "prepared.json").exists() and path.suffix != ".json"]


def test_it_is_made_in_steps_and_kept_outside_the_models_folder(
    prepared_home: tuple[Path, list[Progress], Prepared],
) -> None:
    home, steps, verdict = prepared_home
    names = list(dict.fromkeys(step.what for step in steps))
    assert names == ["Exporting", "Quantising", "Checking"]
    checking_steps = [step for step in dict.fromkeys(steps) if step.what == "Checking"]
    assert [step.done for step in checking_steps] == sorted({step.done for step in checking_steps})
    assert verdict.comparison
    assert checking_steps[-1].done == checking_steps[-1].total == verdict.comparison.windows > 100
    assert (verdict.precision, verdict.reason) == ("int8", "")
    assert verdict.graph
    assert verdict.graph.stat().st_size == verdict.graph_bytes < verdict.weights_bytes
    assert verdict.comparison.agreement >= graph_check.MIN_AGREEMENT
    assert 0 < verdict.comparison.mean_difference < verdict.comparison.max_difference
    files = sorted(path.name for path in (home / "data" / "models" / "mine").iterdir())
    assert files == ["config.json", "model.safetensors", "tokenizer.json"]
    assert leftovers(home / "data" / "graphs") == []


def test_it_answers_with_the_graph_as_float32_does(user_model: Model) -> None:
    fast, floating = load_reader("mine"), load_reader("mine", precision="float32")
    assert (fast.choice.device, fast.choice.backend, fast.choice.precision) == ("cpu", "onnx", "int8")
    assert (floating.choice.backend, floating.choice.precision) == ("torch", "float32")
    assert not is_wanted(fast)
    actual, expected = fast.ask("Who went to the store?", TEXT), floating.ask("Who went to the store?", TEXT)
    assert actual[0].score == pytest.approx(expected[0].score, abs=0.5)
    assert find_model("mine").onnx == graphs.find_prepared(user_model).graph  # type: ignore[union-attr]


def test_it_is_not_made_again_until_a_weight_changes(user_model: Model) -> None:
    steps = prepare(user_model.folder)
    next(steps)
    with pytest.raises(StopIteration):
        next(steps)
    weights = user_model.safetensors[0]
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert graphs.find_prepared(user_model) is None
    reader = load_reader("mine")
    assert (reader.choice.backend, reader.choice.precision) == ("torch", "float32")
    assert is_wanted(reader)


def test_models_and_prepare_report_it(user_model: Model, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(_files: list[Path], _safe: bool) -> int:
        raise AssertionError

    assert [model.speed for model in list_models()] == ["fast graph of its own", "fast graph in int8"]
    assert main.main(["prepare", "mine"], refuse) == 0
    out = capsys.readouterr().out
    assert out.startswith("A fast graph in int8, made in ")
    assert "agreement " in out
    assert "MB, of weights of " in out
    assert main.main(["prepare"], refuse) == 2
    assert "nothing to prepare" in capsys.readouterr().err


def test_a_graph_that_was_damaged_since_is_made_again(user_model: Model) -> None:
    graph = graphs.find_prepared(user_model).graph  # type: ignore[union-attr]
    assert graph
    graph.write_bytes(bytes(graph.stat().st_size))
    reader = load_reader("mine")
    assert reader.choice.backend == "torch"
    assert is_wanted(reader)
    assert not graph.exists()


def test_a_stopped_preparation_leaves_no_process_and_no_file(home: Path) -> None:
    folder = save_small_bert(home / "data" / "models" / "mine")
    work = prepare(folder)
    while next(work) and not list((home / "data" / "graphs").glob("work-*/export/**/*.onnx")):
        pass  # until a file of the child's is there, half done
    start = time.monotonic()
    work.close()
    assert time.monotonic() - start < 5
    assert leftovers(home / "data" / "graphs") == []
    assert graphs.find_prepared(models.inspect(folder)) is None


def test_a_killed_child_is_reported_and_leaves_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = save_small_bert(home / "data" / "models" / "mine")
    script = (
        'import os, signal; print(\'{"progress": ["Exporting", 0, 0, null]}\', flush=True); os.kill(os.getpid(), 9)'
    )
    monkeypatch.setattr(paths, "own_command", lambda: [sys.executable, "-c", script])
    with pytest.raises(ModelError, match="ended before it was done") as excinfo:
        finish(prepare(folder))
    assert "exit code -9" in excinfo.value.detail
    assert leftovers(home / "data" / "graphs") == []
    assert graphs.find_prepared(models.inspect(folder)) is None


def test_the_child_ends_when_its_parent_does(home: Path, tmp_path: Path) -> None:
    folder = save_small_bert(home / "data" / "models" / "mine")
    (tmp_path / "work").mkdir()
    with subprocess.Popen(
        [*paths.own_command(), "--prepare-model", str(folder), str(tmp_path / "work")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdin
        assert child.stdout
        child.stdout.readline()
        child.stdin.close()
        assert child.wait(20) == 1
    assert graphs.find_prepared(models.inspect(folder)) is None


def damage(path: Path) -> Path:
    """Take one matrix out of the graph."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(path)
    largest = max(
        (row for row in graph.graph.initializer if len(row.dims) == 2 and row.dims[0] < 1000),
        key=lambda row: int(np.prod(row.dims)),
    )
    values = numpy_helper.to_array(largest)
    largest.CopyFrom(numpy_helper.from_array((values * 0).astype(values.dtype), largest.name))
    onnx.save(graph, path)
    return path


@pytest.mark.filterwarnings("ignore")  # the exporter warns of itself
@pytest.mark.parametrize("broken", ["int8", "both", "none can be made"])
def test_a_graph_that_drifts_gives_way_to_float32(
    user_model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    quantise, fuse = export.quantise_graph, export.export_fused

    def drifting(fused: Path, target: Path, model: Model) -> Path:
        return damage(quantise(fused, target, model))

    def refuse(_model: Model, _work: Path) -> Path:
        raise KeyError("an architecture that the exporter does not know")

    monkeypatch.setattr(export, "quantise_graph", drifting)
    if broken == "both":
        monkeypatch.setattr(export, "export_fused", lambda model, work: damage(fuse(model, work)))
    elif broken != "int8":
        monkeypatch.setattr(export, "export_fused", refuse)
    prepared = finish(prepare_child.make(user_model, tmp_path))
    assert prepared.precision == "float32"
    assert prepared.reason.startswith("Its int8 graph strays too far" if "none" not in broken else "No int8 graph")
    if broken == "int8":
        assert prepared.graph == tmp_path / "float32" / "model.onnx"
        assert prepared.comparison
        assert prepared.comparison.max_difference < 0.01
    else:
        assert prepared.graph is None
    with graphs.work_folder() as work:
        graphs.store_prepared(graphs.fingerprint(user_model), prepared, work)
    reader = load_reader("mine")
    assert (reader.choice.backend, reader.choice.precision) == ("onnx" if broken == "int8" else "torch", "float32")
    assert broken == "int8" or prepared.reason in reader.choice.reason
    assert not is_wanted(reader)  # it is not tried again


def test_graphs_that_cannot_be_loaded_give_way_to_the_model(
    user_model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not an error that is met again at each start: the result is stored."""

    def unreadable(_source: object, target: Path, *_: object) -> Path:
        path = target if target.suffix else target / "model.onnx"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"no graph at all, but long enough")
        return path

    monkeypatch.setattr(export, "export_fused", unreadable)
    monkeypatch.setattr(export, "quantise_graph", unreadable)
    prepared = finish(prepare_child.make(user_model, tmp_path))
    assert prepared.graph is None
    assert prepared.reason == (
        "Its int8 graph was made, but this computer cannot run it. "
        "Its float32 graph was made, but this computer cannot run it."
    )
    with graphs.work_folder() as work:
        graphs.store_prepared(graphs.fingerprint(user_model), prepared, work)
    assert not is_wanted(load_reader("mine"))


def test_a_model_that_cannot_read_is_not_prepared(home: Path) -> None:
    folder = save_small_bert(home / "data" / "models" / "mine")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "num_hidden_layers": 3}))
    with pytest.raises(ModelError, match="not complete"):
        finish(prepare(folder))
    assert graphs.find_prepared(models.inspect(folder)) is None


@pytest.mark.filterwarnings("ignore")
def test_no_room_is_not_blamed_on_the_model(user_model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_model: Model, _work: Path) -> Path:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(export, "export_fused", full)
    with pytest.raises(ModelError, match="no room"):
        finish(prepare_child.make(user_model, tmp_path))


def test_the_bundled_graph_passes_and_a_damaged_one_does_not(tmp_path: Path) -> None:
    model = models.inspect(paths.bundled_model_dir())
    assert model.onnx
    good = finish(graph_check.compare_graph(model, model.onnx))
    assert graph_check.is_good(good), good
    broken = Path(shutil.copy(model.onnx, tmp_path / "model_int8.onnx"))
    bad = finish(graph_check.compare_graph(replace(model, onnx=None), damage(broken)))
    assert not graph_check.is_good(bad), bad
    assert json.dumps(bad.drift)
