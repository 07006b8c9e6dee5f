"""The wizard in a real window, on real labels.

A script replaces the child that trains; one test at the end trains a tiny model for real.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from driving import MakeWindow, ScriptedReader, ask, ask_session, current_place, label_place, label_session
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTabBar, QWidget, QWizard
from pytestqt.qtbot import QtBot
from test_accessibility import nameless
from training_data import TEXTS, example, examples, outcome

from qadesk import paths
from qadesk.app.labelling import labels
from qadesk.app.models.manage import list_models
from qadesk.app.training import planning, run_events, run_folder
from qadesk.app.training.outcome import NOTHING, Outcome, Prediction, QuestionOutcome, outcome_as_json
from qadesk.app.training.run_events import event_as_json
from qadesk.app.training.run_log import RunLog
from qadesk.progress import finish
from qadesk.qa.engine import open_reader
from qadesk.records import LABELLED, Label, LabeledExample, LabelText
from qadesk.train.events import Evaluated, Noted, Stepped
from qadesk.ui.shell.main_window import MainWindow
from qadesk.ui.train.answers_table import AnswersTable
from qadesk.ui.train.name_page import Decision
from qadesk.ui.train.training_monitor import RunState
from qadesk.ui.train.wizard import Step, Wizard

ESTIMATE = {"seconds": 130.0, "memory_bytes": 1_500_000_000, "device": "cpu", "reason": "the only one"}
SURE, UNSURE = Prediction("Anna Berg", 0.9, 0.05, "Anna Berg"), Prediction("", 0.7, 0.7, "1924")
MADE_ID = "no-answer:0:t1"
ROWS = (
    QuestionOutcome("own", "m1", "Who bought the mill?", "mill", ("Anna Berg",), UNSURE, SURE, 0.0, 1.0, 0.2),
    QuestionOutcome("own", "m2", "When did the flood come?", "mill", ("1924",), UNSURE, UNSURE, 0.0, 0.0, 4.5),
    QuestionOutcome("own", MADE_ID, "Who built it?", "mill", (), SURE, UNSURE, 0.0, 1.0, 0.5, is_made=True),
    QuestionOutcome("taught", "t1", "Who built the tower?", "tower", ("Anna Berg",), UNSURE, SURE, 0.0, 1.0),
    QuestionOutcome("taught", "t2", "When was it built?", "tower", ("1862",), UNSURE, UNSURE, 0.0, 0.0),
    QuestionOutcome("taught", "t3", "Who painted it?", "tower", (), UNSURE, SURE, 1.0, 0.0),
    QuestionOutcome("general", "g1", "Who was it?", "Other", (), SURE, UNSURE, 0.0, 1.0),
    QuestionOutcome("general", "g2", "Who else?", "Other", ("Anna Berg",), SURE, SURE, 1.0, 1.0),
)

# Prints its events, then reads commands: 'stop' ends with the outcome, any other one is only repeated in the log.
CHILD = """
import json, pathlib, shutil, sys
send = lambda message: print(json.dumps(message), flush=True)
run = pathlib.Path(sys.argv[2])
if sys.argv[3:] == ["probe"]:
    send({"estimate": ESTIMATE})
    sys.stdin.read()
for event in EVENTS:
    send(event)
if FAILS:
    send({"error": ["DataError", "The disk is full.", "Make room.", ""]})
    sys.stdin.read()
for line in sys.stdin:
    command = line.strip()
    send({"event": "Noted", "text": "heard " + command})
    if command == "stop":
        (run / "outcome.json").write_text(OUTCOME)
        shutil.copytree(RESULT, run / "result")
        send({"done": True})
