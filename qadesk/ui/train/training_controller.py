"""Fine-tuning in the window: opens the wizard, shows a run that goes on without it, and offers an unfinished one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QPushButton

from qadesk import paths
from qadesk.errors import QadeskError
from qadesk.ui.kit.messages import Message
from qadesk.ui.services.place import Commands
from qadesk.ui.services.services import Services
from qadesk.ui.train.training_monitor import RunState, TrainingMonitor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qadesk.app.training import runs
    from qadesk.ui.train.wizard import Wizard

_UNFINISHED, _WAITING = "A training was not finished.", "A new model waits for your decision."


class TrainingController(QObject):
    """Owns the ``monitor``, the ``wizard`` while there is one, and a ``status_button`` that brings it back."""

    def __init__(self, services: Services) -> None:
        super().__init__(services.window)
        self._services = services
        self.monitor = TrainingMonitor(services.jobs, self)
        self.wizard: Wizard | None = None
        self.status_button = QPushButton()
        self.status_button.setProperty("kind", "quiet")
        self.status_button.setToolTip("Show the training")
        self.status_button.clicked.connect(self.fine_tune)
        self.status_button.setAccessibleName("Fine-tuning")
        self.status_button.hide()
        services.status.addWidget(self.status_button)
        services.signals.fine_tune_requested.connect(self.fine_tune)
        self.monitor.events_received.connect(self._update_status)
        self.monitor.state_changed.connect(self._follow)

    def global_commands(self) -> Commands:
        """What its rows of the table of actions do."""
        return {"fine_tune": self.fine_tune}

    def fine_tune(self) -> None:
        """Open the wizard, or bring it back where a run goes on or its result waits."""
        if self.wizard is None:
            wizard = self._make_wizard()
            if self.monitor.state == RunState.IDLE:
                wizard.begin(self._services.jobs, self._services.settings)
            else:
                wizard.show_run()
        assert self.wizard
        self.wizard.show()
        self.wizard.activateWindow()
        self._update_status()

    def start(self) -> None:
        """Offer to go on with a run that an earlier start of the program did not finish."""
        self._services.jobs.start("train", lambda _job: _unfinished(), done=self._offer, failed=self._services.report)

    def _make_wizard(self) -> Wizard:
        from qadesk.ui.train.plan_draft import PlanDraft
        from qadesk.ui.train.wizard import Wizard

        services = self._services
        wizard = Wizard(PlanDraft(services.jobs, services.store, services.settings), self.monitor, services.window)
        wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # closing hides it while a run goes on
        wizard.label_requested.connect(self._show_label)
        wizard.model_kept.connect(self._show_kept)
        wizard.failed.connect(self._services.report)
        wizard.finished.connect(self._forget_wizard)
        wizard.hidden.connect(self._update_status)
        wizard.run_closed.connect(self.start)
        self.wizard = wizard
        return wizard

    def _forget_wizard(self) -> None:
        if self.wizard:
            self.wizard.deleteLater()
        self.wizard = None
        self._update_status()

    # The run

    def _follow(self) -> None:
        self._update_status()
        if not self._is_hidden:
            return
        if self.monitor.state == RunState.DONE and self.monitor.outcome:
            button = ("See the result", partial(self._dismiss_and, self.fine_tune))
            self._services.messages.show_message(
                Message("The training is done.", self.monitor.outcome.verdict.text, buttons=(button,), stays=True)
            )
        elif self.monitor.state == RunState.FAILED and isinstance(self.monitor.error, QadeskError):
            button = ("Show the training", partial(self._dismiss_and, self.fine_tune))
            error = self.monitor.error
            self._services.messages.show_message(Message(error.message, error.hint, "error", (button,)))

    @property
    def _is_hidden(self) -> bool:
        return self.wizard is None or not self.wizard.isVisible()

    def _update_status(self) -> None:
        text = {RunState.DONE: "See the result", RunState.FAILED: "Stands still: show why"}.get(
            self.monitor.state, self.monitor.status_text
        )
        self.status_button.setText(f"Fine-tuning: {text[:1].lower()}{text[1:]}")
        self.status_button.setAccessibleName(self.status_button.text())
        self.status_button.setVisible(self.monitor.state != RunState.IDLE and self._is_hidden)

    def _show_label(self, key: str) -> None:
        assert self.wizard
        self.wizard.hide()
        self._services.signals.label_requested.emit(key)

    def _show_kept(self, folder: Path, use: bool) -> None:
        if use:
            self._services.signals.model_requested.emit(folder, folder.name)
        else:
            self._services.messages.show_message(Message(f"'{folder.name}' is in the list of models."))

    # An unfinished run

    def _offer(self, interrupted: list[runs.UnfinishedRun]) -> None:
        if not interrupted or self.monitor.state != RunState.IDLE or self.wizard:
            return
        run = interrupted[0]
        follow = partial(self._dismiss_and, partial(self._follow_run, run.folder))
        discard = partial(self._dismiss_and, partial(self._discard, run.folder))
        title, show = (_WAITING, "See the result") if run.is_finished else (_UNFINISHED, "Go on with it")
        sentence = f"{run.what[:1].upper()}{run.what[1:]}."
        buttons = ((show, follow), ("Discard", discard))
        self._services.messages.show_message(Message(title, sentence, buttons=buttons, stays=True))

    def _dismiss_and(self, act: Callable[[], object]) -> None:
        self._services.messages.dismiss()
        act()

    def _follow_run(self, folder: Path) -> None:
        if self.monitor.state == RunState.IDLE:
            if self.wizard:
                self.wizard.reject()  # it plans another run
            self.monitor.follow(folder)
        self.fine_tune()

    def _discard(self, folder: Path) -> None:
        if folder != self.monitor.folder:
            self.monitor.remove(folder)
            self.start()


def _unfinished() -> list[runs.UnfinishedRun]:
    if not any(paths.runs_dir().iterdir()):  # most starts: what trains need not be loaded
        return []
    from qadesk.app.training.runs import unfinished

    return unfinished()
