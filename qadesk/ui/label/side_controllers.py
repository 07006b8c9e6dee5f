"""What the inspector and the checks page ask for, fetched where it is: the reader's lane and the store's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qadesk.errors import QadeskError
from qadesk.records import LABELLED, LabeledExample
from qadesk.ui.kit.jobs import AnyJob
from qadesk.ui.label.checks_page import ChecksPage
from qadesk.ui.label.inspector import Inspector
from qadesk.ui.label.label_session import LabelSession
from qadesk.ui.services.label_service import LabelService
from qadesk.ui.services.reader_service import ReaderService

if TYPE_CHECKING:
    from qadesk.app.labelling.inspection import Inspection


class InspectorController(QObject):
    """Keeps the inspector at the label of the session while it is on the screen."""

    failed = Signal(object)

    def __init__(self, session: LabelSession, reader: ReaderService, inspector: Inspector) -> None:
        super().__init__(session)
        self._session = session
        self._reader = reader
        self._page = inspector
        self._job: AnyJob | None = None
        self._shown: object = None
        inspector.wanted.connect(self.inspect)
        session.marked.connect(self.follow)
        reader.loaded.connect(self._forget)

    def follow(self) -> None:
        """Look at the label that is open, if the inspector can be seen and it is another one."""
        label = self._session.label
        if self._page.isVisible() and label != self._shown:
            self.inspect()

    def inspect(self) -> None:
        """Look at the label that is open."""
        from qadesk.app.labelling.inspection import inspect

        self.stop()
        label, text = self._session.label, self._session.text
        self._shown = label
        if label is None or text is None or label.state != LABELLED:
            self._page.show_inspection(None)
            return
        self._page.show_working()
        self._job = self._reader.run(
            lambda reader: inspect(reader, label, text.text), done=self._show, failed=self._fail
        )

    def stop(self) -> None:
        """Let go of what has not begun."""
        if self._job:
            self._job.cancel()
            self._job = None

    def _show(self, inspection: Inspection) -> None:
        self._job = None
        self._page.show_inspection(inspection)

    def _fail(self, error: Exception) -> None:
        self._job = None
        if isinstance(error, QadeskError):
            self._page.show_problem(error)
        else:
            self._page.show_inspection(None)
            self.failed.emit(error)

    def _forget(self) -> None:
        self._shown = None
        self.follow()


class ChecksController(QObject):
    """Fills the checks page: at once with what the labels themselves tell, on request with what the model says."""

    failed = Signal(object)

    def __init__(self, desk: LabelService, reader: ReaderService, page: ChecksPage) -> None:
        super().__init__(desk)
        self._desk = desk
        self._reader = reader
        self._page = page
        self._losses: dict[str, float] = {}
        self._job: AnyJob | None = None
        page.wanted.connect(self.check)
        page.losses_wanted.connect(self.ask_model)
        page.cancel_wanted.connect(self.stop)
        reader.loaded.connect(self._forget)

    def check(self) -> None:
        """Check the labels as they are now."""
        from qadesk.app.labelling.exchange import check_labels

        losses = dict(self._losses)
        self._desk.run(lambda store: check_labels(store, losses or None), self._page.show_findings, failed=self._fail)

    def ask_model(self) -> None:
        """Find the labels that the model holds for unlikely too."""
        from qadesk.app.labelling.labels import examples

        self.stop()
        self._job = self._desk.run(examples, self._read, failed=self._fail)

    def stop(self) -> None:
        """Stop asking the model."""
        if self._job:
            self._job.cancel()
            self._job = None
            self._page.show_progress(None)

    def _read(self, examples: list[LabeledExample]) -> None:
        from qadesk.app.labelling.inspection import losses

        self._job = self._reader.run_long(
            lambda reader: losses(reader, examples),
            done=self._take,
            progress=self._page.show_progress,
            failed=self._fail,
        )

    def _take(self, losses: dict[str, float]) -> None:
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

    def _forget(self) -> None:
        self._losses = {}  # another model says other things
