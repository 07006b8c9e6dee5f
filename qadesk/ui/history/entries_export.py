"""Writes entries of the history to a file, in a format that the user chooses."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from qadesk.progress import Progress
from qadesk.records import HistoryEntry
from qadesk.ui.kit.jobs import AnyJob
from qadesk.ui.services.services import Services

_PDF_TITLE = "Copy of the PDF with the answers highlighted (*.pdf)"


class EntriesExport(QObject):
    """Exports one file at a time. ``started`` gives a sentence, ``progressed`` a ``Progress``; ``ended`` follows in any
    case, ``exported`` gives a sentence on the result.
    """

    started = Signal(str)
    progressed = Signal(object)
    ended = Signal()
    exported = Signal(str)
    failed = Signal(object)

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._job: AnyJob | None = None

    @property
    def is_working(self) -> bool:
        """Whether a file is being written."""
        return self._job is not None

    def choose(self, entries: Sequence[HistoryEntry], pdf: Path | None = None) -> None:
        """Let the user choose a file and a format; where all are of one PDF, ``pdf``, also a copy of it."""
        from qadesk.app.export.answer_formats import ANSWER_FORMATS

        filters = {f"{row.title} (*{row.suffix})": row.suffix for row in ANSWER_FORMATS}
        if pdf is not None:
            filters[_PDF_TITLE] = ".pdf"
        window = self._services.window
        name, chosen = QFileDialog.getSaveFileName(window, "Export answers", "answers.md", ";;".join(filters))
        if name:
            path = Path(name)
            suffix = filters.get(chosen, ".md")
            known = path.suffix.lower() in filters.values() and (suffix != ".pdf" or path.suffix.lower() == ".pdf")
            self.write(path if known else path.with_suffix(suffix), entries, pdf)

    def write(self, path: Path, entries: Sequence[HistoryEntry], pdf: Path | None = None) -> None:
        """Write ``entries`` to ``path``, in the format of its suffix; '.pdf' makes a copy of the file ``pdf``."""
        self.stop()
        self.started.emit("Writing…")
        settings = self._services.settings

        def work(job: AnyJob) -> Generator[Progress, None, str]:
            from qadesk.app.documents import open_document
            from qadesk.app.export.pdf_copy import export_pdf_copy
            from qadesk.app.export.writing_answers import export_entries, written_in_words

            if pdf is not None and path.suffix.lower() == ".pdf":
                document = open_document(pdf, settings, cancelled=job.is_cancelled)
                copy = yield from export_pdf_copy(path, document, entries, settings)
                return f"{copy.highlights:,} highlights in {path.name}."
            count = yield from export_entries(path, entries, settings)
            return written_in_words(count, path)

        self._job = self._services.jobs.start(
            "files", work, done=self._finish, progress=self._progress, failed=self._fail
        )

    def stop(self) -> None:
        """Stop writing; the file stays as it was."""
        if self._job:
            self._job.cancel()
            self._job = None
            self.ended.emit()

    def _progress(self, step: Progress) -> None:
        if step.total:
            self.progressed.emit(step)

    def _finish(self, sentence: str) -> None:
        self._job = None
        self.ended.emit()
        self.exported.emit(sentence)

    def _fail(self, error: Exception) -> None:
        self._job = None
        self.ended.emit()
        self.failed.emit(error)