"""
EVENTS = (
    run_events.Phase("Baseline", 4, 4),
    Evaluated(0, 3.5, 30.0, 42.0),
    Stepped(1, 40, 1, 3.25, 0.0, 5e-5, None),
    Stepped(2, 40, 1, 2.5, 0.0, 5e-5, 90.0),
)


@dataclass
class Tuning:
    """A window with labels, and its wizard."""

    qtbot: QtBot
    window: MainWindow

    @property
    def wizard(self) -> Wizard:
        assert self.window.training.wizard
        return self.window.training.wizard

    def open(self) -> Wizard:
        self.qtbot.keyClick(self.window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
        self.until(lambda: self.wizard.data.isComplete() or self.wizard.data.problem.text() != "")
        return self.wizard

    def start(self) -> Wizard:
        wizard = self.open()
        for _ in range(3):
            wizard.next()
        self.until(lambda: self.window.training.monitor.done == 2)
        return wizard

    def finish(self) -> Wizard:
        wizard = self.start()
        wizard.running.stop_button.click()
        self.until(lambda: wizard.step == Step.RESULT)
        return wizard

    def until(self, is_so: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(is_so, timeout=20_000)

    def state(self) -> RunState:
        return self.window.training.monitor.state


Make = Callable[..., Tuning]


@pytest.fixture(scope="session")
def result_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model that the child makes: the bundled one."""
    folder = tmp_path_factory.mktemp("trained") / "result"
    folder.mkdir()
    for name in ("config.json", "tokenizer.json", "model.safetensors", "model_int8.onnx"):
        os.link(paths.bundled_model_dir() / name, folder / name)
    (folder / "qadesk.json").write_text('{"name": "x", "temperature": 1.5}', encoding="utf-8")
    (folder / "README.md").write_text("# x\n\nAbout it.\n", encoding="utf-8")
    return folder


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch, result_folder: Path) -> Callable[..., None]:
    """Replaces the child that trains; call it to choose what the new one does."""

    def replace(
        result: Outcome | None = None, events: Sequence[run_events.RunEvent] = EVENTS, *, fails: bool = False
    ) -> None:
        text = json.dumps(outcome_as_json(result or outcome(rows=ROWS)))
        values = {
            "ESTIMATE": ESTIMATE, "EVENTS": [event_as_json(event) for event in events], "FAILS": fails,
            "OUTCOME": text, "RESULT": str(result_folder),
        }  # fmt: skip
        script = "".join(f"{name} = {value!r}\n" for name, value in values.items()) + CHILD
        monkeypatch.setattr(paths, "own_command", lambda: [sys.executable, "-c", script])

    replace()
    return replace


@pytest.fixture
def make(qtbot: QtBot, make_window: MakeWindow, child: Callable[..., None]) -> Make:
    def make_tuning(labelled: Sequence[LabeledExample] | None = None, **settings: object) -> Tuning:
        tuning = Tuning(qtbot, make_window(ScriptedReader([(".", 0.8)]), text=TEXTS[0], **settings))
        add_labels(tuning, examples() if labelled is None else labelled)
        return tuning

    return make_tuning


def add_labels(tuning: Tuning, examples: Sequence[LabeledExample]) -> None:
    by_text: dict[tuple[str, str], list[Label]] = {}
    for row in examples:
        label = Label(0, 0, row.id, row.question, row.answers, row.is_impossible, LABELLED)
        by_text.setdefault((row.title, row.context), []).append(label)
    rows = [(LabelText(0, title, "text", None, title, text), group) for (title, text), group in by_text.items()]
    counts: list[int] = []
    tuning.window.services.store.run(lambda store: labels.add_labels(store, rows), done=counts.append)
    tuning.until(lambda: counts == [len(examples)])


@pytest.fixture(autouse=True)
def _no_child_is_left(home: Path) -> Iterator[None]:
    yield
    assert not list((home / "data").glob("runs/.child-*"))


# The choices


def test_what_is_set_aside_is_named_and_warned_about(make: Make) -> None:
    wizard = make().open()
    plan = wizard._draft.plan
    assert plan is not None
    assert wizard.data.summary.text() == (
        f"{len(plan.train)} labels to learn from, {len(plan.evaluation)} to measure with."
    )
    assert wizard.data.split.text() == (
        "Set aside: 2 of 10 questions, as there are too few documents to set whole ones aside. "
        "Questions to other texts, which have no answer here, are put to both parts: "
        f"{len(plan.train_extras)} to learn from, {len(plan.evaluation_extras)} to measure with."
    )
    warnings_text = " ".join(wizard.data.warnings.texts)
    assert "only 10 labels" in warnings_text
    assert "Only 2 questions are there to measure with" in warnings_text
    assert "to the documents that it learns from" in warnings_text
    items = [wizard.data.documents.item(row).text() for row in range(wizard.data.documents.count())]
    assert items == ["tower  ·  4 labels", "Berg  ·  3 labels", "bridge  ·  3 labels"]


def test_a_document_can_be_left_out_with_the_keyboard(make: Make) -> None:
    tuning = make()
    wizard = tuning.open()
    page = wizard.data
    assert QApplication.focusWidget() is page.documents
    tuning.qtbot.keyClick(page.documents, Qt.Key.Key_Space)
    assert not page.isComplete()
    tuning.until(page.isComplete)
    plan = wizard._draft.plan
    assert plan is not None
    assert {example.title for example in (*plan.train, *plan.evaluation)} == {"Berg", "bridge"}
    page.none_button.click()
    tuning.until(lambda: "too few labels" in page.problem.text())
    assert not page.isComplete()
    page.all_button.click()
    tuning.until(page.isComplete)
    assert page.problem.text() == ""


