"""Which models are prepared, the messages of the child, and the texts of the result. See also tests/integration."""

from __future__ import annotations

import json
import math
import shutil
import sys
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace

import pytest

from qadesk import paths
from qadesk.app.models.manage import list_models
from qadesk.app.reading import prepare_child
from qadesk.app.reading.prepare import is_wanted, prepare, summary
from qadesk.errors import ModelError, QadeskError
from qadesk.progress import Progress, finish
from qadesk.qa import graphs, models
from qadesk.qa.devices import Choice
from qadesk.qa.graphs import GraphComparison, Prepared
from qadesk.sentences import Sentence, verbatim

GOOD = GraphComparison(39, 0.7412, 0.0512, 0.055, 0.987)
STRAYS = (verbatim("It strays."),)


@pytest.fixture
def folder(home: Path) -> Path:
    """The bundled model without its graph, as a user may add one."""
    path = home / "data" / "models" / "mine"
    path.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        shutil.copy(paths.bundled_model_dir() / name, path)
    return path


def child_prints(monkeypatch: pytest.MonkeyPatch, *lines: str, then: str = "") -> None:
    """Replace the child process by one that prints ``lines`` and then runs ``then``."""
    script = f"import sys, time\nfor line in {lines!r}:\n print(line, flush=True)\n{then}"
    monkeypatch.setattr(paths, "own_command", lambda: [sys.executable, "-c", script])


def test_only_a_slow_reader_that_was_not_prepared_is_prepared(folder: Path) -> None:
    model = models.inspect(folder)
    torch = Choice("cpu", "torch", "float32", "")
    assert is_wanted(SimpleNamespace(model=model, choice=torch))  # type: ignore[arg-type]
    for choice in (Choice("cpu", "onnx", "int8", ""), Choice("cuda", "torch", "bfloat16", "")):
        assert not is_wanted(SimpleNamespace(model=model, choice=choice))  # type: ignore[arg-type]
    bundled = models.inspect(paths.bundled_model_dir())
    assert not is_wanted(SimpleNamespace(model=bundled, choice=torch))  # type: ignore[arg-type]
    with graphs.work_folder() as work:
        graphs.store_prepared(graphs.fingerprint(model), Prepared(None, STRAYS), work)
    assert not is_wanted(SimpleNamespace(model=model, choice=torch))  # type: ignore[arg-type]


def test_the_bundled_model_and_a_folder_that_is_none_are_refused(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(ModelError, match="a graph of its own"):
        finish(prepare(paths.bundled_model_dir()))
    with pytest.raises(ModelError, match="There is no folder"):
        finish(prepare(tmp_path / "nowhere"))
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match="no fast tokenizer"):
        finish(prepare(folder))


def test_the_childs_progress_is_passed_on_and_its_error_is_ours(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    messages = ('{"progress": ["Checking", 4, 39, 2.5]}', '{"error": ["There is no room.", "Make some.", "28"]}')
    child_prints(monkeypatch, *messages, then="time.sleep(60)")
    steps: list[Progress] = []
    with pytest.raises(ModelError) as excinfo:
        steps.extend(prepare(folder))
    assert steps[-1] == Progress("Checking", 4, 39, 2.5)
    assert (excinfo.value.message, excinfo.value.hint, excinfo.value.detail) == (
        "There is no room.",
        "Make some.",
        "28",
    )


def test_what_a_dying_child_wrote_is_a_detail(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child_prints(monkeypatch, then="raise SystemError('of its own')")
    with pytest.raises(ModelError, match="ended before it was done") as excinfo:
        finish(prepare(folder))
    assert "of its own" in excinfo.value.detail


def test_a_child_that_cannot_start_is_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "own_command", lambda: ["/nowhere/qadesk"])
    with pytest.raises(QadeskError, match="could not start"):
        finish(prepare(folder))


def test_a_model_that_changed_meanwhile_is_not_taken_for_prepared(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child_prints(monkeypatch, '{"done": true}')
    with pytest.raises(ModelError, match="changed while"):
        finish(prepare(folder))


def test_a_full_disk_is_reported_before_the_work_begins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**9, 10**9, 10**8))
    with pytest.raises(ModelError, match="too little room") as excinfo:
        finish(prepare_child._prepare(models.inspect(folder), folder))
    assert "It takes 451 MB for a moment." in excinfo.value.hint


