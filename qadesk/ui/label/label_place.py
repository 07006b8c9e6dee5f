"""Labelling in the window: the keys where one asks, files of labels, and the label view, made when it is first seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from qadesk.records import Document, Label
from qadesk.ui.ask.answer_labeller import AnswerLabeller
from qadesk.ui.ask.ask_view import AskView
from qadesk.ui.kit.dialogs import Dialogs
from qadesk.ui.kit.jobs import Jobs
from qadesk.ui.kit.messages import Message
from qadesk.ui.label.add_questions_dialog import AddQuestionsDialog
from qadesk.ui.label.exchange_controller import ExchangeController
from qadesk.ui.services.history import Library
from qadesk.ui.services.label_service import LabelService, Standing
from qadesk.ui.services.reader_service import ReaderService

if TYPE_CHECKING:
    from qadesk.app.labelling.relocate import Relocation
    from qadesk.ui.label.label_controller import LabelController

_OPEN_FIRST = Message("Open a document first.", "Questions are added to the document that is open.")


class LabelPlace(QObject):
    """``page`` is what the window shows for labelling; ``page_wanted`` says that it is to be shown now.

    ``told`` gives a ``Message``; ``noted`` says in a few words how many are labelled; ``stood`` gives the ``Standing``;
    ``zoomed`` steps of the wheel.
    """

    page_wanted = Signal()
    told = Signal(object)
    noted = Signal(str)
    stood = Signal(object)
    zoomed = Signal(int)
    failed = Signal(object)

    def __init__(
        self, jobs: Jobs, library: Library, reader: ReaderService, workspace: AskView, dialogs: Dialogs
    ) -> None:
        super().__init__(dialogs)
        self._reader = reader
        self._workspace = workspace
        self._dialogs = dialogs
        self._draft = ""
        self._place: LabelController | None = None
        self.page = QWidget()
        self.desk = LabelService(library)
        self.keys = AnswerLabeller(workspace, self.desk)
        self.exchange = ExchangeController(jobs, self.desk, dialogs)
        self.desk.stood.connect(self._take_standing)
        self.exchange.failed.connect(self.failed)
        self.exchange.exported.connect(lambda title, hint: self.told.emit(Message(title, hint)))
        self.exchange.imported.connect(self._tell_undoable)

    @property
    def place(self) -> LabelController:
        """The label view and what works for it; it is made when it is first asked for, not at the start."""
        if self._place is None:
            from qadesk.ui.label.label_controller import LabelController

            self._place = LabelController(self.desk, self._reader, self.exchange)
            column = QVBoxLayout(self.page)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(self._place.view)
            self._place.restyle()  # fonts hold only in the window that they are in
            self._place.failed.connect(self.failed)
            self._place.view.view.zoomed.connect(self.zoomed)
            self._place.view.queue.add_requested.connect(self.add_questions)
        return self._place

    def verbs(self) -> dict[str, Callable[[], object]]:
        """What its rows in the table of actions do."""
        return {
            "label_right": self.keys.accept,
            "label_correct": self.keys.correct,
            "label_absent": self.keys.refuse,
            "undo": self.desk.undo,
            "redo": self.desk.redo,
            "show_label": self.page_wanted.emit,
            "add_questions": self.add_questions,
            "import_labels": lambda: self._on_page(self.exchange.choose_import),
            "export_labels": lambda: self._on_page(self.exchange.choose_export),
        }

    def _on_page(self, act: Callable[[], object]) -> None:
        self.page_wanted.emit()
        act()

    # Coming and going

    def begin(self) -> None:
        """Tell how many labels there are."""
        self.desk.look()

    def enter(self) -> None:
        """The page is on the screen now."""
        self.place.enter()

    def leave(self) -> None:
        """It is not any more: let the reader rest."""
        if self._place:
            self._place.leave()

    def go_to(self, key: str) -> None:
        """Show the label with ``key``."""
        self.page_wanted.emit()
        self.place.go_to(key)

    def follow(self, document: Document) -> None:
        """Bring labels along to the words of ``document``, which was opened."""
        from qadesk.app.labelling.labels import follow_document

        def done(followed: Relocation) -> None:
            if followed.notice:
                self._tell_undoable(followed.notice, "")
                self.desk.changed.emit()
                self.desk.look()

        self.desk.read(lambda store: follow_document(store, document), done)

    def stop(self) -> None:
        """Stop a file that is being read or written; if there is none, close what lies on top."""
        if self.exchange.is_working:
            self.exchange.stop()
        elif self.place.view.find_bar.isVisible():
            self.place.view.find_bar.close_bar()
        else:
            self._workspace.messages.dismiss()

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        if self._place:
            self._place.restyle()

    def _take_standing(self, standing: Standing) -> None:
        counts = standing.counts
        total = counts.open + counts.labelled + counts.skipped + counts.lost
        self.noted.emit(f"{counts.labelled:,} of {total:,} labelled" if total else "")
        self.stood.emit(standing)

    def _tell_undoable(self, title: str, hint: str) -> None:
        def undo() -> None:
            self._workspace.messages.dismiss()
            self.desk.undo()

        self.told.emit(Message(title, hint, buttons=(("Undo", undo),)))

    # Adding

    def add_questions(self) -> None:
        """Let the user type questions for the open document."""
        from qadesk.app.history import questions_to

        document = self._workspace.session.document
        if document is None:
            self.told.emit(_OPEN_FIRST)
            return
        self.desk.read(lambda store: questions_to(store, document), lambda asked: self._ask_questions(document, asked))

    def _ask_questions(self, document: Document, asked: list[str]) -> None:
        dialog = AddQuestionsDialog(document.title, asked, self._dialogs.window)
        dialog.field.setPlainText(self._draft)
        dialog.added.connect(lambda questions: self._add(document, questions))
        dialog.finished.connect(lambda added: self._keep_draft("" if added else dialog.field.toPlainText()))
        self._dialogs.open(dialog)

    def _keep_draft(self, typed: str) -> None:
        self._draft = typed

    def _add(self, document: Document, questions: list[str]) -> None:
        from qadesk.app.labelling.labels import add_questions, keep_text

        def done(added: list[Label]) -> None:
            known = len(questions) - len(added)
            hint = f"{known:,} were there already." if known else ""
            self.told.emit(Message(f"{len(added):,} added to '{document.title}'.", hint))
            self.place.wanted_id = added[0].id if added else 0

        self.desk.change(lambda store: add_questions(store, keep_text(store, document), questions), done)
