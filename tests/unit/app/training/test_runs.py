"""Following a run, with a stand-in for the child: what is heard, what is sent, what is left. And what comes after."""

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
from qadesk.app.training.outcome import as_json
from qadesk.app.training.run_events import Phase, to_json
from qadesk.app.training.run_log import RunLog
from qadesk.app.training.runs import Control, Estimate
from qadesk.errors import DataError, DeviceError, ModelError, QadeskError
from qadesk.progress import Progress, finish
from qadesk.train.events import Evaluated, Stepped

STEP = Stepped(3, 40, 1, 2.5, 0.25, 5e-5, None)


@pytest.fixture
def run() -> Path:
    return run_folder.create(planning.plan(examples(), ()))


def child_says(monkeypatch: pytest.MonkeyPatch, *messages: object, then: str = "") -> None:
    """Put a child in place of ours that says ``messages`` and then runs ``then``, in which ``hear()`` gives a word."""
    lines = [json.dumps(each) for each in messages]
    script = (
        "import json, pathlib, sys, time\n"
        "hear = lambda: sys.stdin.readline().strip()\n"
        "say = lambda what: print(json.dumps(what), flush=True)\n"
        f"for line in {lines!r}: print(line, flush=True)\n{then}"
    )
    monkeypatch.setattr(paths, "own_command", lambda: [sys.executable, "-c", script])


