"""Fine-tuning in the window: opens the wizard, shows a run that goes on without it, and offers one that was left.

All the wiring is here.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QPushButton

from qadesk import paths
from qadesk.errors import QadeskError
from qadesk.ui.kit.messages import Message
from qadesk.ui.train.training_monitor import RunState, TrainingMonitor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qadesk.app.training import runs
    from qadesk.ui.shell.main_window import MainWindow
    from qadesk.ui.train.wizard import Wizard

_LEFT, _WAITING = "A training was not finished.", "A new model waits for your decision."


class TrainingController(QObject):
    """Owns the ``run``, the ``wizard`` while there is one, and the ``fact`` in the status line that brings it back."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.run = TrainingMonitor(window.jobs, self)
        self.wizard: Wizard | None = None
        self.fact = QPushButton()
        self.fact.setProperty("kind", "quiet")
        self.fact.setToolTip("Show the training")
        self.fact.clicked.connect(self.fine_tune)
        self.fact.setAccessibleName("Fine-tuning")
        self.fact.hide()
        window.status.addWidget(self.fact)
        self.run.events_received.connect(self._show_fact)
        self.run.state_changed.connect(self._follow)

    def verbs(self) -> dict[str, Callable[[], object]]:
        """What the menu can do."""
        return {"fine_tune": self.fine_tune}

    def fine_tune(self) -> None:
        """Open the wizard, or bring it back where a run goes on or its result waits."""
        if self.wizard is None:
            wizard = self._make_wizard()
            if self.run.state == RunState.IDLE:
                wizard.begin(self._window.jobs, self._window.settings)
            else:
                wizard.show_run()
        assert self.wizard
        self.wizard.show()
        self.wizard.activateWindow()
        self._show_fact()

    def begin(self) -> None:
        """Offer to go on with what an earlier start of the program left."""
        self._window.jobs.start("train", lambda _job: _unfinished(), done=self._offer, failed=self._window.report)

    def _make_wizard(self) -> Wizard:
        from qadesk.ui.train.plan_draft import PlanDraft
        from qadesk.ui.train.wizard import Wizard

        wizard = Wizard(PlanDraft(self._window.jobs, self._window.library), self.run, self._window)
        wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # closing hides it while a run goes on
        wizard.label_requested.connect(self._show_label)
        wizard.model_kept.connect(self._take_kept)
        wizard.failed.connect(self._window.report)
        wizard.finished.connect(self._forget_wizard)
        wizard.hidden.connect(self._show_fact)
        wizard.run_closed.connect(self.begin)
        self.wizard = wizard
        return wizard

    def _forget_wizard(self) -> None:
        if self.wizard:
            self.wizard.deleteLater()
        self.wizard = None
        self._show_fact()

    # The run

    def _follow(self) -> None:
        self._show_fact()
        if not self._is_hidden:
            return
        if self.run.state == RunState.DONE and self.run.outcome:
            show = ("See the result", partial(self._answer, self.fine_tune))
            self._window.messages.show_message(
                Message("The training is done.", self.run.outcome.verdict, buttons=(show,))
            )
        elif self.run.state == RunState.FAILED and isinstance(self.run.error, QadeskError):
            show = ("Show the training", partial(self._answer, self.fine_tune))
            error = self.run.error
            self._window.messages.show_message(Message(error.message, error.hint, "error", (show,)))

    @property
    def _is_hidden(self) -> bool:
        return self.wizard is None or not self.wizard.isVisible()

    def _show_fact(self) -> None:
        status_text = {RunState.DONE: "See the result", RunState.FAILED: "Stands still: show why"}.get(
            self.run.state, self.run.status_text
        )
        self.fact.setText(f"Fine-tuning: {status_text[:1].lower()}{status_text[1:]}")
        self.fact.setAccessibleName(self.fact.text())
        self.fact.setVisible(self.run.state != RunState.IDLE and self._is_hidden)

    def _show_label(self, key: str) -> None:
        assert self.wizard
        self.wizard.hide()
        self._window.labelling.go_to(key)

    def _take_kept(self, folder: Path, use: bool) -> None:
        if use:
            self._window.models.use(folder, folder.name)
        else:
            self._window.messages.show_message(Message(f"'{folder.name}' is in the list of models."))

    # What was left

    def _offer(self, interrupted: list[runs.Run]) -> None:
        if not interrupted or self.run.state != RunState.IDLE or self.wizard:
            return
        run = interrupted[0]
        follow = partial(self._answer, partial(self._go_on, run.folder))
        discard = partial(self._answer, partial(self._discard, run.folder))
        title, show = (_WAITING, "See the result") if run.is_finished else (_LEFT, "Go on with it")
        what = f"{run.what[:1].upper()}{run.what[1:]}."
        self._window.messages.show_message(Message(title, what, buttons=((show, follow), ("Discard", discard))))

    def _answer(self, act: Callable[[], object]) -> None:
        self._window.messages.dismiss()
        act()

    def _go_on(self, folder: Path) -> None:
        if self.run.state == RunState.IDLE:
            if self.wizard:
                self.wizard.reject()  # it has another one in mind
            self.run.follow(folder)
        self.fine_tune()

    def _discard(self, folder: Path) -> None:
        if folder != self.run.folder:
            self.run.remove(folder)
            self.begin()


def _unfinished() -> list[runs.Run]:
    if not any(paths.runs_dir().iterdir()):  # most starts: what trains need not be loaded
        return []
    from qadesk.app.training.runs import unfinished

    return unfinished()
