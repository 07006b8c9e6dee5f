"""Following a run with a script as its child: events, commands, errors, leftovers. Keeping and discarding a run."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest
from generators import drive
from training_data import examples, finished_run, outcome

from qadesk import paths
from qadesk.app.models.manage import list_models
from qadesk.app.training import planning, run_folder, runs
from qadesk.app.training.outcome import outcome_as_json
from qadesk.app.training.run_events import Phase, event_as_json
from qadesk.app.training.run_log import RunLog
from qadesk.app.training.runs import Control, Estimate
from qadesk.errors import DataError, DeviceError, ModelError, QadeskError
from qadesk.progress import Progress, finish
from qadesk.train.events import Evaluated, Stepped

STEP = Stepped(3, 40, 1, 2.5, 0.25, 5e-5, None)


@pytest.fixture
def run() -> Path:
    return run_folder.create(planning.plan(examples(), ()))


def set_child(monkeypatch: pytest.MonkeyPatch, *messages: object, then: str = "") -> None:
    """Let the child send ``messages`` and then run ``then``, which can use ``send()`` and ``receive()``."""
    lines = [json.dumps(message) for message in messages]
    script = (
        "import json, pathlib, sys, time\n"
        "receive = lambda: sys.stdin.readline().strip()\n"
        "send = lambda message: print(json.dumps(message), flush=True)\n"
        f"for line in {lines!r}: print(line, flush=True)\n{then}"
    )
    monkeypatch.setattr(paths, "own_command", lambda: [sys.executable, "-c", script])


def test_events_come_through_and_the_outcome_at_the_end(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = json.dumps(outcome_as_json(outcome()))
    set_child(
        monkeypatch,
        event_as_json(Phase("Baseline", 3, 9)),
        event_as_json(STEP),
        then=f"pathlib.Path(sys.argv[2], 'outcome.json').write_text({content!r})\n"
        "send({'done': True}); time.sleep(60)",
    )
    events, result = drive(runs.follow(run, Control()))
    assert result == outcome()
    assert [event for event in events if event] == [Phase("Baseline", 3, 9), STEP]
    assert not list(run.glob(".child-*"))


def test_a_child_that_is_done_without_an_outcome_is_an_error(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_child(monkeypatch, {"done": True})
    with pytest.raises(DataError, match="not finished"):
        finish(runs.follow(run, Control()))


def test_commands_are_sent_once_and_a_stop_is_final(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_child(
        monkeypatch,
        then="commands = []\n"
        "while commands[-1:] != ['stop']:\n"
        "  commands.append(receive()); send({'paused': True})\n"
        "send({'error': ['DataError', ' '.join(commands), '', '']})",
    )
    control = Control()
    work = runs.follow(run, control)
    assert next(work) is None
    for command in (control.pause, control.resume, control.stop):
        command()
        assert next(event for event in work if event) == Phase("Paused")
    control.resume()
    assert control.state == "stop"
    with pytest.raises(DataError, match=r"^pause resume stop$"):
        finish(work)


@pytest.mark.parametrize("kind", [DataError, ModelError, DeviceError])
def test_errors_of_the_child_are_raised(run: Path, monkeypatch: pytest.MonkeyPatch, kind: type[QadeskError]) -> None:
    set_child(monkeypatch, {"error": [kind.__name__, "The disk is full.", "Make room.", "28"]}, then="time.sleep(60)")
    with pytest.raises(kind) as excinfo:
        finish(runs.follow(run, Control()))
    assert (excinfo.value.message, excinfo.value.hint, excinfo.value.detail) == (
        "The disk is full.",
        "Make room.",
        "28",
    )
    assert runs.unfinished()[0].folder == run


def test_a_killed_child_is_an_error_and_the_run_is_kept(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_child(monkeypatch, event_as_json(STEP), then="import os; os.kill(os.getpid(), 9)")
    work = runs.follow(run, Control())
    with pytest.raises(QadeskError, match="ended before it was done") as excinfo:
        finish(work)
    assert "exit code -9" in excinfo.value.detail
    assert [unfinished.folder for unfinished in runs.unfinished()] == [run]
    assert not list(run.glob(".child-*"))


def test_closing_kills_the_child_at_once(run: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    set_child(monkeypatch, then=f"time.sleep(1); open({str(tmp_path / 'alive')!r}, 'w')")
    work = runs.follow(run, Control())
    assert next(work) is None
    work.close()
    time.sleep(1.2)
    assert not (tmp_path / "alive").exists()
    assert not list(run.glob(".child-*"))
    assert [unfinished.folder for unfinished in runs.unfinished()] == [run]


def test_unfinished_runs_are_listed_with_their_step(run: Path, home: Path) -> None:
    with RunLog(run) as log:
        log.write(STEP)
        log.write(Evaluated(3, 2.5, 40, 50))
    finished = finished_run(paths.runs_dir() / "done")
    without_model = finished_run(paths.runs_dir() / "moved")
    (without_model / "result").rename(home / "elsewhere")
    (paths.runs_dir() / "rubbish").mkdir()
    by_folder = {unfinished.folder: unfinished for unfinished in runs.unfinished()}
    assert set(by_folder) == {run, finished}
    assert not without_model.exists()  # it has no model any more
    assert (by_folder[run].step, by_folder[run].steps, by_folder[run].is_finished) == (3, 40, False)
    assert (by_folder[run].examples, by_folder[run].base) == (10, "QADesk reader 7")
    assert by_folder[run].what == "balanced, from 'QADesk reader 7', 10 labels: step 3 of 40"
    assert by_folder[finished].is_finished
    assert by_folder[finished].what.endswith("finished, neither kept nor discarded")
    assert by_folder[finished].when >= by_folder[run].when


def test_a_damaged_log_does_not_hide_the_unfinished_runs(run: Path) -> None:
    other = run_folder.create(planning.plan(examples(), ()), paths.runs_dir() / "other")
    with RunLog(run) as log:
        log.write(STEP)
    with (run / "log.jsonl").open("ab") as file:
        file.write(b'{"at": 2, "event": "Unknown"}\n{"at": 2, "event": "Stepped", "step": "x"}\n\xff\xfe\n')
    assert {waiting.folder: waiting.step for waiting in runs.unfinished()} == {run: 3, other: 0}


def test_leftovers_of_a_killed_process_are_removed_after_a_day(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leftover = paths.runs_dir() / ".child-abc"
    leftover.mkdir()
    assert [unfinished.folder for unfinished in runs.unfinished()] == [run]
    assert leftover.is_dir()  # a process may use it
    monkeypatch.setattr(time, "time", lambda: leftover.stat().st_mtime + 90_000)
    runs.unfinished()
    assert not leftover.exists()


def test_following_a_finished_run_starts_no_child(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_path = finished_run(paths.runs_dir() / "done")
    monkeypatch.setattr(paths, "own_command", lambda: ["/nowhere/qadesk"])
    assert finish(runs.follow(run_path, Control())) == outcome()


def test_a_run_of_an_older_version_with_english_in_its_files_is_read(home: Path) -> None:
    run_path = finished_run(paths.runs_dir() / "done")
    values = json.loads((run_path / "outcome.json").read_text(encoding="utf-8"))
    verdict = "Better on yours: F1 54 → 81. General: 78 → 77."
    (run_path / "outcome.json").write_text(json.dumps({**values, "verdict": verdict, "notes": ["It forgot 10 %."]}))
    note = {"at": 0.5, "event": "Noted", "text": "Training on the processor."}
    (run_path / "log.jsonl").write_text(json.dumps(note) + "\n" + json.dumps({"at": 1.5, **event_as_json(STEP)}) + "\n")
    assert [(waiting.step, waiting.is_finished) for waiting in runs.unfinished()] == [(3, True)]
    old = finish(runs.follow(run_path, Control()))
    assert (old.verdict.text, [note.text for note in old.notes]) == (verdict, ["It forgot 10 %."])
    assert runs.keep_model(run_path, "Policies").is_dir()


def test_a_model_that_is_kept_is_listed_as_the_users(home: Path) -> None:
    run_path = finished_run(paths.runs_dir() / "done")
    with pytest.raises(ModelError):
        runs.keep_model(run_path, "../evil")
    folder = runs.keep_model(run_path, " Policies ")
    assert folder == home / "data" / "models" / "Policies"
    assert json.loads((folder / "qadesk.json").read_text()) == {"name": "Policies", "temperature": 1.5}
    assert (folder / "README.md").read_text() == "# Policies\n\nAbout it.\n"
    assert "Policies" in [model.folder.name for model in list_models()]
    assert not run_path.exists()
    second_run = finished_run(paths.runs_dir() / "again")
    with pytest.raises(ModelError, match="already a model"):
        runs.keep_model(second_run, "policies")
    assert (second_run / "result").is_dir()


def test_an_unfinished_run_has_no_outcome_and_cannot_be_kept(run: Path) -> None:
    for function in (lambda: runs.read_outcome(run), lambda: runs.keep_model(run, "Mine")):
        with pytest.raises(DataError, match="not finished"):
            function()
    assert run.is_dir()


def test_a_discarded_run_is_removed(run: Path) -> None:
    runs.discard(run)
    assert list(paths.runs_dir().iterdir()) == []
    runs.discard(run)  # it was a leftover for somebody else


def test_a_folder_without_a_plan_starts_no_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "own_command", lambda: ["/nowhere/qadesk"])
    with pytest.raises(DataError, match="holds no training run"):
        finish(runs.follow(tmp_path, Control()))


def test_the_estimate_is_that_of_the_child_and_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    probe = {"seconds": 200.0, "memory_bytes": 10**9, "device": "cpu", "reason": "the processor"}
    set_child(
        monkeypatch,
        then="assert sys.argv[1] == '--train' and sys.argv[3] == 'probe'\n"
        f"assert pathlib.Path(sys.argv[2], 'plan.json').is_file()\ntime.sleep(0.3); send({{'estimate': {probe!r}}})",
    )
    steps, estimate = drive(runs.estimate(planning.plan(examples(), ())))
    assert isinstance(estimate, Estimate)
    assert (estimate.seconds, estimate.device) == (200.0, "cpu")
    assert 500_000_000 < estimate.disk_bytes < 2_000_000_000
    assert estimate.free_disk_bytes > 0
    assert steps == [Progress("Measuring", 0, 0)] * len(steps)
    assert len(steps) > 1
    assert list(paths.runs_dir().iterdir()) == []
