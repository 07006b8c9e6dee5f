"""The actions of the page of models. They go on while the page is closed; of the long ones there is one at a time."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from qadesk.errors import QadeskError
from qadesk.progress import Progress
from qadesk.settings import Settings
from qadesk.ui.kit.jobs import AnyJob, Jobs
from qadesk.ui.kit.widgets import elided_middle

if TYPE_CHECKING:
    from qadesk.app.models.compare import ModelComparison
    from qadesk.app.models.manage import ListedModel
    from qadesk.labels.dataset import Dataset

R = TypeVar("R")


class ModelActions(QObject):
    """Runs the functions of ``app.models`` in jobs and reports by signals."""

    models_listed = Signal(list)  # of ``ListedModel``, after each change
    previous_changed = Signal(object)  # the model to roll back to, or None
    work_started = Signal(str)  # long work: imports, downloads, exports, comparisons
    work_progressed = Signal(object)  # a ``Progress``
    work_ended = Signal()  # done, failed or stopped
    action_reported = Signal(str, object)  # what was done, and the folder of a model that is new, or None
    failed = Signal(object)
    model_chosen = Signal(dict)  # the settings name another model: the values of their keys before, to undo that
    renamed = Signal()
    compared = Signal(object)  # a ``ModelComparison``
    online_changed = Signal(bool)  # whether a download uses the network

    def __init__(self, jobs: Jobs, settings: Settings) -> None:
        super().__init__(jobs)
        self.settings = settings
        self.models: list[ListedModel] = []
        self.work_text = ""
        self._jobs = jobs
        self._job: AnyJob | None = None  # the long work

    @property
    def is_working(self) -> bool:
        """Whether there is long work."""
        return self._job is not None

    def refresh(self) -> None:
        """List the models again."""

        def list_all(_job: AnyJob) -> tuple[list[ListedModel], ListedModel | None]:
            from qadesk.app.models.manage import list_models, previous

            return list_models(self.settings), previous(self.settings)

        self._jobs.start("files", list_all, done=self._on_listed, failed=self.failed.emit)

    def use(self, folder: Path, name: str) -> None:
        """Answer with the model in ``folder`` from now on."""
        from qadesk.app.models.manage import use

        self._change_model(lambda: use(self.settings, folder), lambda _none: f"'{name}' answers from now on.")

    def roll_back(self) -> None:
        """Answer with the previous model again."""
        from qadesk.app.models.manage import roll_back

        self._change_model(lambda: roll_back(self.settings), lambda model: f"'{model.name}' is in use again.")

    def rename(self, model: ListedModel, name: str) -> None:
        """Rename ``model``."""
        from qadesk.app.models.manage import rename

        report = f"It is called '{name.strip()}' now."
        self._start_quick(lambda: rename(self.settings, model.folder, name), report, self.renamed.emit)

    def remove(self, model: ListedModel) -> None:
        """Delete ``model``."""
        from qadesk.app.models.manage import remove

        self._start_quick(lambda: remove(self.settings, model.folder), f"'{model.name}' is removed.")

    def import_from(self, source: Path) -> None:
        """Import the model in a folder or a zip archive."""
        from qadesk.app.models.import_export import import_model

        self._start_work(
            f"Importing {elided_middle(source.name)}…", lambda: import_model(source, self.settings), self._report_new
        )

    def download(self, model: str) -> None:
        """Download ``model`` from the hub."""
        from qadesk.app.models.download import download

        self._start_work(
            f"Downloading {elided_middle(model)}…", lambda: download(model, self.settings), self._report_new
        )
        self.online_changed.emit(True)

    def export(self, model: ListedModel, path: Path) -> None:
        """Write ``model`` as a zip archive."""
        from qadesk.app.models.import_export import export_model

        self._start_work(
            f"Writing {elided_middle(path.name)}…",
            lambda: export_model(model.folder, path),
            lambda _size: self.action_reported.emit(f"'{model.name}' is in {path}.", None),
        )

    def compare(self, first: ListedModel, second: ListedModel, read: Callable[[], Dataset]) -> None:
        """Evaluate two models on the data set that ``read`` returns."""

        def work() -> Generator[Progress, None, ModelComparison]:
            from qadesk.app.models.compare import compare

            return compare(first.folder, second.folder, read(), self.settings)

        self._start_work(f"Comparing '{first.name}' and '{second.name}'…", work, self.compared.emit)

    def stop(self) -> None:
        """Cancel the long work."""
        if self._job:
            self._job.cancel()
            self._end_work()
            self.action_reported.emit("Stopped.", None)

    def _start_work(
        self, text: str, work: Callable[[], Generator[Progress, None, R]], done: Callable[[R], object]
    ) -> None:
        def finish(result: R) -> None:
            self._end_work()
            done(result)
            self.refresh()

        def fail(error: Exception) -> None:
            self._end_work()
            self.failed.emit(error)

        self.work_text = text
        self._job = self._jobs.start(
            "models", lambda _job: work(), done=finish, progress=self.work_progressed.emit, failed=fail
        )
        self.work_started.emit(text)

    def _end_work(self) -> None:
        self._job = None
        self.work_text = ""
        self.work_ended.emit()
        self.online_changed.emit(False)

    def _start_quick(self, verb: Callable[[], object], report: str, done: Callable[[], object] | None = None) -> None:
        def finish(_result: object) -> None:
            self.action_reported.emit(report, None)
            if done:
                done()
            self.refresh()

        self._jobs.start("files", lambda _job: verb(), done=finish, failed=self.failed.emit)

    def _change_model(self, verb: Callable[[], R], report: Callable[[R], str]) -> None:
        """Run ``verb`` on this thread: settings belong to it, and they are small. ``report`` makes a sentence of it."""
        before = {key: self.settings[key] for key in ("model.folder", "model.previous")}
        try:
            outcome = verb()
        except QadeskError as error:
            self.failed.emit(error)
            return
        self.action_reported.emit(report(outcome), None)
        self.model_chosen.emit(before)
        self.refresh()

    def _report_new(self, folder: Path) -> None:
        self.action_reported.emit(f"'{folder.name}' is among the models now.", folder)

    def _on_listed(self, result: tuple[list[ListedModel], ListedModel | None]) -> None:
        self.models, previous = result
        self.models_listed.emit(self.models)
        self.previous_changed.emit(previous)