def many_documents() -> list[LabeledExample]:
    def copy(row: LabeledExample, number: int) -> LabeledExample:
        title = f"/home/a/{row.title} {number}.txt"
        return replace(row, id=f"{row.id}-{number}", context=f"{row.context} {number}", title=title)

    return [copy(row, number) for number in range(5) for row in examples()]


def test_the_documents_that_are_set_aside_are_named(make: Make) -> None:
    wizard = make(many_documents()).open()
    plan = wizard._draft.plan
    assert plan is not None
    assert plan.by == "document"
    names = dict.fromkeys(Path(row.title).name for row in plan.evaluation)
    assert wizard.data.split.text().startswith(
        f"Set aside with all {len(plan.evaluation)} labels: {', '.join(map(repr, names))}. "
    )


def suggestions(rows: Sequence[LabeledExample]) -> list[str | None]:
    """What the bundled reader suggests, None for no answer."""
    reader = open_reader(paths.bundled_model_dir(), device="cpu")
    results = [finish(reader.answer(row.question, row.context)) for row in rows]
    return [answers[0].text if answers.is_answered else None for answers in results]


@pytest.mark.parametrize("is_accepted", [True, False])
def test_labels_that_are_answered_right_already_have_little_to_teach(make: Make, is_accepted: bool) -> None:
    rows = [row for row in many_documents() if row.id.startswith(("t1", "t2", "m1", "b1"))]
    words = suggestions(rows) if is_accepted else [row.context.split()[-2] for row in rows]
    labelled = [
        example(row.id, row.question, row.context, answer, row.title) for row, answer in zip(rows, words, strict=True)
    ]
    tuning = make(labelled)
    page = tuning.open().data
    tuning.until(lambda: page.gain.text() != "")
    assert ("There is little to gain" in page.gain.text()) == is_accepted
    assert ("Label what it gets wrong" in page.gain.text()) == is_accepted
    assert "of 20 labels that were tried are answered right already" in page.gain.text()


def test_without_labels_it_shows_what_to_do(make: Make) -> None:
    wizard = make(()).open()
    assert "Label at least two different questions" in wizard.data.problem.text()
    assert not wizard.button(QWizard.WizardButton.NextButton).isEnabled()


def test_the_model_in_use_comes_first_and_the_time_is_measured(make: Make) -> None:
    tuning = make()
    wizard = tuning.open()
    wizard.next()
    page = wizard.model
    tuning.until(lambda: page.model.itemText(0) == "QADesk reader 7 (in use)")
    assert page.device.itemText(0) == "Automatic"
    tuning.until(lambda: page.device.findData("cpu") > 0)
    values = page.estimate_box.values
    assert values["Time"].text().startswith(("Roughly", "About"))  # before anything is measured
    tuning.until(lambda: values["Time"].text() == "About 2 min")
    assert values["Memory"].text() == "About 1.5 GB"
    assert "are free" in values["Disk"].text()
    assert values["Runs on"].text() == "CPU: the only one"
    page.device.setCurrentIndex(page.device.findData("cpu"))
    tuning.until(page.isComplete)
    assert wizard._draft.plan is not None
    assert wizard._draft.plan.config.device == "cpu"


def test_a_model_that_cannot_be_trained_is_reported_at_once(make: Make, home: Path) -> None:
    folder = home / "data" / "models" / "graph only"
    folder.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json", "model_int8.onnx"):
        os.link(paths.bundled_model_dir() / name, folder / name)
    tuning = make()
    wizard = tuning.open()
    wizard.next()
    page = wizard.model
    tuning.until(lambda: page.model.findData(str(folder)) > 0)
    page.model.setCurrentIndex(page.model.findData(str(folder)))
    tuning.until(lambda: "cannot be trained" in page.problem.text())
    assert not wizard.button(QWizard.WizardButton.NextButton).isEnabled()
    page.model.setCurrentIndex(0)
    tuning.until(page.isComplete)
    assert page.problem.isHidden()


def test_a_full_disk_is_reported_before_it_starts(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    tuning = make()
    usage = shutil.disk_usage(paths.data_dir())
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1000))
    wizard = tuning.open()
    wizard.next()
    tuning.until(lambda: "too little room" in wizard.model.estimate_box.values["Time"].text())
    wizard.next()
    wizard.next()
    tuning.until(lambda: "too little room" in wizard.running.problem.text())
    assert tuning.state() == RunState.FAILED
    wizard.running.back_button.click()
    assert wizard.step == Step.EFFORT
    assert tuning.state() == RunState.IDLE
    monkeypatch.undo()


