"""The wizard over a real window and real labels. The child that trains is a stand-in that does as it is told; one test
at the end trains a tiny model for real."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from driving import MakeWindow, Opinions, ask, ask_session, current_place, label_place, label_session
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTabBar, QWidget, QWizard
from pytestqt.qtbot import QtBot
from test_accessibility import nameless
from training_data import TEXTS, examples, outcome

from qadesk import paths
from qadesk.app.labelling import labels
from qadesk.app.models.manage import list_models
from qadesk.app.training import runs
from qadesk.app.training.outcome import Outcome, Prediction, QuestionOutcome
from qadesk.app.training.run_events import to_json
from qadesk.records import LABELLED, Label, LabeledExample, LabelText
from qadesk.train.events import Evaluated, Noted, Stepped
from qadesk.ui.shell.main_window import MainWindow
from qadesk.ui.train.name_page import Fate
from qadesk.ui.train.training_monitor import RunState
from qadesk.ui.train.wizard import Step, Wizard

ESTIMATE = {"seconds": 130.0, "memory_bytes": 1_500_000_000, "device": "cpu", "reason": "the only one"}
SURE, UNSURE = Prediction("Anna Berg", 0.9, 0.05, "Anna Berg"), Prediction("", 0.7, 0.7, "1924")
ROWS = (
    QuestionOutcome("own", "m1", "Who bought the mill?", "mill", ("Anna Berg",), UNSURE, SURE, 0.0, 1.0, 0.2),
    QuestionOutcome("own", "m2", "When did the flood come?", "mill", ("1924",), UNSURE, UNSURE, 0.0, 0.0, 4.5),
    QuestionOutcome("general", "g1", "Who was it?", "Other", (), SURE, UNSURE, 0.0, 1.0),
    QuestionOutcome("general", "g2", "Who else?", "Other", ("Anna Berg",), SURE, SURE, 1.0, 1.0),
)

# Says how it goes on, then waits for a word: 'stop' ends with the outcome, 'fail' and what else is sent is told of.
CHILD = """
import json, pathlib, shutil, sys
say = lambda what: print(json.dumps(what), flush=True)
run = pathlib.Path(sys.argv[2])
if sys.argv[3:] == ["probe"]:
    say({"estimate": ESTIMATE})
    sys.stdin.read()
for event in EVENTS:
    say(event)
if FAILS:
    say({"error": ["DataError", "The disk is full.", "Make room.", ""]})
    sys.stdin.read()
for line in sys.stdin:
    word = line.strip()
    say({"event": "Noted", "text": "heard " + word})
    if word == "stop":
        (run / "outcome.json").write_text(OUTCOME)
        shutil.copytree(RESULT, run / "result")
        say({"done": True})
"""
EVENTS = (
    runs.Phase("Baseline", 4, 4),
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
        wizard.running.stop.click()
        self.until(lambda: wizard.step == Step.RESULT)
        return wizard

    def until(self, is_so: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(is_so, timeout=20_000)

    def state(self) -> RunState:
        return self.window.training.monitor.state


Make = Callable[..., Tuning]


@pytest.fixture(scope="session")
def result_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a child leaves as its model: the bundled one."""
    folder = tmp_path_factory.mktemp("trained") / "result"
    folder.mkdir()
    for name in ("config.json", "tokenizer.json", "model.safetensors", "model_int8.onnx"):
        os.link(paths.bundled_model_dir() / name, folder / name)
    (folder / "qadesk.json").write_text('{"name": "x", "temperature": 1.5}', encoding="utf-8")
    (folder / "README.md").write_text("# x\n\nAbout it.\n", encoding="utf-8")
    return folder


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch, result_folder: Path) -> Callable[..., None]:
    """Puts a child in place of ours."""

    def put(found: Outcome | None = None, events: Sequence[runs.RunEvent] = EVENTS, *, fails: bool = False) -> None:
        made = json.dumps(dataclasses.asdict(found or outcome(rows=ROWS)))
        values = {
            "ESTIMATE": ESTIMATE, "EVENTS": [to_json(event) for event in events], "FAILS": fails,
            "OUTCOME": made, "RESULT": str(result_folder),
        }  # fmt: skip
        script = "".join(f"{name} = {value!r}\n" for name, value in values.items()) + CHILD
        monkeypatch.setattr(paths, "own_command", lambda: [sys.executable, "-c", script])

    put()
    return put


