"""Whole training runs by the real child process: to the end, killed, stopped, cancelled, on a full disk."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from qadesk import paths
from qadesk.app.labelling.inspection import losses
from qadesk.app.models.manage import list_models
from qadesk.app.reading.load import load_reader
from qadesk.app.training import planning, run_folder, run_log, runs
from qadesk.app.training.outcome import Outcome, threshold_preview
from qadesk.app.training.run_events import Phase, RunEvent
from qadesk.app.training.runs import Control
from qadesk.errors import DataError, QadeskError
from qadesk.progress import finish
from qadesk.records import GoldSpan, LabeledExample
from qadesk.structure import Block, Cell
from qadesk.train.events import Evaluated, Noted, Saved, Stepped

Events = Generator[RunEvent | None, None, Outcome]

transformers = pytest.importorskip("transformers")
torch = pytest.importorskip("torch")

pytestmark = pytest.mark.slow

OPTIONS = {
    "epochs": "2", "batch_size": "4", "learning_rate": "1e-3", "device": "cpu", "threads": "1", "precision": "float32",
    "max_seq_length": "64", "doc_stride": "16", "distil_weight": "0.5",
}  # fmt: skip


def save_small_bert(folder: Path) -> Path:
    torch.manual_seed(7)
    sizes = {"num_hidden_layers": 2, "hidden_size": 32, "num_attention_heads": 2, "intermediate_size": 64}
    config = transformers.BertConfig(vocab_size=30522, max_position_embeddings=512, initializer_range=0.1, **sizes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        transformers.BertForQuestionAnswering(config).save_pretrained(folder)
    shutil.copy(paths.bundled_model_dir() / "tokenizer.json", folder)
    return folder


def labels() -> list[LabeledExample]:
    """Forty questions to twenty documents; a fifth of them have no answer."""
    examples = []
    for number in range(20):
        year, name = str(1800 + number), f"Thomas{number}"
        text = f"The tower number {number} was built by {name} of Holm. It was finished in {year}."
        middle = text.index(" It was")
        rows = ((Cell(0, middle),), (Cell(middle + 1, len(text)),))
        table = (Block("table", 0, len(text), rows=rows),)  # the text alone is a paragraph
        for key, question, answer in (("who", "Who built it?", name), ("when", "When was it finished?", year)):
            start = text.index(answer)
            spans = (GoldSpan(start, start + len(answer), answer),) if number % 5 or key == "who" else ()
            examples.append(
                LabeledExample(f"{number}-{key}", question, text, f"Tower {number}", spans, not spans, table)
            )
    return examples


def begin(home: Path, **overrides: str) -> Path:
    folder = home / "data" / "models" / "tiny"
    if not folder.exists():
        save_small_bert(folder)
    plan = planning.plan(labels(), (), base="tiny", overrides={**OPTIONS, **overrides})
    return run_folder.create(plan)


def drive(work: Events) -> tuple[list[RunEvent], Outcome]:
    """The events of a run, and its outcome."""
    events: list[RunEvent] = []
    while True:
        try:
            events += [event] if (event := next(work)) else []
        except StopIteration as end:
            return events, end.value


@dataclass
class Done:
    """A run that was not interrupted, in a home of its own."""

    home: Path
    run: Path
    events: list[RunEvent]
    outcome: Outcome
    weights: bytes


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Done:
    home = tmp_path_factory.mktemp("finished home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QADESK_HOME", str(home))
        run = begin(home)
        work = runs.follow(run, Control())
        first: list[RunEvent] = []
        while not (run / "trained.json").exists():
            first += [event] if (event := next(work)) else []
        weights = (run / "checkpoints" / "best.safetensors").read_bytes()
        later_events, outcome = drive(work)
        return Done(home, run, [*first, *later_events], outcome, weights)


@pytest.fixture
def process(
    monkeypatch: pytest.MonkeyPatch, watch_starts: Callable[[pytest.MonkeyPatch], list[subprocess.Popen[bytes]]]
) -> list[subprocess.Popen[bytes]]:
    """The child processes that are started from now on."""
    return watch_starts(monkeypatch)


def test_it_goes_from_baseline_to_verdict(finished: Done) -> None:
    phases = list(dict.fromkeys(event.what for event in finished.events if isinstance(event, Phase)))
    assert phases[:3] == ["Preparing", "Baseline", "Training"]
    assert phases[-1] == "Comparing"
    assert {"Exporting", "Quantising", "Checking"} < set(phases)
    steps = [event for event in finished.events if isinstance(event, Stepped)]
    assert [event.step for event in steps] == list(range(1, steps[-1].steps + 1))
    assert next(event.step for event in finished.events if isinstance(event, Evaluated)) == 0
    assert any(isinstance(event, Saved) for event in finished.events)
    assert run_log.read_events(finished.run) == [event for event in finished.events if not isinstance(event, Phase)]


def test_the_outcome_has_every_question(finished: Done) -> None:
    outcome = finished.outcome
    measured = [row for row in outcome.rows if row.part == "own"]
    own = [row for row in measured if not row.is_made]
    general = [row for row in outcome.rows if row.part == "general"]
    assert len(own) == outcome.evaluation_count == 8
    assert outcome.own.after.total == len(measured) > 8
    assert outcome.train_count == len(outcome.taught) == 32
    assert len(general) == outcome.general.after.total > 100
    assert all(row.loss_after is not None and row.loss_after > 0 for row in measured)
    assert outcome.own.after.f1 == pytest.approx(100 * sum(row.f1_after for row in measured) / len(measured))
    assert outcome.general.before.f1 == pytest.approx(100 * sum(row.f1_before for row in general) / len(general))
    assert outcome.seconds > 1
    assert outcome.base == "tiny"
    assert threshold_preview(outcome, 1.0).answered == sum(bool(row.after.span) for row in measured)


def test_the_child_reads_with_the_blocks_of_the_labels(finished: Done) -> None:
    examples = run_folder.read_plan(finished.run).plan.evaluation_questions
    reader = load_reader(finished.run / "result")
    of_child = {row.id: row.loss_after for row in finished.outcome.rows if row.part == "own"}
    assert of_child == pytest.approx(finish(losses(reader, examples)), abs=1e-3)
    of_text = finish(losses(reader, [replace(example, blocks=()) for example in examples]))
    assert max(abs(of_text[key] - loss) for key, loss in of_child.items() if loss is not None) > 0.01


def test_only_a_finished_model_is_left(finished: Done) -> None:
    names = {path.name for path in finished.run.iterdir()}
    assert names == {
        "plan.json", "train.json", "added.json", "evaluation.json", "made.json", "unlabelled.json", "log.jsonl",
        "before.json", "trained.json", "result", "outcome.json",
    }  # fmt: skip
    files = {path.name for path in (finished.run / "result").iterdir()}
    assert files >= {"README.md", "config.json", "model.safetensors", "qadesk.json", "tokenizer.json"}
    assert any(name.endswith(".onnx") for name in files)


def test_the_model_loads_in_transformers_with_the_same_logits(finished: Done) -> None:
    folder = finished.run / "result"
    plain = transformers.AutoModelForQuestionAnswering.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    text, question = labels()[0].context, "Who built it?"
    with torch.inference_mode():
        expected = plain(**tokenizer(question, text, return_tensors="pt"))
    reader = load_reader(folder, precision="float32")
    (batch, starts, ends), *_ = reader.logits(reader.windows_of(question, text))
    assert batch.input_ids.shape == expected.start_logits.shape
    assert np.allclose(starts, expected.start_logits.numpy(), atol=1e-4)
    assert np.allclose(ends, expected.end_logits.numpy(), atol=1e-4)
    assert np.ptp(starts) > 0.1


def test_a_finished_run_waits_until_it_is_kept(finished: Done, home: Path) -> None:
    shutil.copytree(finished.home, home, dirs_exist_ok=True)
    unfinished = runs.unfinished()
    assert [(waiting.is_finished, waiting.step, waiting.steps) for waiting in unfinished] == [(True, 20, 20)]
    assert drive(runs.follow(unfinished[0].folder, Control())) == ([], finished.outcome)
    folder = runs.keep_model(unfinished[0].folder, "Towers")
    assert {model.name for model in list_models() if model.problem is None} >= {"tiny", "Towers"}
    reader = load_reader("Towers")
    assert (reader.model.name, reader.choice.backend) == ("Towers", "onnx")
    assert reader.model.calibration.temperature == finished.outcome.temperature
    assert len(reader.ask("Who built it?", labels()[0].context)) > 0
    assert (folder / "README.md").read_text().startswith("# Towers\n")
    assert runs.unfinished() == []


def kill_after(step: int, work: Events, process: list[subprocess.Popen[bytes]]) -> None:
    for event in work:
        if isinstance(event, Saved) and event.step >= step:
            process[0].send_signal(signal.SIGKILL)


def test_a_killed_run_resumes_to_the_same_weights(
    finished: Done, home: Path, process: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begin(home)
    with pytest.raises(QadeskError, match="ended before it was done"):
        kill_after(8, runs.follow(run, Control()), process)
    assert [model.name for model in list_models()][1:] == ["tiny"]
    assert [unfinished.folder for unfinished in runs.unfinished()] == [run]
    assert runs.unfinished()[0].step >= 8
    events = []
    for event in runs.follow(run, Control()):
        events.append(event)
        if (run / "trained.json").exists():
            break
    steps = [event.step for event in events if isinstance(event, Stepped)]
    assert steps[0] > 8  # it was resumed
    assert not any(isinstance(event, Phase) and event.what == "Baseline" for event in events)
    assert (run / "trained.json").read_text() == (finished.run / "trained.json").read_text()
    assert (run / "checkpoints" / "best.safetensors").read_bytes() == finished.weights  # to the last bit


def test_a_stop_keeps_the_best_and_a_pause_waits(home: Path) -> None:
    run = begin(home, epochs="50")
    control = Control()
    work = runs.follow(run, control)
    before = next(event for event in work if isinstance(event, Evaluated))
    next(event for event in work if isinstance(event, Evaluated) and event.f1 > before.f1 + 10)
    control.pause()
    for event in work:
        if isinstance(event, Saved):
            break
    events: list[RunEvent] = []
    deadline = time.monotonic() + 1.5
    while time.monotonic() < deadline:
        events += [event] if (event := next(work)) else []
    assert [event for event in events if isinstance(event, Stepped)][1:] == []
    control.stop()
    events, outcome = drive(work)
    assert outcome.stopped == "stop"
    assert outcome.steps < 100
    assert not isinstance(events[-1], Noted)
    assert (run / "result" / "model.safetensors").is_file()


def test_a_cancelled_run_leaves_nothing_listed(home: Path, process: list[subprocess.Popen[bytes]]) -> None:
    run = begin(home)
    work = runs.follow(run, Control())
    for event in work:
        if isinstance(event, Stepped):
            break
    start = time.monotonic()
    work.close()
    assert time.monotonic() - start < 5
    assert process[0].poll() is not None
    runs.discard(run)
    assert runs.unfinished() == []
    assert list(paths.runs_dir().iterdir()) == []
    assert [model.name for model in list_models()][1:] == ["tiny"]


FULL = """
import errno, os, sys
real, count = os.fsync, 0
def full(descriptor):
    global count
    count += 1
    if count > {after}:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    real(descriptor)
