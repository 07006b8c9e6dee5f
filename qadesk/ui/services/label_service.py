"""Labels, through the store service: what it gives is on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from qadesk.records import Changes, Label, LabelText
from qadesk.ui.kit.jobs import AnyJob, Failed, Job
from qadesk.ui.services.store_service import LongVerb, StoreService, Verb

if TYPE_CHECKING:
    from qadesk.app.labelling.labels import Counts
    from qadesk.store.database import Store
    from qadesk.store.journal import Reverted

P = TypeVar("P")
R = TypeVar("R")
_CACHED_TEXTS = 16


@dataclass(frozen=True, slots=True)
class LabelSummary:
    """How many labels there are by their state, and whether there is something to undo and to redo."""

    counts: Counts
    can_undo: bool
    can_redo: bool


class LabelService(QObject):
    """Writes labels one after another.

    ``label_written`` gives one label as it is now; ``labels_changed`` says that any of them may be another one now;
    ``summary_changed`` gives the ``LabelSummary`` after each change; ``undo_reported`` gives a sentence on what was
    undone or redone, or that there was nothing; before it ``labels_reverted`` gives the ids of the labels that it was
    about and that are there.
    """

    label_written = Signal(object)
    labels_changed = Signal()
    summary_changed = Signal(object)
    labels_reverted = Signal(object)
    undo_reported = Signal(str)

    def __init__(self, store: StoreService) -> None:
        super().__init__(store)
        self._store = store
        self._texts: dict[int, LabelText] = {}  # the one used last is the last
        store.changed.connect(self._on_changed)

    def read_summary(self) -> None:
        """Read the counts; ``summary_changed`` gives them."""
        self._store.run(_summary, done=self.summary_changed.emit)

    def write(
        self, verb: Verb[Label], done: Callable[[Label], object] | None = None, failed: Failed | None = None
    ) -> None:
        """Run a ``verb`` that writes one label. Its error is reported by the store service, and given to ``failed``."""

        def finish(result: tuple[Label, LabelSummary | None]) -> None:
            label, summary = result
            if done:
                done(label)
            self.label_written.emit(label)
            self._emit_summary(summary)

        def fail(error: Exception) -> None:
            if failed:
                failed(error)
            self._store.failed.emit(error)

        self._store.run(_with_summary(verb), done=finish, failed=fail, initiator=self)

    def run(self, verb: Verb[R], done: Callable[[R], object] | None = None, failed: Failed | None = None) -> AnyJob:
        """Run a ``verb`` that reads labels or writes any number of them."""

        def finish(result: tuple[R, LabelSummary | None]) -> None:
            value, summary = result
            if done:
                done(value)
            if summary is not None:
                self.labels_changed.emit()
            self._emit_summary(summary)

        return self._store.run(_with_summary(verb), done=finish, failed=failed, initiator=self)

    def run_long(
        self,
        verb: LongVerb[P, R],
        done: Callable[[R], object] | None = None,
        progress: Callable[[P], object] | None = None,
        failed: Failed | None = None,
    ) -> Job[P, R]:
        """Run a ``verb`` that yields progress, as ``run`` does the others."""
        return self._store.run_long(verb, done=done, progress=progress, failed=failed)

    def undo(self) -> None:
        """Take back the last change."""
        from qadesk.app.labelling.labels import undo

        self.run(undo, done=lambda change: self._report_undo("Undone", change, "undo"))

    def redo(self) -> None:
        """Do again what was undone last."""
        from qadesk.app.labelling.labels import redo

        self.run(redo, done=lambda change: self._report_undo("Redone", change, "redo"))

    def _report_undo(self, outcome: str, change: Reverted | None, verb: str) -> None:
        if change is None:
            self.undo_reported.emit(f"There is nothing to {verb}.")
        else:
            self.labels_reverted.emit(change.label_ids)
            self.undo_reported.emit(f"{outcome}: {change.sentence.text}.")

    def with_texts(self, ids: Iterable[int], done: Callable[[dict[int, LabelText]], None]) -> None:
        """Give the texts ``ids`` to ``done``: at once where they are in the cache."""
        text_ids = set(ids)
        missing = sorted(text_ids - self._texts.keys())
        if missing:
            self._store.run(
                lambda store: _texts(store, missing), done=lambda texts: done(self._with_cached(text_ids, texts))
            )
        else:
            done(self._with_cached(text_ids, {}))

    def _with_cached(self, ids: set[int], read: dict[int, LabelText]) -> dict[int, LabelText]:
        known = {**self._texts, **read}
        texts = {text_id: known[text_id] for text_id in ids if text_id in known}
        for text_id in texts:
            self._texts.pop(text_id, None)
        self._texts.update(texts)
        for oldest in list(self._texts)[:-_CACHED_TEXTS]:
            del self._texts[oldest]
        return texts

    def _on_changed(self, changes: Changes, initiator: object) -> None:
        if changes.labels and initiator is not self:  # its own verbs bring the summary with them
            self.read_summary()
            self.labels_changed.emit()

    def _emit_summary(self, summary: LabelSummary | None) -> None:
        if summary is not None:
            self.summary_changed.emit(summary)


def _with_summary(verb: Verb[R]) -> Verb[tuple[R, LabelSummary | None]]:
    """``verb``, and the summary after it in the same job, None where it changed no labels."""

    @wraps(verb)
    def run(store: Store) -> tuple[R, LabelSummary | None]:
        result = verb(store)
        return result, _summary(store) if store.changes.labels else None

    return run


def _texts(store: Store, ids: Sequence[int]) -> dict[int, LabelText]:
    from qadesk.app.labelling.labels import text

    return {text_id: text(store, text_id) for text_id in ids}


def _summary(store: Store) -> LabelSummary:
    from qadesk.app.labelling.labels import can_redo, can_undo, counts

    return LabelSummary(counts(store), can_undo(store), can_redo(store))