def test_advanced_options_are_those_of_the_effort_until_edited(make: Make) -> None:
    tuning = make()
    wizard = tuning.open()
    wizard.next()
    wizard.next()
    page = wizard.effort
    assert page.effort == "balanced"
    assert not page.options.isVisible()
    page.advanced.click()
    assert page.options.isVisible()
    for effort in ("quick", "thorough", "balanced"):
        page.efforts[effort].click()
        assert page.options.overrides() == {}  # every default can be shown
    fields = page.options.fields
    balanced = fields["epochs"].value()
    fields["learning_rate"].setValue(2.0)
    page.efforts["quick"].click()
    assert fields["epochs"].value() < balanced
    assert fields["learning_rate"].value() == 2.0
    fields["warmup"].setValue(20)
    fields["patience"].setValue(2)
    fields["seed"].setValue(3)
    tuning.until(page.isComplete)
    assert wizard._draft.plan is not None
    config = wizard._draft.plan.config
    assert (config.learning_rate, config.warmup, config.patience, config.seed) == (2e-5, 0.2, 2, 3)
    assert config.epochs == 5 * int(fields["epochs"].value())  # the labels are few
    fields["epochs"].setValue(2)
    tuning.until(lambda: page.isComplete() and wizard._draft.plan.config.epochs == 2)
    assert wizard._draft.plan.effort == "quick"
    page.options.reset_button.click()
    assert page.options.overrides() == {}
    assert fields["patience"].text() == "Never"


# While it runs


def test_enter_enter_enter_starts_the_sensible_thing(make: Make) -> None:
    tuning = make()
    wizard = tuning.open()
    for step in (Step.DATA, Step.MODEL, Step.EFFORT):
        assert wizard.step == step
        tuning.until(wizard.currentPage().isComplete)
        tuning.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert wizard.step == Step.RUNNING
    tuning.until(lambda: tuning.window.training.monitor.done == 2)
    folder = tuning.window.training.monitor.folder
    assert folder is not None
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert plan["effort"] == "balanced"
    assert plan["examples"] == 10
    assert not wizard.button(QWizard.WizardButton.BackButton).isEnabled()
    assert not wizard.button(QWizard.WizardButton.NextButton).isEnabled()


def test_the_curves_and_the_log_show_the_events(make: Make) -> None:
    wizard = make().start()
    page = wizard.running
    assert page.status.text() == "Training · 2 of 40 · 2 min left"
    assert (page.bar.maximum(), page.bar.value()) == (40, 2)
    assert page.loss_curve.lines[0].points == [(1, 3.25), (2, 2.5)]
    assert page.loss_curve.accessibleDescription() == "training 2.50 at step 2; evaluation 3.50 at step 0"
    assert page.metrics_curve.accessibleDescription() == "exact match 30.0 at step 0; F1 42.0 at step 0"
    log = page.log.toPlainText()
    assert "Measuring the model as it is…" in log
    assert "Step 0: evaluation loss 3.50, exact match 30.0, F1 42.0." in log


def test_every_event_arrives_after_those_of_earlier_sessions(make: Make, child: Callable[..., None]) -> None:
    steps = [Stepped(step, 400, 1, float(step), 0.0, 5e-5, None) for step in range(1, 401)]
    tuning = make()
    run = run_folder.create(planning.plan(examples(), ()))
    with RunLog(run) as log:
        for event in steps[:3]:
            log.write(event)
    child(events=steps[3:])
    events: list[run_events.RunEvent] = []
    monitor = tuning.window.training.monitor
    monitor.events_received.connect(events.extend)
    monitor.follow(run)
    tuning.until(lambda: monitor.done == 400)
    assert events == monitor.events == steps
    monitor.discard()


def test_it_can_be_paused_and_stopped_and_the_verdict_is_announced(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    announcements: list[str] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: announcements.append(event.message()))
    tuning = make()
    wizard = tuning.start()
    page = wizard.running
    page.pause_button.click()
    assert page.status.text().startswith("Paused")
    assert page.pause_button.text() == "&Resume"
    tuning.until(lambda: "heard pause" in page.log.toPlainText())
    page.pause_button.click()
    tuning.until(lambda: "heard resume" in page.log.toPlainText())
    page.stop_button.click()
    assert not page.stop_button.isEnabled()
    tuning.until(lambda: wizard.step == Step.RESULT)
    assert "Better on yours: F1 54 → 81. General: 78 → 77." in announcements
    wizard.back()
    assert wizard.step == Step.RUNNING  # the log is still there
    assert "heard stop" in page.log.toPlainText()
    wizard.next()
    assert wizard.step == Step.RESULT


