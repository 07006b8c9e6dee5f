"""The labels, on the store's lane: what they tell of is on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from qadesk.records import Label, LabelText
from qadesk.ui.kit.jobs import Job
from qadesk.ui.services.history import Library

if TYPE_CHECKING:
    from qadesk.app.labelling.labels import Counts
    from qadesk.store.database import Store

_KEPT_TEXTS = 16


@dataclass(frozen=True, slots=True)
class Standing:
    """How many labels there are by their state, and whether there is something to undo and to redo."""

    counts: Counts
    can_undo: bool
    can_redo: bool


class LabelService(QObject):
    """Writes labels one after another.

    ``written`` gives a label as it is now; ``changed`` says that any of them may be another one now; ``stood`` gives
    the ``Standing`` after each change; ``undone`` says in words what was undone or redone, or that there was nothing.
    """

    written = Signal(object)
    changed = Signal()
    stood = Signal(object)
    undone = Signal(str)

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self._library = library
        self._texts: dict[int, LabelText] = {}  # the one used last is the last

    def look(self) -> None:
        """Tell how things stand."""
        self._library.run(_standing, done=self.stood.emit)

    def write(
        self,
        verb: Callable[[Store], Label],
        done: Callable[[Label], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run a ``verb`` that writes one label."""

        def finish(found: tuple[Label, Standing]) -> None:
            label, standing = found
            if done:
                done(label)
            self.written.emit(label)
            self.stood.emit(standing)

        def fail(error: Exception) -> None:
            if failed:
                failed(error)
            self._library.failed.emit(error)

        self._library.run(lambda store: (verb(store), _standing(store)), done=finish, failed=fail)

    def change(self, verb: Callable[[Store], Any], done: Callable[[Any], None] | None = None) -> None:
        """Run a ``verb`` that writes any number of labels."""

        def finish(found: tuple[Any, Standing]) -> None:
            result, standing = found
            if done:
                done(result)
            self.changed.emit()
            self.stood.emit(standing)

        self._library.run(lambda store: (verb(store), _standing(store)), done=finish)

    def read(self, verb: Callable[[Store], Any], done: Callable[[Any], None], **outcomes: Any) -> Job:
        """Run a ``verb`` that writes nothing; the outcomes are those of ``Jobs.start``."""
        return self._library.run(verb, done=done, **outcomes)

    def undo(self) -> None:
        """Take back the last change."""
        from qadesk.app.labelling.labels import undo

        self.change(
            undo, lambda name: self.undone.emit(f"Undone: {name.text}." if name else "There is nothing to undo.")
        )

    def redo(self) -> None:
        """Do again what was undone last."""
        from qadesk.app.labelling.labels import redo

        self.change(
            redo, lambda name: self.undone.emit(f"Redone: {name.text}." if name else "There is nothing to redo.")
        )

    def with_texts(self, ids: Iterable[int], done: Callable[[dict[int, LabelText]], None]) -> None:
        """Give the texts ``ids`` to ``done``: at once where they are known."""
        wanted = set(ids)
        missing = sorted(wanted - self._texts.keys())
        if missing:
            self._library.run(lambda store: _texts(store, missing), done=lambda found: done(self._keep(wanted, found)))
        else:
            done(self._keep(wanted, {}))

    def _keep(self, wanted: set[int], found: dict[int, LabelText]) -> dict[int, LabelText]:
        known = {**self._texts, **found}
        texts = {each: known[each] for each in wanted if each in known}
        for each in texts:
            self._texts.pop(each, None)
        self._texts.update(texts)
        for oldest in list(self._texts)[:-_KEPT_TEXTS]:
            del self._texts[oldest]
        return texts


def _texts(store: Store, ids: Sequence[int]) -> dict[int, LabelText]:
    from qadesk.app.labelling.labels import text

    return {each: text(store, each) for each in ids}


def _standing(store: Store) -> Standing:
    from qadesk.app.labelling.labels import can_redo, can_undo, counts

    return Standing(counts(store), can_undo(store), can_redo(store))
