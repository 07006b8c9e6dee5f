"""The open document, and opening others: one at a time, on a thread of its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from qadesk import paths
from qadesk.documents.open_file import title_of
from qadesk.errors import EncodingNeeded, PasswordNeeded, QadeskError
from qadesk.records import Document, RecentDocument
from qadesk.settings import Settings
from qadesk.ui.document.text_contents import TextContents, contents_ahead, whole_contents
from qadesk.ui.kit.dialogs import Dialogs
from qadesk.ui.kit.encoding_dialog import EncodingDialog
from qadesk.ui.kit.files import name_filters
from qadesk.ui.kit.jobs import AnyJob, Job, Jobs, Priority
from qadesk.ui.kit.messages import Message, MessageBar
from qadesk.ui.kit.password_dialog import PasswordDialog
from qadesk.ui.kit.widgets import elided_middle
from qadesk.ui.services.store_service import StoreService

_REST_DELAY = 100  # milliseconds, in which the part of a long text that comes first is painted
_Read = tuple[Document, TextContents | None]
"""What was read of a file, with the contents to show first where it is long."""


class DocumentService(QObject):
    """Owns the open ``document``; it stays until the next one has been read. ``encoding``: what the user chose for it.

    ``password``: what opens its file, kept only as long as it is open.

    ``document_changed`` gives the document that is open now, or None; ``document_refreshed`` the same one, of which
    more was read meanwhile. ``work_started`` (with a sentence) and ``work_ended`` enclose the reading of a file.
    ``contents_completed`` gives the contents of the whole text of the open document, where those of a part came first.
    """

    document_changed = Signal(object)
    document_refreshed = Signal(object)
    contents_completed = Signal(object)
    work_started = Signal(str)
    work_ended = Signal()
    failed = Signal(object)

    def __init__(
        self, jobs: Jobs, store: StoreService, settings: Settings, dialogs: Dialogs, messages: MessageBar
    ) -> None:
        super().__init__(dialogs)
        self._jobs = jobs
        self._store = store
        self._settings = settings
        self._dialogs = dialogs
        self._messages = messages
        self._job: Job[None, _Read] | None = None
        self._contents: TextContents | None = None
        self._part: TextContents | None = None  # that is shown while the rest is made
        self._completion: AnyJob | None = None
        self._rest_timer = QTimer(self, singleShot=True, interval=_REST_DELAY)
        self._rest_timer.timeout.connect(self._complete)
        self._refresh_again: bool | None = None
        """Whether there is more to read after the refresh that is running; None while there is none."""
        self.document: Document | None = None
        self.encoding = ""
        self.password: str | None = None
        self.sample_questions: list[str] = []

    @property
    def is_working(self) -> bool:
        """Whether a document is being read."""
        return self._job is not None

    @property
    def is_sample(self) -> bool:
        """Whether the open document is the sample."""
        return self.document is not None and self.document.path == paths.sample_path()

    def choose(self) -> None:
        """Let the user choose a file to open."""
        path = self._dialogs.files.existing_file("document", "Open a document", name_filters())
        if path:
            self.open(path)

    def open_files(self, files: Sequence[Path]) -> None:
        """Open the first of ``files``, and say so if there are more."""
        if files:
            self.open(files[0])
        if len(files) > 1:
            self._messages.show_message(Message("One document is open at a time.", f"This is {files[0].name}."))

    def open(self, path: Path, password: str | None = None, encoding: str = "", offset: int = 0) -> None:
        """Open the file ``path``; asks for its password where it has one.

        ``encoding`` is the one that the user chose; '' finds it out. What is at ``offset`` is looked at first.
        """
        self.stop()
        done = partial(self._finish, encoding=encoding, password=password)
        work = partial(self._read, path, password, encoding, offset)
        self._job = self._jobs.start("files", work, done=done, failed=partial(self._fail, path))
        self.work_started.emit(f"Opening {elided_middle(path.name)}…")

    def open_recent(self, recent: RecentDocument) -> None:
        """Open a document again: its file, or the text that was pasted."""
        if recent.path:
            self.open(recent.path)
        else:
            from qadesk.app.history import pasted_text

            self._store.run(lambda store: pasted_text(store, recent), done=self.show_document, failed=self.failed.emit)

    def open_sample(self) -> None:
        """Open the sample, and fill ``sample_questions``."""

        def work(_job: Job[None, _Read]) -> _Read:
            from qadesk.app.documents import sample, sample_questions

            self.sample_questions = sample_questions()
            return sample(), None

        self.stop()
        self._job = self._jobs.start("files", work, done=self._finish, failed=partial(self._fail, None))
        self.work_started.emit("Opening the sample…")

    def paste(self, text: str) -> None:
        """Take ``text`` as a document."""
        from qadesk.app.documents import paste

        self.stop()
        try:
            self.show_document(paste(text))
        except QadeskError as error:
            self.failed.emit(error)

    def reload(self) -> None:
        """Read the open file again, in the encoding that the user chose for it."""
        if self.document and self.document.path:
            self.open(self.document.path, self.password, encoding=self.encoding)

    def refresh(self) -> None:
        """Read the open file again, of which more text is known now; a failure leaves it as it is."""
        if self._refresh_again is not None:
            self._refresh_again = True
            return
        document = self.document
        if document is None or document.path is None or self._job:
            return
        work = partial(self._read, document.path, self.password, self.encoding, None)  # all, as the user is anywhere
        self._refresh_again = False
        self._job = self._jobs.start("files", work, done=self._finish_refresh, failed=self._fail_refresh)

    def choose_encoding(self) -> None:
        """Let the user choose the encoding of the open file, and read it again."""
        if self.document and self.document.path:
            self._ask_encoding(self.document.path, self.encoding)

    def close(self) -> None:
        """Have no document open."""
        self.stop()
        self.show_document(None)

    def stop(self) -> None:
        """Stop reading a file."""
        self._refresh_again = None
        if self._job:
            self._job.cancel()
            self._job = None
            self.work_ended.emit()

    def show_document(
        self,
        document: Document | None,
        encoding: str = "",
        password: str | None = None,
        contents: TextContents | None = None,
    ) -> None:
        """Make ``document`` the open one. ``encoding``, ``password``: what the user chose and typed for it.

        ``contents`` are those to show first, where they were made ahead.
        """
        self.document = document
        self._contents = contents
        self.encoding = encoding
        self.password = password
        self._messages.clear_errors()
        self.document_changed.emit(document)

    def take_contents(self) -> TextContents | None:
        """The contents of the document that was made the open one, once, where they were made ahead.

        Where they are those of a part, those of the whole text are made next.
        """
        contents, self._contents = self._contents, None
        if self._completion:
            self._completion.cancel()
            self._completion = None
        self._part = contents if contents and not contents.is_whole else None
        self._rest_timer.start()
        return contents

    def _complete(self) -> None:
        part, self._part = self._part, None
        if part:
            done = self.contents_completed.emit
            self._completion = self._jobs.start(
                "files", lambda _job: whole_contents(part), done=done, priority=Priority.BACKGROUND
            )

    def _read(
        self, path: Path, password: str | None, encoding: str, offset: int | None, job: Job[None, _Read]
    ) -> _Read:
        """The document in a file, with the contents to show first where it is long, around ``offset``; on a lane."""
        from qadesk.app.documents import open_document

        document = open_document(path, self._settings, password=password, cancelled=job.is_cancelled, encoding=encoding)
        return document, contents_ahead(document, offset)

    def _finish(self, read: _Read, encoding: str = "", password: str | None = None) -> None:
        document, contents = read
        self._job = None
        self.work_ended.emit()
        self.show_document(document, encoding, password, contents)

    def _finish_refresh(self, read: _Read) -> None:
        document, self._contents = read
        is_old, self._refresh_again = self._refresh_again, None
        self._job = None
        self.work_ended.emit()
        self.document = document
        self.document_refreshed.emit(document)
        if is_old:
            self.refresh()

    def _fail_refresh(self, error: Exception) -> None:
        self._job = self._refresh_again = None
        self.work_ended.emit()
        self.failed.emit(error)

    def _fail(self, path: Path | None, error: Exception) -> None:
        self._job = None
        self.work_ended.emit()
        if isinstance(error, PasswordNeeded) and path is not None:
            self._ask_password(path, error)
        elif isinstance(error, EncodingNeeded) and path is not None:
            choose = ("Choose encoding…", partial(self._ask_encoding, path))
            self._messages.show_message(Message(error.message, error.hint, "error", (choose,)))
        else:
            self.failed.emit(error)

    def _ask_password(self, path: Path, error: PasswordNeeded) -> None:
        dialog = PasswordDialog(error, self._dialogs.window)
        dialog.accepted.connect(lambda: self.open(path, dialog.field.text()))
        self._dialogs.open(dialog)

    def _ask_encoding(self, path: Path, encoding: str = "") -> None:
        dialog = EncodingDialog(title_of(path), encoding, self._dialogs.window)
        dialog.accepted.connect(lambda: self.open(path, encoding=dialog.encoding))
        self._dialogs.open(dialog)