def test_the_window_answers_meanwhile(make: Make) -> None:
    tuning = make()
    wizard = tuning.start()
    assert not wizard.isModal()
    ask(tuning.qtbot, tuning.window, "Who?")
    assert ask_session(tuning.window).answers is not None
    assert tuning.state() == RunState.RUNNING


def answer(wizard: Wizard, text: str) -> None:
    """Press the button ``text`` of the open question."""
    assert wizard.question_box is not None
    button = next(button for button in wizard.question_box.buttons() if button.text().replace("&", "") == text)
    button.click()


def test_closing_goes_on_in_the_background_and_a_click_brings_it_back(make: Make) -> None:
    tuning = make()
    wizard = tuning.start()
    tuning.qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    answer(wizard, "Go on in the background")
    training = tuning.window.training
    assert not wizard.isVisible()
    assert training.status_button.isVisible()
    assert training.status_button.text() == "Fine-tuning: training · 2 of 40 · 2 min left"
    training.status_button.click()
    assert wizard.isVisible()
    assert not training.status_button.isVisible()
    wizard.reject()
    answer(wizard, "Stay here")
    assert wizard.isVisible()
    assert tuning.state() == RunState.RUNNING


def test_the_end_in_the_background_is_reported(make: Make) -> None:
    tuning = make()
    wizard = tuning.start()
    wizard.reject()
    answer(wizard, "Go on in the background")
    tuning.window.training.monitor.stop()
    tuning.until(lambda: tuning.state() == RunState.DONE)
    assert tuning.window.services.messages.text.startswith("The training is done. Better on yours: F1 54 → 81.")
    assert tuning.window.training.status_button.text() == "Fine-tuning: see the result"
    press_message(tuning.window, "See the result")
    assert wizard.isVisible()
    assert wizard.step == Step.RESULT
    assert tuning.window.services.messages.text == ""
    wizard.reject()  # nothing is lost: it waits
    assert tuning.state() == RunState.DONE
    assert tuning.window.training.status_button.isVisible()


def press_message(window: MainWindow, text: str) -> None:
    buttons = [button for button in window.services.messages.findChildren(QAbstractButton) if button.text() == text]
    buttons[-1].click()


def test_cancel_asks_and_leaves_nothing(make: Make, home: Path) -> None:
    tuning = make()
    wizard = tuning.start()
    wizard.running.cancel_button.click()
    answer(wizard, "Go on")
    assert tuning.state() == RunState.RUNNING
    wizard.running.cancel_button.click()
    answer(wizard, "Cancel the training")
    tuning.until(lambda: not list((home / "data" / "runs").iterdir()))
    assert tuning.state() == RunState.IDLE
    assert tuning.window.training.wizard is None


def test_stopped_for_now_it_is_offered_and_goes_on(make: Make) -> None:
    tuning = make()
    wizard = tuning.start()
    folder = tuning.window.training.monitor.folder
    wizard.reject()
    answer(wizard, "Stop for now")
    tuning.until(lambda: "A training was not finished." in tuning.window.services.messages.text)
    assert tuning.window.training.wizard is None
    press_message(tuning.window, "Go on with it")
    tuning.until(lambda: tuning.window.training.monitor.done == 2)
    assert tuning.window.training.monitor.folder == folder
    assert tuning.wizard.step == Step.RUNNING


def test_what_was_offered_does_not_come_between_a_run_that_goes_on(make: Make) -> None:
    unfinished = run_folder.create(planning.plan(examples(), ()))
    tuning = make()
    tuning.until(lambda: "A training was not finished." in tuning.window.services.messages.text)
    wizard = tuning.start()
    folder = tuning.window.training.monitor.folder
    assert folder != unfinished
    press_message(tuning.window, "Go on with it")
    assert tuning.window.training.monitor.folder == folder
    assert wizard.step == Step.RUNNING


def test_an_offer_replaces_a_wizard_without_a_run(make: Make) -> None:
    unfinished = run_folder.create(planning.plan(examples(), ()))
    tuning = make()
    tuning.until(lambda: "A training was not finished." in tuning.window.services.messages.text)
    tuning.open()
    press_message(tuning.window, "Go on with it")
    assert tuning.wizard.step == Step.RUNNING
    assert tuning.window.training.monitor.folder == unfinished


def test_a_failure_is_shown_and_can_be_tried_again(make: Make, child: Callable[..., None]) -> None:
    tuning = make()
    child(fails=True)
    wizard = tuning.open()
    for _ in range(3):
        wizard.next()
    tuning.until(lambda: tuning.state() == RunState.FAILED)
    page = wizard.running
    assert page.problem.text() == "The disk is full. Make room."
    assert not page.stop_button.isVisible()
    child()
    page.retry_button.click()
    tuning.until(lambda: tuning.window.training.monitor.done == 2)
    assert tuning.state() == RunState.RUNNING
    assert page.problem.isHidden()


