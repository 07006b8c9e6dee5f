"""Does what the page of models asks for, also while it is closed: one long piece of work at a time, on its own lane."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from qadesk.errors import QadeskError
from qadesk.progress import Progress
from qadesk.settings import Settings
from qadesk.ui.kit.jobs import AnyJob, Jobs
from qadesk.ui.kit.widgets import shortened

if TYPE_CHECKING:
    from qadesk.app.models.compare import ModelComparison
    from qadesk.app.models.manage import ListedModel
    from qadesk.labels.dataset import Dataset

Work = Generator[Progress, None, Any]


class ModelActions(QObject):
    """The verbs of ``app.models.manage`` and its neighbours, for the window.

    ``listed`` gives the models, ``before`` the one to go back to or None. ``began`` gives a sentence and ``progressed``
    a ``Progress`` of long work, ``ended`` comes after it. ``said`` gives a sentence about what was done, and the
    folder of a model that is new, or None. ``failed`` gives an error. ``used`` says that the settings name another
    model, and gives what they were; ``renamed`` that one has another name; ``compared`` gives a ``ModelComparison``;
    ``online`` whether a network connection is open.
    """

    listed = Signal(list)
    before = Signal(object)
    began = Signal(str)
    progressed = Signal(object)
    ended = Signal()
    said = Signal(str, object)
    failed = Signal(object)
    used = Signal(dict)
    renamed = Signal()
    compared = Signal(object)
    online = Signal(bool)

    def __init__(self, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.models: list[ListedModel] = []
        self._jobs = jobs
        self._job: AnyJob | None = None
        self.sentence = ""

    @property
    def is_working(self) -> bool:
        """Whether long work goes on."""
        return self._job is not None

    def refresh(self) -> None:
        """Look again at what is there; ``listed`` and ``before`` tell."""

        def look(_job: AnyJob) -> tuple[list[ListedModel], ListedModel | None]:
            from qadesk.app.models.manage import list_models, previous

            return list_models(self.settings), previous(self.settings)

        self._jobs.start("files", look, done=self._tell, failed=self.failed.emit)

    def use(self, folder: Path, name: str) -> None:
        """Answer with the model in ``folder`` from now on."""
        from qadesk.app.models.manage import use

        self._switch(lambda: use(self.settings, folder), f"'{name}' answers from now on.")

    def roll_back(self) -> None:
        """Answer with the model before again."""
        from qadesk.app.models.manage import roll_back

        self._switch(lambda: roll_back(self.settings), "The model before answers again.")

    def rename(self, model: ListedModel, name: str) -> None:
        """Call ``model`` by another name."""
        from qadesk.app.models.manage import rename

        sentence = f"It is called '{name.strip()}' now."
        self._quick(lambda: rename(self.settings, model.folder, name), sentence, self.renamed)

    def remove(self, model: ListedModel) -> None:
        """Delete ``model``."""
        from qadesk.app.models.manage import remove

        self._quick(lambda: remove(self.settings, model.folder), f"'{model.name}' is removed.")

    def import_from(self, source: Path) -> None:
        """Take in the model in a folder or a zip archive."""
        from qadesk.app.models.transfer import import_model

        self._begin(f"Taking in {shortened(source.name)}…", lambda: import_model(source, self.settings), self._say_new)

    def download(self, model: str) -> None:
        """Fetch ``model`` from the hub."""
        from qadesk.app.models.download import download

        self._begin(f"Downloading {shortened(model)}…", lambda: download(model, self.settings), self._say_new)
        self.online.emit(True)

    def export(self, model: ListedModel, path: Path) -> None:
        """Write ``model`` as a zip archive."""
        from qadesk.app.models.transfer import export_model

        self._begin(
            f"Writing {shortened(path.name)}…",
            lambda: export_model(model.folder, path),
            lambda _size: self.said.emit(f"'{model.name}' is in {path}.", None),
        )

    def compare(self, first: ListedModel, second: ListedModel, read: Callable[[], Dataset]) -> None:
        """Put the questions of the data set that ``read`` gives to two models."""

        def work() -> Generator[Progress, None, ModelComparison]:
            from qadesk.app.models.compare import compare

            return compare(first.folder, second.folder, read(), self.settings)

        self._begin(f"Comparing '{first.name}' and '{second.name}'…", work, self.compared.emit)

    def stop(self) -> None:
        """End the long work."""
        if self._job:
            self._job.cancel()
            self._end()
            self.said.emit("Stopped.", None)

    def _begin(self, sentence: str, work: Callable[[], Work], done: Callable[[Any], object]) -> None:
        def finish(result: Any) -> None:
            self._end()
            done(result)
            self.refresh()

        def fail(error: Exception) -> None:
            self._end()
            self.failed.emit(error)

        self.sentence = sentence
        self._job = self._jobs.start(
            "models", lambda _job: work(), done=finish, progress=self.progressed.emit, failed=fail
        )
        self.began.emit(sentence)

    def _end(self) -> None:
        self._job = None
        self.sentence = ""
        self.ended.emit()
        self.online.emit(False)

    def _quick(self, verb: Callable[[], object], sentence: str, signal: Any = None) -> None:
        def finish(_result: object) -> None:
            self.said.emit(sentence, None)
            if signal:
                signal.emit()
            self.refresh()

        self._jobs.start("files", lambda _job: verb(), done=finish, failed=self.failed.emit)

    def _switch(self, verb: Callable[[], object], sentence: str) -> None:
        """Settings belong to this thread, and what is written there is small."""
        before = {key: self.settings[key] for key in ("model.folder", "model.previous")}
        try:
            verb()
        except QadeskError as error:
            self.failed.emit(error)
            return
        self.said.emit(sentence, None)
        self.used.emit(before)
        self.refresh()

    def _say_new(self, folder: Path) -> None:
        self.said.emit(f"'{folder.name}' is there.", folder)

    def _tell(self, found: tuple[list[ListedModel], ListedModel | None]) -> None:
        self.models = found[0]
        self.listed.emit(found[0])
        self.before.emit(found[1])
