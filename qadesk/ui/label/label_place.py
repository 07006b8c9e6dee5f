"""The Label place: the label view, made when it is first shown, files of labels, and questions to add."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog, QVBoxLayout, QWidget

from qadesk.app import phrases
from qadesk.records import Document, Label
from qadesk.settings import own_name
from qadesk.ui.kit.messages import Message
from qadesk.ui.label.add_questions_dialog import AddQuestionsDialog
from qadesk.ui.label.exchange_controller import ExchangeController
from qadesk.ui.services.place import Commands
from qadesk.ui.services.services import Services

if TYPE_CHECKING:
    from qadesk.app.labelling.exchange import ParsedLabels
    from qadesk.app.labelling.relocate import Relocation
    from qadesk.ui.label.label_controller import LabelController

_OPEN_FIRST = Message("Open a document first.", "Questions are added to the document that is open.")
_NO_TEXT = Message("The pages are pictures.", "Recognise their text first (Ctrl+R in the place Ask).")


class LabelPlace(QObject):
    """Owns the page and, from when it is first needed, the ``controller`` with the view."""

    name = "label"

    def __init__(self, services: Services) -> None:
        super().__init__(services.window)
        self._services = services
        self._labels = services.labels
        self._draft = ""  # questions that were typed and not added
        self._controller: LabelController | None = None
        self._page = QWidget()
        self.exchange = ExchangeController(
            services.jobs, services.labels, services.dialogs, lambda: own_name(services.settings)
        )
        self.exchange.failed.connect(services.report)
        self.exchange.exported.connect(lambda title, hint: services.messages.show_message(Message(title, hint)))
        self.exchange.imported.connect(self._show_imported)
        services.documents.document_changed.connect(self._relocate_labels)
        services.documents.document_refreshed.connect(self._relocate_labels)
        services.signals.label_requested.connect(self._show_label)

    @property
    def controller(self) -> LabelController:
        """The controller of the label view; both are made when they are first asked for, not at the start."""
        if self._controller is None:
            from qadesk.ui.label.label_controller import LabelController

            self._controller = LabelController(self._services, self.exchange)
            column = QVBoxLayout(self._page)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(self._controller.view)
            self._controller.restyle()  # fonts hold only in the window that they are in
            self._controller.view.queue.add_requested.connect(self.add_questions)
            self._controller.view.step_requested.connect(self._do_step)
            self._controller.session.label_changed.connect(self._services.signals.availability_changed)
        return self._controller

    # The place

    @property
    def widget(self) -> QWidget:
        """The page."""
        return self._page

    def start(self) -> None:
        """Nothing takes time before the place is shown."""

    def enter(self) -> None:
        """List the labels, with what was asked of their documents since."""
        self.controller.view.open_document = self._services.documents.document
        self._take_asked()
        self.controller.enter()

    def leave(self) -> None:
        """Write the note, and stop reading suggestions."""
        if self._controller:
            self._controller.leave()

    def stop(self) -> bool:
        """Stop a file that is being read or written, close the find bar, or go back from the end to the question."""
        if self.exchange.is_working:
            self.exchange.stop()
        elif self.controller.view.find_bar.isVisible():
            self.controller.view.find_bar.close_bar()
        else:
            return self.controller.view.leave_end()
        return True

    def clear(self) -> None:
        """Nothing is left to clear."""

    def local_commands(self) -> Commands:
        """What acts on the text that is labelled."""
        view = self.controller.view
        return {
            "copy": self._copy,
            "open_find": view.open_find,
            "find_next": view.find_bar.next,
            "find_previous": view.find_bar.previous,
            "toggle_outline": view.outlined.toggle_outline,
        }

    def global_commands(self) -> Commands:
        """What adds labels or writes them to a file."""
        return {
            "add_questions": self.add_questions,
            "import_labels": lambda: self._show_and(self.exchange.choose_import),
            "export_labels": lambda: self._show_and(self.exchange.choose_export),
        }

    def available(self) -> frozenset[str]:
        """A text to find words in, its outline, matches of the words, and marked text to copy."""
        if self._controller is None:
            return frozenset({"text"})
        view = self._controller.view
        conditions = {
            "text": True,
            "outline": view.outlined.has_outline,
            "matches": view.find_bar.has_matches,
            "copyable": bool(self._controller.session.marked_text),
        }
        return frozenset(name for name, holds in conditions.items() if holds)

    def restyle(self) -> None:
        """Take the theme's colours and text size."""
        if self._controller:
            self._controller.restyle()

    def _do_step(self, name: str) -> None:
        signals = self._services.signals
        steps: dict[str, Callable[[], object]] = {
            "add": self.add_questions,
            "import": self.exchange.choose_import,
            "take_asked": self._label_asked,
            "ask": lambda: signals.place_requested.emit("ask"),
            "fine_tune": signals.fine_tune_requested.emit,
        }
        steps[name]()

    def _copy(self) -> None:
        if self.controller.view.copy():
            self._services.status.show_copied()

    def _show_and(self, act: Callable[[], object]) -> None:
        self._services.signals.place_requested.emit(self.name)
        act()

    def _show_label(self, key: str) -> None:
        self._services.signals.place_requested.emit(self.name)
        self.controller.go_to(key)

    # Labels of the open document

    def _relocate_labels(self, document: Document | None) -> None:
        """Find the labels of ``document`` again where its file has changed."""
        from qadesk.app.labelling.relocate import relocate_labels

        def done(relocation: Relocation) -> None:
            if relocation.notice:
                self._show_undoable(relocation.notice, "")

        if document is not None and document.text:
            self._labels.run(lambda store: relocate_labels(store, document), done)

    def _show_undoable(self, title: str, hint: str, *more: tuple[str, Callable[[], object]]) -> None:
        messages = self._services.messages

        def undo() -> None:
            messages.dismiss()
            self._labels.undo()

        messages.show_message(Message(title, hint, buttons=(("Undo", undo), *more)))

    def _show_imported(self, title: str, hint: str, file: ParsedLabels | None) -> None:
        """Say what was imported; of questions that are labelled already, ask whether they are another person's."""
        more = [("They are another person's…", lambda: self._ask_for_author(file))] if file else []
        self._show_undoable(title, hint, *more)

    def _ask_for_author(self, file: ParsedLabels) -> None:
        """Let the user name the person who gave the labels of ``file``, and import them as that person's instead."""
        dialog = QInputDialog(self._services.window)
        dialog.setWindowTitle("Labels of another person")
        dialog.setLabelText("Who gave the labels of this file? They are kept beside yours.")

        def import_again(name: str) -> None:
            name = " ".join(name.split())
            if name:
                self._services.messages.dismiss()
                self._labels.undo()
                self.exchange.import_as(name, file)

        dialog.textValueSelected.connect(import_again)
        self._services.dialogs.open(dialog)

    # Adding questions

    def _take_asked(self) -> None:
        """Add what was asked of documents that have labels, and count what was asked of the open one."""
        from qadesk.app.labelling.asked import count_asked, take_asked_questions

        settings, document = self._services.settings, self._services.documents.document
        if settings["labels.asked"] and settings["history.keep"]:
            self._labels.run(take_asked_questions, self._report_asked)
        if document is not None and document.text:
            self._labels.run(lambda store: count_asked(store, document), self._show_asked)

    def _show_asked(self, count: int) -> None:
        self.controller.view.asked_count = count
        self.controller.view.update_steps()

    def _report_asked(self, label_ids: list[int]) -> None:
        from qadesk.app.labelling.labels import delete

        messages = self._services.messages

        def take_out() -> None:
            messages.dismiss()
            self._labels.run(lambda store: delete(store, label_ids))

        if label_ids:
            were = "was" if len(label_ids) == 1 else "were"
            title = f"{phrases.counted(len(label_ids), 'question')} that you asked of labelled documents {were} added."
            hint = "This can be turned off in the settings, page Labels."
            messages.show_message(Message(title, hint, buttons=(("Take out", take_out),)))

    def _label_asked(self) -> None:
        """Make what was asked of the open document open labels."""
        from qadesk.app.history import questions_to

        document = self._services.documents.document
        if document is not None:
            self._labels.run(
                lambda store: questions_to(store, document), lambda questions: self._add(document, questions)
            )

    def add_questions(self) -> None:
        """Let the user type questions for the open document."""
        from qadesk.app.history import questions_to

        document = self._services.documents.document
        if document is None:
            self._services.messages.show_message(_OPEN_FIRST)
            return
        if not document.text:
            self._services.messages.show_message(_NO_TEXT)
            return
        self._labels.run(
            lambda store: questions_to(store, document), lambda questions: self._open_dialog(document, questions)
        )

    def _open_dialog(self, document: Document, asked_questions: list[str]) -> None:
        dialog = AddQuestionsDialog(document.title, asked_questions, self._services.window)
        dialog.field.setPlainText(self._draft)
        dialog.added.connect(lambda questions: self._add(document, questions))
        dialog.finished.connect(lambda added: self._keep_draft("" if added else dialog.field.toPlainText()))
        self._services.dialogs.open(dialog)

    def _keep_draft(self, text: str) -> None:
        self._draft = text

    def _add(self, document: Document, questions: list[str]) -> None:
        from qadesk.app.labelling.labels import add_questions, keep_text

        def done(labels: list[Label]) -> None:
            known = len(questions) - len(labels)
            hint = f"{known:,} were there already." if known else ""
            added = phrases.counted(len(labels), "question")
            self._services.messages.show_message(Message(f"{added} added to '{document.title}'.", hint))
            if labels:
                self.controller.select_when_listed(labels[0].id)

        self._labels.run(lambda store: add_questions(store, keep_text(store, document), questions), done)
