"""Asks the library: the question goes to the session, the answers to the panel, a chosen one into the Ask place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication

from qadesk.app.library import captions
from qadesk.records import EVERYTHING, AnswerPlace, LibraryAnswer, LibraryAnswers, LibraryCounts, Scope
from qadesk.ui.kit.messages import Message
from qadesk.ui.library.library_session import LibrarySession
from qadesk.ui.library.library_view import LibraryView
from qadesk.ui.library.newer_files import NewerFiles
from qadesk.ui.services.given_answer import GivenAnswer
from qadesk.ui.services.indexed_document_opener import IndexedDocumentOpener
from qadesk.ui.services.services import Services

_HINT = (
    "Ask a question. Answers of all documents are listed here, each with its document and sentence; a click opens the "
    'document at its words. Words in "quotation marks" must stand there as they are, and -word must not.'
)


class LibraryController(QObject):
    """Shows the session in ``view``. ``changed`` says that there are other answers."""

    changed = Signal()

    def __init__(self, services: Services, view: LibraryView) -> None:
        super().__init__(view)
        self._services = services
        self._library = services.library
        self._view = view
        self._opener = IndexedDocumentOpener(services)
        self._collection_id: int | None = None
        self.session = LibrarySession(services.library, services.reader)
        self.newer = NewerFiles(services.library, self.session)
        self._connect()
        self._show_answers()

    def _connect(self) -> None:
        session, view = self.session, self._view
        session.started.connect(self._show_work)
        session.progressed.connect(view.bar.work.report)
        session.ended.connect(view.bar.work.end)
        session.answers_changed.connect(self._show_answers)
        session.selected_changed.connect(self._show_selected)
        session.finished.connect(self._show_finished)
        session.failed.connect(self._services.report)
        view.bar.question_entered.connect(self.ask)
        view.bar.stop_requested.connect(self.session.stop)
        view.bar.filters_changed.connect(self._change_scope)
        view.answers.answer_opened.connect(self.open_answer)
        view.answers.step_requested.connect(session.select)
        view.answers.place_opened.connect(self._open_other)
        view.answers.copy_requested.connect(self.copy)
        view.answers.all_requested.connect(session.show_unlikely)
        view.answers.more_requested.connect(session.read_on)
        view.files.file_opened.connect(self._opener.open_file)
        view.files.retry_requested.connect(self._library.retry)
        view.files.recognize_requested.connect(self._library.indexer.recognize)
        view.answers.stale.again_requested.connect(self.repeat)
        view.answers.newer.again_requested.connect(self.repeat)
        self.newer.changed.connect(self._show_answers)
        self._services.reader.load_started.connect(self._show_answers)
        self._services.reader.loaded.connect(self._on_reader_loaded)

    # What is asked

    @property
    def scope(self) -> Scope:
        """What is searched: the chosen collection, and the filters."""
        collection = self._library.collection(self._collection_id)
        bar = self._view.bar
        words = bar.path.text().strip()
        is_folder = "/" in words or "\\" in words
        return Scope(
            sources=collection.sources if collection else (),
            folder=words.strip("/\\") if is_folder else "",
            name="" if is_folder else words,
            kind=str(bar.kind.currentData()),
        )

    @property
    def asked_name(self) -> str:
        """The name of what is asked: a collection, or all of them."""
        collection = self._library.collection(self._collection_id)
        return collection.name if collection else EVERYTHING

    def choose_collection(self, collection_id: int | None) -> None:
        """Ask the collection with this id from now on, None for all documents."""
        self._collection_id = collection_id
        self._change_scope()

    def show_ready(self) -> None:
        """Show what can be asked."""
        collection = self._library.collection(self._collection_id)
        counts = self._library.counts.get(collection.id) if collection else self._library.total
        self._view.bar.set_ready(bool(self._library.collections), collection.name if collection else "")
        if self.scope.is_filtered:
            self._library.count(self.scope, partial(self._show_counts, self.scope))
        elif counts:
            self._view.files.show_counts(counts)

    def _show_counts(self, scope: Scope, counts: LibraryCounts) -> None:
        if scope == self.scope:
            self._view.files.show_counts(counts)

    def _change_scope(self) -> None:
        self.show_ready()
        self._view.files.show_scope(self.scope)
        self.session.narrow(self.scope)

    def ask(self, question: str) -> None:
        """Ask the chosen files."""
        self._services.messages.clear_errors()
        self._view.show_files(False)
        self.session.ask(question, self.scope)

    def ask_again(self) -> None:
        """Ask the same question by changed settings."""
        self.session.ask_again()

    def repeat(self) -> None:
        """Ask the same question again, as the user wants: of all files that are searchable by now."""
        self._services.messages.clear_errors()
        self._view.show_files(False)
        self.ask_again()

    def clear(self) -> None:
        """Clear the question and its answers."""
        self.session.clear()
        self._view.bar.field.clear()
        self._view.focus_question()

    def _on_reader_loaded(self) -> None:
        if self.session.is_working:
            self._show_work()
        elif self.session.stale_model:
            self.ask_again()
        else:
            self._show_answers()

    def _show_work(self) -> None:
        is_ready = self._services.reader.is_ready
        self._view.bar.work.begin("Searching…" if is_ready else "Waiting for the model to load…")
        if self.session.answers is None:
            self._view.answers.show_nothing(
                "Searching…" if is_ready else "The model is still loading. Your question is next."
            )
        self.changed.emit()

    # Answers

    def _show_answers(self) -> None:
        answers = self.session.answers
        if answers is not None:
            below = self._services.settings["qa.doubtful_below"]
            answers_now = replace(answers, waiting=self.newer.waiting)
            self._view.answers.show_answers(answers_now, self.session, below)
            newer = 0 if self.session.is_working or self.session.stale_model else self.newer.count
            self._view.answers.newer.show_text(captions.newer_line(newer))
            is_loading = self._services.reader.is_changing_model
            self._view.answers.stale.show_model(self.session.stale_model, is_loading=is_loading)
        elif not self.session.is_working:
            self._view.answers.show_nothing(_HINT)
        self.changed.emit()

    def show_again(self) -> None:
        """Show the same answers by changed settings."""
        self._show_answers()

    def _show_selected(self) -> None:
        self._show_answers()
        self._view.answers.reveal(self.session.selected)
        self._announce()

    def _show_finished(self, answers: LibraryAnswers) -> None:
        if answers.notice:
            self._services.messages.show_message(Message(answers.notice))
        self._announce()

    def _announce(self) -> None:
        """Tell a screen reader the headline and the chosen answer."""
        panel = self._view.answers
        card = panel.cards[self.session.selected].accessibleName() if self.session.answer else ""
        headline = captions.no_answer_line(self.session.answers) if self.session.answers else ""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(panel, f"{headline} {card}".strip()))

    def copy(self) -> None:
        """Copy the chosen answer, with file and page."""
        self._copy(captions.quoted_answer)

    def copy_with_source(self) -> None:
        """Copy the chosen answer with path, page and characters."""
        self._copy(captions.full_citation)

    def _copy(self, text_of: Callable[[LibraryAnswer], str]) -> None:
        if self.session.answer:
            QGuiApplication.clipboard().setText(text_of(self.session.answer))
            self._services.status.show_copied()

    # Opening

    def open_answer(self, index: int) -> None:
        """Open the document of the answer at ``index`` with its words marked."""
        self.session.select(index)
        answer = self.session.answer
        if answer:
            self._open(answer, answer.places[0])

    def open_chosen(self) -> None:
        """Open the document of the chosen answer."""
        self.open_answer(self.session.selected)

    def _open_other(self, place: AnswerPlace) -> None:
        if self.session.answer:
            self._open(self.session.answer, place)

    def _open(self, answer: LibraryAnswer, place: AnswerPlace) -> None:
        self._opener.open_answer(GivenAnswer(self.session.question, answer, place))