@pytest.fixture
def make(qtbot: QtBot, make_window: MakeWindow, child: Callable[..., None]) -> Make:
    def tuning(found: Sequence[LabeledExample] | None = None, **settings: object) -> Tuning:
        made = Tuning(qtbot, make_window(Opinions([(".", 0.8)]), text=TEXTS[0], **settings))
        seed(made, examples() if found is None else found)
        return made

    return tuning


def seed(made: Tuning, found: Sequence[LabeledExample]) -> None:
    by_text: dict[tuple[str, str], list[Label]] = {}
    for each in found:
        label = Label(0, 0, each.id, each.question, each.answers, each.is_impossible, LABELLED)
        by_text.setdefault((each.title, each.context), []).append(label)
    rows = [(LabelText(0, title, "text", None, title, text), kept) for (title, text), kept in by_text.items()]
    added: list[int] = []
    made.window.services.store.run(lambda store: labels.add_many(store, rows), done=added.append)
    made.until(lambda: added == [len(found)])


@pytest.fixture(autouse=True)
def _no_run_is_left(home: Path) -> Iterator[None]:
    yield
    assert not list((home / "data").glob("runs/.child-*"))


# The choices


def test_the_labels_are_parted_by_document_and_warned_about(make: Make) -> None:
    wizard = make().open()
    plan = wizard._draft.plan
    assert plan is not None
    assert wizard.data.said.text() == (
        f"{len(plan.train)} labels to learn from, {len(plan.evaluation)} to measure with."
    )
    assert wizard.data.parted.text() == "They are parted by document: 1 of 3 documents are only measured with."
    warned = " ".join(wizard.data.warnings.texts)
    assert "only 10 labels" in warned
    assert "questions are there to measure with" in warned
    items = [wizard.data.documents.item(row).text() for row in range(wizard.data.documents.count())]
    assert items == ["tower  ·  4 labels", "Berg  ·  3 labels", "bridge  ·  3 labels"]


def test_a_document_can_be_left_out_with_the_keyboard(make: Make) -> None:
    made = make()
    wizard = made.open()
    page = wizard.data
    assert QApplication.focusWidget() is page.documents
    made.qtbot.keyClick(page.documents, Qt.Key.Key_Space)
    assert not page.isComplete()
    made.until(page.isComplete)
    plan = wizard._draft.plan
    assert plan is not None
    assert {each.title for each in (*plan.train, *plan.evaluation)} == {"Berg", "bridge"}
    page.none.click()
    made.until(lambda: "too few labels" in page.problem.text())
    assert not page.isComplete()
    page.all.click()
    made.until(page.isComplete)
    assert page.problem.text() == ""


def test_one_document_is_parted_by_question_and_said(make: Make) -> None:
    made = make(examples()[:4])
    page = made.open().data
    assert page.parted.text() == "All are from one document, so they are parted by question."
    assert "from one document" in " ".join(page.warnings.texts)


def test_without_labels_it_says_what_to_do(make: Make) -> None:
    wizard = make(()).open()
    assert "Label at least two different questions" in wizard.data.problem.text()
    assert not wizard.button(QWizard.WizardButton.NextButton).isEnabled()


