"""Asks a question of the history again, of the same document or library; also with another model."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qadesk.errors import LibraryError
from qadesk.records import EVERYTHING, Answers, Document, HistoryEntry, LibraryAnswers, LibraryReading, Reading, Scope
from qadesk.ui.kit.jobs import AnyJob, Job
from qadesk.ui.services.services import Services

if TYPE_CHECKING:
    from qadesk.qa.engine import Reader


class AskingAgain(QObject):
    """Asks one question at a time; a file is read again for it. ``started`` gives a sentence, ``progressed`` a
    ``Progress``; ``ended`` follows in any case. ``answered`` gives the entry and a new one, which the history gets too.

    Another model is loaded for this question alone, on the lane of the model in use, which stays loaded.
    """

    started = Signal(str)
    progressed = Signal(object)
    ended = Signal()
    answered = Signal(object, object)
    failed = Signal(object)

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._job: AnyJob | None = None

    @property
    def is_working(self) -> bool:
        """Whether a question is being asked."""
        return self._job is not None

    def ask(self, entry: HistoryEntry, model: Path | None = None) -> None:
        """Ask the question of ``entry`` with the model in use, or the one in the folder ``model``."""
        self.stop()
        self.started.emit("Asking again…" if model is None else "Loading the other model…")
        if entry.library:
            self._ask_library(entry, model)
        elif entry.path is not None:
            work = partial(_read_again, entry.path, self._services)
            self._job = self._services.jobs.start(
                "files", work, done=partial(self._ask_document, entry, model), failed=self._fail
            )
        else:
            self._ask_pasted(entry, model)

    def stop(self) -> None:
        """Stop the work."""
        if self._job:
            self._job.cancel()
            self._job = None
            self.ended.emit()

    def _ask_pasted(self, entry: HistoryEntry, model: Path | None) -> None:
        from qadesk.app.history import pasted_text_of

        self._job = self._services.store.run(
            lambda store: pasted_text_of(store, entry.id),
            done=partial(self._ask_document, entry, model),
            failed=self._fail,
        )

    def _ask_document(self, entry: HistoryEntry, model: Path | None, document: Document) -> None:
        services = self._services

        def work(reader: Reader) -> Generator[Reading, None, tuple[str, Answers]]:
            from qadesk.app.reading.ask import ask

            reader = _other_reader(model, services) if model else reader
            return reader.model.name, (yield from ask(reader, entry.question, document, services.settings))

        def finish(result: tuple[str, Answers]) -> None:
            from qadesk.app.entries import asked_options, entry_of

            name, answers = result
            services.history.remember_answers(document, answers, name)
            self._finish(entry, entry_of(document, answers, name, asked_options(services.settings)))

        self._job = services.reader.run_long(work, done=finish, progress=self._progress, failed=self._fail)

    def _ask_library(self, entry: HistoryEntry, model: Path | None) -> None:
        from qadesk.app.entries import asked_depth
        from qadesk.app.library.asking import DEPTH

        services, depth = self._services, asked_depth(entry)
        scope = self._scope(entry)
        if scope is None:
            title = f"The collection '{entry.library}' is not in the library any more."
            self._fail(LibraryError(title, "Add it again, or ask the whole library."))
            return
        names: list[str] = []

        def load(folder: Path) -> Reader:
            reader = _other_reader(folder, services)
            names.append(reader.model.name)
            return reader

        def finish(answers: LibraryAnswers) -> None:
            from qadesk.app.entries import asked_options, library_entry_of

            name = names[0] if names else services.reader.model_name
            services.history.remember_library_answers(entry.library, answers, name, scope, depth)
            options = asked_options(services.settings, scope, depth)
            self._finish(entry, library_entry_of(answers, entry.library, name, options))

        self._job = services.library.ask(
            entry.question,
            scope,
            depth or DEPTH,
            done=finish,
            readings=lambda steps: self._progress(steps[-1]),
            failed=self._fail,
            load=partial(load, model) if model else None,
        )

    def _scope(self, entry: HistoryEntry) -> Scope | None:
        """What ``entry`` was asked of, as it is now; None if there is no such collection any more."""
        from qadesk.app.entries import asked_scope

        for collection in self._services.library.collections:
            if collection.name == entry.library:
                return asked_scope(entry, collection.sources)
        return asked_scope(entry, ()) if entry.library == EVERYTHING else None

    def _progress(self, reading: Reading | LibraryReading) -> None:
        if reading.progress.total:
            self.progressed.emit(reading.progress)

    def _finish(self, before: HistoryEntry, after: HistoryEntry) -> None:
        self._job = None
        self.ended.emit()
        self.answered.emit(before, after)

    def _fail(self, error: Exception) -> None:
        self._job = None
        self.ended.emit()
        self.failed.emit(error)


def _read_again(path: Path, services: Services, job: Job[None, Document]) -> Document:
    """The document in the file ``path`` as it is now; on a lane."""
    from qadesk.app.documents import open_document

    return open_document(path, services.settings, cancelled=job.is_cancelled)


def _other_reader(folder: Path, services: Services) -> Reader:
    """The reader with the model in ``folder``; on a lane. Raises ``ModelError``, ``DeviceError``."""
    from qadesk.app.reading.load import load_reader

    return load_reader(folder, device=services.settings["model.device"], threads=services.settings["model.threads"])
