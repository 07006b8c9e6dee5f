"""Shows answers that were found elsewhere, as in the library, in the document that is opened for them."""

from __future__ import annotations

from PySide6.QtCore import QObject

from qadesk.records import Document
from qadesk.ui.ask.ask_controller import AskController
from qadesk.ui.kit.messages import Message
from qadesk.ui.services.given_answer import GivenAnswer
from qadesk.ui.services.services import Services


class GivenAnswerController(QObject):
    """Waits for the document where its file must be read anew first."""

    def __init__(self, services: Services, controller: AskController) -> None:
        super().__init__(controller)
        self._messages = services.messages
        self._controller = controller
        self._expected: tuple[GivenAnswer, Document | None] | None = None
        services.signals.answer_given.connect(self._show)
        services.signals.answer_expected.connect(self._expect)
        services.documents.document_changed.connect(self._show_expected)

    def _show(self, given: GivenAnswer) -> None:
        document = self._controller.session.document
        if document is None:
            return
        answers = given.in_same_or_moved(document) or given.in_document(document)
        if answers:
            self._controller.show_given(given.question, answers, given.origin)

    def _expect(self, given: GivenAnswer, before: Document | None) -> None:
        self._expected = (given, before)

    def _show_expected(self, document: Document | None) -> None:
        expected, self._expected = self._expected, None
        if expected is None or document is None or document.path != expected[0].place.path:
            return
        given, before = expected
        answers = given.in_changed(before, document) if before else given.in_same_or_moved(document)
        if answers:
            self._controller.show_given(given.question, answers, given.origin)
            return
        title = "The file has changed since then, and the answer is not where it was."
        self._messages.show_message(Message(title, "The question is asked of the document anew."))
        self._controller.ask_anew(given.question, given.origin)
