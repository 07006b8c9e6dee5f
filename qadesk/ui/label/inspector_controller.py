"""Fills the loss inspector, by the reader service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qadesk.errors import QadeskError
from qadesk.records import LABELLED, Label
from qadesk.ui.kit.jobs import Job
from qadesk.ui.label.inspector import Inspector
from qadesk.ui.label.label_session import LabelSession
from qadesk.ui.services.reader_service import ReaderService

if TYPE_CHECKING:
    from qadesk.app.labelling.inspection import Inspection


class InspectorController(QObject):
    """Shows the label of the session in the inspector while that is on the screen."""

    failed = Signal(object)

    def __init__(self, session: LabelSession, reader: ReaderService, inspector: Inspector) -> None:
        super().__init__(session)
        self._session = session
        self._reader = reader
        self._inspector = inspector
        self._job: Job[None, Inspection] | None = None
        self._inspected: Label | None = None
        inspector.inspection_requested.connect(self.inspect)
        session.marks_changed.connect(self.refresh)
        reader.loaded.connect(self._on_reader_loaded)

    def refresh(self) -> None:
        """Inspect the label of the session, if the inspector is on the screen and shows another one."""
        if self._inspector.isVisible() and self._session.label != self._inspected:
            self.inspect()

    def inspect(self) -> None:
        """Inspect the label of the session."""
        from qadesk.app.labelling.inspection import inspect_label

        self.stop()
        label, text = self._session.label, self._session.text
        self._inspected = label
        if label is None or text is None or label.state != LABELLED:
            self._inspector.show_inspection(None)
            return
        self._inspector.show_working()
        self._job = self._reader.run(
            lambda reader: inspect_label(reader, label, text), done=self._show, failed=self._fail
        )

    def stop(self) -> None:
        """Cancel an inspection that has not begun."""
        if self._job:
            self._job.cancel()
            self._job = None

    def _show(self, inspection: Inspection) -> None:
        self._job = None
        self._inspector.show_inspection(inspection)

    def _fail(self, error: Exception) -> None:
        self._job = None
        if isinstance(error, QadeskError):
            self._inspector.show_problem(error)
        else:
            self._inspector.show_inspection(None)
            self.failed.emit(error)

    def _on_reader_loaded(self) -> None:
        self._inspected = None  # by this model
        self.refresh()
