"""``qadesk train``, with a stand-in for the child process; the real one is in tests/integration."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from qadesk import paths
from qadesk.app.training import run_folder
from qadesk.app.training.outcome import Outcome, Prediction, QuestionOutcome, SetComparison, outcome_as_json
from qadesk.app.training.run_events import Phase, event_as_json
from qadesk.cli import main
from qadesk.records import GoldSpan, LabeledExample
from qadesk.sentences import verbatim
from qadesk.train import process_group
from qadesk.train.config import PRESETS
from qadesk.train.events import Evaluated, Noted, Saved, Stepped
from qadesk.train.metrics import Report

TEXT = "The tower was built by Thomas Reeve. It was finished in 1862."
STEP = Stepped(3, 40, 1, 2.5, 0.25, 5e-5, 70.0)
EVENTS = (
    Phase("Baseline", 2, 9), Phase("Baseline", 9, 9), Noted(verbatim("Good luck.")), STEP, Evaluated(3, 2.25, 40, 52.5),
    Saved(3, Path("x")),
)  # fmt: skip


def run(arguments: list[str]) -> int:
    def refuse(files: list[Path], safe_mode: bool) -> int:
        raise AssertionError(f"a window was opened for {files}, {safe_mode}")

    return main.main(arguments, refuse)


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    rows = [
        LabeledExample("1", "Who built the tower?", TEXT, "T", (GoldSpan(23, 35, "Thomas Reeve"),), False),
        LabeledExample("2", "When was it finished?", TEXT, "T", (GoldSpan(56, 60, "1862"),), False),
        LabeledExample("3", "Who painted it?", TEXT, "T", (), True),
    ]
    path = tmp_path / "labels.json"
    run_folder.write_json(path, run_folder.as_squad(rows))
    return path


@pytest.fixture
def outcome() -> Outcome:
    low, high = (Report(f1 - 5, f1, 2, None, None) for f1 in (54.0, 81.0))
    prediction = Prediction("1862", 0.5, 0.25, "1862")
    row = QuestionOutcome(
        "own", "2", "When?", "T", ("1862",), prediction, dataclasses.replace(prediction, text="", confidence=0.1), 1, 0
    )
    pair = SetComparison(low, high)
    return Outcome(
        "Reader", "balanced", PRESETS["balanced"], pair, pair, (row, row), verbatim("Better."), True, 130, 40, 30, "",
        1.0, 1.5, 2, 1, "question", "cpu, float32",
    )  # fmt: skip


def child_does(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Run ``script`` as the child: ``run`` is its folder, ``send()`` writes a value, ``receive()`` reads a command."""
    begin = (
        "import json, pathlib, sys, time\n"
        "run = pathlib.Path(sys.argv[2])\n"
        "receive = lambda: sys.stdin.readline().strip()\n"
        "send = lambda value: print(json.dumps(value), flush=True)\n"
    )
    monkeypatch.setattr(paths, "own_command", lambda: [sys.executable, "-c", begin + script])


def finishes(outcome: Outcome) -> str:
    events = [event_as_json(event) for event in EVENTS]
    about = json.dumps(outcome_as_json(outcome))
    return (
        f"for event in json.loads({json.dumps(events)!r}): send(event)\n"
        "(run / 'result').mkdir()\n"
        "(run / 'result' / 'qadesk.json').write_text('{}')\n"
        "(run / 'result' / 'README.md').write_text('# x\\n')\n"
        f"(run / 'outcome.json').write_text({about!r})\n"
        "send({'done': True})\n"
    )