def test_the_model_in_use_comes_first_and_the_time_is_measured(make: Make) -> None:
    made = make()
    wizard = made.open()
    wizard.next()
    page = wizard.model
    made.until(lambda: page.model.itemText(0) == "QADesk reader 2 (in use)")
    assert page.device.itemText(0) == "Automatic"
    made.until(lambda: page.device.findData("cpu") > 0)
    facts = page.box.facts
    made.until(lambda: facts["Time"].text() == "About 2 min")
    assert facts["Memory"].text() == "About 1.5 GB"
    assert "are free" in facts["Disk"].text()
    assert facts["Runs on"].text() == "CPU: the only one"
    page.device.setCurrentIndex(page.device.findData("cpu"))
    made.until(page.isComplete)
    assert wizard._draft.plan is not None
    assert wizard._draft.plan.config.device == "cpu"


def test_a_model_that_cannot_be_trained_is_said_at_once(make: Make, home: Path) -> None:
    folder = home / "data" / "models" / "graph only"
    folder.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json", "model_int8.onnx"):
        os.link(paths.bundled_model_dir() / name, folder / name)
    made = make()
    wizard = made.open()
    wizard.next()
    page = wizard.model
    made.until(lambda: page.model.findData(str(folder)) > 0)
    page.model.setCurrentIndex(page.model.findData(str(folder)))
    made.until(lambda: "cannot be trained" in page.problem.text())
    assert not wizard.button(QWizard.WizardButton.NextButton).isEnabled()
    page.model.setCurrentIndex(0)
    made.until(page.isComplete)
    assert page.problem.isHidden()


def test_a_full_disk_is_said_before_it_starts(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make()
    usage = shutil.disk_usage(paths.data_dir())
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1000))
    wizard = made.open()
    wizard.next()
    made.until(lambda: "too little room" in wizard.model.box.facts["Time"].text())
    wizard.next()
    wizard.next()
    made.until(lambda: "too little room" in wizard.running.problem.text())
    assert made.state() == RunState.FAILED
    wizard.running.change.click()
    assert wizard.step == Step.EFFORT
    assert made.state() == RunState.IDLE
    monkeypatch.undo()


def test_advanced_options_are_those_of_the_effort_until_edited(make: Make) -> None:
    made = make()
    wizard = made.open()
    wizard.next()
    wizard.next()
    page = wizard.effort
    assert page.effort == "balanced"
    assert not page.options.isVisible()
    page.advanced.click()
    assert page.options.isVisible()
    for effort in ("quick", "thorough", "balanced"):
        page.efforts[effort].click()
        assert page.options.edited() == {}  # every default can be shown
    fields = page.options.fields
    balanced = fields["epochs"].value()
    fields["learning_rate"].setValue(2.0)
    page.efforts["quick"].click()
    assert fields["epochs"].value() < balanced
    assert fields["learning_rate"].value() == 2.0
    fields["warmup"].setValue(20)
    fields["patience"].setValue(2)
    fields["seed"].setValue(3)
    made.until(page.isComplete)
    assert wizard._draft.plan is not None
    config = wizard._draft.plan.config
    assert (config.learning_rate, config.warmup, config.patience, config.seed) == (2e-5, 0.2, 2, 3)
    assert config.epochs == int(fields["epochs"].value())
    assert wizard._draft.plan.effort == "quick"
    page.options.reset.click()
    assert page.options.edited() == {}
    assert fields["patience"].text() == "Never"


# While it runs


def test_enter_enter_enter_starts_the_sensible_thing(make: Make) -> None:
    made = make()
    wizard = made.open()
    for step in (Step.DATA, Step.MODEL, Step.EFFORT):
        assert wizard.step == step
        made.until(wizard.currentPage().isComplete)
        made.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert wizard.step == Step.RUNNING
    made.until(lambda: made.window.training.monitor.done == 2)
    folder = made.window.training.monitor.folder
    assert folder is not None
    about = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert about["effort"] == "balanced"
    assert about["examples"] == 10
    assert not wizard.button(QWizard.WizardButton.BackButton).isEnabled()
    assert not wizard.button(QWizard.WizardButton.NextButton).isEnabled()


