"""Writes answers to files for all places: asks what and where to, and says what came of it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qadesk.app.phrases import counted
from qadesk.errors import SettingError
from qadesk.progress import Progress
from qadesk.records import Document, HistoryEntry
from qadesk.settings import Settings
from qadesk.ui.kit.dialogs import Dialogs
from qadesk.ui.kit.folder_view import show_in_folder
from qadesk.ui.kit.jobs import Job, Jobs
from qadesk.ui.kit.messages import Message, MessageBar
from qadesk.ui.kit.widgets import elided_middle

if TYPE_CHECKING:
    from qadesk.ui.services.export_dialog import ExportChoice, ExportDialog

ExportOutcome = tuple[str, str]
"""What came of it, a sentence, and a second one or ''."""
_FORMAT = "state.export_format"


class ExportService(QObject):
    """Exports, one file at a time.

    ``work_started`` gives a sentence, ``progress_changed`` the ``Progress``; ``work_ended`` follows in any case. A
    place that shows the work connects to them. ``failed`` gives an error.
    """

    work_started = Signal(str)
    progress_changed = Signal(object)
    work_ended = Signal()
    failed = Signal(object)

    def __init__(self, jobs: Jobs, settings: Settings, dialogs: Dialogs, messages: MessageBar) -> None:
        super().__init__(dialogs)
        self._jobs, self._settings, self._dialogs, self._messages = jobs, settings, dialogs, messages
        self._job: Job[Progress, ExportOutcome] | None = None

    @property
    def is_working(self) -> bool:
        """Whether a file is being written."""
        return self._job is not None

    def export_entries(
        self, entries: Sequence[HistoryEntry], document: Document | Path | None = None, password: str | None = None
    ) -> None:
        """Ask in which format to export ``entries``, and where to; else as ``choose``."""
        from qadesk.ui.services.export_dialog import ExportChoice

        title = counted(len(entries), "question") + (" with their answers" if len(entries) > 1 else "")
        self.choose([ExportChoice(title, entries)], document, password)

    def choose(
        self, choices: Sequence[ExportChoice], document: Document | Path | None = None, password: str | None = None
    ) -> None:
        """Ask which of ``choices`` to export, and where to.

        ``document`` is the one that all of them were asked of, if there is one, or its file, which is read for a copy
        with highlights; ``password`` opens it.
        """
        from qadesk.app.export.pdf_copy import can_be_copied
        from qadesk.ui.services.export_dialog import ExportDialog

        is_pdf = document.suffix.lower() == ".pdf" if isinstance(document, Path) else can_be_copied(document)
        dialog = ExportDialog(choices, has_pdf=is_pdf, parent=self._dialogs.window)
        dialog.choose_format(self._settings[_FORMAT])
        dialog.file_wanted.connect(lambda: self._ask_file(dialog, document, password))
        self._dialogs.open(dialog)

    def _ask_file(self, dialog: ExportDialog, document: Document | Path | None, password: str | None) -> None:
        entries, name, with_unlikely = dialog.entries, dialog.format_name, dialog.is_unlikely_wanted
        suggested, file_filter = _suggested_file(name, document)
        path, _ = self._dialogs.files.new_file("answers", "Export answers", suggested, file_filter)
        if path is None:
            return
        dialog.accept()
        try:
            self._settings.set(_FORMAT, name)
        except SettingError as error:  # it is chosen again next time
            self.failed.emit(error)
        path = path if path.suffix else path.with_suffix(suggested.suffix)
        self.write(path, entries, name, document, password, with_unlikely=with_unlikely)

    def write(
        self,
        path: Path,
        entries: Sequence[HistoryEntry],
        format_name: str,
        document: Document | Path | None = None,
        password: str | None = None,
        *,
        with_unlikely: bool = False,
    ) -> None:
        """Write ``entries`` to ``path`` in the named format."""
        self.stop()
        self.work_started.emit(f"Writing {elided_middle(path.name)}…")
        write = partial(_write, document=document, password=password, with_unlikely=with_unlikely)
        self._job = self._jobs.start(
            "files",
            lambda job: write(path, entries, format_name, self._settings, cancelled=job.is_cancelled),
            done=partial(self._finish, path),
            progress=self.progress_changed.emit,
            failed=self._fail,
        )

    def stop(self) -> bool:
        """Stop writing; the file is then as it was before. Gives whether there was something to stop."""
        if self._job is None:
            return False
        self._job.cancel()
        self._end()
        return True

    def _finish(self, path: Path, outcome: ExportOutcome) -> None:
        self._end()
        show = ("Show in folder", partial(show_in_folder, path))
        self._messages.show_message(Message(*outcome, buttons=(show,)))

    def _fail(self, error: Exception) -> None:
        self._end()
        self.failed.emit(error)

    def _end(self) -> None:
        self._job = None
        self.work_ended.emit()


def _suggested_file(format_name: str, document: Document | Path | None) -> tuple[Path, str]:
    """A file beside ``document``, or a name alone, that is not the document; and the filter for its format."""
    from qadesk.app.export.answer_formats import ANSWER_FORMATS, PDF_NAME, PDF_SUFFIX

    rows = {row.name: (row.suffix, row.title) for row in ANSWER_FORMATS} | {PDF_NAME: (PDF_SUFFIX, "PDF")}
    suffix, title = rows[format_name]
    path = (document.path if isinstance(document, Document) else document) or Path("document")
    return path.with_name(f"{path.stem}-answers{suffix}"), f"{title.partition(' (')[0]} (*{suffix})"


def _write(
    path: Path,
    entries: Sequence[HistoryEntry],
    format_name: str,
    settings: Settings,
    *,
    cancelled: Callable[[], bool],
    document: Document | Path | None,
    password: str | None,
    with_unlikely: bool,
) -> Generator[Progress, None, ExportOutcome]:
    """Write a file; on a lane."""
    from qadesk.app.documents import open_document
    from qadesk.app.export.answer_formats import PDF_NAME
    from qadesk.app.export.pdf_copy import copied_in_words, export_pdf_copy
    from qadesk.app.export.writing_answers import export_entries, written_in_words

    if format_name == PDF_NAME and document is not None:
        if isinstance(document, Path):
            document = open_document(document, settings, password=password, cancelled=cancelled)
        copy = yield from export_pdf_copy(path, document, entries, settings, password=password)
        return copied_in_words(copy, path)
    count = yield from export_entries(path, entries, settings, format_name, with_unlikely=with_unlikely)
    return written_in_words(count, path), ""