# After it


def test_an_unfinished_run_is_offered_at_the_next_start(make: Make, home: Path) -> None:
    run_folder.create(planning.plan(examples(), ()))
    tuning = make()
    tuning.until(lambda: "A training was not finished." in tuning.window.services.messages.text)
    assert "Balanced, from 'QADesk reader 7', 10 labels: just begun." in tuning.window.services.messages.text
    press_message(tuning.window, "Discard")
    tuning.until(lambda: not list((home / "data" / "runs").iterdir()))
    assert tuning.window.services.messages.text == ""


def test_a_result_that_waits_is_offered_at_the_next_start(make: Make, result_folder: Path) -> None:
    run = run_folder.create(planning.plan(examples(), ()))
    (run / "outcome.json").write_text(json.dumps(outcome_as_json(outcome(rows=ROWS))), encoding="utf-8")
    shutil.copytree(result_folder, run / "result")
    tuning = make()
    tuning.until(lambda: "A new model waits for your decision." in tuning.window.services.messages.text)
    press_message(tuning.window, "See the result")
    tuning.until(lambda: tuning.wizard.step == Step.RESULT)
    assert tuning.wizard.result_page.verdict.text().startswith("Better on yours")


def cells(table: AnswersTable, row: int) -> list[str]:
    return [table.item(row, column).text() for column in range(table.columnCount())]


def test_the_result_shows_what_changed_side_by_side(make: Make) -> None:
    page = make().finish().result_page
    assert page.verdict.text() == "Better on yours: F1 54 → 81. General: 78 → 77."
    assert page.metrics.cells == [
        ["Your evaluation part (40)", "49.0", "76.0", "54.0", "81.0"],
        ["General questions (40)", "73.0", "72.0", "78.0", "77.0"],
    ]
    assert page.changed.rowCount() == 5
    assert [page.tabs.tabText(number) for number in range(3)] == ["T&aught (3)", "Became wo&rse (1)", "&Changed (5)"]
    assert cells(page.changed, 0) == [
        "Who bought the mill?", "No answer", "Anna Berg", "Anna Berg", "▲ Better", "Yours", "Label ›",
    ]  # fmt: skip
    assert cells(page.changed, 1) == ["Who built it?", "Anna Berg", "No answer", "No answer", "▲ Better", "Made", ""]
    assert cells(page.changed, 4) == ["Who was it?", "Anna Berg", "No answer", "No answer", "▲ Better", "General", ""]
    assert cells(page.worst, 0)[0] == "When did the flood come?"
    assert cells(page.best, 0) == ["Who bought the mill?", "Anna Berg", "Anna Berg", "100", "0.2", "Label ›"]
    assert any("A note." in text for text in page.notes.texts)


def test_each_label_taught_is_right_now_or_still_wrong(make: Make) -> None:
    page = make().finish().result_page
    assert page.tabs.currentWidget() is page.taught
    assert [cells(page.taught, row) for row in range(3)] == [
        ["Who painted it?", "No answer", "Anna Berg", "No answer", "▼ Worse", "Label ›"],
        ["When was it built?", "No answer", "No answer", "1862", "✗ Still wrong", "Label ›"],
        ["Who built the tower?", "No answer", "Anna Berg", "Anna Berg", "✓ Right now", "Label ›"],
    ]
    assert [cells(page.worse, row)[0] for row in range(page.worse.rowCount())] == ["Who painted it?"]
    text = " ".join(page.notes.texts)
    assert "Of the 3 labels taught that were read again, of 160, 1 are answered right now (1 before)" in text
    assert "has 1 made question: to other texts" in text


def test_where_nothing_was_learned_no_model_is_kept(make: Make, child: Callable[..., None], home: Path) -> None:
    tuning = make()
    child(replace(outcome(rows=ROWS), verdict=NOTHING, has_model=False, is_better=False))
    wizard = tuning.finish()
    assert wizard.result_page.verdict.text().startswith("Nothing was learned")
    assert "The best was after step 30." in wizard.result_page.notes.texts[0]  # and not that it is kept
    assert wizard.nextId() == -1
    finish_button = wizard.button(QWizard.WizardButton.FinishButton)
    assert finish_button.isVisible()
    finish_button.click()
    tuning.until(lambda: not list((home / "data" / "runs").iterdir()))
    assert tuning.state() == RunState.IDLE
    assert [model.name for model in list_models(tuning.window.settings)] == ["QADesk reader 7"]