def test_the_curves_and_the_log_tell_how_it_goes(make: Make) -> None:
    wizard = make().start()
    page = wizard.running
    assert page.said.text() == "Training · 2 of 40 · 2 min left"
    assert (page.bar.maximum(), page.bar.value()) == (40, 2)
    assert page.loss.lines[0].points == [(1, 3.25), (2, 2.5)]
    assert page.loss.accessibleDescription() == "training 2.50 at step 2; evaluation 3.50 at step 0"
    assert page.marks.accessibleDescription() == "exact match 30.0 at step 0; F1 42.0 at step 0"
    log = page.log.toPlainText()
    assert "Measuring the model as it is…" in log
    assert "Step 0: evaluation loss 3.50, exact match 30.0, F1 42.0." in log


def test_it_can_be_paused_and_stopped_and_the_verdict_is_announced(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: said.append(event.message()))
    made = make()
    wizard = made.start()
    page = wizard.running
    page.wait.click()
    assert page.said.text().startswith("Paused")
    assert page.wait.text() == "&Resume"
    made.until(lambda: "heard pause" in page.log.toPlainText())
    page.wait.click()
    made.until(lambda: "heard resume" in page.log.toPlainText())
    page.stop.click()
    assert not page.stop.isEnabled()
    made.until(lambda: wizard.step == Step.RESULT)
    assert "Better on yours: F1 54 → 81. General: 78 → 77." in said
    wizard.back()
    assert wizard.step == Step.RUNNING  # the log is still there
    assert "heard stop" in page.log.toPlainText()
    wizard.next()
    assert wizard.step == Step.RESULT


def test_the_window_answers_meanwhile(make: Make) -> None:
    made = make()
    wizard = made.start()
    assert not wizard.isModal()
    ask(made.qtbot, made.window, "Who?")
    assert ask_session(made.window).answers is not None
    assert made.state() == RunState.RUNNING


def answer(wizard: Wizard, words: str) -> None:
    """Press the button with these words in the question that is open."""
    assert wizard.asked is not None
    button = next(each for each in wizard.asked.buttons() if each.text().replace("&", "") == words)
    button.click()


def test_closing_goes_on_in_the_background_and_a_click_brings_it_back(make: Make) -> None:
    made = make()
    wizard = made.start()
    made.qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    answer(wizard, "Go on in the background")
    place = made.window.training
    assert not wizard.isVisible()
    assert place.status_button.isVisible()
    assert place.status_button.text() == "Fine-tuning: training · 2 of 40 · 2 min left"
    place.status_button.click()
    assert wizard.isVisible()
    assert not place.status_button.isVisible()
    wizard.reject()
    answer(wizard, "Stay here")
    assert wizard.isVisible()
    assert made.state() == RunState.RUNNING


def test_the_end_in_the_background_is_told(make: Make) -> None:
    made = make()
    wizard = made.start()
    wizard.reject()
    answer(wizard, "Go on in the background")
    made.window.training.monitor.stop()
    made.until(lambda: made.state() == RunState.DONE)
    assert made.window.services.messages.text.startswith("The training is done. Better on yours: F1 54 → 81.")
    assert made.window.training.status_button.text() == "Fine-tuning: see the result"
    press_message(made.window, "See the result")
    assert wizard.isVisible()
    assert wizard.step == Step.RESULT
    assert made.window.services.messages.text == ""
    wizard.reject()  # nothing is lost: it waits
    assert made.state() == RunState.DONE
    assert made.window.training.status_button.isVisible()


def press_message(window: MainWindow, words: str) -> None:
    buttons = [each for each in window.services.messages.findChildren(QAbstractButton) if each.text() == words]
    buttons[-1].click()


def test_cancel_asks_and_leaves_nothing(make: Make, home: Path) -> None:
    made = make()
    wizard = made.start()
    wizard.running.cancel.click()
    answer(wizard, "Go on")
    assert made.state() == RunState.RUNNING
    wizard.running.cancel.click()
    answer(wizard, "Cancel the training")
    made.until(lambda: not list((home / "data" / "runs").iterdir()))
    assert made.state() == RunState.IDLE
    assert made.window.training.wizard is None


