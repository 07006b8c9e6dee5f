"""The model's suggestions for labels, read in the background: a question of the user's goes first."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Mapping, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qadesk.progress import Progress
from qadesk.records import Label, LabelText
from qadesk.ui.kit.jobs import Job, Priority
from qadesk.ui.services.label_service import LabelService
from qadesk.ui.services.reader_service import ReaderService

if TYPE_CHECKING:
    from qadesk.app.labelling.inspection import Suggestion
    from qadesk.qa.engine import Reader

_TEXTS = 8  # that one job holds in memory
_QUESTIONS = 8  # of a group: what is read together
_CHARACTERS = 200_000  # of the texts of a group, a text counted once per question

_Group = list[tuple[Label, LabelText]]  # labels with their texts


class Suggester(QObject):
    """Reads what is requested until ``stop``. ``suggested`` gives new suggestions by label id, or none when another
    model was loaded: they must be requested again then. ``failed`` gives the error that ended the reading.
    """

    suggested = Signal(object)
    failed = Signal(object)

    def __init__(self, reader: ReaderService, labels: LabelService) -> None:
        super().__init__(labels)
        self._reader = reader
        self._labels = labels
        self._suggestions: dict[tuple[int, str, int], Suggestion | None] = {}  # None: the question cannot be asked
        self._requests: deque[Label] = deque()
        self._groups: deque[_Group] = deque()  # that the job has not read yet; it is at the first
        self._job: Job[Progress | dict[int, Suggestion], None] | None = None
        self._batch = 0  # counts jobs: texts of an earlier one may come late
        self._is_on = False
        reader.load_started.connect(self._cancel_job)  # else two models are in memory at once
        reader.loaded.connect(self._forget)

    def suggestion_to(self, label: Label) -> Suggestion | None:
        """The suggestion to ``label`` as it is worded now; None where none was read."""
        return self._suggestions.get(_key(label))

    def margins(self, labels: Sequence[Label]) -> dict[int, float]:
        """The margins of the suggestions to ``labels`` by label id, for those that were read."""
        suggestions = [self.suggestion_to(label) for label in labels]
        return {suggestion.label_id: suggestion.margin for suggestion in suggestions if suggestion}

    def request(self, labels: Sequence[Label]) -> None:
        """Read suggestions to ``labels``, in this order, in place of those requested before and not read yet."""
        self._requests = deque(label for label in labels if not self._is_read(label))
        self._is_on = True
        self._update_job()

    def stop(self) -> None:
        """Read no more until the next ``request``."""
        self._is_on = False
        self._requests.clear()
        self._cancel_job()

    def _is_read(self, label: Label) -> bool:
        return _key(label) in self._suggestions

    def _update_job(self) -> None:
        """Read the first request next: by the job, if it is in the group that the job is at, else by another job."""
        while self._requests and self._is_read(self._requests[0]):
            self._requests.popleft()
        if self._job and not self._groups:
            return  # it has read all: its ``done`` is under way
        if self._job and self._requests:
            key = _key(self._requests[0])
            if any(_key(label) == key for label, _text in self._groups[0]):
                return
        self._cancel_job()
        if self._requests:
            self._start_job()

    def _start_job(self) -> None:
        batch = self._batch
        requests = [label for label in self._requests if not self._is_read(label)]
        text_ids = set([*dict.fromkeys(label.text_id for label in requests)][:_TEXTS])
        labels = [*takewhile(lambda label: label.text_id in text_ids, requests)]

        def read(texts: Mapping[int, LabelText]) -> None:
            if batch == self._batch:
                self._read((label, texts[label.text_id]) for label in labels if label.text_id in texts)

        self._labels.with_texts(text_ids, read)

    def _read(self, rows: Iterable[tuple[Label, LabelText]]) -> None:
        groups = _grouped(rows)
        self._groups = deque(groups)
        self._job = self._reader.run_long(
            lambda reader: _suggestions(reader, groups),
            done=self._finish_job,
            events=self._add_suggestions,
            failed=self._fail,
            priority=Priority.BACKGROUND,
        )

    def _add_suggestions(self, events: Sequence[Progress | dict[int, Suggestion]]) -> None:
        groups = [event for event in events if isinstance(event, dict)]
        suggestions: dict[int, Suggestion] = {}
        for group in groups:
            for label, _text in self._groups.popleft():
                self._suggestions[_key(label)] = group.get(label.id)
            suggestions |= group
        if groups:
            self.suggested.emit(suggestions)
            self._update_job()

    def _finish_job(self, _result: None) -> None:
        self._job = None
        self._update_job()

    def _cancel_job(self) -> None:
        self._batch += 1
        self._groups.clear()
        if self._job:
            self._job.cancel()
            self._job = None

    def _fail(self, error: Exception) -> None:
        self.stop()
        self.failed.emit(error)

    def _forget(self) -> None:
        """Drop the suggestions of another model."""
        was_on = self._is_on
        self.stop()
        self._suggestions.clear()
        if was_on:
            self.suggested.emit({})


def _key(label: Label) -> tuple[int, str, int]:
    """What a suggestion depends on beside the model, after the label's id."""
    return label.id, label.question, label.text_id


def _grouped(rows: Iterable[tuple[Label, LabelText]]) -> list[_Group]:
    """``rows`` in groups of at most 8 questions and 200,000 characters, or of one question to a longer text."""
    groups: list[_Group] = []
    characters = 0
    for label, text in rows:
        characters += len(text.text)
        if not groups or len(groups[-1]) == _QUESTIONS or characters > _CHARACTERS:
            groups.append([])
            characters = len(text.text)
        groups[-1].append((label, text))
    return groups


def _suggestions(reader: Reader, groups: Sequence[_Group]) -> Generator[Progress | dict[int, Suggestion], None, None]:
    """Yields the suggestions to each group by label id, after the progress of reading it."""
    from qadesk.app.labelling.inspection import suggest

    for group in groups:
        yield (yield from suggest(reader, group))
