"""The open document, the question that is asked, its answers, and which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from qadesk.progress import Progress
from qadesk.records import Answer, Answers, Document, ReaderInfo, Reading
from qadesk.ui.kit.jobs import Job
from qadesk.ui.services.given_answer import Origin
from qadesk.ui.services.reader_service import ReaderService

_AHEAD_DELAY = 150  # milliseconds


class AskSession(QObject):
    """Asks one question at a time: a new one cancels the job of the one before, which then delivers nothing.

    ``answers_changed`` says that there are other answers to show, ``selected_changed`` that another one is chosen.
    ``started`` and ``ended`` enclose the work, ``progressed`` gives its ``Progress``; ``finished`` gives the answers
    of a question that was read to the end.
    """

    answers_changed = Signal()
    selected_changed = Signal()
    started = Signal()
    progressed = Signal(object)
    ended = Signal()
    finished = Signal(object)
    failed = Signal(object)

    def __init__(self, reader: ReaderService) -> None:
        super().__init__()
        self._reader = reader
        self._job: Job[Reading, tuple[Answers, ReaderInfo]] | None = None
        self._reading_ahead: Job[Progress, None] | None = None
        self._ahead_timer = QTimer(self, singleShot=True, interval=_AHEAD_DELAY)
        self._ahead_timer.timeout.connect(self.read_ahead)
        reader.loaded.connect(self.read_ahead)
        self.origin: Origin | None = None  # of answers that were found elsewhere
        self.user_chose = False  # an answer, while or since the reader was at work
        self.document: Document | None = None
        self.question = ""
        self.answers: Answers | None = None
        self.selected = 0
        self._place = 0  # of those of the chosen answer
        self._shows_unlikely = False
        self._answered_by = ("", "")  # the folder and the name of the model

    @property
    def stale_model(self) -> str:
        """The name of the model that gave the answers, where another one is in use now, or is being loaded; else ''."""
        return self._reader.stale_name(self._answered_by) if self.answers is not None else ""

    @property
    def is_working(self) -> bool:
        """Whether a question is waiting or being read for."""
        return self._job is not None

    @property
    def answer(self) -> Answer | None:
        """The chosen answer."""
        return self.visible_answers[self.selected] if len(self.visible_answers) > self.selected else None

    @property
    def span(self) -> tuple[int, int] | None:
        """The place of the chosen answer that is looked at."""
        answer = self.answer
        return _places(answer)[self._place] if answer else None

    @property
    def visible_answers(self) -> tuple[Answer, ...]:
        """The answers that are shown: the likely ones, or all if the user wants to see them."""
        if self.answers is None:
            return ()
        return self.answers.spans if self._shows_unlikely else self.answers.likely

    @property
    def unlikely_count(self) -> int:
        """How many unlikely answers are not shown."""
        return len(self.answers or ()) - len(self.visible_answers)

    def show_unlikely(self) -> None:
        """Show the unlikely answers too."""
        self._shows_unlikely = True
        self.answers_changed.emit()

    def show(self, document: Document | None) -> None:
        """Make ``document`` the one that is asked, and forget the answers of the one before."""
        self._cancel_job()
        self.origin = None
        self.document = document
        self.question = ""
        self.user_chose = False
        self._set_answers(None)
        self.read_ahead_soon()

    def ask(self, question: str, origin: Origin | None = None) -> None:
        """Ask ``question`` of the open document; ``origin`` is the place that it comes from, if another one."""
        assert self.document is not None
        self._cancel_job()
        self.question = question
        self._shows_unlikely, self.origin = False, origin
        self._set_answers(None)
        self.user_chose = False
        self._job = self._reader.ask(
            question, self.document, done=self._finish, progress=self._progress, failed=self._fail
        )
        self.started.emit()

    def show_answers(self, question: str, answers: Answers, origin: Origin) -> None:
        """Show ``answers`` that were found elsewhere, all of them, as those to ``question``."""
        self._cancel_job()
        self.question = question
        self._shows_unlikely, self.origin = True, origin
        self.user_chose = False
        self._answered_by = self._reader.model
        self._set_answers(answers)

    def stop(self) -> None:
        """Stop the work; the best answers so far stay, marked as partial."""
        latest = self._job.latest if self._job else None
        self._cancel_job()
        if latest and latest.answers:
            self._set_answers(latest.answers)

    def clear(self) -> None:
        """Forget the question and its answers."""
        self.origin = None
        self.question = ""
        self._set_answers(None)

    def select(self, index: int) -> None:
        """Choose the answer at ``index``."""
        self._select(index, 0)

    def next_answer(self) -> None:
        """Choose the next place of an answer, after the last one the first."""
        self._step(1)

    def previous_answer(self) -> None:
        """Choose the place before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        stops = [
            (index, place) for index, answer in enumerate(self.visible_answers) for place in range(len(_places(answer)))
        ]
        if stops:
            at = stops.index((self.selected, self._place))
            self._select(*stops[(at + by) % len(stops)])

    def _select(self, index: int, place: int) -> None:
        if 0 <= index < len(self.visible_answers):
            self.selected, self._place = index, place
            self.user_chose = True
            self.selected_changed.emit()

    def _set_answers(self, answers: Answers | None) -> None:
        chosen = self.answer if self.user_chose else None
        self.answers = answers
        self.selected = _index_of(chosen, self.visible_answers) if chosen else 0
        self._place = 0
        self.answers_changed.emit()

    def _cancel_job(self) -> None:
        if self._job:
            self._job.cancel()
            self._job = None
            self.ended.emit()

    def read_ahead_soon(self) -> None:
        """Read ahead when the document is on the screen, which takes the processor first."""
        if self._reading_ahead:
            self._reading_ahead.cancel()
            self._reading_ahead = None
        self._ahead_timer.start()

    def read_ahead(self) -> None:
        """Tokenize the document while the user thinks of a question."""
        self._ahead_timer.stop()
        if self._reading_ahead:
            self._reading_ahead.cancel()
        document = self.document
        self._reading_ahead = (
            self._reader.read_ahead(document, self._report_ahead) if document and document.text else None
        )

    def _report_ahead(self, progress: Progress) -> None:
        if self._job:  # a question waits for this
            self.progressed.emit(progress)

    def _progress(self, reading: Reading) -> None:
        self.progressed.emit(reading.progress)
        if reading.answers is not None:
            self._answered_by = self._reader.model
            self._set_answers(reading.answers)

    def _finish(self, answers: Answers) -> None:
        self._job = None
        self._answered_by = self._reader.model
        self.ended.emit()
        self._set_answers(answers)
        self.finished.emit(answers)

    def _fail(self, error: Exception) -> None:
        self._job = None
        self.ended.emit()
        self.failed.emit(error)


def _index_of(answer: Answer, answers: Sequence[Answer]) -> int:
    """Where the span of ``answer`` stands among ``answers``; 0 where it does not."""
    spans = [(other.start, other.end) for other in answers]
    span = (answer.start, answer.end)
    return spans.index(span) if span in spans else 0


def _places(answer: Answer) -> tuple[tuple[int, int], ...]:
    """The places of ``answer`` to go to; a list is one."""
    return ((answer.start, answer.end), *answer.places)
