"""Asks for the Ask view: the question goes to the session, the answers to the panel and into the document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication

from qadesk.app import phrases
from qadesk.errors import QadeskError, SettingError
from qadesk.records import Answers, Document
from qadesk.ui.ask.ask_session import AskSession
from qadesk.ui.ask.ask_view import AskView
from qadesk.ui.document.highlights import Mark, marks_of
from qadesk.ui.document.text_contents import TextContents
from qadesk.ui.kit.messages import Message
from qadesk.ui.services.given_answer import Origin
from qadesk.ui.services.services import Services

if TYPE_CHECKING:
    from qadesk.qa.graphs import Prepared

_ASK_HINT = "Ask a question. The words that answer it are marked in the document and listed here."
_SAMPLE_HINT = "Ask a question, or try one of these:"
_EMPTY_HINT = "Open a document and ask it a question. Answers are always words of the document itself."
_PICTURES_HINT = "The pages are pictures. When their text is recognised, you can ask questions about it."


class AskController(QObject):
    """Shows the session in ``view``. ``changed`` says that there is another document or other answers."""

    changed = Signal()

    def __init__(self, services: Services, view: AskView) -> None:
        super().__init__(view)
        self._reader = services.reader
        self._settings = services.settings
        self._messages = services.messages
        self._status = services.status
        self._library = services.library
        self._signals = services.signals
        self._view = view
        self._samples: Sequence[str] = ()
        self.session = AskSession(services.reader)
        self._shown_span: tuple[int, int] | None = None  # of the best answer so far, while the reader is at work
        self._shown_top = 0  # the first offset on the screen then
        self._connect()
        view.ask_bar.expectation.show_choice(self._settings["qa.expected"])
        self.show_document(None)

    def _connect(self) -> None:
        session, view = self.session, self._view
        self._reader.loaded.connect(self._on_reader_loaded)
        self._reader.load_started.connect(self._on_load_started)
        self._library.collections_changed.connect(self._show_elsewhere)
        self._reader.prepared.connect(self._report_preparation)
        self._reader.preparation_failed.connect(self._report_failed_preparation)
        session.started.connect(self._show_work)
        session.progressed.connect(view.ask_bar.work.report)
        session.answers_changed.connect(self._show_answers)
        session.selected_changed.connect(self._show_selected)
        session.finished.connect(self._show_finished)
        view.ask_bar.question_entered.connect(self.ask)
        for shown in (view.pane.text, view.pane.pages):
            shown.answer_clicked.connect(session.select)
            shown.selection_changed.connect(self._show_selection)
        view.pane.view_changed.connect(self._show_in_other_view)
        view.pane.find_bar.closed.connect(view.pane.outlined.focus_view)
        view.answers.answer_chosen.connect(session.select)
        view.answers.question_clicked.connect(self._ask_sample)
        view.answers.copy_requested.connect(self.copy_answer)
        view.answers.stale.again_requested.connect(self.ask_again)
        view.answers.elsewhere_requested.connect(self._look_elsewhere)
        view.answers.all_requested.connect(session.show_unlikely)
        view.ask_bar.expectation.chosen.connect(self._expect)

    # Documents and questions

    def show_document(
        self, document: Document | None, samples: Sequence[str] = (), contents: TextContents | None = None
    ) -> None:
        """Show ``document`` without a question; ``samples`` are questions to click, of the sample alone.

        ``contents`` are those of its text, where they were made ahead.
        """
        self._samples = samples
        self._view.ask_bar.field.reset()
        self._view.ask_bar.set_ready(document)
        self._view.pane.show_document(document, contents, is_sample=bool(samples))
        self.session.show(document)

    def ask(self, question: str, origin: Origin | None = None) -> None:
        """Ask the open document."""
        self._messages.clear_errors()
        if self.session.document and self.session.document.text:
            self.session.ask(question, origin)

    def ask_anew(self, question: str, origin: Origin | None = None) -> None:
        """Put ``question`` into the field and ask it; ``origin`` is the place that it comes from, if another one."""
        self._view.ask_bar.field.setText(question)
        self.ask(question, origin)

    def _ask_sample(self, question: str) -> None:
        self.ask_anew(question)
        self._view.focus_question()

    def ask_again(self) -> None:
        """Ask the same question by changed settings."""
        self._view.ask_bar.expectation.show_choice(self._settings["qa.expected"])
        if self.session.question:
            self.session.ask(self.session.question)

    def _expect(self, expectation: str) -> None:
        try:
            self._settings.set("qa.expected", expectation)
        except SettingError as error:
            self._messages.show_error(error)
        self.ask_again()

    def stop(self) -> None:
        """Stop the reader, and go to the best answer so far."""
        self.session.stop()
        self.reveal()

    def clear(self) -> None:
        """Clear the question and its answers."""
        self.session.clear()
        self._view.ask_bar.field.clear()
        self._view.focus_question()

    def _on_load_started(self) -> None:
        if self.session.answers is not None:
            self._show_answers()

    def _on_reader_loaded(self) -> None:
        session = self.session
        if session.is_working:
            self._show_work()
        elif session.stale_model and session.origin is None:
            session.ask(session.question)
        elif session.answers is not None:
            self._show_answers()

    def _show_stale(self) -> None:
        """Say that the answers are of another model, if they are."""
        is_loading = self._reader.is_changing_model and self.session.origin is None
        self._view.answers.stale.show_model(self.session.stale_model, is_loading=is_loading)

    def _show_elsewhere(self) -> None:
        """Where the document does not answer, offer the library, or else another document."""
        answers, session = self.session.answers, self.session
        is_wanted = answers is not None and not answers.is_answered and not session.is_working and not session.origin
        text = "Ask all documents of the library" if self._library.collections else "Open another document…"
        self._view.answers.offer_elsewhere(text if is_wanted else "")

    def _look_elsewhere(self) -> None:
        if self._library.collections:
            self._signals.library_asked.emit(self.session.question)
        else:
            self._signals.open_requested.emit()

    def _show_work(self) -> None:
        self._shown_span = None
        ready = self._reader.is_ready
        self._view.ask_bar.work.begin("Reading…" if ready else "Waiting for the model to load…")
        self._view.answers.show_nothing("Reading…" if ready else "The model is still loading. Your question is next.")

    def _report_preparation(self, prepared: Prepared) -> None:
        if prepared.reason:
            self._messages.show_message(
                Message("The model answers as it is, more slowly than it might.", prepared.reason)
            )

    def _report_failed_preparation(self, error: QadeskError) -> None:
        title = "The model could not be made faster: it answers as it is."
        details = ("Details", lambda: self._messages.details_requested.emit(error.message, error.detail))
        self._messages.show_message(Message(title, str(error), buttons=(details,) if error.detail else ()))

    # Answers

    def show_given(self, question: str, answers: Answers, origin: Origin) -> None:
        """Show ``answers`` to ``question`` that were found elsewhere, the first one in view."""
        self._view.ask_bar.field.setText(question)
        self.session.show_answers(question, answers, origin)
        self.reveal()

    def show_again(self) -> None:
        """Show the same answers by changed settings."""
        self._show_answers()

    def _show_answers(self) -> None:
        document, answers = self.session.document, self.session.answers
        if document is None or answers is None:
            self._view.answers.show_nothing(self._hint(document), self._samples if document else ())
            self._view.pane.view.mark_answers([], 0, doubtful=False)
        else:
            self._mark_answers(document, answers)
        self.changed.emit()

    def _hint(self, document: Document | None) -> str:
        if document is None:
            return _EMPTY_HINT
        if not document.text:
            return _PICTURES_HINT
        return _SAMPLE_HINT if self._samples else _ASK_HINT

    def _mark_answers(self, document: Document, answers: Answers) -> None:
        session = self.session
        self._view.answers.show_answers(document, answers, session, self._settings["qa.doubtful_below"])
        self._show_stale()
        self._show_elsewhere()
        if session.is_working and not session.user_chose and not self._is_doubtful(answers):
            self._reveal_best_so_far()
        spans = [answer.spans for answer in session.visible_answers]
        self._view.pane.view.mark_answers(spans, session.selected, doubtful=self._is_doubtful(answers))

    def _reveal_best_so_far(self) -> None:
        """Scroll to the best answer so far, unless the user has scrolled away from the one before."""
        span, view = self.session.span, self._view.pane.view
        has_scrolled = self._shown_span is not None and view.top_offset() != self._shown_top
        if span is not None and span != self._shown_span and not has_scrolled:
            view.reveal(*span)
            self._shown_span, self._shown_top = span, view.top_offset()

    def _is_doubtful(self, answers: Answers) -> bool:
        below = self._settings["qa.doubtful_below"]
        if self.session.stale_model or not answers.is_answered:
            return True
        return any(answer.confidence < below for answer in answers.spans[:1])

    def answer_marks(self) -> list[Mark]:
        """The marks of the answers that are shown, in offsets of the document."""
        if self.session.answers is None:
            return []
        spans = [answer.spans for answer in self.session.visible_answers]
        return marks_of(spans, self.session.selected, doubtful=self._is_doubtful(self.session.answers))

    def _show_selection(self) -> None:
        has_selection = self._view.pane.view.selected() is not None
        self._view.answers.label_buttons.show_selection(has_selection=has_selection)
        self.changed.emit()

    def _show_in_other_view(self) -> None:
        self._show_answers()
        self.reveal()

    def _show_selected(self) -> None:
        self._show_answers()
        self.reveal()
        self._announce()

    def _show_finished(self, answers: Answers) -> None:
        if answers.notice:
            self._messages.show_message(Message(answers.notice))
        if not self.session.user_chose:
            self.reveal()
        self._announce()

    @property
    def is_answer_in_view(self) -> bool:
        """Whether the chosen answer is on the screen."""
        span = self.session.span
        return span is not None and self._view.pane.view.is_in_view(*span)

    def reveal(self) -> None:
        """Scroll to the chosen answer, in the document and in the list."""
        span = self.session.span
        if span:
            self._view.pane.view.reveal(*span)
            self._view.answers.reveal(self.session.selected)

    def _announce(self) -> None:
        """Tell a screen reader the headline and the chosen answer."""
        panel = self._view.answers
        card = panel.cards[self.session.selected].accessibleName() if self.session.answer else ""
        sentence = " ".join(part for part in (panel.headline.text(), card) if part)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(panel, sentence))

    # Copying

    def copy(self) -> None:
        """Copy what is selected in the document, or else the answer."""
        if self._view.pane.view.selected() and not self._view.answers.has_focus():
            self._view.pane.view.copy()
            self._status.show_copied()
        else:
            self.copy_answer()

    def copy_answer(self) -> None:
        """Copy the chosen answer."""
        if self.session.document and self.session.answer:
            QGuiApplication.clipboard().setText(phrases.answer_text(self.session.document, self.session.answer))
            self._status.show_copied()

    def copy_with_source(self) -> None:
        """Copy what is selected, or else the answer, with its document and page."""
        document = self.session.document
        span = None if self._view.answers.has_focus() else self._view.pane.view.selected()
        span = span or self.session.span
        if document and span:
            QGuiApplication.clipboard().setText(phrases.citation(document, *span))
            self._status.show_copied()