@pytest.mark.parametrize("how", ["click", "enter"])
def test_a_label_is_one_click_away(make: Make, how: str) -> None:
    tuning = make()
    wizard = tuning.finish()
    table = wizard.result_page.changed
    if how == "enter":
        tuning.qtbot.keyClick(table, Qt.Key.Key_Return)
    else:
        middle = table.visualItemRect(table.item(0, table.columnCount() - 1)).center()
        tuning.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert current_place(tuning.window) is label_place(tuning.window)
    session = label_session(tuning.window)
    tuning.until(lambda: session.label is not None and session.label.key == "m1")
    assert not wizard.isVisible()
    tuning.window.training.status_button.click()
    assert wizard.isVisible()
    assert wizard.step == Step.RESULT


def test_the_threshold_previews_at_once(make: Make) -> None:
    page = make().finish().result_page.threshold
    assert page.preview.text() == "Exact match 66.7, F1 66.7. 1 questions are answered, 2 are not."
    page.slider.setValue(80)
    assert page.preview.text() == "Exact match 66.7, F1 66.7. 3 questions are answered, 0 are not."
    assert page.value.text() == "80 %"
    assert page.slider.accessibleDescription() == page.preview.text()


@pytest.mark.parametrize(
    ("own", "general", "decision"), [((54, 81), (78, 77), Decision.USE), ((54, 81), (78, 70), Decision.KEEP)]
)
def test_use_is_the_default_only_where_it_is_better(
    make: Make,
    child: Callable[..., None],
    own: tuple[float, float],
    general: tuple[float, float],
    decision: Decision,
) -> None:
    tuning = make()
    child(outcome(own, general, ROWS))
    wizard = tuning.finish()
    wizard.next()
    assert wizard.name.decision == decision
    assert wizard.name.name_field.text() == "QADesk reader 7 tuned"
    assert QApplication.focusWidget() is wizard.name.name_field


def test_used_it_answers_from_then_on(make: Make, home: Path) -> None:
    tuning = make()
    wizard = tuning.finish()
    wizard.next()
    wizard.name.name_field.setText("Mills")
    tuning.qtbot.keyClick(wizard.name.name_field, Qt.Key.Key_Return)
    tuning.until(lambda: tuning.window.settings["model.folder"] == "Mills")
    tuning.until(lambda: tuning.window.services.reader.is_ready)
    models = {model.name: model for model in list_models(tuning.window.settings)}
    assert models["Mills"].in_use
    assert not list((home / "data" / "runs").iterdir())
    assert tuning.state() == RunState.IDLE
    assert tuning.window.training.wizard is None
    assert "'Mills' answers from now on." in tuning.window.services.messages.text


def test_kept_it_is_listed_but_not_used(make: Make) -> None:
    tuning = make()
    wizard = tuning.finish()
    wizard.next()
    wizard.name.decisions[Decision.KEEP].click()
    wizard.button(QWizard.WizardButton.FinishButton).click()
    tuning.until(lambda: "is in the list of models" in tuning.window.services.messages.text)
    assert tuning.window.settings["model.folder"] == ""
    assert "QADesk reader 7 tuned" in [model.name for model in list_models(tuning.window.settings)]


def test_an_impossible_name_is_reported_and_nothing_is_lost(make: Make) -> None:
    tuning = make()
    wizard = tuning.finish()
    wizard.next()
    wizard.name.name_field.setText("  ")
    assert not wizard.button(QWizard.WizardButton.FinishButton).isEnabled()
    wizard.name.name_field.setText("a/b")
    wizard.button(QWizard.WizardButton.FinishButton).click()
    tuning.until(lambda: "cannot be called" in wizard.name.problem.text())
    assert tuning.state() == RunState.DONE
    wizard.name.name_field.setText("a b")
    wizard.button(QWizard.WizardButton.FinishButton).click()
    tuning.until(lambda: tuning.window.settings["model.folder"] == "a b")


def test_discarded_it_is_gone(make: Make, home: Path) -> None:
    tuning = make()
    wizard = tuning.finish()
    wizard.next()
    wizard.name.decisions[Decision.DISCARD].click()
    assert not wizard.name.name_field.isEnabled()
    wizard.button(QWizard.WizardButton.FinishButton).click()
    tuning.until(lambda: not list((home / "data" / "runs").iterdir()))
    assert tuning.state() == RunState.IDLE
    assert len(list_models(tuning.window.settings)) == 1


# For everybody


