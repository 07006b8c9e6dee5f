"""The loaded reader and the one thread that may touch it; and a faster one that is prepared meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from qadesk.errors import DeviceError, ModelError, QadeskError
from qadesk.progress import Progress
from qadesk.records import Answers, Document, ReaderInfo, Reading
from qadesk.settings import Settings
from qadesk.ui.kit.jobs import Failed, Job, Jobs, Priority

if TYPE_CHECKING:
    from qadesk.qa.engine import Reader
    from qadesk.qa.graphs import Prepared

P = TypeVar("P")
R = TypeVar("R")
Load = Callable[[Settings], "Reader"]
Prepare = Callable[[Path], "Generator[Progress, None, Prepared]"]


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What was loaded, the ``problem`` of settings that do not work, and the ``slow`` model folder to prepare."""

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

    ``loaded`` gives a ``ReaderInfo``; ``load_failed`` the error of settings that do not work: the reader of before
    stays, or the bundled one is loaded. ``device_changed`` gives the info of a reader that went over to another device
    by itself. A model without a fast graph answers as it is, while one is made on a lane of its own:
    ``preparation_progressed`` gives the ``Progress``, None at the end; ``prepared`` the ``Prepared``, and
    ``preparation_failed`` the error if there is none. The faster reader takes its place between two questions; then
    there is a ``loaded``.
    """

    load_started = Signal()
    loaded = Signal(object)
    load_failed = Signal(object)
    device_changed = Signal(object)
    preparation_progressed = Signal(object)
    prepared = Signal(object)
    preparation_failed = Signal(object)

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
        self._preparation: Job[Progress, Prepared] | None = None
        self._ahead: Job[Progress, None] | None = None
        self._folder: str | None = None  # of the settings, when the model was loaded
        self.is_ready = False

    @property
    def is_changing_model(self) -> bool:
        """Whether a model is being loaded in the place of another one."""
        return not self.is_ready and self._folder not in (None, self._settings["model.folder"])

    @property
    def model(self) -> tuple[str, str]:
        """The folder and the name of the model that answers; both '' before one is loaded."""
        return self._info.model if self._info else ("", "")

    def stale_name(self, model: tuple[str, str]) -> str:
        """The name of ``model``, where another one answers now, or is being loaded; else ''."""
        return model[1] if model != self.model or self.is_changing_model else ""

    @property
    def model_name(self) -> str:
        """The name of the model that answers; '' before one is loaded."""
        return self._info.name if self._info else ""

    def load(self) -> None:
        """Load what the settings name. A preparation that goes on is cancelled."""
        self._stop_preparing()
        self.is_ready = False
        self.load_started.emit()
        self._jobs.start(
            "model", lambda _job: self._load_on_lane(), done=self._finish_loading, failed=self.load_failed.emit
        )

    def ask(
        self,
        question: str,
        document: Document,
        *,
        done: Callable[[Answers], object],
        progress: Callable[[Reading], object],
        failed: Failed,
    ) -> Job[Reading, tuple[Answers, ReaderInfo]]:
        """Ask ``question`` of ``document``."""

        def finish(result: tuple[Answers, ReaderInfo]) -> None:
            answers, info = result
            self._update_info(info)
            done(answers)

        return self._jobs.start(
            "model",
            lambda _job: self._ask_on_lane(question, document),
            done=finish,
            progress=progress,
            failed=failed,
        )

    def read_ahead(self, document: Document, progress: Callable[[Progress], object]) -> Job[Progress, None]:
        """Make the tokens of ``document`` before the question comes."""
        self._ahead = self._jobs.start("model", lambda _job: self._read_ahead_on_lane(document), progress=progress)
        return self._ahead

    def stop_reading_ahead(self) -> None:
        """Leave the reader to a question to something else; one to the document makes its tokens then."""
        if self._ahead:
            self._ahead.cancel()

    def run(
        self,
        work: Callable[[Reader], R],
        *,
        done: Callable[[R], object],
        failed: Failed | None = None,
    ) -> Job[None, R]:
        """Do ``work`` with the reader; the outcomes are those of ``Jobs.start``."""

        @wraps(work)
        def call(_job: Job[None, R]) -> R:
            return work(self._loaded())

        return self._jobs.start("model", call, done=done, failed=failed)

    def run_long(
        self,
        work: Callable[[Reader], Generator[P, None, R]],
        *,
        done: Callable[[R], object],
        progress: Callable[[P], object] | None = None,
        events: Callable[[list[P]], object] | None = None,
        failed: Failed | None = None,
        priority: Priority = Priority.USER,
    ) -> Job[P, R]:
        """Do ``work`` that yields with the reader; the outcomes are those of ``Jobs.start``."""

        @wraps(work)
        def steps(_job: Job[P, R]) -> Generator[P, None, R]:
            return work(self._loaded())

        return self._jobs.start(
            "model", steps, done=done, progress=progress, events=events, failed=failed, priority=priority
        )

    # On the model lane

    def _loaded(self) -> Reader:
        if self._reader is None:
            self._reader = self._load(self._settings)
        return self._reader

    def _ask_on_lane(self, question: str, document: Document) -> Generator[Reading, None, tuple[Answers, ReaderInfo]]:
        from qadesk.app.reading.ask import ask

        reader = self._loaded()
        answers = yield from ask(reader, question, document, self._settings)
        return answers, _info(reader)

    def _read_ahead_on_lane(self, document: Document) -> Generator[Progress, None, None]:
        if self._reader is not None:  # else the document is read ahead when there is one
            yield from self._reader.prepare(document)

    def _load_on_lane(self) -> _Loaded:
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

    def _finish_loading(self, result: _Loaded) -> None:
        self._replace_info(result)
        if result.slow:
            self._start_preparing(result.slow)

    def _replace_info(self, result: _Loaded) -> None:
        self.is_ready = True
        self._folder = self._settings["model.folder"]
        self._info = result.info
        self.loaded.emit(result.info)
        if result.problem:
            self.load_failed.emit(result.problem)

    def _update_info(self, info: ReaderInfo) -> None:
        if info != self._info:
            self._info = info
            self.device_changed.emit(info)

    def _start_preparing(self, folder: Path) -> None:
        self._preparation = self._jobs.start(
            "prepare",
            lambda _job: self._prepare(folder),
            done=self._finish_preparing,
            progress=self.preparation_progressed.emit,
            failed=self._fail_preparing,
        )

    def _stop_preparing(self) -> None:
        if self._preparation:
            self._preparation.cancel()
            self._preparation = None
            self.preparation_progressed.emit(None)

    def _finish_preparing(self, prepared: Prepared) -> None:
        self._stop_preparing()
        self.prepared.emit(prepared)
        if prepared.graph:
            self._jobs.start(
                "model", lambda _job: self._load_on_lane(), done=self._replace_info, failed=self.load_failed.emit
            )

    def _fail_preparing(self, error: Exception) -> None:
        self._stop_preparing()
        if isinstance(error, QadeskError):
            self.preparation_failed.emit(error)
        else:
            self._jobs.failed.emit(error)


def _info(reader: Reader) -> ReaderInfo:
    choice = reader.choice
    return ReaderInfo(reader.model.name, choice.device, choice.precision, choice.reason, str(reader.model.folder))
