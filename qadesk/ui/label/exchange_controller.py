"""Import labels from files, after their problems were shown, and export labels to files."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qadesk.app import phrases
from qadesk.progress import Progress
from qadesk.ui.kit.dialogs import Dialogs
from qadesk.ui.kit.jobs import Job, Jobs
from qadesk.ui.kit.widgets import elided_middle
from qadesk.ui.label.import_dialog import ImportProblems
from qadesk.ui.services.label_service import LabelService

if TYPE_CHECKING:
    from qadesk.app.labelling.exchange import ParsedLabels
    from qadesk.store.database import Store


class ExchangeController(QObject):
    """Imports and exports, one file at a time.

    ``work_started`` gives a sentence, ``progress_changed`` the ``Progress``; ``work_ended`` follows in any case.
    ``imported`` and ``exported`` give a sentence on the result, and a second one or ''; ``imported`` also the file, if
    the user has labels of some of its questions, which may be another person's then, else None.
    """

    work_started = Signal(str)
    progress_changed = Signal(object)
    work_ended = Signal()
    imported = Signal(str, str, object)
    exported = Signal(str, str)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, labels: LabelService, dialogs: Dialogs, own_name: Callable[[], str] = str) -> None:
        super().__init__(dialogs)
        self._jobs = jobs
        self._labels = labels
        self._dialogs = dialogs
        self._own_name = own_name  # by which files name the user
        self._job: Job[Progress, ParsedLabels] | Job[Progress, tuple[int, str]] | None = None

    @property
    def is_working(self) -> bool:
        """Whether a file is being read or written."""
        return self._job is not None

    def choose_import(self) -> None:
        """Let the user choose a file of labels."""
        from qadesk.app.labelling.exchange import SUFFIXES

        file_filter = f"Labels ({' '.join(f'*{suffix}' for suffix in SUFFIXES)});;All files (*)"
        path = self._dialogs.files.existing_file("labels", "Import labels", file_filter)
        if path:
            self.import_file(path)

    def import_file(self, path: Path) -> None:
        """Read ``path`` and import its labels.

        Where it has problems, or choices of annotators that are not known, the user sees them and decides.
        """
        self._read(path, (), partial(self._finish_reading, path))

    def _read(self, path: Path, no_answer: Sequence[str], done: Callable[[ParsedLabels], None]) -> None:
        """Read ``path``, where the words ``no_answer`` mean 'not in the text'."""
        from qadesk.app.labelling.exchange import read_labels

        self.stop()
        self.work_started.emit(f"Reading {elided_middle(path.name)}…")

        def end(file: ParsedLabels) -> None:
            self._end_work()
            done(file)

        self._job = self._jobs.start(
            "files",
            lambda _job: read_labels(path, no_answer),
            done=end,
            progress=self.progress_changed.emit,
            failed=self._fail,
        )

    def choose_export(self) -> None:
        """Let the user choose where to write the labels, and in which format."""
        from qadesk.app.labelling.exchange import FORMATS

        formats = {f"{format_.title} (*{format_.suffix})": format_ for format_ in FORMATS}
        files = self._dialogs.files
        path, file_filter = files.new_file("labels", "Export labels", Path("labels.json"), ";;".join(formats))
        if path:
            label_format = formats.get(file_filter, FORMATS[0])
            self.export_file(path if path.suffix else path.with_suffix(label_format.suffix), label_format.name)

    def export_file(self, path: Path, format_name: str = "") -> None:
        """Write all labels to ``path``, in the named format or the one of its suffix."""
        self.stop()
        self.work_started.emit(f"Writing {elided_middle(path.name)}…")
        own_name = self._own_name()
        self._job = self._labels.run_long(
            lambda store: _export(store, path, format_name, own_name),
            lambda result: self._finish_export(path, *result),
            progress=self.progress_changed.emit,
            failed=self._fail,
        )

    def stop(self) -> None:
        """Cancel the work; nothing is imported or written then."""
        if self._job:
            self._job.cancel()
            self._end_work()

    def _finish_reading(self, path: Path, file: ParsedLabels) -> None:
        unknown = [choice for choice in file.choices if not choice.means_none]
        if file.label_count and not file.problems and not unknown:
            self._import(file)
            return
        dialog = ImportProblems(file, self._dialogs.window)
        dialog.accepted.connect(lambda: self._import_chosen(path, file, dialog.no_answer))
        self._dialogs.open(dialog)

    def _import_chosen(self, path: Path, file: ParsedLabels, no_answer: Sequence[str]) -> None:
        """Import ``file``; read it again where the user said that choices mean 'not in the text'."""
        if no_answer:
            self._read(path, no_answer, self._import)
        else:
            self._import(file)

    def import_as(self, author: str, file: ParsedLabels) -> None:
        """Import ``file`` as the labels of ``author``, '' for those that it names."""
        self._import(file, author)

    def _import(self, file: ParsedLabels, author: str = "") -> None:
        from qadesk.app.labelling.exchange import import_labels

        def done(count: int) -> None:
            are_there = count < file.label_count
            hint = f"{file.label_count - count:,} were there already." if are_there else ""
            sentence = f"{phrases.counted(count, 'label')} imported."
            self.imported.emit(sentence, hint, file if are_there and not author else None)

        own_name = self._own_name()
        self._labels.run(lambda store: import_labels(store, file, author=author, own_name=own_name), done)

    def _finish_export(self, path: Path, count: int, hint: str) -> None:
        self._end_work()
        self.exported.emit(f"{phrases.counted(count, 'label')} written to {path.name}.", hint)

    def _fail(self, error: Exception) -> None:
        self._end_work()
        self.failed.emit(error)

    def _end_work(self) -> None:
        self._job = None
        self.work_ended.emit()


def _export(store: Store, path: Path, format_name: str, own_name: str) -> Generator[Progress, None, tuple[int, str]]:
    """Write the labels; returns how many, and a sentence on those that the format cannot hold, or ''."""
    from qadesk.app.labelling.exchange import export_labels, left_out

    count = yield from export_labels(store, path, format_name, own_name=own_name)
    return count, left_out(store, path, format_name)
