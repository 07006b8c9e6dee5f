"""The Ask place: opens documents, asks them, keeps the history, and makes labels of answers."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

from qadesk.app import phrases
from qadesk.documents.formats import encoding_can_be_chosen, pages_can_be_shown
from qadesk.records import Answers, Document
from qadesk.settings import row
from qadesk.ui.ask.answer_export import AnswerExport
from qadesk.ui.ask.answer_labeller import AnswerLabeller
from qadesk.ui.ask.ask_controller import AskController
from qadesk.ui.ask.ask_view import AskView
from qadesk.ui.ask.given_answer_controller import GivenAnswerController
from qadesk.ui.ask.last_document import LastDocument
from qadesk.ui.ask.pages_controller import PagesController
from qadesk.ui.ask.print_controller import PrintController
from qadesk.ui.ask.scan_controller import ScanController
from qadesk.ui.kit.files import files_in
from qadesk.ui.kit.saved_state import save_state
from qadesk.ui.kit.widgets import elided_middle
from qadesk.ui.services.place import Commands
from qadesk.ui.services.services import Services

_STAYS = "The file stays as it is: you find it again under File, Open recent."
_TEXT_STAYS = "The text that is open is kept: you find it again under File, Open recent."
_LAYOUT = "state.layout"
_OUTLINE, _OUTLINE_LAYOUT = "state.outline", "state.outline_layout"


class AskPlace(QObject):
    """Owns the ``view`` and its controllers."""

    name = "ask"

    def __init__(self, services: Services) -> None:
        super().__init__(services.window)
        self._services = services
        self._documents = services.documents
        self.view = AskView()
        self.controller = AskController(services, self.view)
        self.session = self.controller.session
        self._labeller = AnswerLabeller(self.view, self.session, services.labels)
        self._is_laid_out = False
        self._connect()
        self._given = GivenAnswerController(services, self.controller)
        self._last = LastDocument(services, self.controller, self.view.pane)
        self._update_status()

    def _connect(self) -> None:
        services, view, session = self._services, self.view, self.session
        services.documents.work_started.connect(view.ask_bar.work.begin)
        services.documents.work_ended.connect(self._end_work)
        services.documents.document_changed.connect(self._show_document)
        services.documents.contents_completed.connect(view.pane.text.show_whole)
        for zone in (view.pane.empty, view.pane.sample_bar):
            services.signals.files_dragged.connect(zone.set_over)
            zone.open_requested.connect(self._documents.choose)
            zone.paste_requested.connect(self.paste)
        view.pane.find_bar.matches_changed.connect(services.signals.availability_changed)
        services.history.recent_changed.connect(view.pane.empty.set_recent)
        services.history.questions_changed.connect(view.ask_bar.field.set_history)
        services.signals.setting_changed.connect(self._on_setting_changed)
        services.signals.open_requested.connect(services.documents.choose)
        session.failed.connect(services.report)
        session.ended.connect(self._end_work)
        session.finished.connect(self._remember)
        self.controller.changed.connect(self._update_status)
        view.ask_bar.stop_requested.connect(self.stop)
        view.answers.back_requested.connect(lambda: services.signals.place_requested.emit(self.session.origin))
        view.pane.text.zoomed.connect(services.appearance.zoom_text)
        for shown in (view.pane.text, view.pane.pages):
            shown.scrolled.connect(self._show_position)
        self.pages = PagesController(services, view.pane)
        self.scans = ScanController(services, view.pane)
        services.documents.document_refreshed.connect(self._refresh_document)
        self.printer = PrintController(services, view.pane.print_line, self.controller.answer_marks)
        self.export = AnswerExport(services, session, view.pane.print_line)
        view.pane.empty.sample_requested.connect(services.documents.open_sample)
        view.pane.notes.encoding_requested.connect(services.documents.choose_encoding)
        view.pane.empty.recent_chosen.connect(services.documents.open_recent)

    # The place

    @property
    def widget(self) -> QWidget:
        """The view."""
        return self.view

    def start(self) -> None:
        """Nothing takes time before a document is opened."""

    def enter(self) -> None:
        """Put the keyboard into the question."""
        if not self._is_laid_out:  # not in the constructor: the window has its geometry by now
            self._is_laid_out = True
            settings = self._services.settings
            self.view.restore_layout(settings[_LAYOUT])
            self.view.pane.outlined.restore_outline(settings[_OUTLINE_LAYOUT], is_wanted=settings[_OUTLINE])
        self.view.focus_question()
        self.session.read_ahead_soon()  # a question to the library may have stopped it
        self._update_status()  # other places show nothing of a document there

    def leave(self) -> None:
        """Store how the view is divided."""
        layout, is_wanted = self.view.pane.outlined.saved_outline()
        save_state(self._services.settings, _LAYOUT, self.view.saved_layout())
        save_state(self._services.settings, _OUTLINE_LAYOUT, layout)
        save_state(self._services.settings, _OUTLINE, is_wanted)
        self._services.status.show_time(None)
        self._services.status.show_position(None, 0, 1)

    def stop(self) -> bool:
        """Stop reading or printing, or close the find bar."""
        if self._documents.is_working or self.session.is_working:
            self._documents.stop()
            self.controller.stop()
        elif self.printer.stop() or self.export.stop():
            return True
        elif self.view.pane.find_bar.isVisible():
            self.view.pane.find_bar.close_bar()
        else:
            return False
        return True

    def clear(self) -> None:
        """Clear the question and its answers."""
        self.controller.clear()

    def local_commands(self) -> Commands:
        """What acts on the open document and its answers."""
        pane, session = self.view.pane, self.session
        return {
            "copy": self.controller.copy,
            "copy_with_source": self.controller.copy_with_source,
            "open_find": pane.open_find,
            "find_next": pane.find_bar.next,
            "find_previous": pane.find_bar.previous,
            "next_answer": session.next_answer,
            "previous_answer": session.previous_answer,
            "label_right": self._labeller.accept,
            "label_correct": self._labeller.correct,
            "label_absent": self._labeller.refuse,
            "toggle_outline": pane.outlined.toggle_outline,
            "go_to_page": self.go_to_page,
            **self.pages.commands(),
            "recognize": self.scans.toggle,
            **self.printer.commands(),
            **self.export.commands(),
            "reload": self._documents.reload,
            "choose_encoding": self._documents.choose_encoding,
            "close_document": self.close_document,
        }

    def global_commands(self) -> Commands:
        """What opens a document or leads here."""
        return {
            "open_dialog": self._documents.choose,
            "open_sample": self._documents.open_sample,
            "paste": self.paste,
            "focus_question": self.focus_question,
        }

    def available(self) -> frozenset[str]:
        """A document with its text, file, pages and outline; a question that was asked; answers to it."""
        document, answers = self.session.document, self.session.answers
        conditions = {
            "document": document is not None,
            "text": document is not None and bool(document.text),
            "scans": self.scans.is_working or (document is not None and bool(document.scans)),
            "file": document is not None and document.path is not None,
            "encoding": encoding_can_be_chosen(document),
            "pages": document is not None and bool(document.pages),
            "paged": pages_can_be_shown(document),
            "shown_pages": self.view.pane.shows_pages,
            "outline": document is not None and bool(document.outline),
            "question": answers is not None,
            "exportable": answers is not None,
            "answers": bool(self.session.visible_answers),
            "copyable": bool(self.session.visible_answers) or self.view.pane.view.selected() is not None,
            "matches": self.view.pane.find_bar.has_matches,
            "span": bool(self.session.visible_answers),
        }
        return frozenset(name for name, holds in conditions.items() if holds)

    def restyle(self) -> None:
        """Take the theme's colours, the text size and the length of lines."""
        is_seen = self.controller.is_answer_in_view
        self.view.restyle(self._services.settings["view.line_length"])
        self.pages.update_look()
        if is_seen:  # when the parts of the window have their new sizes
            QTimer.singleShot(0, self.view, self.controller.reveal)

    # Documents

    def paste(self) -> None:
        """Take what is on the clipboard as a document: a file, or text. In the place of a document it asks first."""
        data = QGuiApplication.clipboard().mimeData()
        files, text = files_in(data), data.text()
        act = partial(self._documents.open_files, files) if files else partial(self._documents.paste, text)
        document = self._documents.document
        if document is None or self._documents.is_sample or not (files or text.strip()):
            act()
            return
        box = QMessageBox(self._services.window)
        box.setWindowTitle("Paste")
        pasted = f"'{elided_middle(files[0].name)}'" if files else "the text on the clipboard"
        box.setText(f"Open {pasted} in the place of '{elided_middle(document.title)}'?")
        box.setInformativeText(_STAYS if document.path else _TEXT_STAYS)
        paste = box.addButton("Open it", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(paste)
        paste.clicked.connect(lambda _checked: act())
        self._services.dialogs.open(box)

    def close_document(self) -> None:
        """Go back to the empty view."""
        self._documents.close()
        self.view.pane.empty.open_button.setFocus()

    def go_to_page(self) -> None:
        """Ask for a page and go there."""
        document = self._documents.document
        if not document or not document.pages:
            return
        pages = document.pages
        dialog = QInputDialog(self._services.window)
        unit = pages[0].unit
        dialog.setWindowTitle(f"Go to {unit}")
        dialog.setLabelText(f"{phrases.capitalized(unit)}, 1 to {len(pages):,}:")
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setIntRange(1, len(pages))
        dialog.intValueSelected.connect(self.view.pane.go_to_page)
        self._services.dialogs.open(dialog)

    def focus_question(self) -> None:
        """Show this place and put the keyboard into the question."""
        self._services.signals.place_requested.emit(self.name)
        self.view.focus_question()

    def _show_document(self, document: Document | None) -> None:
        is_sample, was_open_last = self._documents.is_sample, self._last.expects(document)
        if document is not None and not was_open_last:
            self._services.signals.place_requested.emit(self.name)
        samples = self._documents.sample_questions if is_sample else ()
        self.controller.show_document(document, samples, self._documents.take_contents())
        self.pages.show_as_before(document)
        self.scans.show_document(document)
        if was_open_last:
            self._last.go_on()
        elif document is not None:
            self.view.focus_question()
        if document is not None and not is_sample:
            self._services.history.remember_document(document)

    def _refresh_document(self, document: Document) -> None:
        """Show ``document``, the open one with more text, where the user was, and ask the question again."""
        pane, field, question = self.view.pane, self.view.ask_bar.field, self.session.question
        draft, page, shows_pages = field.text(), pane.page_in_view(), pane.shows_pages
        self.controller.show_document(document, contents=self._documents.take_contents())
        self.pages.show(shows_pages)
        pane.go_to_page(page)
        field.setText(draft)
        self.scans.show_document(document)
        if question:
            self.session.ask(question)
            self.session.user_chose = True  # to stay on this page

    def _remember(self, answers: Answers) -> None:
        document = self.session.document
        assert document is not None
        is_there_already, self._last.question = self._last.question == answers.question, ""
        if is_there_already:
            return
        self._services.history.remember_answers(document, answers, self._services.reader.model_name)

    # What is shown

    def _on_setting_changed(self, key: str) -> None:
        if row(key).affects == "answers":
            self.controller.show_again()
        elif row(key).affects == "question":
            self.controller.ask_again()

    def _end_work(self) -> None:
        if not (self._documents.is_working or self.session.is_working):
            self.view.ask_bar.work.end()

    def _update_status(self) -> None:
        self._services.status.show_time(None if self.session.is_working else self.session.answers)
        self._show_position(self.view.pane.view.top_offset())
        self._services.signals.availability_changed.emit()

    def _show_position(self, offset: int) -> None:
        self._services.status.show_position(self.session.document, offset, self.view.pane.page_in_view())