def test_stopped_for_now_it_is_offered_and_goes_on(make: Make) -> None:
    made = make()
    wizard = made.start()
    folder = made.window.training.monitor.folder
    wizard.reject()
    answer(wizard, "Stop for now")
    made.until(lambda: "A training was not finished." in made.window.services.messages.text)
    assert made.window.training.wizard is None
    press_message(made.window, "Go on with it")
    made.until(lambda: made.window.training.monitor.done == 2)
    assert made.window.training.monitor.folder == folder
    assert made.wizard.step == Step.RUNNING


def test_what_was_offered_does_not_come_between_a_run_that_goes_on(make: Make) -> None:
    left = runs.begin(runs.plan(examples(), ()))
    made = make()
    made.until(lambda: "A training was not finished." in made.window.services.messages.text)
    wizard = made.start()
    folder = made.window.training.monitor.folder
    assert folder != left
    press_message(made.window, "Go on with it")
    assert made.window.training.monitor.folder == folder
    assert wizard.step == Step.RUNNING


def test_an_offer_takes_the_place_of_a_wizard_without_a_run(make: Make) -> None:
    left = runs.begin(runs.plan(examples(), ()))
    made = make()
    made.until(lambda: "A training was not finished." in made.window.services.messages.text)
    made.open()
    press_message(made.window, "Go on with it")
    assert made.wizard.step == Step.RUNNING
    assert made.window.training.monitor.folder == left


def test_a_failure_is_said_and_can_be_tried_again(make: Make, child: Callable[..., None]) -> None:
    made = make()
    child(fails=True)
    wizard = made.open()
    for _ in range(3):
        wizard.next()
    made.until(lambda: made.state() == RunState.FAILED)
    page = wizard.running
    assert page.problem.text() == "The disk is full. Make room."
    assert not page.stop.isVisible()
    child()
    page.again.click()
    made.until(lambda: made.window.training.monitor.done == 2)
    assert made.state() == RunState.RUNNING
    assert page.problem.isHidden()


# After it


def test_an_unfinished_run_is_offered_at_the_next_start(make: Make, home: Path) -> None:
    runs.begin(runs.plan(examples(), ()))
    made = make()
    made.until(lambda: "A training was not finished." in made.window.services.messages.text)
    assert "Balanced, from 'QADesk reader 2', 10 labels: just begun." in made.window.services.messages.text
    press_message(made.window, "Discard")
    made.until(lambda: not list((home / "data" / "runs").iterdir()))
    assert made.window.services.messages.text == ""


def test_a_result_that_waits_is_offered_at_the_next_start(make: Make, result_folder: Path) -> None:
    run = runs.begin(runs.plan(examples(), ()))
    (run / "outcome.json").write_text(json.dumps(dataclasses.asdict(outcome(rows=ROWS))), encoding="utf-8")
    shutil.copytree(result_folder, run / "result")
    made = make()
    made.until(lambda: "A new model waits for your decision." in made.window.services.messages.text)
    press_message(made.window, "See the result")
    made.until(lambda: made.wizard.step == Step.RESULT)
    assert made.wizard.result_page.verdict.text().startswith("Better on yours")


def cells(table: object, row: int) -> list[str]:
    return [table.item(row, column).text() for column in range(table.columnCount())]  # type: ignore[attr-defined]


def test_the_result_says_what_changed_side_by_side(make: Make) -> None:
    page = make().finish().result_page
    assert page.verdict.text() == "Better on yours: F1 54 → 81. General: 78 → 77."
    assert page.marks.cells == [
        ["Your evaluation part (40)", "49.0", "76.0", "54.0", "81.0"],
        ["General questions (40)", "73.0", "72.0", "78.0", "77.0"],
    ]
    assert page.changed.rowCount() == 2
    assert page.tabs.tabText(0) == "&Changed (2)"
    assert cells(page.changed, 0) == [
        "Who bought the mill?", "No answer", "Anna Berg", "Anna Berg", "▲ Better", "Yours", "Label ›",
    ]  # fmt: skip
    assert cells(page.changed, 1) == ["Who was it?", "Anna Berg", "No answer", "No answer", "▲ Better", "General", ""]
    assert cells(page.worst, 0)[0] == "When did the flood come?"
    assert cells(page.best, 0) == ["Who bought the mill?", "Anna Berg", "Anna Berg", "100", "0.2", "Label ›"]
    assert any("A note." in text for text in page.notes.texts)


