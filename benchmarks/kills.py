"""Kills things at random moments, and looks whether anything is lost.

    python benchmarks/kills.py DATASET.json [--kills 10] [--labels 24] [--seed 1]

Two parts, in a home folder of their own:

- **Labels.** A process opens the real window (offscreen), asks questions and makes labels by their keys, and tells each
  one that the window says is saved. It is killed (kill -9), started again, and in the end all that was told must be in
  the database, each in its place.
- **Training.** A run is killed (its child process, kill -9) again and again and gone on with each time. Its weights are
  compared with those of the same run undisturbed.

Prints what it found; asserts nothing. Unix only.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a checkout, where QADesk need not be installed

import psutil

from benchmarks.teach import short
from qadesk.progress import finish
from qadesk.records import LabeledExample

WINDOW = """
import sys
from PySide6.QtCore import QTimer
from qadesk.settings import Settings
from qadesk.ui.shell.launch import application
from qadesk.ui.shell.main_window import MainWindow
app = application()
window = MainWindow(Settings())
window.show()
window.begin()
window.run_command("open_sample")
session, buttons = window.place("ask").session, window.place("ask").view.answers.label_buttons
first = int(sys.argv[1])
asked = [first]
def ask():
    session.ask(f"Who built tower number {asked[0]}?")
def take(answers):
    window.commands["label_right"].trigger()
    QTimer.singleShot(1, wait)
def wait():
    if not buttons.sentence.text().startswith("Saved"):
        QTimer.singleShot(1, wait)
        return
    print(asked[0], flush=True)
    asked[0] += 1
    ask()
session.finished.connect(take)
timer = QTimer()
def ready():
    if window.services.reader.is_ready and session.document is not None:
        timer.stop()
        ask()
timer.timeout.connect(ready)
timer.start(20)
app.exec()
"""


def kill_windows(kills: int, chance: random.Random) -> str:
    """How many labels were told, and how many of those are there."""
    from qadesk.app.labelling import labels
    from qadesk.app.open_store import open_store

    told: list[int] = []
    for _ in range(kills):
        command = [sys.executable, "-c", WINDOW, str(len(told) + 1000)]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            assert process.stdout
            told.append(int(process.stdout.readline()))
            time.sleep(chance.uniform(0, 1.0))
            process.send_signal(signal.SIGKILL)
            told += [int(line) for line in process.stdout if line.endswith("\n")]
    store = open_store()
    texts = {text.id: text.text for text in labels.texts(store)}
    rows = labels.labels(store)
    there = {row.question for row in rows}
    lost = [number for number in told if f"Who built tower number {number}?" not in there]
    wrong = [row for row in rows if not all(answer.stands_in(texts[row.text_id]) for answer in row.answers)]
    store.close()
    return f"Labels: {kills} kills of the window, {len(told)} labels told, {len(lost)} lost, {len(wrong)} out of place."


def kill_training(examples: list[LabeledExample], kills: int, chance: random.Random) -> str:
    """Whether the weights of a run that was killed are those of one that was not."""
    from qadesk.app.models.manage import list_models
    from qadesk.app.training import planning, run_folder, runs

    plan = planning.plan(examples, [], effort="quick", overrides={"epochs": "4"})
    began = time.perf_counter()
    calm = run_folder.create(plan)
    finish(runs.follow(calm, runs.Control()))
    seconds = time.perf_counter() - began
    shaken = run_folder.create(plan)
    done, listed = 0, len(list_models())
    for _ in range(kills):
        done += _killed_once(shaken, chance.uniform(1, seconds / kills + 4))
        assert len(list_models()) == listed, "a model is listed that was never finished"
    finish(runs.follow(shaken, runs.Control()))
    same = _weights(calm) == _weights(shaken)
    words = "equal to the last bit" if same else "different"
    shutil.rmtree(calm)
    return f"Training: {done} kills of the child in {kills} tries, weights {words} ({seconds:.0f} s undisturbed)."


def _killed_once(run: Path, after: float) -> bool:
    """Go on with a run and kill its child after so many seconds; False where it ended before that."""
    from qadesk.app.training import runs
    from qadesk.errors import QadeskError

    end = time.perf_counter() + after
    killed = False
    try:
        for _ in runs.follow(run, runs.Control()):
            if not killed and time.perf_counter() > end:
                for child in psutil.Process().children():
                    child.send_signal(signal.SIGKILL)
                    killed = True
    except QadeskError as error:
        print(f"  after {after:.1f} s: {error}", flush=True)
    return killed


def _weights(run: Path) -> str:
    return hashlib.sha256((run / "result" / "model.safetensors").read_bytes()).hexdigest()


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--labels", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parsed = parser.parse_args()
    chance = random.Random(parsed.seed)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        os.environ["QADESK_HOME"] = home
        print(kill_windows(parsed.kills, chance), flush=True)
        print(kill_training(short(parsed.dataset, parsed.labels), parsed.kills, chance), flush=True)


if __name__ == "__main__":
    main()
