"""Fills the checks page, by the label service and, for the losses of the labels, by the reader service."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from qadesk.errors import QadeskError
from qadesk.progress import Progress
from qadesk.records import LabeledExample
from qadesk.settings import Settings, own_name
from qadesk.ui.kit.jobs import Job
from qadesk.ui.label.checks_page import ChecksPage
from qadesk.ui.services.label_service import LabelService
from qadesk.ui.services.reader_service import ReaderService


class ChecksController(QObject):
    """Checks all labels. Losses that were worked out count in later checks too, until another model is loaded."""

    failed = Signal(object)

    def __init__(self, labels: LabelService, reader: ReaderService, page: ChecksPage, settings: Settings) -> None:
        super().__init__(labels)
        self._labels = labels
        self._reader = reader
        self._page = page
        self._settings = settings
        self._losses: dict[str, float] = {}  # by example id
        self._job: Job[None, list[LabeledExample]] | Job[Progress, dict[str, float]] | None = None
        page.check_requested.connect(self.check)
        page.losses_requested.connect(self.check_with_losses)
        page.cancel_requested.connect(self.stop)
        reader.loaded.connect(self._forget_losses)

    def check(self) -> None:
        """Check the labels as they are now."""
        from qadesk.app.labelling.exchange import check_labels

        losses, name = dict(self._losses), own_name(self._settings)
        self._labels.run(
            lambda store: check_labels(store, losses or None, own_name=name),
            self._page.show_findings,
            failed=self._fail,
        )

    def check_with_losses(self) -> None:
        """Work out the loss of every label, then check."""
        from qadesk.app.labelling.labels import examples

        self.stop()
        self._job = self._labels.run(examples, self._work_out_losses, failed=self._fail)

    def stop(self) -> None:
        """Stop working out losses."""
        if self._job:
            self._job.cancel()
            self._job = None
            self._page.show_progress(None)

    def _work_out_losses(self, examples: Sequence[LabeledExample]) -> None:
        from qadesk.app.labelling.inspection import losses

        self._job = self._reader.run_long(
            lambda reader: losses(reader, examples),
            done=self._set_losses,
            progress=self._page.show_progress,
            failed=self._fail,
        )

    def _set_losses(self, losses: dict[str, float]) -> None:
        self._job = None
        self._losses = losses
        self._page.show_progress(None)
        self.check()

    def _fail(self, error: Exception) -> None:
        self._job = None
        self._page.show_progress(None)
        if isinstance(error, QadeskError):
            self._page.show_problem(error)
        else:
            self.failed.emit(error)

    def _forget_losses(self) -> None:
        self._losses = {}  # they are of another model
