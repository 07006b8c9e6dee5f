"""Drives the window through what a new user does, and writes a report: the hidden argument ``--self-check REPORT``.

The smoke test (``packaging/smoke.py``) starts it in a built program, whose window cannot be driven from outside. It
presses the window's own buttons: the sample is opened, asked and labelled, the wizard fine-tunes the model, the tuned
model answers. The report is JSON; the smoke test judges what is in it.
"""

from __future__ import annotations

import dataclasses
import json
import os
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QAbstractButton, QWizard

import qadesk
from qadesk import logs
from qadesk.records import ReaderInfo
from qadesk.ui.ask.ask_place import AskPlace
from qadesk.ui.shell import launch
from qadesk.ui.shell.main_window import MainWindow
from qadesk.ui.train.name_page import Decision
from qadesk.ui.train.training_monitor import RunState
from qadesk.ui.train.wizard import Step, Wizard

if TYPE_CHECKING:
    from qadesk.app.training.run_events import RunEvent

QUESTIONS = (
    "When was the lamp first lit?",
    "How long did Hannah keep the lamp burning alone?",
    "How much was a keeper paid?",
)
RIGHT_WORDS = "eleven nights"
"""What the second question is corrected to. The third has no answer in the sample."""

_INTERVAL = 20  # milliseconds between two checks of what is waited for
_LONGEST_PHASE = 600.0  # seconds, of the training
_SMALL = {"epochs": 2, "batch_size": 1, "learning_rate": 1.0}
"""Values of the wizard's fields: a handful of small steps. After larger ones the model would be checked at length."""


class Broken(Exception):
    """The window is not in the state that a step needs; the text says how."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A condition to wait for: ``what`` it is, for the report, and how many ``seconds`` it may take."""

    what: str
    is_met: Callable[[], bool]
    seconds: float = 60.0


Waits = Generator[Wait, None, None]


def main(report: Path) -> int:
    """Open the window, go through all steps, write ``report``, and quit. Returns 0 if every step could be done."""
    logs.start_logging()
    checks: list[SelfCheck] = []
    code = launch.run([], drive=lambda window: checks.append(SelfCheck(window, report)))
    return code or int(not checks or checks[0].problem != "")