def test_the_verdict_in_words(tmp_path: Path) -> None:
    good = Prepared(tmp_path / "model_int8.onnx", "", GOOD, 29_000_000, 45_100_000, 15.2)
    assert summary(good).splitlines() == [
        "A fast graph in int8, made in 15 s.",
        "size         29.0 MB, of weights of 45.1 MB",
        "agreement    98.7 %: F1 of its answers by float32's, 39 windows",
        "difference   0.741 at most, 0.051 on average, in logits",
        f"stored in    {tmp_path / 'model_int8.onnx'}",
    ]
    assert summary(Prepared(None, STRAYS, seconds=3)) == (
        "No fast graph: the model runs as it is, in float32.\nIt strays."
    )


@pytest.mark.parametrize(
    ("graph", "reason", "words"),
    [
        ("model_int8.onnx", "", "fast graph in int8"),
        ("model.onnx", "Its int8 graph strays.", "fast graph in float32. Its int8 graph strays."),
        (None, "It strays.", "no fast graph. It strays."),
    ],
)
def test_models_are_listed_with_their_speed(folder: Path, graph: str | None, reason: str, words: str) -> None:
    assert list_models()[1].speed.startswith("no fast graph yet")
    model = models.inspect(folder)
    reasons = (verbatim(reason),) if reason else ()
    with graphs.work_folder() as work:
        path = None
        if graph:
            path = work / "new" / graph
            path.parent.mkdir()
            path.write_bytes(b"graph")
        graphs.store_prepared(graphs.fingerprint(model), Prepared(path, reasons, GOOD, 5 if graph else 0), work)
    assert [model.speed for model in list_models()] == ["fast graph of its own", words]
    assert list_models()[1].pace.startswith("Fast: " if graph else "Slower: ")
    assert "graph" not in list_models()[1].pace


@pytest.mark.parametrize(
    ("comparison", "text"),
    [
        (GraphComparison(39, 1.0, 0.1, 0.1264, 0.9251),
         "Its int8 graph strays too far from the model: by 13 % of the spread of its scores, and 93 % of its answers "
         "agree."),
        (GraphComparison(4, math.inf, math.inf, math.inf, 0.0),
         "Its int8 graph strays too far from the model: its scores are not numbers."),
    ],
)  # fmt: skip
def test_a_rejected_graph_has_a_reason_that_is_stored_as_an_id(
    folder: Path, comparison: GraphComparison, text: str
) -> None:
    model = models.inspect(folder)
    reasons = (Sentence("graph.not_made", {"precision": "int8"}), prepare_child.why_rejected("int8", comparison))
    with graphs.work_folder() as work:
        graphs.store_prepared(graphs.fingerprint(model), Prepared(None, reasons), work)
    prepared = graphs.find_prepared(model)
    assert prepared == Prepared(None, reasons)
    assert prepared.reason == f"No int8 graph can be made of its architecture. {text}"
    (verdict_path,) = (paths.data_dir() / "graphs").glob("*/prepared.json")
    assert [id_ for id_, _ in json.loads(verdict_path.read_text())["reasons"]] == [reason.id for reason in reasons]


@pytest.mark.parametrize(
    ("reason", "reasons"), [("", ()), ("It strays. Much.", (verbatim("It strays. Much."),)), ({"x": 1}, None)]
)
def test_a_reason_that_an_older_version_stored_in_english_is_shown_as_it_is(
    folder: Path, reason: object, reasons: tuple[Sentence, ...] | None
) -> None:
    """A file with a reason that is no text is ignored: the graph is made again."""
    model = models.inspect(folder)
    with graphs.work_folder() as work:
        graphs.store_prepared(graphs.fingerprint(model), Prepared(None), work)
    (verdict_path,) = (paths.data_dir() / "graphs").glob("*/prepared.json")
    values = json.loads(verdict_path.read_text())
    del values["reasons"]
    verdict_path.write_text(json.dumps({**values, "reason": reason}))
    prepared = graphs.find_prepared(model)
    assert (prepared.reasons if prepared else None) == reasons
