"""Opening documents on their own thread: one at a time, and the open one stays until the next is there."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from qadesk.errors import PasswordNeeded, QadeskError
from qadesk.records import Document
from qadesk.settings import Settings
from qadesk.ui.kit.dialogs import Dialogs
from qadesk.ui.kit.jobs import AnyJob, Jobs
from qadesk.ui.kit.widgets import plain_label, shortened


class DocumentOpener(QObject):
    """``opened`` gives the document. ``began`` (with a sentence) and ``ended`` enclose the work."""

    began = Signal(str)
    ended = Signal()
    opened = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, settings: Settings, dialogs: Dialogs) -> None:
        super().__init__(dialogs)
        self._jobs = jobs
        self._settings = settings
        self._dialogs = dialogs
        self._job: AnyJob | None = None
        self.sample_questions: list[str] = []

    @property
    def is_working(self) -> bool:
        """Whether a document is being opened."""
        return self._job is not None

    def open(self, path: Path, password: str | None = None) -> None:
        """Open the file ``path``; asks for its password where it has one."""

        def work(job: AnyJob) -> Document:
            from qadesk.app.documents import open_document

            return open_document(path, self._settings, password=password, cancelled=job.is_cancelled)

        self.stop()
        self._job = self._jobs.start("files", work, done=self._finish, failed=partial(self._fail, path))
        self.began.emit(f"Opening {shortened(path.name)}…")

    def paste(self, text: str) -> None:
        """Take ``text`` as a document."""
        from qadesk.app.documents import paste

        self.stop()
        try:
            self.opened.emit(paste(text))
        except QadeskError as error:
            self.failed.emit(error)

    def open_sample(self) -> None:
        """Open the sample, and fill ``sample_questions``."""

        def work(_job: AnyJob) -> Document:
            from qadesk.app.documents import sample, sample_questions

            self.sample_questions = sample_questions()
            return sample()

        self.stop()
        self._job = self._jobs.start("files", work, done=self._finish, failed=partial(self._fail, None))
        self.began.emit("Opening the sample…")

    def stop(self) -> None:
        """Stop opening."""
        if self._job:
            self._job.cancel()
            self._job = None
            self.ended.emit()

    def _finish(self, document: Document) -> None:
        self._job = None
        self.ended.emit()
        self.opened.emit(document)

    def _fail(self, path: Path | None, error: Exception) -> None:
        self._job = None
        self.ended.emit()
        if isinstance(error, PasswordNeeded) and path is not None:
            self._ask_password(path, error)
        else:
            self.failed.emit(error)

    def _ask_password(self, path: Path, error: PasswordNeeded) -> None:
        dialog = PasswordDialog(error, self._dialogs.window)
        dialog.accepted.connect(lambda: self.open(path, dialog.field.text()))
        self._dialogs.open(dialog)


class PasswordDialog(QDialog):
    """Asks for the password of a document; says so where the last one was wrong."""

    def __init__(self, error: PasswordNeeded, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Wrong password" if error.wrong else "Password")
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName("Password")
        self.message = plain_label(error.message)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(self.message)
        column.addWidget(self.field)
        column.addWidget(buttons)
        self.setMinimumWidth(400)
