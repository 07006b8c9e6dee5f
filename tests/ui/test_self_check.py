"""The self-check drives the window, as in the smoke test of a built program: here from the sources.

All is real but the child that trains, which is done at once here. The smoke test trains for real.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from driving import MakeWindow
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from training_data import outcome, row

from qadesk import paths
from qadesk.app.labelling import labels
from qadesk.app.models.manage import list_models
from qadesk.app.open_store import open_store
from qadesk.app.training.outcome import Prediction, outcome_as_json
from qadesk.app.training.run_events import Phase, event_as_json
from qadesk.settings import Settings
from qadesk.ui.shell import self_check

OWN = row("own", "q1", ("eleven nights",), Prediction("eleven nights", 0.9, 0.05, "eleven nights"))
PHASES = ("Baseline", "Baseline", "Paused", "Training", "Comparing")
"""What the child reports at once: a phase can be over before the next check."""
_LONGEST = 300  # seconds, on a machine that does much else; alone it takes 7
_START = """
import pathlib, sys
from qadesk import paths
from qadesk.ui.shell import self_check
paths.own_command = lambda: [sys.executable, "-c", sys.argv[2]]
sys.exit(self_check.main(pathlib.Path(sys.argv[1])))
"""
_CHILD = """
import json, pathlib, shutil, sys
send = lambda value: print(json.dumps(value), flush=True)
run = pathlib.Path(sys.argv[2])
if sys.argv[3:] == ["probe"]:
    sys.stdin.read()
for phase in PHASES:
    send(phase)
if FAILS:
    send({"error": ["DataError", "The disk is full.", "Make room.", "none left"]})
    sys.stdin.read()
(run / "outcome.json").write_text(OUTCOME)
if LEARNS:
    shutil.copytree(BASE, run / "result")
    (run / "result" / "qadesk.json").write_text('{"name": "x", "temperature": 3.0, "unanswerable": true}')
send({"done": True})
sys.stdin.read()
"""


def start(report: Path, *, fails: bool = False, learns: bool = True) -> tuple[int, dict[str, Any]]:
    """The exit code, and the values of the report."""
    result = replace(outcome(rows=(OWN,)), has_model=learns)
    values = {
        "PHASES": [event_as_json(Phase(name, 1, 2)) for name in PHASES], "FAILS": fails, "LEARNS": learns,
        "BASE": str(paths.bundled_model_dir()), "OUTCOME": json.dumps(outcome_as_json(result)),
    }  # fmt: skip
    child = "".join(f"{name} = {value!r}\n" for name, value in values.items()) + _CHILD
    process = subprocess.run(
        [sys.executable, "-c", _START, str(report), child],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=_LONGEST - 20,
        check=False,
    )
    complaints = [line for line in process.stderr.splitlines() if "propagateSizeHints" not in line]
    assert complaints == []
    return process.returncode, json.loads(report.read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.timeout(_LONGEST)
def test_it_goes_from_the_first_start_to_the_tuned_model(tmp_path: Path) -> None:
    code, values = start(tmp_path / "report.json")
    assert (code, values["problem"]) == (0, "")
    for answer in (values["first"], values["tuned"]):
        assert answer["text"] == "12 October 1862"
        assert answer["text"] in answer["card"]
        assert answer["document"] == str(paths.sample_path())
    assert values["first"]["model"] == "QADesk reader 7"
    assert values["tuned"]["model"] == "QADesk reader 7 tuned"
    assert values["first"]["confidence"] > values["tuned"]["confidence"] > 0  # its temperature is higher
    assert [words.split(": ")[1] for words in values["labels"]] == [
        "“12 October 1862”", f"“{self_check.RIGHT_WORDS}”", "not in this document",
    ]  # fmt: skip
    phases = [step["what"] for step in values["steps"] if step["what"].startswith("the training: ")]
    assert [what.removeprefix("the training: ") for what in phases] == ["starting", "Baseline", "Training", "Comparing"]
    assert [model.name for model in list_models(Settings()) if model.in_use] == ["QADesk reader 7 tuned"]
    with contextlib.closing(open_store()) as store:
        assert len(labels.examples(store)) == 3


@pytest.mark.slow
@pytest.mark.timeout(_LONGEST)
def test_where_nothing_is_learned_the_model_stays(tmp_path: Path) -> None:
    code, values = start(tmp_path / "report.json", learns=False)
    assert (code, values["problem"]) == (0, "")
    assert not values["training"]["has_model"]
    assert values["tuned"]["model"] == values["first"]["model"] == "QADesk reader 7"
    assert values["tuned"]["confidence"] == values["first"]["confidence"]
    assert len(list_models(Settings())) == 1


@pytest.mark.slow
@pytest.mark.timeout(_LONGEST)
def test_what_cannot_be_done_ends_it_and_is_reported(tmp_path: Path) -> None:
    code, values = start(tmp_path / "report.json", fails=True)
    assert code == 1
    assert "the training failed: The disk is full. Make room. none left" in values["problem"]
    assert "tuned" not in values
    assert values["first"]["text"] == "12 October 1862"


def test_what_does_not_come_is_reported(
    make_window: MakeWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_check.Wait, "__init__", _impatient(self_check.Wait.__init__))
    window = make_window()  # not the first start: no sample is open
    check = self_check.SelfCheck(window, tmp_path / "report.json")
    qtbot.waitUntil(lambda: not window.isVisible())
    assert check.problem.startswith("not so: the sample is open. Broken: 0 s were not enough")
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["problem"] == check.problem


def _impatient(make: Any) -> Any:
    return lambda wait, what, is_met, seconds=0.2: make(wait, what, is_met, 0.2)


def test_only_what_a_user_could_press_is_pressed(qtbot: QtBot) -> None:
    button = QPushButton("Go")
    qtbot.addWidget(button)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    with pytest.raises(self_check.Broken, match="'Go' cannot be pressed"):
        self_check._press(button)
    button.show()
    self_check._press(button)
    button.setEnabled(False)
    with pytest.raises(self_check.Broken):
        self_check._press(button)
    assert len(pressed) == 1
