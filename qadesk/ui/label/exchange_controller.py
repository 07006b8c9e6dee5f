"""Import labels from files, after their problems were shown, and export labels to files."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QVBoxLayout, QWidget

from qadesk.progress import Progress
from qadesk.ui.kit.dialogs import Dialogs
from qadesk.ui.kit.jobs import Job, Jobs
from qadesk.ui.kit.widgets import elided_middle, plain_label, text_view
from qadesk.ui.services.label_service import LabelService

if TYPE_CHECKING:
    from qadesk.app.labelling.exchange import ParsedLabels
    from qadesk.store.database import Store

_LISTED = 2000  # problems


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
        name, _ = QFileDialog.getOpenFileName(self._dialogs.window, "Import labels", "", file_filter)
        if name:
            self.import_file(Path(name))

    def import_file(self, path: Path) -> None:
        """Read ``path`` and import its labels; where it has problems, the user sees them and decides."""
        from qadesk.app.labelling.exchange import read_labels

        self.stop()
        self.work_started.emit(f"Reading {elided_middle(path.name)}…")
        self._job = self._jobs.start(
            "files",
            lambda _job: read_labels(path),
            done=self._finish_reading,
            progress=self.progress_changed.emit,
            failed=self._fail,
        )

    def choose_export(self) -> None:
        """Let the user choose where to write the labels, and in which format."""
        from qadesk.app.labelling.exchange import FORMATS

        formats = {f"{format_.title} (*{format_.suffix})": format_ for format_ in FORMATS}
        window = self._dialogs.window
        name, file_filter = QFileDialog.getSaveFileName(window, "Export labels", "labels.json", ";;".join(formats))
        if name:
            label_format = formats.get(file_filter, FORMATS[0])
            path = Path(name)
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

    def _finish_reading(self, file: ParsedLabels) -> None:
        self._end_work()
        if file.label_count and not file.problems:
            self._import(file)
            return
        problems = [f"{problem.where}: {problem.what}" for problem in file.problems]
        dialog = ImportProblems(file.file, file.label_count, problems, self._dialogs.window)
        dialog.accepted.connect(lambda: self._import(file))
        self._dialogs.open(dialog)

    def import_as(self, author: str, file: ParsedLabels) -> None:
        """Import ``file`` as the labels of ``author``, '' for those that it names."""
        self._import(file, author)

    def _import(self, file: ParsedLabels, author: str = "") -> None:
        from qadesk.app.labelling.exchange import import_labels

        def done(count: int) -> None:
            are_there = count < file.label_count
            hint = f"{file.label_count - count:,} were there already." if are_there else ""
            self.imported.emit(f"{_label_count(count)} imported.", hint, file if are_there and not author else None)

        own_name = self._own_name()
        self._labels.run(lambda store: import_labels(store, file, author=author, own_name=own_name), done)

    def _finish_export(self, path: Path, count: int, hint: str) -> None:
        self._end_work()
        self.exported.emit(f"{_label_count(count)} written to {path.name}.", hint)

    def _fail(self, error: Exception) -> None:
        self._end_work()
        self.failed.emit(error)

    def _end_work(self) -> None:
        self._job = None
        self.work_ended.emit()


class ImportProblems(QDialog):
    """Shows the problems of a file of labels, to read and to copy; accept it to import the ``count`` good ones."""

    def __init__(self, file: str, count: int, problems: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Import labels")
        self.text = "\n".join(problems)
        self.list = text_view("Problems")
        self.list.setPlainText("\n".join(problems[:_LISTED]))
        if len(problems) > _LISTED:
            self.list.appendPlainText(f"… and {len(problems) - _LISTED:,} more: copy them to see all.")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        copy = buttons.addButton("Copy", QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text))
        self.import_button = buttons.addButton(
            f"Import {_label_count(count)}" if count else "Nothing to import", QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.import_button.setProperty("kind", "main")
        self.import_button.setEnabled(bool(count))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(plain_label(_lead(elided_middle(Path(file).name), count, len(problems))))
        column.addWidget(self.list, 1)
        column.addWidget(buttons)
        self.resize(720, 460)


def _lead(file: str, count: int, problems: int) -> str:
    if not problems:
        return f"There are no labels in {file}."
    rows = "1 row has a problem" if problems == 1 else f"{problems:,} rows have problems"
    labels = f"{_label_count(count)} can be imported." if count else "Nothing can be imported."
    return f"{file}: {rows}. {labels} Nothing has been changed yet."


def _export(store: Store, path: Path, format_name: str, own_name: str) -> Generator[Progress, None, tuple[int, str]]:
    """Write the labels; returns how many, and a sentence on those that the format cannot hold, or ''."""
    from qadesk.app.labelling.exchange import export_labels, left_out

    count = yield from export_labels(store, path, format_name, own_name=own_name)
    return count, left_out(store, path, format_name)


def _label_count(count: int) -> str:
    return "1 label" if count == 1 else f"{count:,} labels"
