"""Labels from files and to files, with what is wrong in them to read first."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QVBoxLayout, QWidget

from qadesk.progress import Progress
from qadesk.ui.kit.dialogs import Dialogs
from qadesk.ui.kit.jobs import AnyJob, Jobs
from qadesk.ui.kit.widgets import plain_label, shortened, text_view
from qadesk.ui.services.label_service import LabelService

if TYPE_CHECKING:
    from qadesk.app.labelling.exchange import Found
    from qadesk.store.database import Store

_OPEN = "Labels (*.json *.jsonl *.ndjson *.csv *.tsv);;All files (*)"
_SHOWN = 2000  # problems that are listed


class ExchangeController(QObject):
    """Imports and exports. ``began``, ``progressed`` and ``ended`` tell of the work; ``imported`` and ``exported`` say
    how it went, in a sentence and what there is to add.
    """

    began = Signal(str)
    progressed = Signal(object)
    ended = Signal()
    imported = Signal(str, str)
    exported = Signal(str, str)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, desk: LabelService, dialogs: Dialogs) -> None:
        super().__init__(dialogs)
        self._jobs = jobs
        self._desk = desk
        self._dialogs = dialogs
        self._job: AnyJob | None = None

    @property
    def is_working(self) -> bool:
        """Whether a file is being read or written."""
        return self._job is not None

    def choose_import(self) -> None:
        """Let the user choose a file of labels."""
        name, _ = QFileDialog.getOpenFileName(self._dialogs.window, "Import labels", "", _OPEN)
        if name:
            self.import_file(Path(name))

    def import_file(self, path: Path) -> None:
        """Read ``path``, show what is wrong in it, and import what is right."""
        from qadesk.app.labelling.exchange import read_labels

        self.stop()
        self.began.emit(f"Reading {shortened(path.name)}…")
        self._job = self._jobs.start(
            "files",
            lambda _job: read_labels(path),
            done=self._show_found,
            progress=self.progressed.emit,
            failed=self._fail,
        )

    def choose_export(self) -> None:
        """Let the user choose where to write the labels, and in which format."""
        from qadesk.app.labelling.exchange import FORMATS

        filters = {f"{each.title} (*{each.suffix})": each for each in FORMATS}
        window = self._dialogs.window
        name, chosen = QFileDialog.getSaveFileName(window, "Export labels", "labels.json", ";;".join(filters))
        if name:
            form = filters[chosen] if chosen in filters else FORMATS[0]
            path = Path(name)
            self.export_file(path if path.suffix else path.with_suffix(form.suffix), form.name)

    def export_file(self, path: Path, form: str = "") -> None:
        """Write all labels to ``path``, in the format ``form`` or the one that the suffix of ``path`` tells."""
        self.stop()
        self.began.emit(f"Writing {shortened(path.name)}…")
        self._job = self._desk.run_long(
            lambda store: _export(store, path, form),
            lambda done: self._end(f"{_labels(done[0])} written to {path.name}.", done[1]),
            progress=self.progressed.emit,
            failed=self._fail,
        )

    def stop(self) -> None:
        """Stop reading or writing; nothing is changed then."""
        if self._job:
            self._job.cancel()
            self._job = None
            self.ended.emit()

    def _show_found(self, found: Found) -> None:
        self._job = None
        self.ended.emit()
        if found.labels and not found.problems:
            self._import(found)
            return
        problems = [f"{each.where}: {each.what}" for each in found.problems]
        dialog = ImportProblems(found.file, found.labels, problems, self._dialogs.window)
        dialog.accepted.connect(lambda: self._import(found))
        self._dialogs.open(dialog)

    def _import(self, found: Found) -> None:
        from qadesk.app.labelling.exchange import import_labels

        def done(count: int) -> None:
            known = f"{found.labels - count:,} were there already." if count < found.labels else ""
            self.imported.emit(f"{_labels(count)} imported.", known)

        self._desk.run(lambda store: import_labels(store, found), done)

    def _end(self, title: str, hint: str) -> None:
        self._job = None
        self.ended.emit()
        self.exported.emit(title, hint)

    def _fail(self, error: Exception) -> None:
        self._job = None
        self.ended.emit()
        self.failed.emit(error)


class ImportProblems(QDialog):
    """What is wrong in a file of labels, to read and to copy; accepted, the ``count`` good ones are imported."""

    def __init__(self, file: str, count: int, problems: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Import labels")
        self.text = "\n".join(problems)
        shown = text_view("Problems")
        shown.setPlainText("\n".join(problems[:_SHOWN]))
        if len(problems) > _SHOWN:
            shown.appendPlainText(f"… and {len(problems) - _SHOWN:,} more: copy them to see all.")
        self.list = shown
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        copy = buttons.addButton("Copy", QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text))
        self.go = buttons.addButton(
            f"Import {_labels(count)}" if count else "Nothing to import", QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.go.setProperty("kind", "main")
        self.go.setEnabled(bool(count))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(plain_label(_lead(shortened(Path(file).name), count, len(problems))))
        column.addWidget(shown, 1)
        column.addWidget(buttons)
        self.resize(720, 460)


def _lead(file: str, count: int, problems: int) -> str:
    if not problems:
        return f"There are no labels in {file}."
    wrong = "1 row has a problem" if problems == 1 else f"{problems:,} rows have problems"
    good = f"{_labels(count)} can be imported." if count else "Nothing can be imported."
    return f"{file}: {wrong}. {good} Nothing has been changed yet."


def _export(store: Store, path: Path, form: str) -> Generator[Progress, None, tuple[int, str]]:
    """Write the labels; gives how many, and a sentence on those that the format cannot hold."""
    from qadesk.app.labelling.exchange import export_labels, left_out

    count = yield from export_labels(store, path, form)
    return count, left_out(store, path, form)


def _labels(count: int) -> str:
    return "1 label" if count == 1 else f"{count:,} labels"
