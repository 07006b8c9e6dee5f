"""The question that the library is asked, its answers, and which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from qadesk.records import LibraryAnswer, LibraryAnswers, LibraryReading, Scope
from qadesk.ui.kit.jobs import Job
from qadesk.ui.services.library_service import LibraryService
from qadesk.ui.services.reader_service import ReaderService

DEPTHS = (20, 60, 120)
"""How many passages are read: at first, and each time that the user wants to read on."""


class LibrarySession(QObject):
    """Asks one question at a time, as ``AskSession`` asks one document; its signals are the same."""

    answers_changed = Signal()
    selected_changed = Signal()
    started = Signal()
    progressed = Signal(object)
    ended = Signal()
    finished = Signal(object)
    failed = Signal(object)

    def __init__(self, library: LibraryService, reader: ReaderService) -> None:
        super().__init__()
        self._reader = reader
        self._answered_by = ("", "")  # the folder and the name of the model
        self._library = library
        self._job: Job[LibraryReading, LibraryAnswers] | None = None
        self.depth = DEPTHS[0]
        self._shows_unlikely = False
        self.question = ""
        self.scope = Scope()
        self.answers: LibraryAnswers | None = None
        self.selected = 0
        self.user_chose = False
        self.is_narrowed = False  # the question was asked of other files before
        self.is_read_on = False  # it was asked before, and fewer passages were read

    @property
    def stale_model(self) -> str:
        """The name of the model that gave the answers, where another one is in use now, or is being loaded; else ''."""
        return self._reader.stale_name(self._answered_by) if self.answers is not None else ""

    @property
    def is_working(self) -> bool:
        """Whether a question is waiting or being read for."""
        return self._job is not None

    @property
    def visible_answers(self) -> Sequence[LibraryAnswer]:
        """The answers that are listed: the likely ones, or all if the user wants to see them."""
        if self.answers is None:
            return ()
        return self.answers.answers if self._shows_unlikely else self.answers.likely

    @property
    def unlikely_count(self) -> int:
        """How many unlikely answers are not listed."""
        return len(self.answers.answers) - len(self.visible_answers) if self.answers else 0

    @property
    def answer(self) -> LibraryAnswer | None:
        """The chosen answer."""
        answers = self.visible_answers
        return answers[self.selected] if self.selected < len(answers) else None

    @property
    def can_read_on(self) -> bool:
        """Whether there are passages that could be read too."""
        answers = self.answers
        return (
            answers is not None and not self.is_working and self.depth < DEPTHS[-1] and answers.read < answers.matches
        )

    def ask(self, question: str, scope: Scope) -> None:
        """Ask ``question`` of the files in ``scope``."""
        self.is_narrowed = False
        self._ask(question, scope, DEPTHS[0])

    def narrow(self, scope: Scope) -> None:
        """Ask the same question of the files in ``scope``, if these are others."""
        if self.question and scope != self.scope:
            self.is_narrowed = True
            self._ask(self.question, scope, DEPTHS[0])

    def _ask(self, question: str, scope: Scope, depth: int) -> None:
        self._cancel_job()
        self.question, self.scope, self.depth = question, scope, depth
        self._shows_unlikely = self.user_chose = self.is_read_on = False
        self._set_answers(None)
        self._begin()

    def ask_again(self) -> None:
        """Ask the same question by changed settings, or of more files, and read as many passages as before."""
        if self.question:
            self.is_narrowed = False
            self._ask(self.question, self.scope, self.depth)

    def read_on(self) -> None:
        """Read more passages; the answers stay until there are better ones."""
        if self.can_read_on:
            self.depth = DEPTHS[DEPTHS.index(self.depth) + 1]
            self.is_read_on = True
            self._begin()

    def show_unlikely(self) -> None:
        """List the unlikely answers too."""
        self._shows_unlikely = True
        self.answers_changed.emit()

    def stop(self) -> None:
        """Stop the work; the best answers so far stay."""
        self._cancel_job()
        self.answers_changed.emit()

    def clear(self) -> None:
        """Forget the question and its answers."""
        self._cancel_job()
        self.question = ""
        self.user_chose = False
        self._set_answers(None)

    def select(self, index: int) -> None:
        """Choose the answer at ``index``."""
        if 0 <= index < len(self.visible_answers):
            self.selected = index
            self.user_chose = True
            self.selected_changed.emit()

    def next_answer(self) -> None:
        """Choose the answer below, after the last one the first."""
        self._step(1)

    def previous_answer(self) -> None:
        """Choose the answer above."""
        self._step(-1)

    def _step(self, by: int) -> None:
        if self.visible_answers:
            self.select((self.selected + by) % len(self.visible_answers))

    def _begin(self) -> None:
        self._job = self._library.ask(
            self.question, self.scope, self.depth, done=self._finish, readings=self._progress, failed=self._fail
        )
        self.started.emit()

    def _set_answers(self, answers: LibraryAnswers | None) -> None:
        self._answered_by = self._reader.model
        chosen = self.answer if self.user_chose else None
        self.answers = answers
        self.selected = _index_of(chosen, self.visible_answers) if chosen else 0
        self.answers_changed.emit()

    def _cancel_job(self) -> None:
        if self._job:
            self._job.cancel()
            self._job = None
            self.ended.emit()

    def _progress(self, readings: list[LibraryReading]) -> None:
        self.progressed.emit(readings[-1].progress)
        answers = next((reading.answers for reading in reversed(readings) if reading.answers), None)
        if answers is not None and (self.answers is None or answers.read > self.answers.read):
            self._set_answers(answers)

    def _finish(self, answers: LibraryAnswers) -> None:
        self._job = None
        self.ended.emit()
        self._set_answers(answers)
        self.finished.emit(answers)

    def _fail(self, error: Exception) -> None:
        self._job = None
        self.ended.emit()
        self.answers_changed.emit()
        self.failed.emit(error)


def _index_of(answer: LibraryAnswer, answers: Sequence[LibraryAnswer]) -> int:
    """Where the answer with the words, or else with a place, of ``answer`` stands among ``answers``; 0 if nowhere."""
    words = answer.text.casefold()
    for index, other in enumerate(answers):
        if other.text.casefold() == words:
            return index
    spots = {(place.path, place.start) for place in answer.places}
    return next(
        (index for index, other in enumerate(answers) if spots & {(spot.path, spot.start) for spot in other.places}), 0
    )
