"""Kills processes at random moments, and counts what is lost.

    python benchmarks/kills.py DATASET.json [--kills 10] [--labels 24] [--seed 1]

Two parts, in a home folder of their own:

- **Labels.** A process opens the real window (offscreen), asks questions and makes labels by their keys, and prints
  the number of each that the window shows as saved. It is killed (kill -9), started again, and in the end every printed
  label must be in the database, with an answer that stands in its text.
- **Training.** The child process of a run is killed (kill -9) again and again, and the run is resumed each time. Its
  weights are compared with those of an undisturbed run of the same plan.

Prints both results; asserts nothing about them. Unix only.
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
number = int(sys.argv[1])
def ask():
    session.ask(f"Who built tower number {number}?")
def label_answer(answers):
    window.commands["label_right"].trigger()
    QTimer.singleShot(1, wait_until_saved)
def wait_until_saved():
    global number
    if not buttons.sentence.text().startswith("Saved"):
        QTimer.singleShot(1, wait_until_saved)
        return
    print(number, flush=True)
    number += 1
    ask()
session.finished.connect(label_answer)
timer = QTimer()
def start_when_ready():
    if window.services.reader.is_ready and session.document is not None:
        timer.stop()
        ask()
timer.timeout.connect(start_when_ready)
timer.start(20)
app.exec()
"""


def kill_windows(kills: int, chance: random.Random) -> str:
    """The sentence on how many labels the window reported as saved, and how many of those are lost or out of place."""
    from qadesk.app.labelling import labels
    from qadesk.app.open_store import open_store

    saved_numbers: list[int] = []
    for _ in range(kills):
        command = [sys.executable, "-c", WINDOW, str(len(saved_numbers) + 1000)]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            assert process.stdout
            saved_numbers.append(int(process.stdout.readline()))
            time.sleep(chance.uniform(0, 1.0))
            process.send_signal(signal.SIGKILL)
            saved_numbers += [int(line) for line in process.stdout if line.endswith("\n")]
    store = open_store()
    texts = {text.id: text.text for text in labels.texts(store)}
    rows = labels.labels(store)
    stored_questions = {row.question for row in rows}
    lost_numbers = [number for number in saved_numbers if f"Who built tower number {number}?" not in stored_questions]
    misplaced_rows = [row for row in rows if not all(answer.stands_in(texts[row.text_id]) for answer in row.answers)]
    store.close()
    return (
        f"Labels: {kills} kills of the window, {len(saved_numbers)} labels reported as saved, "
        f"{len(lost_numbers)} lost, {len(misplaced_rows)} out of place."
    )


def kill_training(examples: list[LabeledExample], kills: int, chance: random.Random) -> str:
    """The sentence on whether a run whose child was killed ends with the weights of an undisturbed run."""
    from qadesk.app.models.manage import list_models
    from qadesk.app.training import planning, run_folder, runs

    plan = planning.plan(examples, [], effort="quick", overrides={"epochs": "4"})
    start = time.perf_counter()
    undisturbed_run = run_folder.create(plan)
    finish(runs.follow(undisturbed_run, runs.Control()))
    seconds = time.perf_counter() - start
    killed_run = run_folder.create(plan)
    kill_count, listed = 0, len(list_models())
    for _ in range(kills):
        kill_count += _killed_once(killed_run, chance.uniform(1, seconds / kills + 4))
        assert len(list_models()) == listed, "a model is listed that was never finished"
    finish(runs.follow(killed_run, runs.Control()))
    is_equal = _weights(undisturbed_run) == _weights(killed_run)
    words = "equal to the last bit" if is_equal else "different"
    shutil.rmtree(undisturbed_run)
    return f"Training: {kill_count} kills of the child in {kills} tries, weights {words} ({seconds:.0f} s undisturbed)."


def _killed_once(run: Path, after: float) -> bool:
    """Resume a run and kill its child after ``after`` seconds; False where the run ended before that."""
    from qadesk.app.training import runs
    from qadesk.errors import QadeskError

    end = time.perf_counter() + after
    is_killed = False
    try:
        for _ in runs.follow(run, runs.Control()):
            if not is_killed and time.perf_counter() > end:
                for child in psutil.Process().children():
                    child.send_signal(signal.SIGKILL)
                    is_killed = True
    except QadeskError as error:
        print(f"  after {after:.1f} s: {error}", flush=True)
    return is_killed


def _weights(run: Path) -> str:
    return hashlib.sha256((run / "result" / "model.safetensors").read_bytes()).hexdigest()


def main() -> None:
    """Kill the window, then the training run, and print a sentence on each."""
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