@pytest.mark.parametrize("how", ["click", "enter"])
def test_a_label_is_one_click_away(make: Make, how: str) -> None:
    made = make()
    wizard = made.finish()
    table = wizard.result_page.changed
    if how == "enter":
        made.qtbot.keyClick(table, Qt.Key.Key_Return)
    else:
        middle = table.visualItemRect(table.item(0, table.columnCount() - 1)).center()
        made.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert current_place(made.window) is label_place(made.window)
    session = label_session(made.window)
    made.until(lambda: session.label is not None and session.label.key == "m1")
    assert not wizard.isVisible()
    made.window.training.status_button.click()
    assert wizard.isVisible()
    assert wizard.step == Step.RESULT


def test_the_threshold_previews_at_once(make: Make) -> None:
    page = make().finish().result_page.threshold
    assert page.said.text() == "Exact match 50.0, F1 50.0. 1 questions are answered, 1 are not."
    page.slider.setValue(80)
    assert page.said.text() == "Exact match 100.0, F1 100.0. 2 questions are answered, 0 are not."
    assert page.value.text() == "80 %"
    assert page.slider.accessibleDescription() == page.said.text()


@pytest.mark.parametrize(("own", "general", "fate"), [((54, 81), (78, 77), Fate.USE), ((54, 81), (78, 70), Fate.KEEP)])
def test_use_is_the_default_only_where_it_is_better(
    make: Make,
    child: Callable[..., None],
    own: tuple[float, float],
    general: tuple[float, float],
    fate: Fate,
) -> None:
    made = make()
    child(outcome(own, general, ROWS))
    wizard = made.finish()
    wizard.next()
    assert wizard.name.fate == fate
    assert wizard.name.name.text() == "QADesk reader 2 tuned"
    assert QApplication.focusWidget() is wizard.name.name


def test_used_it_answers_from_then_on(make: Make, home: Path) -> None:
    made = make()
    wizard = made.finish()
    wizard.next()
    wizard.name.name.setText("Mills")
    made.qtbot.keyClick(wizard.name.name, Qt.Key.Key_Return)
    made.until(lambda: made.window.settings["model.folder"] == "Mills")
    made.until(lambda: made.window.services.reader.is_ready)
    listed = {each.name: each for each in list_models(made.window.settings)}
    assert listed["Mills"].in_use
    assert not list((home / "data" / "runs").iterdir())
    assert made.state() == RunState.IDLE
    assert made.window.training.wizard is None
    assert "'Mills' answers from now on." in made.window.services.messages.text


def test_kept_it_is_listed_but_not_used(make: Make) -> None:
    made = make()
    wizard = made.finish()
    wizard.next()
    wizard.name.fates[Fate.KEEP].click()
    wizard.button(QWizard.WizardButton.FinishButton).click()
    made.until(lambda: "is in the list of models" in made.window.services.messages.text)
    assert made.window.settings["model.folder"] == ""
    assert "QADesk reader 2 tuned" in [each.name for each in list_models(made.window.settings)]


def test_a_name_that_is_none_is_said_and_nothing_is_lost(make: Make) -> None:
    made = make()
    wizard = made.finish()
    wizard.next()
    wizard.name.name.setText("  ")
    assert not wizard.button(QWizard.WizardButton.FinishButton).isEnabled()
    wizard.name.name.setText("a/b")
    wizard.button(QWizard.WizardButton.FinishButton).click()
    made.until(lambda: "cannot be called" in wizard.name.problem.text())
    assert made.state() == RunState.DONE
    wizard.name.name.setText("a b")
    wizard.button(QWizard.WizardButton.FinishButton).click()
    made.until(lambda: made.window.settings["model.folder"] == "a b")


