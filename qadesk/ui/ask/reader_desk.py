"""The loaded reader and the one thread that may touch it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from qadesk.errors import DeviceError, ModelError, QadeskError
from qadesk.records import Answers, Document, Reading
from qadesk.settings import Settings
from qadesk.ui.jobs import Job, Jobs

if TYPE_CHECKING:
    from qadesk.qa.engine import Reader

Load = Callable[[Settings], "Reader"]


@dataclass(frozen=True, slots=True)
class ReaderInfo:
    """What was loaded: the model's name, where it runs, in which precision, and why."""

    name: str
    device: str
    precision: str
    reason: str


def load_by_settings(settings: Settings) -> Reader:
    """The reader that the settings name. Raises ``ModelError``, ``DeviceError``."""
    from qadesk.app.reader import load_reader

    return load_reader(settings["model.folder"], device=settings["model.device"], threads=settings["model.threads"])


def load_bundled() -> Reader:
    """The reader that comes with the program, on the processor."""
    from qadesk.app.reader import load_reader

    return load_reader(device="cpu")


class ReaderDesk(QObject):
    """Loads and asks on the model lane. A question that comes too early waits there.

    ``loaded`` gives a ``ReaderInfo``; ``refused`` the error of settings that do not work: the reader that was
    there stays, or the bundled one takes the place.
    """

    loading = Signal()
    loaded = Signal(object)
    refused = Signal(object)

    def __init__(self, jobs: Jobs, settings: Settings, load: Load = load_by_settings) -> None:
        super().__init__()
        self._jobs = jobs
        self._settings = settings
        self._load = load
        self._reader: Reader | None = None  # touched on the model lane only
        self.is_ready = False

    def load(self) -> None:
        """Load what the settings name."""
        self.is_ready = False
        self.loading.emit()
        self._jobs.start("model", self._load_on_lane, done=self._say_loaded, failed=self.refused.emit)

    def ask(self, question: str, document: Document, **outcomes: Callable[[Any], None]) -> Job:
        """Ask; ``outcomes`` are those of ``Jobs.start``: progress is a ``Reading``, the result ``Answers``."""
        return self._jobs.start("model", lambda _job: self._ask_on_lane(question, document), **outcomes)

    def _ask_on_lane(self, question: str, document: Document) -> Generator[Reading, None, Answers]:
        from qadesk.app.ask import ask

        if self._reader is None:
            self._reader = self._load(self._settings)
        return (yield from ask(self._reader, question, document, self._settings))

    def _load_on_lane(self, _job: Job) -> tuple[ReaderInfo, QadeskError | None]:
        problem: QadeskError | None = None
        try:
            self._reader = self._load(self._settings)
        except (ModelError, DeviceError) as error:
            problem = error
            self._reader = self._reader or load_bundled()
        reader = self._reader
        choice = reader.choice
        return ReaderInfo(reader.model.name, choice.device, choice.precision, choice.reason), problem

    def _say_loaded(self, outcome: tuple[ReaderInfo, QadeskError | None]) -> None:
        info, problem = outcome
        self.is_ready = True
        self.loaded.emit(info)
        if problem:
            self.refused.emit(problem)