def test_it_ends_with_a_model_and_a_table(
    dataset: Path, outcome: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    child_does(monkeypatch, finishes(outcome))
    out = tmp_path / "mine"
    assert run(["train", str(dataset), "--out", str(out), "--config", "epochs=1", "seed=3", "--effort", "quick"]) == 0
    assert json.loads((out / "qadesk.json").read_text())["name"] == "mine"
    assert not (tmp_path / "mine.run").exists()
    output = capsys.readouterr()
    assert output.out.splitlines() == [
        "Better.",
        "questions     number  EM before  after  F1 before  after",
        "yours              2      49.00  76.00      54.00  81.00",
        "general            2      49.00  76.00      54.00  81.00",
        "2 of 2 questions are answered in other words than before.",
        f"The model is in {out}, made in 2 min.",
    ]
    assert output.err.splitlines()[-3:] == ["Baseline", "Good luck.", "step 3: loss 2.250, EM 40.0, F1 52.5"]
    assert "There are only 3 labels." in output.err


def test_json_lines(
    dataset: Path, outcome: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    child_does(monkeypatch, finishes(outcome))
    assert run(["train", str(dataset), "--out", str(tmp_path / "mine"), "--json"]) == 0
    *events, last = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert events[2] == {"event": "Noted", "text": "Good luck."}  # in English, where a run's folder has an id
    assert events[:2] + events[3:] == [event_as_json(event) for event in EVENTS if not isinstance(event, Noted)]
    assert (last["event"], last["verdict"], last["is_better"]) == ("Finished", "Better.", True)
    assert last["folder"] == str(tmp_path / "mine")
    assert len(last["rows"]) == 2


def test_options_reach_the_run(dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child_does(monkeypatch, "send({'error': ['DataError', 'Enough.', '', '']})")
    options = ["--eval", str(dataset), "--effort", "thorough", "--config", "epochs=3", "--config", "seed=9"]
    assert run(["train", str(dataset), "--out", str(tmp_path / "mine"), *options]) == 2
    plan = run_folder.read_plan(tmp_path / "mine.run").plan
    assert (plan.config.epochs, plan.config.seed, plan.effort, plan.by) == (3, 9, "thorough", "file")
    assert (len(plan.train), len(plan.evaluation)) == (3, 3)


def test_several_processes_reach_the_run_and_may_be_others_when_it_goes_on(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_group, "find_spec", lambda _name: "there")
    child_does(monkeypatch, "send({'error': ['DataError', 'Enough.', '', '']})")
    command = ["train", str(dataset), "--out", str(tmp_path / "mine")]
    for options, processes in (["--processes", "2"], 2), (["--resume"], 2), (["--resume", "--processes", "4"], 4):
        assert run([*command, *options]) == 2
        assert run_folder.read_plan(tmp_path / "mine.run").plan.processes == processes


def test_without_accelerate_several_processes_are_refused_in_words(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(process_group, "find_spec", lambda _name: None)
    assert run(["train", str(dataset), "--out", str(tmp_path / "mine"), "--processes", "2"]) == 2
    assert "pip install accelerate" in capsys.readouterr().err
    assert not (tmp_path / "mine.run").exists()


def test_ctrl_c_waits_for_a_checkpoint_and_the_run_can_go_on(
    dataset: Path, outcome: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["train", str(dataset), "--out", str(tmp_path / "mine")]
    child_does(
        monkeypatch,
        f"import os, signal; send({event_as_json(STEP)!r}); os.kill({os.getpid()}, signal.SIGINT)\n"
        "assert receive() == 'pause'\n"
        f"send({event_as_json(STEP)!r}); time.sleep(0.3); (run / 'saved').touch()\n"
        f"send({event_as_json(Saved(3, Path('x')))!r}); time.sleep(60)",
    )
    before = signal.getsignal(signal.SIGINT)
    assert run(command) == 130
    assert signal.getsignal(signal.SIGINT) is before
    assert (tmp_path / "mine.run" / "saved").exists()
    assert "--resume" in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()
    assert run(command) == 2
    assert "was interrupted" in capsys.readouterr().err
    child_does(monkeypatch, finishes(outcome))
    assert run([*command, "--resume"]) == 0
    assert (tmp_path / "mine").is_dir()


def test_ctrl_c_twice_does_not_wait(dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child_does(
        monkeypatch,
        f"import os, signal; os.kill({os.getpid()}, signal.SIGINT); receive(); os.kill({os.getpid()}, signal.SIGINT)\n"
        "time.sleep(60)",
    )
    assert run(["train", str(dataset), "--out", str(tmp_path / "mine")]) == 130
    assert (tmp_path / "mine.run" / "plan.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--config", "epochs"], "Write it as key=value"),
        (["--config", "epoch=1"], "no training option 'epoch'"),
        (["--config", "epochs=0"], "epochs"),
        (["--resume"], "no training to go on with"),
        (["--processes", "0"], "from 1 to 8"),
        (["--processes", "9"], "from 1 to 8"),
        (["--base", "nowhere"], "There is no folder"),
        (["--eval", "nowhere.json"], "There is no file"),
    ],
)
def test_bad_use_is_a_sentence(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert run(["train", str(dataset), "--out", str(tmp_path / "mine"), *arguments]) == 2
    assert words in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir() if "home" not in path.name) == ["labels.json"]


def test_a_folder_that_is_there_is_not_overwritten(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["train", str(dataset), "--out", str(tmp_path)]) == 2
    assert "already something" in capsys.readouterr().err