def mnemonics(page: QWidget, wizard: Wizard) -> list[str]:
    """The mnemonics of ``page`` and of the wizard's own buttons, as lower-case letters."""
    texts = [label.text() for label in page.findChildren(QLabel) if label.buddy() and label.isVisible()]
    buttons = (*page.findChildren(QAbstractButton), *(wizard.button(which) for which in WIZARD_BUTTONS))
    texts += [button.text() for button in buttons if button.isVisible()]
    for bar in page.findChildren(QTabBar):
        texts += [bar.tabText(index) for index in range(bar.count())]
    return [text[text.index("&") + 1].lower() for text in texts if "&" in text]


WIZARD_BUTTONS = (
    QWizard.WizardButton.BackButton,
    QWizard.WizardButton.NextButton,
    QWizard.WizardButton.CommitButton,
    QWizard.WizardButton.FinishButton,
    QWizard.WizardButton.CancelButton,
)


@pytest.mark.parametrize("zoom", [100, 150])
def test_every_page_has_names_and_keys_and_fits(make: Make, zoom: int) -> None:
    tuning = make(view__zoom=zoom)
    wizard = tuning.open()
    wizard.resize(1200, 750)

    def check() -> None:
        page = wizard.steps[wizard.step]
        QApplication.processEvents()
        assert nameless(page) == []
        letters = mnemonics(page, wizard)
        assert len(set(letters)) == len(letters), (wizard.step, letters)
        assert page.area.widget().width() <= page.area.viewport().width(), wizard.step
        for button in page.findChildren(QAbstractButton):
            assert button.width() >= button.minimumSizeHint().width() or not button.isVisible(), button.text()
        assert page.isAncestorOf(QApplication.focusWidget()), wizard.step

    check()
    wizard.next()
    check()
    wizard.next()
    wizard.effort.advanced.click()
    check()
    wizard.next()
    tuning.until(lambda: tuning.window.training.monitor.done == 2)
    check()
    wizard.running.stop_button.click()
    tuning.until(lambda: wizard.step == Step.RESULT)
    for index in range(wizard.result_page.tabs.count()):
        wizard.result_page.tabs.setCurrentIndex(index)
        check()
    wizard.next()
    check()
    tuning.window.services.appearance.zoom_reset()


def test_the_question_about_leaving_is_plain_and_escape_stays(make: Make) -> None:
    tuning = make()
    wizard = tuning.start()
    wizard.reject()
    box = wizard.question_box
    assert box is not None
    assert box.textFormat() == Qt.TextFormat.PlainText
    tuning.qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert wizard.isVisible()
    assert tuning.state() == RunState.RUNNING


# For real


@pytest.fixture
def tiny_model(home: Path) -> Path:
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    folder = home / "data" / "models" / "tiny"
    torch.manual_seed(7)
    config = transformers.BertConfig(
        vocab_size=30522, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=128,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        transformers.BertForQuestionAnswering(config).save_pretrained(folder)
    shutil.copy(paths.bundled_model_dir() / "tokenizer.json", folder)
    return folder


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_tiny_model_is_trained_for_real(qtbot: QtBot, make_window: MakeWindow, tiny_model: Path) -> None:
    tuning = Tuning(qtbot, make_window(ScriptedReader([(".", 0.8)]), text=TEXTS[0], model__folder="tiny"))
    add_labels(tuning, examples())
    wizard = tuning.open()
    wizard.next()
    wizard.next()
    wizard.effort.efforts["quick"].click()
    tuning.until(wizard.effort.isComplete)
    wizard.next()
    training = tuning.window.training
    qtbot.waitUntil(lambda: training.monitor.state in (RunState.DONE, RunState.FAILED), timeout=500_000)
    assert training.monitor.error is None
    assert wizard.step == Step.RESULT
    kinds = {type(event) for event in training.monitor.events}
    assert {Stepped, Evaluated, Noted} <= kinds
    assert wizard.running.loss_curve.lines[0].points
    result = training.monitor.outcome
    assert result is not None
    assert wizard.result_page.verdict.text() == result.verdict.text
    if not result.has_model:  # so few labels may teach a random model nothing
        assert result.verdict == NOTHING
        wizard.button(QWizard.WizardButton.FinishButton).click()
        tuning.until(lambda: training.wizard is None)
        return
    wizard.next()
    wizard.name.decisions[Decision.USE].click()
    wizard.name.name_field.setText("Tiny and tuned")
    wizard.button(QWizard.WizardButton.FinishButton).click()
    tuning.until(lambda: tuning.window.settings["model.folder"] == "Tiny and tuned")
    assert (paths.data_dir() / "models" / "Tiny and tuned" / "model.safetensors").is_file()