def test_events_come_through_and_the_outcome_at_the_end(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = json.dumps(as_json(outcome()))
    child_says(
        monkeypatch,
        to_json(Phase("Baseline", 3, 9)),
        to_json(STEP),
        then=f"pathlib.Path(sys.argv[2], 'outcome.json').write_text({made!r}); say({{'done': True}}); time.sleep(60)",
    )
    heard, found = drive(runs.follow(run, Control()))
    assert found == outcome()
    assert [event for event in heard if event] == [Phase("Baseline", 3, 9), STEP]
    assert not list(run.glob(".child-*"))


def test_no_outcome_of_a_child_that_says_it_is_done(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child_says(monkeypatch, {"done": True})
    with pytest.raises(DataError, match="not finished"):
        finish(runs.follow(run, Control()))


def test_words_are_sent_once_and_a_stop_is_the_last(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child_says(
        monkeypatch,
        then="words = []\n"
        "while words[-1:] != ['stop']:\n"
        "  words.append(hear()); say({'paused': True})\n"
        "say({'error': ['DataError', ' '.join(words), '', '']})",
    )
    control = Control()
    work = runs.follow(run, control)
    assert next(work) is None
    for order in (control.pause, control.resume, control.stop):
        order()
        assert next(event for event in work if event) == Phase("Paused")
    control.resume()
    assert control.state == "stop"
    with pytest.raises(DataError, match=r"^pause resume stop$"):
        finish(work)


@pytest.mark.parametrize("kind", [DataError, ModelError, DeviceError])
def test_the_childs_errors_are_ours(run: Path, monkeypatch: pytest.MonkeyPatch, kind: type[QadeskError]) -> None:
    child_says(monkeypatch, {"error": [kind.__name__, "The disk is full.", "Make room.", "28"]}, then="time.sleep(60)")
    with pytest.raises(kind) as caught:
        finish(runs.follow(run, Control()))
    assert (caught.value.message, caught.value.hint, caught.value.detail) == ("The disk is full.", "Make room.", "28")
    assert runs.unfinished()[0].folder == run


def test_a_killed_child_is_told_of_and_the_run_is_still_there(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child_says(monkeypatch, to_json(STEP), then="import os; os.kill(os.getpid(), 9)")
    work = runs.follow(run, Control())
    with pytest.raises(QadeskError, match="ended before it was done") as caught:
        finish(work)
    assert "exit code -9" in caught.value.detail
    assert [each.folder for each in runs.unfinished()] == [run]
    assert not list(run.glob(".child-*"))


def test_closing_ends_the_child_at_once(run: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    child_says(monkeypatch, then=f"time.sleep(1); open({str(tmp_path / 'alive')!r}, 'w')")
    work = runs.follow(run, Control())
    assert next(work) is None
    work.close()
    time.sleep(1.2)
    assert not (tmp_path / "alive").exists()
    assert not list(run.glob(".child-*"))
    assert [each.folder for each in runs.unfinished()] == [run]


def test_runs_that_wait_are_listed_with_how_far_they_are(run: Path, home: Path) -> None:
    with RunLog(run) as log:
        log.write(STEP)
        log.write(Evaluated(3, 2.5, 40, 50))
    done = finished_run(paths.runs_dir() / "done")
    kept = finished_run(paths.runs_dir() / "kept")
    (kept / "result").rename(home / "elsewhere")
    (paths.runs_dir() / "rubbish").mkdir()
    found = {each.folder: each for each in runs.unfinished()}
    assert set(found) == {run, done}
    assert not kept.exists()  # its model was taken: nothing is left to do
    assert (found[run].step, found[run].steps, found[run].is_finished) == (3, 40, False)
    assert (found[run].examples, found[run].base) == (10, "QADesk reader 2")
    assert found[run].what == "balanced, from 'QADesk reader 2', 10 labels: step 3 of 40"
    assert found[done].is_finished
    assert found[done].what.endswith("finished, neither kept nor discarded")
    assert found[done].when >= found[run].when


def test_what_a_killed_process_left_goes_after_a_day(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rest = paths.runs_dir() / ".child-abc"
    rest.mkdir()
    assert [each.folder for each in runs.unfinished()] == [run]
    assert rest.is_dir()  # somebody may be at work in it
    monkeypatch.setattr(time, "time", lambda: rest.stat().st_mtime + 90_000)
    runs.unfinished()
    assert not rest.exists()


def test_a_finished_run_gives_its_outcome_without_a_child(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = finished_run(paths.runs_dir() / "done")
    monkeypatch.setattr(paths, "own_command", lambda: ["/nowhere/qadesk"])
    assert finish(runs.follow(done, Control())) == outcome()


def test_a_model_that_is_kept_is_one_of_the_users(home: Path) -> None:
    done = finished_run(paths.runs_dir() / "done")
    with pytest.raises(ModelError):
        runs.keep(done, "../evil")
    place = runs.keep(done, " Policies ")
    assert place == home / "data" / "models" / "Policies"
    assert json.loads((place / "qadesk.json").read_text()) == {"name": "Policies", "temperature": 1.5}
    assert (place / "README.md").read_text() == "# Policies\n\nAbout it.\n"
    assert "Policies" in [each.folder.name for each in list_models()]
    assert not done.exists()
    again = finished_run(paths.runs_dir() / "again")
    with pytest.raises(ModelError, match="already a model"):
        runs.keep(again, "policies")
    assert (again / "result").is_dir()


def test_what_is_not_finished_cannot_be_kept(run: Path) -> None:
    for verb in (lambda: runs.read_outcome(run), lambda: runs.keep(run, "Mine")):
        with pytest.raises(DataError, match="not finished"):
            verb()
    assert run.is_dir()


def test_a_run_that_is_discarded_is_gone(run: Path) -> None:
    runs.discard(run)
    assert list(paths.runs_dir().iterdir()) == []


def test_no_run_no_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "own_command", lambda: ["/nowhere/qadesk"])
    with pytest.raises(DataError, match="holds no training run"):
        finish(runs.follow(tmp_path, Control()))


def test_the_estimate_is_the_childs_with_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"seconds": 200.0, "memory_bytes": 10**9, "device": "cpu", "reason": "the processor"}
    child_says(
        monkeypatch,
        then="assert sys.argv[1] == '--train' and sys.argv[3] == 'probe'\n"
        f"assert pathlib.Path(sys.argv[2], 'plan.json').is_file()\ntime.sleep(0.3); say({{'estimate': {found!r}}})",
    )
    steps, estimate = drive(runs.estimate(planning.plan(examples(), ())))
    assert isinstance(estimate, Estimate)
    assert (estimate.seconds, estimate.device) == (200.0, "cpu")
    assert 500_000_000 < estimate.disk_bytes < 2_000_000_000
    assert estimate.free_disk_bytes > 0
    assert steps == [Progress("Measuring", 0, 0)] * len(steps)
    assert len(steps) > 1
    assert list(paths.runs_dir().iterdir()) == []