os.fsync = full
from qadesk.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize("after", [0, 2])
def test_a_full_disk_is_an_error_and_the_run_is_kept(home: Path, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    run = begin(home)
    with monkeypatch.context() as patch:
        patch.setattr(paths, "own_command", lambda: [sys.executable, "-c", FULL.format(after=after)])
        with pytest.raises(DataError, match="disk is full"):
            finish(runs.follow(run, Control()))
    assert not list(run.rglob("*.part"))
    assert [unfinished.folder for unfinished in runs.unfinished()] == [run]
    work = runs.follow(run, Control())
    assert isinstance(next(event for event in work if isinstance(event, Stepped)), Stepped)
    work.close()


def test_the_command_line_stops_at_a_checkpoint_and_resumes(home: Path, tmp_path: Path) -> None:
    save_small_bert(home / "data" / "models" / "tiny")
    data, out = tmp_path / "labels.json", tmp_path / "out"
    run_folder.write_json(data, run_folder.as_squad(labels()))
    options = [f"{key}={value}" for key, value in {**OPTIONS, "epochs": "50"}.items()]
    command = [sys.executable, "-m", "qadesk", "train", str(data), "--base", "tiny", "--out", str(out), "--json"]
    with subprocess.Popen(
        [*command, "--config", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=paths.own_environment()
    ) as first:
        assert first.stdout
        while b'"Stepped"' not in first.stdout.readline():
            pass
        first.send_signal(signal.SIGINT)
        _, stderr = first.communicate(timeout=60)
    assert first.returncode == 130, stderr
    assert b"--resume" in stderr
    assert b"Traceback" not in stderr
    checkpoints = list((tmp_path / "out.run" / "checkpoints").glob("step-*"))
    assert checkpoints
    with subprocess.Popen(
        [*command, "--resume"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=paths.own_environment()
    ) as second:
        assert second.stdout
        step = b""
        while b'"Stepped"' not in step:
            step = second.stdout.readline()
        second.kill()  # the child must end with its parent
    assert json.loads(step)["step"] > 1
    log = tmp_path / "out.run" / "log.jsonl"
    deadline = time.monotonic() + 20
    size = -1
    while time.monotonic() < deadline and size != log.stat().st_size:
        size = log.stat().st_size
        time.sleep(1)
    assert size == log.stat().st_size, "the child still runs"
    assert not out.exists()


def test_the_probe_measures_and_leaves_nothing(home: Path) -> None:
    save_small_bert(home / "data" / "models" / "tiny")
    plan = planning.plan(labels(), (), base="tiny", overrides=OPTIONS)
    estimate = finish(runs.estimate(plan))
    assert 1 < estimate.seconds < 600
    assert estimate.memory_bytes > 200e6
    assert 0 < estimate.disk_bytes < 1e9
    assert (estimate.device, bool(estimate.reason)) == ("cpu", True)
    assert list(paths.runs_dir().iterdir()) == []