def test_discarded_it_is_gone(make: Make, home: Path) -> None:
    made = make()
    wizard = made.finish()
    wizard.next()
    wizard.name.fates[Fate.DISCARD].click()
    assert not wizard.name.name.isEnabled()
    wizard.button(QWizard.WizardButton.FinishButton).click()
    made.until(lambda: not list((home / "data" / "runs").iterdir()))
    assert made.state() == RunState.IDLE
    assert len(list_models(made.window.settings)) == 1


# For everybody


def mnemonics(page: QWidget, wizard: Wizard) -> list[str]:
    """The letters that Alt calls on ``page``, with those of the wizard's own buttons."""
    texts = [each.text() for each in page.findChildren(QLabel) if each.buddy() and each.isVisible()]
    buttons = (*page.findChildren(QAbstractButton), *(wizard.button(which) for which in WIZARD_BUTTONS))
    texts += [each.text() for each in buttons if each.isVisible()]
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
    made = make(view__zoom=zoom)
    wizard = made.open()
    wizard.resize(1200, 750)

    def check() -> None:
        page = wizard.steps[wizard.step]
        QApplication.processEvents()
        assert nameless(page) == []
        letters = mnemonics(page, wizard)
        assert len(set(letters)) == len(letters), (wizard.step, letters)
        assert page.area.widget().width() <= page.area.viewport().width(), wizard.step
        for each in page.findChildren(QAbstractButton):
            assert each.width() >= each.minimumSizeHint().width() or not each.isVisible(), each.text()
        assert page.isAncestorOf(QApplication.focusWidget()), wizard.step

    check()
    wizard.next()
    check()
    wizard.next()
    wizard.effort.advanced.click()
    check()
    wizard.next()
    made.until(lambda: made.window.training.monitor.done == 2)
    check()
    wizard.running.stop.click()
    made.until(lambda: wizard.step == Step.RESULT)
    for index in range(4):
        wizard.result_page.tabs.setCurrentIndex(index)
        check()
    wizard.next()
    check()
    made.window.services.appearance.zoom_reset()


def test_the_question_about_leaving_is_plain_and_escape_stays(make: Make) -> None:
    made = make()
    wizard = made.start()
    wizard.reject()
    asked = wizard.asked
    assert asked is not None
    assert asked.textFormat() == Qt.TextFormat.PlainText
    made.qtbot.keyClick(asked, Qt.Key.Key_Escape)
    assert wizard.isVisible()
    assert made.state() == RunState.RUNNING


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
    made = Tuning(qtbot, make_window(Opinions([(".", 0.8)]), text=TEXTS[0], model__folder="tiny"))
    seed(made, examples())
    wizard = made.open()
    wizard.next()
    wizard.next()
    wizard.effort.efforts["quick"].click()
    made.until(wizard.effort.isComplete)
    wizard.next()
    place = made.window.training
    qtbot.waitUntil(lambda: place.monitor.state in (RunState.DONE, RunState.FAILED), timeout=500_000)
    assert place.monitor.error is None
    assert wizard.step == Step.RESULT
    kinds = {type(event) for event in place.monitor.events}
    assert {Stepped, Evaluated, Noted} <= kinds
    assert wizard.running.loss.lines[0].points
    assert wizard.result_page.verdict.text()
    wizard.next()
    wizard.name.fates[Fate.USE].click()
    wizard.name.name.setText("Tiny and tuned")
    wizard.button(QWizard.WizardButton.FinishButton).click()
    made.until(lambda: made.window.settings["model.folder"] == "Tiny and tuned")
    assert (paths.data_dir() / "models" / "Tiny and tuned" / "model.safetensors").is_file()
