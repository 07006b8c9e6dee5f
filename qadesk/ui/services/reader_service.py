"""The loaded reader and the one thread that may touch it; and a faster one that is made while that answers."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from qadesk.errors import DeviceError, ModelError, QadeskError
from qadesk.progress import Progress
from qadesk.records import Answers, Document, Reading
from qadesk.settings import Settings
from qadesk.ui.kit.jobs import AnyJob, Jobs

if TYPE_CHECKING:
    from qadesk.qa.engine import Reader
    from qadesk.qa.graphs import Prepared

Load = Callable[[Settings], "Reader"]
Prepare = Callable[[Path], "Generator[Progress, None, Prepared]"]


@dataclass(frozen=True, slots=True)
class ReaderInfo:
    """What was loaded: the model's name, where it runs, in which precision, and why."""

    name: str
    device: str
    precision: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A reader that was loaded, the ``problem`` of one that was not, and the ``slow`` model folder to prepare."""

    info: ReaderInfo
    problem: QadeskError | None
    slow: Path | None


def load_by_settings(settings: Settings) -> Reader:
    """The reader that the settings name. Raises ``ModelError``, ``DeviceError``."""
    from qadesk.app.reading.load import load_reader

    return load_reader(settings["model.folder"], device=settings["model.device"], threads=settings["model.threads"])


def load_bundled() -> Reader:
    """The reader that comes with the program, on the processor."""
    from qadesk.app.reading.load import load_reader

    return load_reader(device="cpu")


def prepare_in_child(folder: Path) -> Generator[Progress, None, Prepared]:
    """Make the fast graph of the model in ``folder``. Raises ``ModelError``."""
    from qadesk.app.reading.prepare import prepare

    return prepare(folder)


class ReaderService(QObject):
    """Loads and asks on the model lane. A question that comes too early waits there.

    ``loaded`` gives a ``ReaderInfo``; ``refused`` the error of settings that do not work: the reader that was
    there stays, or the bundled one takes the place. ``moved`` gives the info of the reader when it went over to another
    device by itself. A model without a fast graph answers as it is, while one is made on a lane of its own:
    ``preparing`` gives the progress, None at the end; ``prepared`` the verdict, and ``unprepared`` the error if there
    is none. The faster reader takes its place between two questions, and ``loaded`` tells of it.
    """

    loading = Signal()
    loaded = Signal(object)
    refused = Signal(object)
    moved = Signal(object)
    preparing = Signal(object)
    prepared = Signal(object)
    unprepared = Signal(object)

    def __init__(
        self, jobs: Jobs, settings: Settings, load: Load = load_by_settings, prepare: Prepare = prepare_in_child
    ) -> None:
        super().__init__()
        self._jobs = jobs
        self._settings = settings
        self._load = load
        self._prepare = prepare
        self._reader: Reader | None = None  # touched on the model lane only
        self._info: ReaderInfo | None = None
        self._preparation: AnyJob | None = None
        self.is_ready = False

    def load(self) -> None:
        """Load what the settings name. What was being prepared is given up."""
        self._stop_preparing()
        self.is_ready = False
        self.loading.emit()
        self._jobs.start("model", self._load_on_lane, done=self._say_loaded, failed=self.refused.emit)

    def ask(self, question: str, document: Document, *, done: Callable[[Answers], None], **outcomes: Any) -> AnyJob:
        """Ask; the outcomes are those of ``Jobs.start``: progress is a ``Reading``, the result ``Answers``."""

        def finish(found: tuple[Answers, ReaderInfo]) -> None:
            self._say_moved(found[1])
            done(found[0])

        return self._jobs.start("model", lambda _job: self._ask_on_lane(question, document), done=finish, **outcomes)

    def read_ahead(self, document: Document, progress: Callable[[Progress], None]) -> AnyJob:
        """Make the tokens of ``document`` before the question comes."""
        return self._jobs.start("model", lambda _job: self._read_ahead_on_lane(document), progress=progress)

    def run(self, work: Callable[[Reader], Any], *, done: Callable[[Any], None], **outcomes: Any) -> AnyJob:
        """Do ``work`` with the reader, after what waits for it; the outcomes are those of ``Jobs.start``."""
        return self._jobs.start("model", lambda _job: work(self._there()), done=done, **outcomes)

    # On the model lane

    def _there(self) -> Reader:
        if self._reader is None:
            self._reader = self._load(self._settings)
        return self._reader

    def _ask_on_lane(self, question: str, document: Document) -> Generator[Reading, None, tuple[Answers, ReaderInfo]]:
        from qadesk.app.reading.ask import ask

        reader = self._there()
        answers = yield from ask(reader, question, document, self._settings)
        return answers, _info(reader)

    def _read_ahead_on_lane(self, document: Document) -> Generator[Progress, None, None]:
        if self._reader is not None:  # else the document is read ahead when there is one
            yield from self._reader.prepare(document.text)

    def _load_on_lane(self, _job: AnyJob) -> _Loaded:
        from qadesk.app.reading.prepare import is_wanted

        problem: QadeskError | None = None
        try:
            self._reader = self._load(self._settings)
        except (ModelError, DeviceError) as error:
            problem = error
            self._reader = self._reader or load_bundled()
        reader = self._reader
        return _Loaded(_info(reader), problem, reader.model.folder if is_wanted(reader) else None)

    # On the window's thread

    def _say_loaded(self, outcome: _Loaded) -> None:
        self._say_replaced(outcome)
        if outcome.slow:
            self._start_preparing(outcome.slow)

    def _say_replaced(self, outcome: _Loaded) -> None:
        self.is_ready = True
        self._info = outcome.info
        self.loaded.emit(outcome.info)
        if outcome.problem:
            self.refused.emit(outcome.problem)

    def _say_moved(self, info: ReaderInfo) -> None:
        if info != self._info:
            self._info = info
            self.moved.emit(info)

    def _start_preparing(self, folder: Path) -> None:
        self._preparation = self._jobs.start(
            "prepare",
            lambda _job: self._prepare(folder),
            done=self._say_prepared,
            progress=self.preparing.emit,
            failed=self._say_unprepared,
        )

    def _stop_preparing(self) -> None:
        if self._preparation:
            self._preparation.cancel()
            self._preparation = None
            self.preparing.emit(None)

    def _say_prepared(self, prepared: Prepared) -> None:
        self._stop_preparing()
        self.prepared.emit(prepared)
        if prepared.graph:
            self._jobs.start("model", self._load_on_lane, done=self._say_replaced, failed=self.refused.emit)

    def _say_unprepared(self, error: Exception) -> None:
        self._stop_preparing()
        (self.unprepared if isinstance(error, QadeskError) else self._jobs.failed).emit(error)


def _info(reader: Reader) -> ReaderInfo:
    choice = reader.choice
    return ReaderInfo(reader.model.name, choice.device, choice.precision, choice.reason)
