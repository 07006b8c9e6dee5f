"""What the model says to open questions, read a few at a time so that a question of the user's never waits long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qadesk.records import Label, LabelText
from qadesk.ui.kit.jobs import AnyJob
from qadesk.ui.services.label_service import LabelService
from qadesk.ui.services.reader_service import ReaderService

if TYPE_CHECKING:
    from qadesk.app.labelling.inspection import Suggestion

_AT_ONCE = 8  # questions
_LONG = 200_000  # characters: a text of this length is read for one question at a time


class Suggester(QObject):
    """Works while it is wanted. ``suggested`` gives what is new, by label id; ``failed`` the error that ended it."""

    suggested = Signal(object)
    failed = Signal(object)

    def __init__(self, reader: ReaderService, desk: LabelService) -> None:
        super().__init__(desk)
        self._reader = reader
        self._desk = desk
        self._known: dict[int, tuple[str, int, Suggestion | None]] = {}  # the question and the text it was made for
        self._wanted: list[Label] = []
        self._job: AnyJob | None = None
        self._turn = 0
        self._is_on = False
        reader.loaded.connect(self._forget)

    def of(self, label: Label) -> Suggestion | None:
        """What the model says to ``label``, if that is known."""
        known = self._known.get(label.id)
        return known[2] if known and known[:2] == (label.question, label.text_id) else None

    def margins(self, labels: Sequence[Label]) -> dict[int, float]:
        """How sure the model is of its suggestion to each of ``labels``, by id, where that is known."""
        found = {label.id: self.of(label) for label in labels}
        return {label_id: suggestion.margin for label_id, suggestion in found.items() if suggestion}

    def want(self, labels: Sequence[Label]) -> None:
        """Read for ``labels``, the first first; what was wanted before and has not begun is not."""
        self._wanted = [label for label in labels if not self._is_known(label)]
        self._is_on = True
        if self._job is None:
            self._go_on()

    def stop(self) -> None:
        """Read no more until the next ``want``."""
        self._is_on = False
        self._turn += 1
        if self._job:
            self._job.cancel()
            self._job = None

    def _is_known(self, label: Label) -> bool:
        known = self._known.get(label.id)
        return known is not None and known[:2] == (label.question, label.text_id)

    def _go_on(self) -> None:
        if not self._is_on or not self._wanted:
            return
        self._turn += 1
        turn, some = self._turn, self._wanted[:_AT_ONCE]

        def read(texts: dict[int, LabelText]) -> None:
            if turn == self._turn and self._is_on:
                self._read([(label, texts[label.text_id].text) for label in some if label.text_id in texts])

        self._desk.with_texts({label.text_id for label in some}, read)

    def _read(self, rows: list[tuple[Label, str]]) -> None:
        from qadesk.app.labelling.inspection import suggest

        if rows and len(rows[0][1]) > _LONG:
            rows = rows[:1]
        done: Callable[[dict[int, Suggestion]], None] = lambda found: self._take(rows, found)  # noqa: E731
        self._job = self._reader.run(lambda reader: suggest(reader, rows), done=done, failed=self._fail)

    def _take(self, rows: list[tuple[Label, str]], found: dict[int, Suggestion]) -> None:
        self._job = None
        for label, _text in rows:
            self._known[label.id] = (label.question, label.text_id, found.get(label.id))
        self._wanted = [label for label in self._wanted if not self._is_known(label)]
        self.suggested.emit(found)
        self._go_on()

    def _fail(self, error: Exception) -> None:
        self.stop()
        self.failed.emit(error)

    def _forget(self) -> None:
        """Another model says other things."""
        wanted_again = self._is_on
        self.stop()
        self._known.clear()
        if wanted_again:
            self.suggested.emit({})  # whoever shows them asks anew