class SelfCheck(QObject):
    """Drives ``window`` from when it is drawn until it closes. ``problem`` says which step failed and why, or is ''."""

    def __init__(self, window: MainWindow, report: Path) -> None:
        super().__init__(window)
        self._window = window
        place = window.place("ask")
        assert isinstance(place, AskPlace)
        self._place = place
        self._report = report
        self._reader: ReaderInfo | None = None
        self._phases: deque[str] = deque()
        self._latest_phase = ""
        self._seen: dict[str, Any] = {"version": qadesk.__version__, "steps": []}
        self.problem = ""
        self._steps = self._all_steps()
        self._wait = next(self._steps)
        self._since = time.monotonic()
        self._timer = QTimer(self, interval=_INTERVAL)
        self._timer.timeout.connect(self._check_wait)
        self._timer.start()
        window.services.reader.loaded.connect(self._note_reader)
        window.training.monitor.events_received.connect(self._queue_phases)

    # What a user does

    def _all_steps(self) -> Waits:
        yield from self._start()
        yield from self._ask_and_label()
        yield from self._tune()
        yield from self._ask(QUESTIONS[0])
        self._seen["tuned"] = self._answer()

    def _start(self) -> Waits:
        yield Wait("the window is on the screen", self._window.isVisible)
        yield Wait("the sample is open", lambda: self._place.session.document is not None)
        yield Wait("the model is loaded", lambda: self._reader is not None)

    def _ask_and_label(self) -> Waits:
        buttons, view = self._place.view.answers.label_buttons, self._place.view.pane.text
        yield from self._ask(QUESTIONS[0])
        self._seen["first"] = self._answer()
        yield from self._label(buttons.accept)
        yield from self._ask(QUESTIONS[1])
        view.moveCursor(QTextCursor.MoveOperation.Start)
        if not view.find(RIGHT_WORDS):
            raise Broken(f"the sample does not say '{RIGHT_WORDS}'")
        yield from self._label(buttons.correct)
        yield from self._ask(QUESTIONS[2])
        yield from self._label(buttons.refuse)

    def _ask(self, question: str) -> Waits:
        place = self._place
        place.view.ask_bar.field.setText(question)
        _press(place.view.ask_bar.button)
        yield Wait(f"an answer to '{question}'", lambda: not place.session.is_working)
        if place.session.answers is None or not place.session.answers.spans:
            raise Broken(f"there is no answer to '{question}': {self._window.services.messages.text}")

    def _answer(self) -> dict[str, Any]:
        """The first answer, the text of its card, and the model that gave it."""
        place = self._place
        document, answers = place.session.document, place.session.answers
        assert document
        assert answers
        assert self._reader
        return {
            "document": str(document.path),
            "question": answers.question,
            "no_answer": answers.no_answer,
            **dataclasses.asdict(answers[0]),
            "card": place.view.answers.cards[0].accessibleName(),
            "model": self._reader.name,
            "precision": self._reader.precision,
        }

    def _label(self, button: QAbstractButton) -> Waits:
        buttons = self._place.view.answers.label_buttons
        _press(button)
        yield Wait(f"the label of '{button.text()}' is saved", buttons.undo.isVisible)
        self._seen.setdefault("labels", []).append(buttons.sentence.text())

    def _tune(self) -> Waits:
        """Fine-tune by the wizard, with as few steps as it offers, and use the new model, if they have taught one."""
        self._window.commands["fine_tune"].trigger()
        wizard = self._window.training.wizard
        assert wizard
        yield Wait("the labels are parted", wizard.data.isComplete)
        yield from self._next(wizard, Step.MODEL)
        yield from self._next(wizard, Step.EFFORT)
        _press(wizard.effort.efforts["quick"])
        _press(wizard.effort.advanced)
        for option, value in _SMALL.items():
            wizard.effort.options.fields[option].setValue(value)
        yield Wait("the training is planned", wizard.effort.isComplete)
        yield from self._next(wizard, Step.RUNNING, QWizard.WizardButton.CommitButton)
        yield from self._follow(wizard)
        if not self._note_outcome():
            _press(wizard.button(QWizard.WizardButton.FinishButton))
            yield Wait("the wizard is closed", lambda: self._window.training.wizard is not wizard)
            return
        yield from self._next(wizard, Step.NAME)
        _press(wizard.name.decisions[Decision.USE])
        self._reader = None
        _press(wizard.button(QWizard.WizardButton.FinishButton))
        yield Wait("the tuned model is loaded", lambda: self._reader is not None)

    def _next(self, wizard: Wizard, step: Step, which: QWizard.WizardButton = QWizard.WizardButton.NextButton) -> Waits:
        button = wizard.button(which)
        yield Wait(f"one can go on to {step.name}", button.isEnabled)
        _press(button)
        yield Wait(f"the page {step.name}", lambda: wizard.step == step)

    def _follow(self, wizard: Wizard) -> Waits:
        """Wait for the result, one phase after another, so that the report has the seconds of each."""
        phase = "starting"
        while phase:
            yield Wait(f"the training: {phase}", partial(self._is_phase_over, wizard), _LONGEST_PHASE)
            phase = self._phases.popleft() if self._phases else ""

    def _is_phase_over(self, wizard: Wizard) -> bool:
        monitor = self._window.training.monitor
        if not self._phases and monitor.state == RunState.FAILED:
            raise Broken(f"the training failed: {monitor.error} {getattr(monitor.error, 'detail', '')}")
        return bool(self._phases) or wizard.step == Step.RESULT

    def _queue_phases(self, events: Sequence[RunEvent]) -> None:
        """Queue the phases that begin with ``events``, also one that is over before the next check."""
        from qadesk.app.training.run_events import Phase

        for event in events:
            if isinstance(event, Phase) and event.what not in (self._latest_phase, "Paused"):
                self._latest_phase = event.what
                self._phases.append(event.what)

    def _note_outcome(self) -> bool:
        """Note what came of the training. Gives whether there is a new model."""
        outcome = self._window.training.monitor.outcome
        assert outcome
        facts = ("steps", "train_count", "evaluation_count", "device", "has_model")
        sentences = {"verdict": outcome.verdict.text, "notes": [note.text for note in outcome.notes]}
        self._seen["training"] = {name: getattr(outcome, name) for name in facts} | sentences
        return outcome.has_model

    def _note_reader(self, info: ReaderInfo) -> None:
        self._reader = info

    # The timer

    def _check_wait(self) -> None:
        try:
            if self._wait.is_met():
                self._note(self._wait.what)
                self._wait = next(self._steps)
            elif time.monotonic() - self._since > self._wait.seconds:
                raise Broken(f"{self._wait.seconds:.0f} s were not enough: {self._window.services.messages.text}")
        except StopIteration:
            self._end()
        except Exception as error:  # noqa: BLE001  every error goes into the report
            self.problem = f"not so: {self._wait.what}. {type(error).__name__}: {error}"
            self._end()

    def _note(self, what: str) -> None:
        now = time.monotonic()
        self._seen["steps"].append({"what": what, "seconds": round(now - self._since, 3)})
        self._since = now

    def _end(self) -> None:
        self._timer.stop()
        part = self._report.with_name(self._report.name + ".part")
        part.write_text(json.dumps({**self._seen, "problem": self.problem}, indent=1), encoding="utf-8")
        os.replace(part, self._report)
        self._window.commands["close"].trigger()


def _press(button: QAbstractButton) -> None:
    """Press ``button``. Raises ``Broken`` where a user could not."""
    if not button.isVisible() or not button.isEnabled():
        raise Broken(f"'{button.text()}' cannot be pressed")
    button.click()
