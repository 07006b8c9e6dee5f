"""Recognises the text of pages that are pictures, in the background, and then shows the document with that text."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from qadesk.app import phrases
from qadesk.documents.recognition import language_files
from qadesk.errors import QadeskError
from qadesk.progress import Progress
from qadesk.records import Document
from qadesk.ui.ask.document_pane import DocumentPane
from qadesk.ui.kit.jobs import Job
from qadesk.ui.kit.messages import Message
from qadesk.ui.services.services import Services

if TYPE_CHECKING:
    from qadesk.app.reading.recognize import RecognizedPages

_NOT_HERE = "Text recognition is not available on this system."


class ScanController(QObject):
    """Connects the scan bar of ``pane`` with the job. What was recognised is kept, also where it is stopped or ends."""

    def __init__(self, services: Services, pane: DocumentPane) -> None:
        super().__init__(pane)
        self._services = services
        self._pane = pane
        self._job: Job[Progress, RecognizedPages] | None = None
        self._path: Path | None = None
        self._page_in_view = 1
        self._shown_pages = 0
        """How many of the pages that are done were there when the document was read again."""
        pane.scan_bar.start_requested.connect(self.start)
        pane.scan_bar.pause_requested.connect(self.pause)
        services.documents.failed.connect(self._show_after_failure)
        for view in (pane.text, pane.pages):
            view.scrolled.connect(self._remember_page)

    @property
    def is_working(self) -> bool:
        """Whether pages are being read."""
        return self._job is not None

    def show_document(self, document: Document | None) -> None:
        """Offer recognition for ``document``, or begin at once where the user wants that always."""
        path = document.path if document else None
        is_other = path != self._path
        if is_other:
            self._cancel()
            self._path = path
        if self._job:
            return
        self._show_scans(document)
        wants_all = self._services.settings["documents.recognize"] == "always"
        if is_other and document and document.scans and wants_all and language_files.is_available():
            self.start()

    def toggle(self) -> None:
        """Start, or pause."""
        (self.pause if self._job else self.start)()

    def start(self) -> None:
        """Read the pages that were not read yet, the one in view first."""
        document = self._services.documents.document
        if document is None or not document.scans or self._job:
            return
        password = self._services.documents.password
        self._remember_page()
        self._shown_pages = 0

        def work(_job: Job[Progress, RecognizedPages]) -> Generator[Progress, None, RecognizedPages]:
            from qadesk.app.reading.recognize import recognize

            return recognize(document, self._services.settings, password=password, in_view=lambda: self._page_in_view)

        self._job = self._services.jobs.start(
            "scans", work, done=self._finish, progress=self._report, failed=self._fail
        )
        self._services.signals.availability_changed.emit()

    def pause(self) -> None:
        """Stop reading; what was read is in the document."""
        has_news = self._job is not None and self._job.latest is not None and self._job.latest.done > self._shown_pages
        self._cancel()
        if has_news:
            self._services.documents.refresh()
        else:
            self._offer()

    def _report(self, step: Progress) -> None:
        self._pane.scan_bar.show_progress(step)
        if self._shown_pages == 0 and 0 < step.done < step.total:  # the page in view: it can be asked now
            self._shown_pages = step.done
            self._services.documents.refresh()

    def _finish(self, pages: RecognizedPages) -> None:
        self._job = None
        self._services.documents.refresh()
        count, problem = len(pages.read), phrases.not_recognized(pages.failed)
        if count:
            number = "1 page" if count == 1 else f"{count:,} pages"
            hint = "Some words may be wrong: answers from these pages say so."
            message = Message(f"The text of {number} was recognised.", f"{problem} {hint}".strip())
        else:
            message = Message(problem, "The picture may be damaged.")
        self._services.messages.show_message(message)

    def _fail(self, error: Exception) -> None:
        self._job = None
        if isinstance(error, QadeskError):
            self._services.messages.show_error(error)
        else:
            self._services.report(error)
        self._services.documents.refresh()

    def _cancel(self) -> None:
        if self._job:
            self._job.cancel()
            self._job = None

    def _show_after_failure(self, _error: Exception) -> None:
        if self._job is None and self._pane.scan_bar.is_running:
            self._offer()

    def _offer(self) -> None:
        """Show what is left to read of the open document."""
        self._show_scans(self._services.documents.document)
        self._services.signals.availability_changed.emit()

    def _show_scans(self, document: Document | None) -> None:
        self._pane.scan_bar.show_scans(document, "" if language_files.is_available() else _NOT_HERE)

    def _remember_page(self) -> None:
        self._page_in_view = self._pane.page_in_view()
